// Looking for a record by words, and those that the user looked at last.

package salesforce

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"zsf/clients/transport"
)

// A Hit is a record that a search found.
type Hit struct{ ID, Object, Name string }

// shortestSearch is how many characters a search needs (SOSL Syntax: FIND).
const shortestSearch = 2

// hitRow is a row of an answer that holds several objects.
type hitRow struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
}

func hitsOf(rows []hitRow) []Hit {
	hits := make([]Hit, 0, len(rows))
	for _, row := range rows {
		hit := Hit{ID: row.ID, Object: ObjectOf(row.ID), Name: row.Name}
		if whole, ok := id18(row.ID); ok {
			hit.ID = whole
		}
		if hit.Object != "" {
			hits = append(hits, hit)
		}
	}
	return hits
}

// SearchRecords looks for words in the names (an e-mail address in the addresses) of accounts, contacts, leads and
// opportunities, in one call. The last word may be the beginning of one.
func (c *Client) SearchRecords(ctx context.Context, words string, most int) ([]Hit, error) {
	sought := SearchWords(words)
	if TooShort(words) {
		return nil, nil
	}
	type object struct {
		Name   string   `json:"name"`
		Fields []string `json:"fields"`
		Limit  int      `json:"limit"`
	}
	asked := struct {
		Words   string   `json:"q"`
		In      string   `json:"in"`
		Objects []object `json:"sobjects"`
		Limit   int      `json:"overallLimit"`
	}{Words: sought, In: "NAME", Limit: most}
	if strings.Contains(words, "@") {
		asked.In = "EMAIL"
	}
	for _, name := range TicketObjects {
		asked.Objects = append(asked.Objects, object{name, []string{"Id", "Name"}, most})
	}
	var found struct {
		Records []hitRow `json:"searchRecords"`
	}
	if _, err := c.postJSON(ctx, c.data("parameterizedSearch"), asked, &found); err != nil {
		return nil, err
	}
	return hitsOf(found.Records), nil
}

// reserved are the characters that mean something in a search (SOQL and SOSL Reference: Reserved Characters).
const reserved = `?&|!{}[]()^~*:\"'+-`

// TooShort tells words that no search takes.
func TooShort(words string) bool {
	return utf8.RuneCountInString(strings.Trim(SearchWords(words), `*\"`)) < shortestSearch
}

// SearchWords makes words into a search for all of them, letter by letter, the last as the beginning of a word.
func SearchWords(words string) string {
	var sought []string
	isSpace := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
	for _, word := range strings.FieldsFunc(strings.ToValidUTF8(words, "\ufffd"), isSpace) {
		switch strings.ToUpper(word) {
		case "AND", "OR", "NOT": // they would join others
			sought = append(sought, `"`+word+`"`)
			continue
		}
		var b strings.Builder
		for _, r := range word {
			if strings.ContainsRune(reserved, r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
		sought = append(sought, b.String())
	}
	if len(sought) == 0 {
		return ""
	}
	whole := strings.Join(sought, " ")
	if strings.HasSuffix(whole, `"`) && !strings.HasSuffix(whole, `\"`) || strings.Contains(whole, "@") {
		return whole
	}
	return whole + "*"
}

// recentQuery finds what the user looked at last, of the objects with tickets.
const recentQuery = "SELECT Id, Name FROM RecentlyViewed WHERE Type IN ('Account', 'Contact', 'Lead', 'Opportunity') " +
	"ORDER BY LastViewedDate DESC LIMIT 20"

// RecentRecords are the records with tickets that the user looked at last, the last first.
func (c *Client) RecentRecords(ctx context.Context) ([]Hit, error) {
	rows, err := Query[hitRow](ctx, c, recentQuery)
	if transport.KindOf(err) == transport.NotFound { // not every user has the object
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return hitsOf(rows), nil
}
