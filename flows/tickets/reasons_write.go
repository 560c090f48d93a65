// Why a ticket was not written, and what stands there now.

package tickets

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"zsf/flows/flow"
)

// A ConflictError says that somebody else changed the ticket since writing began: nothing was sent, and the draft is kept.
// Merge goes on from it.
type ConflictError struct {
	Ticket   int64
	Theirs   Base         // the ticket as it is now
	Clashes  []Clash      // fields that both changed, each otherwise
	Beside   []Difference // what only they changed
	Messages []Message    // what was said since, if anything
	ReadAt   time.Time
}

// A Clash is a field that both changed.
type Clash struct {
	Field                Field
	Before, Mine, Theirs []flow.Text
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("ticket %d was changed by somebody else at %s", e.Ticket, e.Theirs.UpdatedAt.Format(time.RFC3339))
}

// Text says it in words.
func (e *ConflictError) Text() flow.Text {
	return flow.Say("ticket-conflict.said", "Number", number(e.Ticket), "Time", flow.Moment(e.Theirs.UpdatedAt))
}

// A RefusedError says that Zendesk does not take the ticket as it is, by field; WholeKey has what belongs to none.
// Nothing was written, and the draft is kept.
type RefusedError struct {
	Ticket int64 // 0: a new one
	Fields map[string]flow.Text
	Err    error
}

func (e *RefusedError) Error() string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(e.Fields)) {
		parts = append(parts, strings.TrimPrefix(key+": ", ": ")+fmt.Sprint(e.Fields[key].Args["Words"]))
	}
	return "refused: " + strings.Join(parts, "; ")
}

func (e *RefusedError) Unwrap() error { return e.Err }

// Text says it in words.
func (e *RefusedError) Text() flow.Text {
	if only, one := onlyOf(e.Fields); one {
		return flow.Say("ticket-refused.said", "Reason", only)
	}
	return flow.Say("ticket-refused.several", "Count", len(e.Fields))
}

// An UnsureError says that a send got no answer, and that nobody can tell whether it arrived. The draft is kept, and says
// since when. Send looks again before it sends again.
type UnsureError struct {
	Ticket int64       // 0: a new one
	Since  time.Time   // of the send
	Looked []flow.Text // where it was looked for, and what was there
	Err    error       // the end of the send, or of the look
}

func (e *UnsureError) Error() string {
	return fmt.Sprintf("it is not known whether the ticket was written: %v", e.Err)
}

func (e *UnsureError) Unwrap() error { return e.Err }

// Text says it in words.
func (e *UnsureError) Text() flow.Text {
	if e.Ticket == 0 {
		return flow.Say("ticket-unsure.new", "Time", flow.Moment(e.Since))
	}
	return flow.Say("ticket-unsure.update", "Number", number(e.Ticket), "Time", flow.Moment(e.Since))
}

// An EarlierError says that an earlier send of a draft had arrived, and that the draft was changed since: what was
// changed is not in the ticket. The draft is kept. GoOn goes on from it.
type EarlierError struct {
	Ticket int64
	Now    Base    // the ticket as it is
	Sent   Attempt // what is in it
	Err    error
}

func (e *EarlierError) Error() string {
	return fmt.Sprintf("it was sent before, as ticket %d", e.Ticket)
}

func (e *EarlierError) Unwrap() error { return e.Err }

// Text says it in words.
func (e *EarlierError) Text() flow.Text {
	return flow.Say("ticket-earlier.said", "Number", number(e.Ticket))
}

// A LaterError says that the service takes nothing just now. Nothing was written, and the draft is kept.
type LaterError struct {
	Until time.Time // when it takes something again, as far as it said
	Err   error
}

func (e *LaterError) Error() string { return "not now: " + e.Err.Error() }

func (e *LaterError) Unwrap() error { return e.Err }

// Text says it in words.
func (e *LaterError) Text() flow.Text {
	return flow.Say("ticket-later.said", "Time", flow.Moment(e.Until), "Why", e.Err)
}

// A GoneError says that the ticket takes no changes any more: it was closed, deleted, or merged into another one
// while it was open here. The draft is kept.
type GoneError struct {
	Ticket int64
	Why    string // closed, deleted, merged
	Into   int64  // of a merged one, where the account told
	Err    error
}

func (e *GoneError) Error() string { return fmt.Sprintf("ticket %d is %s", e.Ticket, e.Why) }

func (e *GoneError) Unwrap() error { return e.Err }

// Text says it in words.
func (e *GoneError) Text() flow.Text {
	if e.Into != 0 {
		return flow.Say("ticket-gone.merged-into", "Number", number(e.Ticket), "Into", number(e.Into))
	}
	return flow.Say("ticket-gone."+e.Why, "Number", number(e.Ticket))
}

// A ProblemsError says what is wrong with a draft before anything is sent.
type ProblemsError struct{ Fields map[string]flow.Text }

func (e *ProblemsError) Error() string {
	return "not sent: " + strings.Join(slices.Sorted(maps.Keys(e.Fields)), ", ")
}

// Text says it in words.
func (e *ProblemsError) Text() flow.Text {
	if only, one := onlyOf(e.Fields); one {
		return flow.Say("ticket-refused.before", "Reason", only)
	}
	return flow.Say("ticket-refused.before-several", "Count", len(e.Fields))
}

// onlyOf is the one reason, where there is one.
func onlyOf(fields map[string]flow.Text) (flow.Text, bool) {
	for _, reason := range fields {
		return reason, len(fields) == 1
	}
	return flow.Text{}, false
}

func number(id int64) string { return strconv.FormatInt(id, 10) }
