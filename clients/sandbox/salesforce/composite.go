// Composite requests: several calls in one, with references between them, and batches.

package salesforce

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	maxSubrequests = 25
	maxQueries     = 5 // of them, at most as many may be queries or collections
)

// A subrequest is one call inside a composite request.
type subrequest struct {
	Method      string            `json:"method"`
	URL         string            `json:"url"`
	Body        json.RawMessage   `json:"body"`
	RichInput   json.RawMessage   `json:"richInput"`
	ReferenceID string            `json:"referenceId"`
	Headers     map[string]string `json:"httpHeaders"`
}

// composite answers everything under /composite. The org must be locked.
func (c *call) composite(rest []string) answer {
	if len(rest) == 0 {
		switch c.method {
		case http.MethodGet:
			return c.compositeResources()
		case http.MethodPost:
			return c.series()
		}
		return notAllowed(c.method, "HEAD", "GET", "POST")
	}
	switch {
	case rest[0] == "batch" && len(rest) == 1:
		return c.only(http.MethodPost, c.subBatch)
	case rest[0] == "sobjects":
		return c.collections(rest[1:])
	}
	return notFound()
}

func (c *call) compositeResources() answer {
	base := "/services/data/" + c.version
	if c.tooling {
		base += "/tooling"
	}
	return ok(document{{"sobjects", base + "/composite/sobjects"}, {"batch", base + "/composite/batch"}})
}

// onlyReads tells whether all calls of a composite or batch request are GETs.
func onlyReads(body []byte, key string) bool {
	var request map[string]json.RawMessage
	var calls []subrequest
	if json.Unmarshal(body, &request) != nil || json.Unmarshal(request[key], &calls) != nil {
		return true
	}
	return !slices.ContainsFunc(calls, func(s subrequest) bool { return !strings.EqualFold(s.Method, http.MethodGet) })
}

// series runs dependent calls one after the other; together they count as one API request.
func (c *call) series() answer {
	var request struct {
		AllOrNone bool         `json:"allOrNone"`
		Calls     []subrequest `json:"compositeRequest"`
	}
	if problem := decode(c.body, &request); problem != nil {
		return problem.answer()
	}
	if refused := checkSeries(request.Calls); refused != nil {
		return *refused
	}
	done := map[string]any{}
	results := make([]any, 0, len(request.Calls))
	failed := -1
	for i, sub := range request.Calls {
		a := c.step(sub, done)
		if a.status >= http.StatusBadRequest && failed < 0 {
			failed = i
		}
		results = append(results, stepResult(sub, a))
		if failed >= 0 && request.AllOrNone {
			break
		}
	}
	if failed >= 0 && request.AllOrNone {
		c.tx.rollback()
		results = halted(request.Calls, results, failed)
	}
	return ok(document{{"compositeResponse", results}})
}

func checkSeries(calls []subrequest) *answer {
	refuseWhole := func(code, message string, id any) *answer {
		a := ok(document{{"compositeResponse", []any{document{
			{"body", []any{document{{"errorCode", code}, {"message", message}}}},
			{"httpHeaders", document{}},
			{"httpStatusCode", http.StatusBadRequest},
			{"referenceId", id},
		}}}})
		return &a
	}
	if len(calls) > maxSubrequests {
		return refuseWhole("LIMIT_EXCEEDED", "The request can’t contain more than 25 operations.", nil)
	}
	queries := 0
	seen := map[string]bool{}
	for _, sub := range calls {
		if isQuery(sub.URL) {
			queries++
		}
		switch {
		case sub.ReferenceID == "":
			a := fail(http.StatusBadRequest, "INVALID_INPUT", "Missing required field: referenceId")
			return &a
		case !referenceName.MatchString(sub.ReferenceID):
			return refuseWhole("INVALID_INPUT", "Provided referenceId ('"+sub.ReferenceID+"') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').", sub.ReferenceID)
		case seen[sub.ReferenceID]:
			return refuseWhole("INVALID_INPUT", "Duplicate ReferenceId provided: "+sub.ReferenceID, sub.ReferenceID)
		}
		seen[sub.ReferenceID] = true
	}
	if queries > maxQueries {
		return refuseWhole("LIMIT_EXCEEDED", "The request can’t contain more than 5 query or sObject collection operations.", nil)
	}
	return nil
}

func isQuery(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	parts := segments(path)
	for _, part := range parts {
		if part == "query" || part == "queryAll" || part == "composite" {
			return true
		}
	}
	return false
}

