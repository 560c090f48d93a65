// Why there are no tickets to show, in words of ui/locale.

package tickets

import (
	"fmt"
	"net/url"
	"strings"

	"zsf/flows/flow"
)

// A NoRecordError says that a text names no record that can be read, and why.
type NoRecordError struct {
	why   string
	what  string
	other string // what it was merged into
	host  string // where it may be instead
	err   error
}

func (e *NoRecordError) Error() string { return "no record: " + e.why + ": " + e.what }

func (e *NoRecordError) Unwrap() error { return e.err }

// Why is the reason in one word, for programs.
func (e *NoRecordError) Why() string { return e.why }

// Other is the id of the record that it has become; empty where it has become none.
func (e *NoRecordError) Other() string { return e.other }

// Text says it in words.
func (e *NoRecordError) Text() flow.Text {
	return flow.Say("no-record."+e.why, "What", e.what, "Other", e.other)
}

// Hint says what to do about it.
func (e *NoRecordError) Hint() flow.Text {
	if e.host != "" {
		return flow.Say("no-record-elsewhere.host", "Host", e.host)
	}
	return flow.Say("no-record-hint."+e.why, "Other", e.other)
}

// A SeveralError says that words fit several records.
type SeveralError struct {
	Words string
	Hits  []Hit
	More  bool // there may be others
}

func (e *SeveralError) Error() string { return fmt.Sprintf("%d records fit %q", len(e.Hits), e.Words) }

// Text says it in words.
func (e *SeveralError) Text() flow.Text {
	return flow.Say("no-record.several", "Words", e.Words, "Count", len(e.Hits))
}

// A NoWayError says that a record has nothing to be matched by in the way that was asked for.
type NoWayError struct {
	By     By
	Record Record
}

func (e *NoWayError) Error() string {
	return fmt.Sprintf("%s %s cannot be matched by %s", e.Record.Object, e.Record.ID, e.By)
}

// Text says it in words.
func (e *NoWayError) Text() flow.Text {
	return flow.Say("no-way."+string(e.By), "Record", e.Record.Name)
}

// sameOrg tells whether two addresses are of one org: all hosts of an org begin with its My Domain.
func sameOrg(host, instance string) bool {
	address, err := url.Parse(instance)
	if err != nil {
		return false
	}
	first := func(host string) string {
		name, _, _ := strings.Cut(strings.ToLower(host), ".")
		return name
	}
	return host == address.Host || first(host) == first(address.Host)
}
