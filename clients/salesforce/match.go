// Which records stand for organizations and people of Zendesk: the way back from a ticket.

package salesforce

import (
	"context"
	"strings"
)

// A Counterpart is what is known of organizations and people elsewhere, by which their records are found.
type Counterpart struct {
	IDs    []string // of records of any of the four objects; what is no such id is left out
	Names  []string // of accounts
	Emails []string // of contacts and leads
}

// mostCounterparts is how many records of an object are read: each value fits one, or a few.
const mostCounterparts = "200"

// Counterparts reads the accounts, contacts and leads that fit, in one call. An object that the user may not see, or an
// address that they may not, is passed over as long as another one can be read.
func (c *Client) Counterparts(ctx context.Context, of Counterpart) ([]Record, error) {
	asks := map[string]string{} // conditions by object
	for _, one := range []struct {
		object, field, values string
	}{
		{AccountObject, "Id", quoteAll(idsOf(AccountObject, of.IDs))},
		{AccountObject, "Name", quoteAll(of.Names)},
		{ContactObject, "Id", quoteAll(idsOf(ContactObject, of.IDs))},
		{ContactObject, "Email", quoteAll(of.Emails)},
		{LeadObject, "Id", quoteAll(idsOf(LeadObject, of.IDs))},
		{LeadObject, "Email", quoteAll(of.Emails)},
	} {
		if one.values == "" {
			continue
		}
		condition := one.field + " IN (" + one.values + ")"
		if before := asks[one.object]; before != "" {
			condition = before + " OR " + condition
		}
		asks[one.object] = condition
	}
	if len(asks) == 0 {
		return nil, nil
	}
	var parts []Part
	for _, object := range TicketObjects {
		if condition := asks[object]; condition != "" {
			parts = append(parts, QueryPart(object, "SELECT Id, Name"+addressOf(object)+" FROM "+object+" WHERE "+condition+" LIMIT "+mostCounterparts))
		}
	}
	answers, err := c.Composite(ctx, parts)
	if err != nil {
		return nil, err
	}
	var records []Record
	var refused error
	read := false
	for _, object := range TicketObjects {
		answer, asked := answers[object]
		if !asked {
			continue
		}
		rows, err := Rows[recordRow](ctx, c, answer)
		if err != nil {
			refused = err
			continue
		}
		read = true
		for _, row := range rows {
			record := Record{ID: row.ID, Object: object, Name: row.Name}
			record.add(row)
			if object == AccountObject {
				record.AccountID, record.AccountName = record.ID, record.Name
			}
			records = append(records, record)
		}
	}
	if !read {
		return nil, refused
	}
	return records, nil
}

func addressOf(object string) string {
	if object == AccountObject {
		return ""
	}
	return ", Email"
}

func idsOf(object string, ids []string) []string {
	var of []string
	for _, id := range ids {
		id = strings.TrimSpace(id)
		if whole, fits := id18(id); fits && looksLikeID(id) && ObjectOf(whole) == object {
			of = append(of, whole)
		}
	}
	return of
}
