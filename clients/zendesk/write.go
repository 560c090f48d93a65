// Writing to the account, and what can become of it: done, refused, overtaken, or nobody knows.

package zendesk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"

	"zsf/clients/transport"
)

// A RefusalError is a write that the service refused for what it says. Nothing was written.
type RefusalError struct {
	Problems []FieldProblem
	Err      error // a *transport.Error
}

// A FieldProblem is what the service has against one field.
type FieldProblem struct {
	Field   string // as an update calls it; base: the record as a whole, or one of the account's own fields, which the words then name
	Message string // the service's own words
	Code    string // BlankValue, InvalidValue, DuplicateValue …; empty: none
}

func (e *RefusalError) Error() string { return e.Err.Error() }
func (e *RefusalError) Unwrap() error { return e.Err }

// A ConflictError is a safe update of a record that somebody has changed since. Nothing was written.
type ConflictError struct{ Err error }

func (e *ConflictError) Error() string { return e.Err.Error() }
func (e *ConflictError) Unwrap() error { return e.Err }

// An UnsureError is a write that may have arrived: it was sent, and no usable answer came. Look before trying again.
type UnsureError struct{ Err error }

func (e *UnsureError) Error() string { return "it may have arrived: " + e.Err.Error() }
func (e *UnsureError) Unwrap() error { return e.Err }

// KeyReused is the code of a refusal of a ticket whose Idempotency-Key was used for another: the first one has arrived.
const KeyReused = "IdempotentRequestError"

// keyInUse is the code while the first request with a key is still at work.
const keyInUse = "IdempotentRequestInProgress"

// write sends a body as JSON and reads the answer. Its errors are a *RefusalError, a *ConflictError, an *UnsureError, or a
// *transport.Error of a call that wrote nothing. Only a request that is marked Idempotent is repeated.
func (c *Client) write(ctx context.Context, request transport.Request, body, into any) (transport.Answer, error) {
	if body != nil {
		sent, err := json.Marshal(body)
		if err != nil {
			return transport.Answer{}, fmt.Errorf("writing a request: %w", err)
		}
		request.Body = sent
	}
	if request.Header == nil {
		request.Header = http.Header{}
	}
	request.Header.Set("Accept", "application/json")
	if request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", "application/json")
	}
	ctx, mayHaveLeft := watched(ctx)
	ctx, doubted := transport.Doubts(ctx)
	answer, err := c.caller.Call(ctx, request)
	switch {
	case err != nil && (mayHaveLeft(err) || doubted()):
		return answer, &UnsureError{Err: err}
	case err != nil:
		return answer, err
	case answer.Status < 200 || answer.Status > 299:
		return answer, c.refused(answer, doubted())
	case into == nil:
		return answer, nil
	}
	if err := c.caller.Decode(answer, into); err != nil {
		return answer, &UnsureError{Err: err}
	}
	return answer, nil
}

// refused makes the error of a write that was answered with a failure. Where an earlier try may have arrived, only what the
// service says of the write itself settles it.
func (c *Client) refused(answer transport.Answer, doubted bool) error {
	failed := c.refusal(answer)
	switch {
	case failed.Status >= http.StatusInternalServerError, failed.Code == keyInUse, failed.Kind == transport.Garbled:
		return &UnsureError{Err: failed}
	case failed.Status == http.StatusConflict:
		return &ConflictError{Err: failed}
	case failed.Status == http.StatusUnprocessableEntity:
		return &RefusalError{Problems: problems(answer.Body), Err: failed}
	case doubted && failed.Status != http.StatusBadRequest:
		return &UnsureError{Err: failed}
	}
	return failed
}

// watched is a context that notices whether a request was given a connection. Without one, nothing has left.
func watched(ctx context.Context) (context.Context, func(error) bool) {
	var asked, got atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	return ctx, func(err error) bool {
		kind := transport.KindOf(err)
		if kind == transport.SignInMissing || kind == transport.SignInExpired {
			return false
		}
		return got.Load() || !asked.Load()
	}
}

// problems reads the details of a refusal, in the order in which they stand.
func problems(body []byte) []FieldProblem {
	var envelope struct {
		Details json.RawMessage `json:"details"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(string(envelope.Details)))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil
	}
	var found []FieldProblem
	for decoder.More() {
		name, err := decoder.Token()
		var value any
		if err != nil || decoder.Decode(&value) != nil {
			break
		}
		field, _ := name.(string)
		items, several := value.([]any)
		if !several {
			items = []any{value}
		}
		for _, item := range items {
			found = append(found, problemOf(field, item))
		}
	}
	transport.CleanAll(&found)
	return found
}

func problemOf(field string, item any) FieldProblem {
	failure, ok := item.(map[string]any)
	if !ok {
		return FieldProblem{Field: field, Message: text(item)}
	}
	return FieldProblem{Field: field, Message: firstOf(failure, "description", "message"), Code: firstOf(failure, "error", "type")}
}
