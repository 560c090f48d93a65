// What went wrong, to what and why, and what to do next, from the clients' errors.

package locale

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"zsf/clients/transport"
	"zsf/flows/flow"
)

// kinds are the IDs below error and hint of each kind of failure.
var kinds = map[transport.Kind]string{
	transport.Unreachable:   "unreachable",
	transport.TimedOut:      "timed-out",
	transport.SignInExpired: "sign-in-expired",
	transport.SignInMissing: "sign-in-missing",
	transport.Anonymous:     "anonymous",
	transport.Forbidden:     "forbidden",
	transport.APIDisabled:   "api-disabled",
	transport.LimitReached:  "limit-reached",
	transport.RateLimited:   "rate-limited",
	transport.Unavailable:   "unavailable",
	transport.NotFound:      "not-found",
	transport.Rejected:      "rejected",
	transport.Garbled:       "garbled",
	transport.Canceled:      "canceled",
}

// Error says in one line what happened, to what, and why, with the service's own code.
// An error that is no service's is said in its own words, cleaned.
func (l *Locale) Error(err error) string {
	if err == nil {
		return ""
	}
	var worded interface{ Text() flow.Text } // an error that has words of its own
	if errors.As(err, &worded) {
		return l.Say(worded.Text())
	}
	var failed *transport.Error
	if errors.As(err, &failed) {
		return l.failure(failed)
	}
	if words := l.stored(err); words != "" {
		return words
	}
	if words := l.reasonOf(err); words != "" {
		return words
	}
	if words := l.noSnapshot(err); words != "" {
		return words
	}
	switch {
	case errors.Is(err, context.Canceled):
		return l.T("error.interrupted")
	case errors.Is(err, context.DeadlineExceeded):
		return l.T("error.out-of-time")
	}
	if words := l.signInError(err); words != "" {
		return words
	}
	if words := l.fileError(err); words != "" {
		return words
	}
	return Clean(transport.Redact(err.Error()))
}

// Hint says what to do about an error; empty where there is nothing that a person could do.
func (l *Locale) Hint(err error) string {
	var failed *transport.Error
	if !errors.As(err, &failed) {
		if hint := l.storedHint(err); hint != "" {
			return hint
		}
		return l.signInHint(err)
	}
	id := "hint." + kinds[failed.Kind]
	if flow.Hides(failed) {
		id = "hint.hidden"
	}
	if forService := id + "-" + strings.ToLower(string(failed.Service)); l.Has(forService) {
		id = forService
	}
	if !l.Has(id) {
		return ""
	}
	return l.T(id, "Service", string(failed.Service), "Host", failed.Host, "Call", failed.Call,
		"RequestID", failed.RequestID, "Wait", wait(failed.RetryAfter))
}

// Brief says what Error says where there is little room: no address, no call and no code.
func (l *Locale) Brief(err error) string {
	var worded interface{ Text() flow.Text }
	var failed *transport.Error
	if errors.As(err, &worded) || !errors.As(err, &failed) {
		return l.Error(err)
	}
	id := "error-brief." + kinds[failed.Kind]
	if !l.Has(id) {
		id = "error." + kinds[failed.Kind]
	}
	return l.T(id, "Service", string(failed.Service), "Host", failed.Host, "Call", failed.Call)
}

func (l *Locale) failure(failed *transport.Error) string {
	id := "error." + kinds[failed.Kind]
	switch {
	case failed.Kind == transport.Unreachable && errors.Is(failed, io.ErrUnexpectedEOF):
		id = "error.broken-off" // it was reached, and began to answer
	case !l.Has(id):
		id = "error.rejected"
	}
	words := l.T(id, "Service", string(failed.Service), "Host", failed.Host, "Call", failed.Call)
	if reason := Clean(reason(failed)); reason != "" {
		words = l.T("error.with-reason", "What", words, "Reason", reason)
	}
	return words
}

// reason is what the service or the network said: "403 API_DISABLED_FOR_ORG: The REST API is not enabled".
func reason(failed *transport.Error) string {
	var parts []string
	if failed.Status != 0 {
		parts = append(parts, strconv.Itoa(failed.Status))
	}
	if failed.Code != "" {
		parts = append(parts, failed.Code)
	}
	code := strings.Join(parts, " ")
	switch message := strings.TrimRight(failed.Message, ". "); {
	case message == "":
		return code
	case code == "":
		return message
	default:
		return code + ": " + message
	}
}

// wait is the pause to name in a hint: a minute where the service named none.
func wait(asked time.Duration) time.Duration {
	if asked <= 0 {
		return time.Minute
	}
	return asked.Round(time.Second)
}
