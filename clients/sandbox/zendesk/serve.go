package zendesk

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxBody is how much of a request's body is read.
const maxBody = 8 << 20

// A call is one request to the API, its sender known.
type call struct {
	request *http.Request
	action  string // controller and action, as error messages name them: organizations/index
	token   *token // nil for a caller without one
	user    *user  // nil for an anonymous caller
	body    []byte
	warned  []string // keys of the body that the endpoint does not take
}

func (c *call) query() url.Values { return c.request.URL.Query() }

// id is the numeric {id} of the path.
func (c *call) id() (int64, bool) {
	id, err := strconv.ParseInt(c.request.PathValue("id"), 10, 64)
	return id, err == nil
}

func (c *call) admin() bool { return c.user != nil && c.user.Role == "admin" }

// An endpoint is one call of the API: who may make it, and what it does.
type endpoint struct {
	pattern  string // method and path
	action   string
	resource string // what the OAuth scope calls it; "" for what only the plain read and write scopes cover
	open     bool   // anybody may call it, with any token or none
	admins   bool   // only admins may
	limit    *limit // besides the account's
	do       func(*call) answer
}

func (a *Account) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, group := range [][]endpoint{
		a.userEndpoints(), a.organizationEndpoints(), a.membershipEndpoints(), a.ticketEndpoints(),
		a.searchEndpoints(), a.groupEndpoints(), a.ticketSettingEndpoints(), a.ticketWriteEndpoints(),
		a.macroEndpoints(), a.uploadEndpoints(), a.jobEndpoints(),
		a.triggerEndpoints(), a.webhookEndpoints(), a.settingEndpoints(), a.tokenEndpoints(),
	} {
		for _, e := range group {
			mux.Handle(e.pattern, a.api(e))
		}
	}
	mux.Handle("/api/", a.api(endpoint{do: func(*call) answer { return invalidEndpoint() }}))
	mux.HandleFunc("GET /attachments/token/{token}/{$}", a.leadToContent)
	mux.HandleFunc("GET "+contentPath+"{token}/{$}", a.serveContent)
	a.pageRoutes(mux)
	return mux
}

// ServeHTTP answers API calls with and without ".json", the OAuth pages, and the pages of the account.
func (a *Account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if short, found := strings.CutSuffix(r.URL.Path, ".json"); found && strings.HasPrefix(short, "/api/v2/") {
		r = r.Clone(r.Context())
		r.URL.Path = short
		r.URL.RawPath = ""
	}
	a.mux.ServeHTTP(w, r)
}

// api runs an endpoint behind sign-in, scopes, roles and limits.
func (a *Account) api(e endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
		if err != nil {
			return // the client went away
		}
		c := &call{request: r, action: e.action, body: body}
		a.mu.Lock()
		a.requests++
		limits, answered := a.throttle(e)
		if answered == nil {
			answered = a.admit(c, e)
		}
		if answered == nil {
			said := e.do(c)
			answered = &said
		}
		content, contentType := a.encoded(answered)
		header := a.headers(c, limits, *answered)
		a.mu.Unlock()
		if contentType != "" {
			header.Set("Content-Type", contentType)
			header.Set("Content-Length", strconv.Itoa(len(content)))
		}
		if contentType != "" && answered.status < 300 {
			sum := fnv.New128a()
			_, _ = sum.Write(content)
			header.Set("Etag", fmt.Sprintf(`W/"%x"`, sum.Sum(nil)))
		}
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(answered.status)
		if len(content) > 0 && r.Method != http.MethodHead {
			_, _ = w.Write(content) // a client that went away is no trouble of the account's
		}
	})
}

// admit answers for callers who may not make the call, and is nil for those who may.
func (a *Account) admit(c *call, e endpoint) *answer {
	if e.action == "" {
		return nil // a path that does not exist needs no sign-in to be told so
	}
	if refused := a.identify(c); refused != nil {
		return refused
	}
	var refused answer
	switch {
	case e.open:
		return nil
	case c.user == nil:
		refused = notAuthenticated()
	case !c.token.allows(e.scopes()):
		refused = missingScope(e.scopes())
	case e.admins && !c.admin():
		refused = noAccess()
	default:
		return nil
	}
	return &refused
}

