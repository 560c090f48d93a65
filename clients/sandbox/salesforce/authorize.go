// The browser's side of OAuth: signing in, "Allow Access?", and the way back to the app.

package salesforce

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	knownScopes = "api web refresh_token offline_access id profile email address phone openid full"
	cookieName  = "sid_sandbox"
)

// A codeRequest is what an app asked for in the authorization URL.
type codeRequest struct {
	client    client
	redirect  string
	scope     string
	state     string
	challenge string
	prompt    string
	host      string // the login host that the app sent the person to; empty for the org's own
}

// A codeIssued is a code on its way to the app.
type codeIssued struct {
	request codeRequest
	user    string
	at      time.Time
	spent   bool
}

// A signIn is a request whose person is still at the pages.
type signIn struct {
	request codeRequest
	user    string // once signed in
	at      time.Time
}

func (o *Org) authorize(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		if err := r.ParseForm(); err != nil {
			o.pageError(w, http.StatusBadRequest, "invalid_request", "the form could not be read")
			return
		}
		if r.PostForm.Get("flow") != "" {
			o.advance(w, r)
			return
		}
	}
	o.begin(w, r)
}

// begin checks the request. What is wrong with the app or its address is shown here and goes nowhere.
func (o *Org) begin(w http.ResponseWriter, r *http.Request) {
	form := r.URL.Query()
	if r.Method == http.MethodPost {
		form = r.Form
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	app, known := o.clientByID(form.Get("client_id"))
	if !known {
		o.pageError(w, http.StatusBadRequest, "invalid_client_id", "client identifier invalid")
		return
	}
	request := codeRequest{
		client: app, redirect: form.Get("redirect_uri"), scope: form.Get("scope"), state: form.Get("state"),
		challenge: form.Get("code_challenge"), prompt: form.Get("prompt"), host: form.Get("login_host"),
	}
	if !slices.Contains(app.redirects, request.redirect) {
		o.pageError(w, http.StatusBadRequest, "redirect_uri_mismatch", "redirect_uri must match configuration")
		return
	}
	if request.scope == "" {
		request.scope = "refresh_token api web"
	}
	if code, description := o.objection(form, request); code != "" {
		sendBack(w, r, request, "error", code, "error_description", description)
		return
	}
	flow := o.randomText(32)
	o.forget()
	made := &signIn{request: request, at: o.now()}
	o.oauth.pending[flow] = made
	if cookie, err := r.Cookie(cookieName); err == nil && !strings.Contains(request.prompt, "login") {
		made.user = o.oauth.browsers[cookie.Value]
	}
	o.show(w, r, flow, made)
}

// objection is what an otherwise sound request is refused for.
func (o *Org) objection(form url.Values, request codeRequest) (code, description string) {
	if form.Get("response_type") != "code" {
		return "unsupported_response_type", "response type not supported"
	}
	if o.oauth.blocked[request.client.name] {
		return "OAUTH_APP_BLOCKED", "this app is blocked by admin"
	}
	for scope := range strings.FieldsSeq(request.scope) {
		if !slices.Contains(strings.Fields(knownScopes), scope) {
			return "invalid_scope", "the requested scope is not allowed"
		}
	}
	if method := form.Get("code_challenge_method"); request.challenge != "" && method != "" && method != "S256" {
		return "invalid_request", "unsupported code challenge method"
	}
	if request.challenge == "" && o.pkceRequired() {
		return "invalid_request", "missing required code challenge"
	}
	return "", ""
}

// forget drops sign-ins and codes that nobody will finish.
func (o *Org) forget() {
	for flow, s := range o.oauth.pending {
		if o.now().Sub(s.at) > codeLives {
			delete(o.oauth.pending, flow)
		}
	}
	for code, c := range o.oauth.codes {
		if o.now().Sub(c.at) > 2*codeLives {
			delete(o.oauth.codes, code)
		}
	}
}

// show puts the next page before the person: sign-in, or "Allow Access?"; or lets a known app pass.
func (o *Org) show(w http.ResponseWriter, r *http.Request, flow string, s *signIn) {
	if s.user == "" {
		o.render(w, http.StatusOK, "login", o.signInPage(flow, s))
		return
	}
	if !o.mayApprove(s) {
		o.pageError(w, http.StatusForbidden, "OAUTH_APPROVAL_ERROR_GENERIC", "An unexpected error has occurred during authentication. Please try again.")
		return
	}
	if o.oauth.approved[s.request.client.id+" "+s.user] && !strings.Contains(s.request.prompt, "consent") {
		o.settleCode(w, r, flow, s)
		return
	}
	o.render(w, http.StatusOK, "consent", o.signInPage(flow, s))
}

// mayApprove is false for users who cannot sign in with a browser, and for those who may not let in an
// app that is not installed: only the standard System Administrator profile may.
func (o *Org) mayApprove(s *signIn) bool {
	who := o.person(s.user)
	if who.can("ApiUserOnly") {
		return false
	}
	if s.request.client.uninstalled {
		return who.profile == o.cast.profiles["admin"]
	}
	app, _ := o.tables["ConnectedApplication"].first("Name", s.request.client.name)
	return app["OptionsAllowAdminApprovedUsersOnly"] != true || o.mayUse(s.user, who.profile, app["Id"])
}

// mayUse tells whether a profile or a permission set of the user has access to an app.
func (o *Org) mayUse(user, profile string, app any) bool {
	for _, set := range o.permissionSetsOf(user, profile) {
		if o.granted(set, app) {
			return true
		}
	}
	return false
}

// knowsHost tells whether the org's people sign in at that host: those of a sandbox do not at the production's.
func (o *Org) knowsHost(host string) bool {
	return host == "" || (host == productionHost) == o.setup.Production
}

// advance takes a press of Log In, Allow or Deny.
func (o *Org) advance(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	flow := r.PostForm.Get("flow")
	s, found := o.oauth.pending[flow]
	if !found || o.now().Sub(s.at) > codeLives {
		o.pageError(w, http.StatusBadRequest, "invalid_request", "This sign-in has expired. Start again from the app.")
		return
	}
	switch r.PostForm.Get("step") {
	case "login":
		if !o.knowsHost(s.request.host) {
			p := o.signInPage(flow, s)
			p.Wrong = o.word("Please check your username and password. If you still can't log in, contact your Salesforce administrator.", "사용자 이름과 암호를 확인하십시오. 그래도 로그인할 수 없으면 Salesforce 관리자에게 문의하십시오.") + " (" + s.request.host + ")"
			o.render(w, http.StatusOK, "login", p)
			return
		}
		s.user = o.cast.signedIn
		o.setCookie(w, s.user)
		o.show(w, r, flow, s)
	case "deny":
		delete(o.oauth.pending, flow)
		sendBack(w, r, s.request, "error", "access_denied", "error_description", "end-user denied authorization")
	case "allow":
		if s.user == "" || !o.mayApprove(s) {
			o.pageError(w, http.StatusForbidden, "OAUTH_APPROVAL_ERROR_GENERIC", "An unexpected error has occurred during authentication. Please try again.")
			return
		}
		o.settleCode(w, r, flow, s)
	default:
		o.show(w, r, flow, s)
	}
}

func (o *Org) settleCode(w http.ResponseWriter, r *http.Request, flow string, s *signIn) {
	delete(o.oauth.pending, flow)
	o.oauth.approved[s.request.client.id+" "+s.user] = true
	code := "aPrx" + o.randomText(80) + "=="
	o.oauth.codes[code] = &codeIssued{request: s.request, user: s.user, at: o.now()}
	sendBack(w, r, s.request, "code", code)
}

// sendBack redirects to the app's registered address, the state kept.
func sendBack(w http.ResponseWriter, r *http.Request, request codeRequest, pairs ...string) {
	answer := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		answer.Set(pairs[i], pairs[i+1])
	}
	if request.state != "" {
		answer.Set("state", request.state)
	}
	http.Redirect(w, r, request.redirect+"?"+answer.Encode(), http.StatusFound)
}
