// What the loopback server answers. Whatever is not the browser's own way back gets a small page and is forgotten.

package oauth

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"zsf/clients/transport"
)

const (
	callbackPath = "/callback"
	donePath     = "/done" // the outcome's page
	overPath     = "/over" // the page of whoever comes after it
)

// answer is the handler of every request.
func (a *Attempt) answer(w http.ResponseWriter, r *http.Request) {
	if !a.enter() {
		return
	}
	defer a.serving.Done()
	if status, why := a.objection(r); status != 0 {
		a.log("a request was refused: " + why)
		if status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodGet)
		}
		a.show(w, status, pageStray)
		return
	}
	switch path := r.URL.EscapedPath(); {
	case path == callbackPath:
		a.callback(w, r)
	case path == donePath && a.isSettled():
		a.show(w, http.StatusOK, a.outcome.page)
		a.handOn()
	case path == overPath && a.isSettled():
		a.show(w, http.StatusOK, pageOver)
	default:
		a.log("a request was refused: another path")
		a.show(w, http.StatusNotFound, pageStray)
	}
}

// enter counts a request among what Close waits for; false when it is too late.
func (a *Attempt) enter() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.serving.Add(1)
	}
	return !a.closed
}

// objection is what a request is refused for before it is read: a page elsewhere that has its name point here
// (DNS rebinding), a script of one, or what a browser on its way back would not send.
func (a *Attempt) objection(r *http.Request) (status int, why string) {
	own := []string{"127.0.0.1:" + a.port, "localhost:" + a.port}
	origins := r.Header.Values("Origin")
	navigates, to := r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Sec-Fetch-Dest")
	switch {
	case !slices.Contains(own, r.Host), r.URL.Host != "": // a host in the line hides the one below it
		return http.StatusBadRequest, "another host"
	case r.Method != http.MethodGet:
		return http.StatusMethodNotAllowed, "another method"
	case len(r.RequestURI) > maxTarget:
		return http.StatusRequestURITooLong, "too long an address"
	case r.ContentLength != 0:
		return http.StatusBadRequest, "a body"
	case navigates != "" && navigates != "navigate", to != "" && to != "document":
		return http.StatusForbidden, "not by a browser's address bar"
	case len(origins) > 1 || len(origins) == 1 && !a.mayCome(origins[0], navigates):
		return http.StatusForbidden, "another origin"
	}
	return 0, ""
}

// mayCome tells the origins of a way back. Some browsers send null after a redirect; so do sandboxed frames,
// which do not navigate.
func (a *Attempt) mayCome(origin, navigates string) bool {
	return origin == "http://127.0.0.1:"+a.port || origin == "http://localhost:"+a.port || origin == "null" && navigates == "navigate"
}

// callback takes the browser's way back. Only who knows the state is listened to.
func (a *Attempt) callback(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || !a.isState(query["state"]) {
		a.log("a way back was refused: wrong state")
		a.show(w, http.StatusBadRequest, pageStray)
		return
	}
	result, err := a.read(query)
	if err != nil {
		a.log("a way back was refused: neither a code nor an error")
		a.show(w, http.StatusBadRequest, pageStray)
		return
	}
	if conn, ok := r.Context().Value(visitorKey{}).(*visitor); ok {
		conn.keep()
	}
	if !a.take() {
		a.show(w, http.StatusOK, pageOver)
		return
	}
	defer func() { <-a.turn }()
	next := overPath
	if !a.isSettled() {
		if a.settle(a.conclude(result)) {
			next = donePath
		}
	}
	a.log("the browser came back")
	head(w)
	w.Header().Set("Location", next)
	w.WriteHeader(http.StatusSeeOther)
}

// isState compares in constant time; it must be there once.
func (a *Attempt) isState(given []string) bool {
	return len(given) == 1 && subtle.ConstantTimeCompare([]byte(given[0]), []byte(a.state)) == 1
}

// A wayBack is what the service sends by the browser: a code or a denial.
type wayBack struct {
	code   string
	denial *Denial
}

var errNoAnswer = errors.New("neither a code nor an error")

// read takes a way back whose state is right.
func (a *Attempt) read(query url.Values) (wayBack, error) {
	codes, refusals := query["code"], query["error"]
	switch {
	case len(codes) == 1 && len(refusals) == 0 && isSecret(codes[0]):
		return wayBack{code: codes[0]}, nil
	case len(codes) == 0 && len(refusals) == 1:
		denial := &Denial{Service: a.provider.service, Description: clean(query.Get("error_description"), a.state, a.verifier)}
		if errorCode.MatchString(refusals[0]) {
			denial.Code = clean(refusals[0], a.state, a.verifier)
		}
		return wayBack{denial: denial}, nil
	}
	return wayBack{}, errNoAnswer
}

// conclude trades the code that the browser brought. Before that nobody is told of a success; after it,
// the code is spent whatever came of it.
func (a *Attempt) conclude(result wayBack) outcome {
	if result.denial != nil {
		return outcome{err: result.denial, page: pageDenied, browse: true}
	}
	tokens, err := a.trade(result.code)
	if err != nil {
		return outcome{err: err, page: pageFailed, browse: true}
	}
	return outcome{tokens: tokens, page: pageSignedIn, browse: true}
}

func (a *Attempt) trade(code string) (Tokens, error) {
	tokens, err := a.provider.exchange(a.ctx, a.options.HTTP, a.redirect, code, a.verifier)
	if err != nil {
		a.log("the code was not traded: " + string(transport.KindOf(err)))
	}
	return tokens, err
}
