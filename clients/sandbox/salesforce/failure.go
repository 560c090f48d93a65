// Errors as the REST API tells them: a list of objects with a message and a code.

package salesforce

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"zsf/clients/sandbox/soql"
)

// A failure is one error of the REST API.
type failure struct {
	status  int
	code    string
	message string
	fields  []string // of DML errors; nil leaves the key out
}

func (f *failure) answer() answer {
	return answer{status: f.status, body: []any{f.document("errorCode")}}
}

// document writes the error; single-record errors and those in lists name the code differently.
func (f *failure) document(codeKey string) document {
	d := document{{"message", f.message}, {codeKey, f.code}}
	if f.fields != nil {
		list := make([]any, len(f.fields))
		for i, field := range f.fields {
			list[i] = field
		}
		d = append(d, member{"fields", list})
	}
	return d
}

func fail(status int, code, message string) answer {
	return (&failure{status: status, code: code, message: message}).answer()
}

func notFound() answer {
	return fail(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
}

func notAllowed(method string, allowed ...string) answer {
	return fail(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED",
		"HTTP Method '"+method+"' not allowed. Allowed are "+strings.Join(allowed, ","))
}

func expired() answer {
	return fail(http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid")
}

// queryFailure is what a query that did not parse or run is answered with.
func queryFailure(err error) answer {
	var told *soql.Error
	if errors.As(err, &told) {
		return fail(http.StatusBadRequest, told.Code, told.Message)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fail(http.StatusBadRequest, "QUERY_TIMEOUT", "Your query request was running for too long.")
	}
	return fail(http.StatusInternalServerError, "UNKNOWN_EXCEPTION", "An unexpected error occurred.")
}
