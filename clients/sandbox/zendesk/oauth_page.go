package zendesk

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The pages that a person sees when an app asks for access: sign in, then allow or deny.

const sessionCookie = "_zsf_sandbox_session"

func (a *Account) pageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /oauth/authorizations/new", a.askForAccess)
	mux.HandleFunc("POST /oauth/authorizations/sign_in", a.signIn)
	mux.HandleFunc("POST /oauth/authorizations", a.decide)
	a.consoleRoutes(mux)
	mux.HandleFunc("/", a.showPlace)
}

// An accessRequest is what an app asks for in the address of the page.
type accessRequest struct {
	client      *client
	redirectURI string
	scopes      []string
	state       string
	challenge   string
}

// accessRequest reads the address. What is wrong with it is shown to the person and never sent back to the app,
// as the address to send it to may be what is wrong.
func (a *Account) accessRequest(query url.Values) (r accessRequest, wrong string) {
	r = accessRequest{
		client: a.oauth.client(query.Get("client_id")), redirectURI: query.Get("redirect_uri"),
		scopes: scopesOf(query.Get("scope")), state: query.Get("state"), challenge: query.Get("code_challenge"),
	}
	switch {
	case r.client == nil:
		return r, "No such client: " + query.Get("client_id")
	case !slices.Contains(r.client.RedirectURIs, r.redirectURI):
		return r, "The redirect URL is not one that the client is registered with: " + r.redirectURI
	case query.Get("response_type") != "code":
		return r, "The response type must be code."
	case r.challenge != "" && query.Get("code_challenge_method") != "S256":
		return r, "The code challenge method must be S256."
	case r.challenge == "" && r.client.Kind == "public":
		return r, "A public client must send a code challenge (PKCE)."
	}
	return r, ""
}

// A consentPage is what the template shows; Wrong alone, the sign-in form, or the question.
type consentPage struct {
	Client  string
	Company string
	User    string
	Email   string
	Scopes  []scopeWords
	Query   string
	Proof   string
	Wrong   string
	Retry   string
	Asks    bool
}

type scopeWords struct{ Scope, Words string }

func (a *Account) askForAccess(w http.ResponseWriter, r *http.Request) {
	a.showConsent(w, r, r.URL.RawQuery, "")
}

func (a *Account) showConsent(w http.ResponseWriter, r *http.Request, rawQuery, retry string) {
	a.mu.Lock()
	p := consentPage{Query: rawQuery, Retry: retry, Email: a.signedIn().Email.value()}
	query, err := url.ParseQuery(rawQuery)
	asked, wrong := a.accessRequest(query)
	if err != nil {
		wrong = "The address is not well formed."
	}
	status := http.StatusOK
	if p.Wrong = wrong; wrong != "" {
		status = http.StatusBadRequest
	} else {
		p.Client, p.Company = asked.client.Name, asked.client.Company
		for _, scope := range asked.scopes {
			p.Scopes = append(p.Scopes, scopeWords{scope, inWords(scope)})
		}
		if session, userID := a.session(r); userID != 0 {
			u, _ := a.users.find(userID)
			p.Asks, p.User, p.Proof = true, u.Name, derived("consent", session)
		}
	}
	a.mu.Unlock()
	show(w, status, "consent.html", p)
}

// inWords is what a scope lets an app do.
func inWords(scope string) string {
	resource, level, granular := strings.Cut(scope, ":")
	switch {
	case scope == "read":
		return "Read everything that you can read"
	case scope == "write":
		return "Create, change and delete everything that you can"
	case granular && level == "read" && slices.Contains(knownResources, resource):
		return "Read " + strings.ReplaceAll(resource, "_", " ")
	case granular && level == "write" && slices.Contains(knownResources, resource):
		return "Create, change and delete " + strings.ReplaceAll(resource, "_", " ")
	}
	return "A scope that this account does not know"
}

// session is the cookie and the user who signed in with it, or 0.
func (a *Account) session(r *http.Request) (cookie string, userID int64) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return "", 0
	}
	return c.Value, a.oauth.sessions[c.Value]
}

// signIn takes any team member's e-mail, with any password: the sandbox has no secrets to keep.
func (a *Account) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	email, password, rawQuery := r.PostFormValue("email"), r.PostFormValue("password"), r.PostFormValue("query")
	a.mu.Lock()
	userID := int64(0)
	for n := range staff {
		if u, _ := a.users.find(staffID(n)); strings.EqualFold(u.Email.value(), strings.TrimSpace(email)) {
			userID = u.ID
		}
	}
	session := derived("session", strconv.Itoa(len(a.oauth.sessions)))
	if userID != 0 && password != "" {
		a.oauth.sessions[session] = userID
	}
	a.mu.Unlock()
	if userID == 0 || password == "" {
		a.showConsent(w, r, rawQuery, "That e-mail and password do not match. Any password will do here, but not an empty one.")
		return
	}
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: session, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}) //nolint:gosec // the sandbox is on loopback, without TLS
	http.Redirect(w, r, "/oauth/authorizations/new?"+rawQuery, http.StatusSeeOther)                                                 //nolint:gosec // a path of this account
}

// decide sends the person back to the app, with a code or with a denial.
func (a *Account) decide(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	proof, allow, rawQuery := r.PostFormValue("proof"), r.PostFormValue("decision") == "allow", r.PostFormValue("query")
	query, err := url.ParseQuery(rawQuery)
	a.mu.Lock()
	session, userID := a.session(r)
	asked, wrong := a.accessRequest(query)
	proven := subtle.ConstantTimeCompare([]byte(proof), []byte(derived("consent", session))) == 1
	if err != nil || wrong != "" || userID == 0 || !proven {
		a.mu.Unlock()
		a.showConsent(w, r, rawQuery, "")
		return
	}
	back := url.Values{}
	if allow {
		code := derived("code", strconv.Itoa(a.oauth.codesMade))
		a.oauth.codesMade++
		a.oauth.codes[code] = grant{client: asked.client, userID: userID, redirectURI: asked.redirectURI, scopes: asked.scopes, challenge: asked.challenge, expires: a.now().Add(codeLife)}
		back.Set("code", code)
	} else {
		back.Set("error", "access_denied")
		back.Set("error_description", "The end-user or authorization server denied the request")
	}
	a.mu.Unlock()
	if asked.state != "" {
		back.Set("state", asked.state)
	}
	http.Redirect(w, r, withQuery(asked.redirectURI, back), http.StatusFound)
}

func withQuery(address string, added url.Values) string {
	if strings.Contains(address, "?") {
		return address + "&" + added.Encode()
	}
	return address + "?" + added.Encode()
}