// identify finds out who calls. E-mail and password are no longer a way in, and no API token exists:
// the first leaves the caller anonymous, the second is refused.
func (a *Account) identify(c *call) *answer {
	authorization := c.request.Header.Get("Authorization")
	scheme, secret, _ := strings.Cut(authorization, " ")
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		if c.token = a.oauth.live(strings.TrimSpace(secret), a.now()); c.token == nil {
			refused := invalidToken()
			return &refused
		}
		c.token.UsedAt = a.now()
		if u, ok := a.users.find(c.token.UserID); ok {
			c.user = &u
		}
	case strings.EqualFold(scheme, "Basic"):
		if name, _, ok := c.request.BasicAuth(); ok && strings.HasSuffix(name, "/token") {
			refused := notAuthenticated()
			return &refused
		}
	}
	return nil
}

// scopes are those of which any one lets a token make the call.
func (e endpoint) scopes() []string {
	level := "write"
	if strings.HasPrefix(e.pattern, http.MethodGet) {
		level = "read"
	}
	if e.resource == "" {
		return []string{level}
	}
	return []string{e.resource + ":" + level, level}
}

// encoded is an answer's body. An answer that cannot be JSON would be a mistake in this package: it becomes a 500.
func (a *Account) encoded(said *answer) (content []byte, contentType string) {
	switch body := said.body.(type) {
	case nil:
		return nil, ""
	case text:
		return []byte(body), "text/plain; charset=utf-8"
	}
	content, err := encode(said.body)
	if err != nil {
		*said = answer{status: http.StatusInternalServerError}
		return []byte("Internal Server Error"), "text/plain; charset=utf-8"
	}
	return content, "application/json; charset=utf-8"
}

// headers adds to those of the limits what the service puts on every answer.
func (a *Account) headers(c *call, header http.Header, said answer) http.Header {
	requestID := fmt.Sprintf("%016x-SBX", a.requests)
	header.Set("X-Request-Id", requestID)
	header.Set("X-Zendesk-Request-Id", requestID)
	header.Set("X-Zendesk-Api-Version", "v2")
	header.Set("X-Frame-Options", "SAMEORIGIN")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", cacheControl(c.request.Method, said.status))
	if len(c.warned) > 0 {
		header.Set("X-Zendesk-Api-Warn", warning(c))
	}
	if said.lookup != "" {
		header.Set("X-Idempotency-Lookup", said.lookup)
	}
	if said.location != "" {
		header.Set("Location", said.location)
	}
	return header
}

func cacheControl(method string, status int) string {
	switch {
	case status >= 300 || status == http.StatusNoContent:
		return "no-cache"
	case method == http.MethodGet:
		return "max-age=30, private"
	}
	return "max-age=0, private, must-revalidate"
}

// warning is in the notation of the service's own language, as recorded.
func warning(c *call) string {
	controller, action, _ := strings.Cut(c.action, "/")
	quoted := make([]string, len(c.warned))
	for i, key := range c.warned {
		quoted[i] = strconv.QuoteToASCII(key)
	}
	return fmt.Sprintf(`{:allowed_parameters=>{:controller=>%q, :action=>%q, :unpermitted_keys=>[%s], :invalid_values=>[]}}`,
		controller, action, strings.Join(quoted, ", "))
}

// Fields are the members of the object that a request sends inside its body.
type fields map[string]json.RawMessage

// fields reads {"name": {…}} from the body and notes the keys that the endpoint does not take.
func (c *call) fields(name string, taken ...string) (fields, *answer) {
	var outer map[string]json.RawMessage
	if err := json.Unmarshal(c.body, &outer); err != nil {
		refused := unreadableBody()
		return nil, &refused
	}
	inner, found := outer[name]
	if !found {
		refused := missingParameter(name)
		return nil, &refused
	}
	var f fields
	if err := json.Unmarshal(inner, &f); err != nil || f == nil {
		refused := missingParameter(name)
		return nil, &refused
	}
	for key := range f {
		if !slices.Contains(taken, key) {
			c.warned = append(c.warned, name+"."+key)
		}
	}
	slices.Sort(c.warned)
	return f, nil
}

// set writes a field into a record, if the request has it.
// A value of the wrong type is a problem of the record, as the service has it.
func set[T any](f fields, key string, into *T, p *problems) (sent bool) {
	raw, found := f[key]
	if !found {
		return false
	}
	var value T
	if err := json.Unmarshal(raw, &value); err != nil {
		p.add(key, label(key)+": is invalid", "InvalidValue")
		return false
	}
	*into = value
	return true
}

// label is a field as messages name it: external_id is External.
func label(key string) string {
	words := strings.ReplaceAll(strings.TrimSuffix(key, "_id"), "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}
