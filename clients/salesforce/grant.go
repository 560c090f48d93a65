// Who may use the connected app: rows of SetupEntityAccess, added and removed, several at once.

package salesforce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"zsf/clients/transport"
)

// A Grant lets a permission set, or the one that a profile owns, use an app.
type Grant struct {
	ParentID      string // 0PS…
	SetupEntityID string // 0H4… of the connected app
}

// A Written is what came of one row of a write.
type Written struct {
	ID      string // the row's; empty where it is not known
	Already bool   // it was there, or gone, before this call
	Err     error  // a *transport.Error; nil: it is as it was asked for
}

// The codes of a row that was not written only because another could not be.
const (
	RolledBack = "ALL_OR_NONE_OPERATION_ROLLED_BACK"
	Halted     = "PROCESSING_HALTED"
)

// maxRows is how many rows one call writes (developer.salesforce.com, REST API: sObject Collections).
const maxRows = 200

// GrantAccess adds rows of SetupEntityAccess, all of them or none (of each 200). What is there already counts
// as added. An error is of the call as a whole; otherwise there is a Written for each grant, in order.
// It needs Customize Application, Modify All Data and Manage Profiles and Permission Sets.
//
// A call that got no answer is not repeated: a second one would find the rows of the first, and take them for
// somebody else's, which undo would leave alone. Read again what is there.
func (c *Client) GrantAccess(ctx context.Context, grants []Grant) ([]Written, error) {
	return inChunks(grants, func(some []Grant) ([]Written, error) {
		return allOrNone(some, func(rest []Grant) ([]Written, error) { return c.createGrants(ctx, rest) })
	})
}

// RevokeAccess removes rows of SetupEntityAccess by id, all of them or none (of each 200). What is gone already
// counts as removed. It is not repeated, for the same reason as GrantAccess.
func (c *Client) RevokeAccess(ctx context.Context, ids []string) ([]Written, error) {
	for _, id := range ids {
		if !isID(id) || !strings.HasPrefix(id, "0J0") {
			return nil, fmt.Errorf("%w: %q is not the id of a SetupEntityAccess", errNotAccess, id)
		}
	}
	return inChunks(ids, func(some []string) ([]Written, error) {
		return allOrNone(some, func(rest []string) ([]Written, error) { return c.deleteGrants(ctx, rest) })
	})
}

func (c *Client) createGrants(ctx context.Context, grants []Grant) ([]Written, error) {
	type record struct {
		Attributes    map[string]string `json:"attributes"`
		ParentID      string            `json:"ParentId"`
		SetupEntityID string            `json:"SetupEntityId"` // the type follows from it, and must not be sent
	}
	var asked struct {
		AllOrNone bool     `json:"allOrNone"`
		Records   []record `json:"records"`
	}
	asked.AllOrNone = true
	for _, grant := range grants {
		asked.Records = append(asked.Records, record{
			Attributes: map[string]string{"type": "SetupEntityAccess"}, ParentID: grant.ParentID, SetupEntityID: grant.SetupEntityID,
		})
	}
	body, err := json.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("writing a request: %w", err)
	}
	return c.writeRows(ctx, len(grants), transport.Request{
		Method: http.MethodPost, Path: c.data("composite/sobjects"), Body: body,
		Header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}},
	})
}

func (c *Client) deleteGrants(ctx context.Context, ids []string) ([]Written, error) {
	rows, err := c.writeRows(ctx, len(ids), transport.Request{
		Method: http.MethodDelete, Path: c.data("composite/sobjects"),
		Query: url.Values{"ids": {strings.Join(ids, ",")}, "allOrNone": {"true"}},
	})
	for i := range rows {
		rows[i].ID = ids[i]
	}
	return rows, err
}

// A rowAnswer is what the service says of one row.
type rowAnswer struct {
	ID      string `json:"id"`
	Success bool   `json:"success"`
	Errors  []struct {
		StatusCode string `json:"statusCode"`
		Message    string `json:"message"`
	} `json:"errors"`
}

func (c *Client) writeRows(ctx context.Context, count int, request transport.Request) ([]Written, error) {
	answer, err := c.call(ctx, request)
	if err != nil {
		return nil, err
	}
	var answers []rowAnswer
	if err := c.caller.Decode(answer, &answers); err != nil {
		return nil, err
	}
	if len(answers) != count {
		return nil, c.caller.Fail(answer, transport.Garbled, "", fmt.Sprintf("the answer has %d rows, where %d were sent", len(answers), count))
	}
	rows := make([]Written, count)
	for i, row := range answers {
		rows[i] = c.written(answer, row)
	}
	return rows, nil
}

// standsAs finds the row that is in the way of a new one: the service names it in its words, in each language.
var standsAs = regexp.MustCompile(`\b0J0[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?\b`)

func (c *Client) written(answer transport.Answer, row rowAnswer) Written {
	if row.Success {
		return Written{ID: row.ID}
	}
	var code, message string
	if len(row.Errors) > 0 {
		code, message = row.Errors[0].StatusCode, row.Errors[0].Message
	}
	switch code {
	case "DUPLICATE_VALUE":
		return Written{ID: standsAs.FindString(message), Already: true}
	case "ENTITY_IS_DELETED", "NOT_FOUND":
		return Written{Already: true}
	case "INVALID_CROSS_REFERENCE_KEY": // of a delete: the row is not there; of a grant: what it refers to is not
		if strings.HasPrefix(answer.Call, http.MethodDelete+" ") {
			return Written{Already: true}
		}
	}
	if message == "" {
		message = "the org did not write the row, and does not say why"
	}
	return Written{Err: c.caller.Fail(answer, kindOf(http.StatusBadRequest, code, message), code, message)}
}

// allOrNone writes rows that all succeed or all fail. Rows that are as they should be already make the others
// fail, too: those are written again without them, which is no repetition, as the first call wrote nothing.
func allOrNone[T any](items []T, write func([]T) ([]Written, error)) ([]Written, error) {
	rows, err := write(items)
	if err != nil {
		return nil, err
	}
	var rest []T
	var places []int
	for i, row := range rows {
		switch {
		case row.Already:
		case codeOf(row.Err) == RolledBack, codeOf(row.Err) == Halted:
			rest, places = append(rest, items[i]), append(places, i)
		default:
			return rows, nil // done, or a failure that counts
		}
	}
	if len(rest) == 0 || len(rest) == len(items) {
		return rows, nil
	}
	again, err := allOrNone(rest, write)
	if err != nil {
		return nil, err
	}
	for i, row := range again {
		rows[places[i]] = row
	}
	return rows, nil
}

func codeOf(err error) string {
	if failed, ok := asFailure(err); ok {
		return failed.Code
	}
	return ""
}

// inChunks writes as many rows a call as one takes, and ends at the first call that fails as a whole.
func inChunks[T any](items []T, write func([]T) ([]Written, error)) ([]Written, error) {
	var all []Written
	for some := range slices.Chunk(items, maxRows) {
		rows, err := write(some)
		if err != nil {
			return all, err
		}
		all = append(all, rows...)
	}
	return all, nil
}
