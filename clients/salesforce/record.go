// A record whose tickets are asked for: what matching needs of it, or what became of it.

package salesforce

import (
	"context"
	"fmt"
	"net/url"
)

// A Record is an account, contact, lead or opportunity, as far as its tickets are concerned.
type Record struct {
	ID          string // 18 characters
	Object      string
	Name        string
	Email       string // of a contact, a lead, or a person account
	AccountID   string // an account's own, a contact's, an opportunity's
	AccountName string
	Website     string // of an account, or of an opportunity's
	Person      bool   // an account that is a person
	Converted   *Conversion
	Hidden      []string // fields that matching needs and this user may not see
}

// A Conversion is what a lead has become.
type Conversion struct{ AccountID, ContactID, OpportunityID string }

// Gone is why a record is not there.
type Gone string

// The reasons.
const (
	Deleted    Gone = "deleted"
	Merged     Gone = "merged"
	NotVisible Gone = "not-visible" // it never was, is deleted for good, or this user may not see it: Salesforce does not say which
)

// A GoneError says that a record is not there.
type GoneError struct {
	Why      Gone
	Record   RecordRef
	MasterID string // what it was merged into
}

func (e *GoneError) Error() string {
	return fmt.Sprintf("%s %s: %s", e.Record.Object, e.Record.ID, e.Why)
}

// queryAllPart is a SOQL query that finds deleted and merged records, too.
func queryAllPart(id, soql string) Part {
	return Part{id: id, resource: "queryAll?q=" + url.QueryEscape(soql), query: true}
}

// matchFields are what matching needs of each object, each group in a query of its own: one field that the user may not
// see fails the whole query.
var matchFields = map[string][]string{
	AccountObject:     {"Website", "IsPersonAccount, PersonEmail"},
	ContactObject:     {"Email", "AccountId, Account.Name"},
	LeadObject:        {"Email", "IsConverted, ConvertedAccountId, ConvertedContactId, ConvertedOpportunityId"},
	OpportunityObject: {"AccountId, Account.Name", "Account.Website"},
}

// recordRow is a row of any of the four objects; what was not asked for stays empty.
type recordRow struct {
	ID        string `json:"Id"`
	Name      string `json:"Name"`
	Email     string `json:"Email"`
	Website   string `json:"Website"`
	AccountID string `json:"AccountId"`
	Account   struct {
		Name    string `json:"Name"`
		Website string `json:"Website"`
	} `json:"Account"`
	IsPersonAccount        bool   `json:"IsPersonAccount"`
	PersonEmail            string `json:"PersonEmail"`
	IsConverted            bool   `json:"IsConverted"`
	ConvertedAccountID     string `json:"ConvertedAccountId"`
	ConvertedContactID     string `json:"ConvertedContactId"`
	ConvertedOpportunityID string `json:"ConvertedOpportunityId"`
	IsDeleted              bool   `json:"IsDeleted"`
	MasterRecordID         string `json:"MasterRecordId"`
}

// ReadRecord reads a record in one call. One that is not there is a *GoneError.
func (c *Client) ReadRecord(ctx context.Context, ref RecordRef) (Record, error) {
	where := " FROM " + ref.Object + " WHERE Id = " + Quote(ref.ID)
	parts := []Part{QueryPart("record", "SELECT Id, Name"+where), queryAllPart("trash", trashFields(ref.Object)+where)}
	groups := matchFields[ref.Object]
	for i, fields := range groups {
		parts = append(parts, QueryPart(groupID(i), "SELECT Id, "+fields+where))
	}
	answers, err := c.Composite(ctx, parts)
	if err != nil {
		return Record{}, err
	}
	rows, err := Rows[recordRow](ctx, c, answers["record"])
	if err != nil {
		return Record{}, err
	}
	if len(rows) == 0 {
		return Record{}, c.gone(ctx, ref, answers["trash"])
	}
	record := Record{ID: ref.ID, Object: ref.Object, Name: rows[0].Name}
	for i, fields := range groups {
		rows, err := Rows[recordRow](ctx, c, answers[groupID(i)])
		failed, refused := asFailure(err)
		switch {
		case refused && failed.Code == "INVALID_FIELD" && fields == "IsPersonAccount, PersonEmail":
			// an org without person accounts has no such fields
		case refused && failed.Code == "INVALID_FIELD":
			record.Hidden = append(record.Hidden, fields)
		case err != nil:
			return Record{}, err
		case len(rows) > 0:
			record.add(rows[0])
		}
	}
	if record.Object == AccountObject {
		record.AccountID, record.AccountName = record.ID, record.Name
	}
	return record, nil
}

func groupID(i int) string { return fmt.Sprintf("fields%d", i) }

func (r *Record) add(row recordRow) {
	r.Person = r.Person || row.IsPersonAccount
	for _, take := range []struct {
		into *string
		from string
	}{
		{&r.Email, row.Email},
		{&r.Email, row.PersonEmail},
		{&r.Website, row.Website},
		{&r.Website, row.Account.Website},
		{&r.AccountID, row.AccountID},
		{&r.AccountName, row.Account.Name},
	} {
		if take.from != "" {
			*take.into = take.from
		}
	}
	if row.IsConverted {
		r.Converted = &Conversion{row.ConvertedAccountID, row.ConvertedContactID, row.ConvertedOpportunityID}
	}
}

// trashFields are what tells a deleted record from a merged one. Opportunities are never merged.
func trashFields(object string) string {
	if object == OpportunityObject {
		return "SELECT Id, IsDeleted"
	}
	return "SELECT Id, IsDeleted, MasterRecordId"
}

// gone says what became of a record that no query finds.
func (c *Client) gone(ctx context.Context, ref RecordRef, trash Answer) error {
	gone := &GoneError{Why: NotVisible, Record: ref}
	rows, err := Rows[recordRow](ctx, c, trash)
	switch {
	case err != nil || len(rows) == 0:
		// The trash is no place of its own: who cannot look there is told no less than who finds nothing there.
	case rows[0].MasterRecordID != "":
		gone.Why, gone.MasterID = Merged, rows[0].MasterRecordID
	case rows[0].IsDeleted:
		gone.Why = Deleted
	}
	return gone
}