var (
	referenceName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_]*$`)
	reference     = regexp.MustCompile(`@\{([A-Za-z0-9_]+)((?:\.[A-Za-z0-9_]+|\[\d+\])*)\}`)
)

// step runs one call of a series, once its references are filled in.
func (c *call) step(sub subrequest, done map[string]any) answer {
	address, problem := fillIn(sub.URL, done, url.QueryEscape)
	if problem != nil {
		return problem.answer()
	}
	body, problem := fillIn(string(sub.Body), done, jsonEscape)
	if problem != nil {
		return problem.answer()
	}
	if !strings.HasPrefix(address, "/services/data/v") {
		return fail(http.StatusBadRequest, "INVALID_INPUT", "The url must start with /services/data/: "+address)
	}
	a := c.inner(sub, strings.TrimPrefix(address, "/services/data"), []byte(body))
	encoded, err := encodeJSON(a.body)
	if err != nil {
		return fail(http.StatusInternalServerError, "UNKNOWN_EXCEPTION", err.Error())
	}
	var plain any
	if json.Unmarshal(encoded, &plain) == nil && a.status < http.StatusBadRequest {
		done[sub.ReferenceID] = plain
	}
	return a
}

// inner runs a call as if it had come alone, in this call's transaction.
func (c *call) inner(sub subrequest, address string, body []byte) answer {
	at, err := url.Parse(address)
	if err != nil {
		return notFound()
	}
	parts := segments(at.EscapedPath())
	if len(parts) == 0 || !supported(parts[0]) {
		return notFound()
	}
	header := http.Header{}
	for name, value := range sub.Headers {
		header.Set(name, value)
	}
	one := &call{
		ctx: c.ctx, org: c.org, who: c.who, tx: c.tx, method: strings.ToUpper(sub.Method), version: parts[0], path: parts[1:],
		query: at.Query(), header: header, body: body,
	}
	if one.about("composite") && (len(one.path) == 1 || one.path[1] != "sobjects") {
		return fail(http.StatusBadRequest, "INVALID_INPUT", "A composite request cannot contain another one.")
	}
	return one.dispatch()
}

func stepResult(sub subrequest, a answer) document {
	headers := make(document, 0, len(a.header))
	for name, value := range a.header {
		headers = append(headers, member{name, value})
	}
	return document{{"body", a.body}, {"httpHeaders", headers}, {"httpStatusCode", a.status}, {"referenceId", sub.ReferenceID}}
}

// halted replaces all results but the failed one, as nothing of them stands.
func halted(calls []subrequest, results []any, failed int) []any {
	out := make([]any, len(calls))
	for i, sub := range calls {
		if i == failed {
			out[i] = results[i]
			continue
		}
		out[i] = stepResult(sub, fail(http.StatusBadRequest, "PROCESSING_HALTED",
			"The transaction was rolled back since another operation in the same transaction failed."))
	}
	return out
}

// fillIn replaces each @{reference} by what an earlier call answered.
func fillIn(in string, done map[string]any, escape func(string) string) (string, *failure) {
	var problem *failure
	out := reference.ReplaceAllStringFunc(in, func(found string) string {
		m := reference.FindStringSubmatch(found)
		value, known := follow(done[m[1]], m[2])
		if !known && problem == nil {
			problem = &failure{
				status: http.StatusBadRequest, code: "PROCESSING_HALTED",
				message: fmt.Sprintf("Invalid reference specified. No value for %s%s found in %s", m[1], m[2], m[1]),
			}
		}
		return escape(value)
	})
	return out, problem
}

var pathStep = regexp.MustCompile(`[A-Za-z0-9_]+`)

// follow walks .name and [n] steps into an answer, down to a plain value. Names match without regard to case
// as a last resort, since answers say id where rows say Id.
func follow(v any, path string) (string, bool) {
	for _, step := range pathStep.FindAllString(path, -1) {
		switch at := v.(type) {
		case map[string]any:
			next, known := at[step]
			for name, value := range at {
				if !known && strings.EqualFold(name, step) {
					next, known = value, true
				}
			}
			if !known {
				return "", false
			}
			v = next
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n >= len(at) {
				return "", false
			}
			v = at[n]
		default:
			return "", false
		}
	}
	switch v := v.(type) {
	case string:
		return v, true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

func jsonEscape(s string) string {
	b, err := encodeJSON(s)
	if err != nil || len(b) < 2 {
		return ""
	}
	return string(b[1 : len(b)-1])
}

// subBatch runs independent calls; each counts as an API request.
func (c *call) subBatch() answer {
	var request struct {
		HaltOnError bool         `json:"haltOnError"`
		Calls       []subrequest `json:"batchRequests"`
	}
	if problem := decode(c.body, &request); problem != nil {
		return problem.answer()
	}
	if len(request.Calls) > maxSubrequests {
		return fail(http.StatusBadRequest, "LIMIT_EXCEEDED", "The request can’t contain more than 25 operations.")
	}
	if len(request.Calls) > 1 && !c.org.spend(int64(len(request.Calls)-1)) {
		return limitExceeded()
	}
	broken := false
	results := make([]any, 0, len(request.Calls))
	for _, sub := range request.Calls {
		var a answer
		if broken && request.HaltOnError {
			a = fail(http.StatusPreconditionFailed, "BATCH_PROCESSING_HALTED", "Batch processing halted per request")
		} else {
			body := sub.RichInput
			if body == nil {
				body = sub.Body
			}
			a = c.inner(sub, "/"+strings.TrimPrefix(strings.TrimPrefix(sub.URL, "/"), "services/data/"), body)
		}
		broken = broken || a.status >= http.StatusBadRequest
		results = append(results, document{{"statusCode", a.status}, {"result", a.body}})
	}
	return ok(document{{"hasErrors", broken}, {"results", results}})
}
