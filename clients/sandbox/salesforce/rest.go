// The REST API: versions, sessions and limits, and which resource a path means.

package salesforce

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	newestVersion = 68 // Winter '27
	oldestVersion = 31 // older ones were retired with Summer '25
	maxBody       = 50 << 20
)

// A call is one REST request, or one that came inside a composite request.
type call struct {
	ctx     context.Context //nolint:containedctx // a call is one request, and lives as long
	org     *Org
	who     *person
	tx      *transaction
	method  string
	version string   // v68.0
	tooling bool     // the path went through /tooling
	path    []string // what follows the version, unescaped
	query   url.Values
	header  http.Header
	body    []byte
}

// An answer is what a resource says, before it is written or put into a composite answer.
type answer struct {
	status int
	body   any // nil for none
	header map[string]string
	free   bool // not counted as an API request
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

// serveREST answers everything under /services/data.
func (o *Org) serveREST(w http.ResponseWriter, r *http.Request, escaped string) {
	parts := segments(strings.TrimPrefix(escaped, "/services/data"))
	if len(parts) == 0 {
		o.write(w, r, o.versions(r), false)
		return
	}
	session, problem := o.session(r)
	if problem != nil {
		if problem.status == http.StatusUnauthorized && problem.header == nil {
			problem.header = map[string]string{"WWW-Authenticate": "Token"}
		}
		o.write(w, r, *problem, false)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		o.write(w, r, fail(http.StatusBadRequest, "JSON_PARSER_ERROR", "The HTTP entity body could not be read."), false)
		return
	}
	c := &call{
		ctx: r.Context(), org: o, tx: &transaction{}, method: method(r), version: parts[0], path: parts[1:],
		query: r.URL.Query(), header: r.Header, body: body,
	}
	a := c.answer(session)
	o.write(w, r, a, !a.free)
}

// method heeds the ways in which clients ask for a PATCH that they cannot send.
func method(r *http.Request) string {
	if asked := r.URL.Query().Get("_HttpMethod"); asked != "" && r.Method == http.MethodPost {
		return strings.ToUpper(asked)
	}
	if r.Method == http.MethodHead {
		return http.MethodGet
	}
	return r.Method
}

// answer locks the org, checks that the caller may call at all, and dispatches.
func (c *call) answer(userID string) answer {
	if c.reads() {
		c.org.mu.RLock()
		defer c.org.mu.RUnlock()
	} else {
		c.org.mu.Lock()
		defer c.org.mu.Unlock()
	}
	c.who = c.org.person(userID)
	if !c.org.apiOn(c.who) {
		return fail(http.StatusForbidden, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.")
	}
	if !supported(c.version) {
		return notFound()
	}
	if !c.about("limits") && !c.org.spend(1) {
		return limitExceeded()
	}
	return c.dispatch()
}

func (c *call) about(resource string) bool { return len(c.path) > 0 && c.path[0] == resource }

func (o *Org) apiOn(who *person) bool {
	return o.setup.API != APIOffForEdition && who.can("ApiEnabled")
}

// supported tells whether this org serves a version, named as v68.0.
func supported(version string) bool {
	n, ok := versionNumber(version)
	return ok && n >= oldestVersion && n <= newestVersion
}

func versionNumber(version string) (int, bool) {
	digits, ok := strings.CutPrefix(version, "v")
	if !ok {
		return 0, false
	}
	digits, ok = strings.CutSuffix(digits, ".0")
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil
}

// reads tells whether the call leaves the org's rows as they are.
func (c *call) reads() bool {
	if c.method == http.MethodGet {
		return true
	}
	path := c.path
	if c.about("parameterizedSearch") {
		return true
	}
	if c.about("tooling") {
		path = path[1:]
	}
	if c.method != http.MethodPost || len(path) == 0 || path[0] != "composite" {
		return false
	}
	switch {
	case len(path) == 1:
		return onlyReads(c.body, "compositeRequest")
	case path[1] == "batch":
		return onlyReads(c.body, "batchRequests")
	}
	return path[1] == "sobjects" && len(path) == 3
}

// dispatch finds the resource. The org must be locked.
func (c *call) dispatch() answer {
	if len(c.path) == 0 {
		return c.only(http.MethodGet, c.resources)
	}
	rest := c.path[1:]
	switch c.path[0] {
	case "tooling":
		if c.tooling {
			return notFound()
		}
		c.tooling, c.path = true, rest
		return c.dispatch()
	case "query", "queryAll":
		return c.only(http.MethodGet, func() answer { return c.runQuery(rest, c.path[0] == "queryAll") })
	case "search", "parameterizedSearch":
		return c.find(rest)
	case "sobjects":
		return c.sobjects(rest)
	case "composite":
		return c.composite(rest)
	case "limits":
		if !c.tooling && len(rest) == 0 {
			return c.only(http.MethodGet, c.limits)
		}
	}
	return notFound()
}

func (c *call) only(method string, handle func() answer) answer {
	if c.method != method {
		return notAllowed(c.method, "HEAD", method)
	}
	return handle()
}

// versions lists the API versions; it wants no session and counts as no request.
func (o *Org) versions(r *http.Request) answer {
	if method(r) != http.MethodGet {
		return notAllowed(r.Method, "HEAD", "GET")
	}
	var list []document
	for n := oldestVersion; n <= newestVersion; n++ {
		list = append(list, document{
			{"label", release(n)}, {"url", fmt.Sprintf("/services/data/v%d.0", n)}, {"version", fmt.Sprintf("%d.0", n)},
		})
	}
	return answer{status: http.StatusOK, body: list, free: true}
}

// release names the release that brought a version: three a year, v31 being Summer '14.
func release(version int) string {
	season := []string{"Spring", "Summer", "Winter"}[(version-30)%3]
	year := 14 + (version-30+1)/3
	return fmt.Sprintf("%s '%02d", season, year)
}

// resources is the map that a version's own URL gives.
func (c *call) resources() answer {
	base := "/services/data/" + c.version
	names := []string{"tooling", "query", "queryAll", "search", "parameterizedSearch", "composite", "limits", "sobjects"}
	if c.tooling {
		base += "/tooling"
		names = []string{"query", "composite", "sobjects"}
	}
	d := make(document, 0, len(names)+1)
	for _, name := range names {
		d = append(d, member{name, base + "/" + name})
	}
	if !c.tooling {
		d = append(d, member{"identity", c.org.identityURL(c.who.id)})
	}
	return ok(d)
}

// segments splits an escaped path at its slashes, however many there are, and unescapes the parts.
func segments(escaped string) []string {
	var parts []string
	for part := range strings.SplitSeq(escaped, "/") {
		if part == "" {
			continue
		}
		if plain, err := url.PathUnescape(part); err == nil {
			part = plain
		}
		parts = append(parts, part)
	}
	return parts
}
