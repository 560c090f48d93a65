// What words mean while they are typed.

package tickets

import (
	"context"
	"errors"
	"strings"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
)

// MostHits is how many records come while words are typed: what one may page through.
const MostHits = 100

// TooShort tells words that no search takes.
func TooShort(words string) bool { return salesforce.TooShort(words) }

// Hits are the records that words may mean, at most MostHits, in one call: none for words too short to search for. That more than one
// fits is no error here.
func (d *Desk) Hits(ctx context.Context, words string) ([]Hit, error) {
	if err := d.enter(ctx); err != nil {
		return nil, err
	}
	found, err := d.org.SearchRecords(ctx, words, MostHits)
	d.note(transport.Salesforce, "parameterizedSearch "+salesforce.SearchWords(words), len(found), err)
	return d.hits(found), err
}

// IsWords tells words to search for from an id or an address, which name one record.
func IsWords(text string) bool {
	_, err := salesforce.ParseRecord(text)
	var none *salesforce.NoRecordError
	return strings.TrimSpace(text) == "" || errors.As(err, &none) && none.Why == salesforce.JustWords
}
