// A person's browser: who is signed in with it, which page an address means, and what a rightless user is told.

package salesforce

import (
	"net/http"
	"net/url"

	"zsf/clients/sandbox/webform"
)

// A visit is one request of a signed-in browser for a page. The org is locked.
type visit struct {
	*Org
	who  *person
	user fieldReader
	at   *url.URL
	sent url.Values // of a form; nil for a look
}

// A result is a page, or the address that the browser is sent to after a form was taken.
type result struct {
	page   *page
	status int
	next   string
}

func shown(p *page) result { return result{page: p, status: http.StatusOK} }

func sentTo(address string) result { return result{next: address} }

func (v *visit) did() string { return v.sent.Get("do") }

// can tells whether the visitor has all of these permissions.
func (v *visit) can(permissions ...string) bool {
	for _, permission := range permissions {
		if !v.who.can(permission) {
			return false
		}
	}
	return true
}

// setup is a page of Setup below its trail.
func (v *visit) setup(crumbs ...string) *page {
	p := v.newPage(crumbs[len(crumbs)-1])
	p.Crumbs = append([]string{v.word("Setup", "설정")}, crumbs...)
	if v.at.Query().Get("saved") != "" {
		p.Done = v.word("Your changes have been saved.", "변경 내용이 저장되었습니다.")
	}
	return p
}

// refused is what the service tells everybody who may not.
func (v *visit) refused() result {
	p := v.newPage(v.word("Insufficient Privileges", "권한 부족"))
	p.Wrong = v.word("You do not have the level of access necessary to perform the operation you requested. Please contact the owner of the record or your administrator if access is necessary.",
		"요청한 작업을 수행하는 데 필요한 액세스 수준이 없습니다. 액세스가 필요한 경우 레코드 소유자 또는 관리자에게 문의하십시오.")
	return result{page: p, status: http.StatusForbidden}
}

// servePage shows a page for a person, or takes one of its forms.
func (o *Org) servePage(w http.ResponseWriter, r *http.Request, escaped string) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodPost:
		if !webform.Posted(w, r) || r.PostForm.Get("do") == "" {
			o.pageError(w, http.StatusForbidden, "invalid_form", "This form did not come from one of the org's own pages.")
			return
		}
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		o.pageError(w, http.StatusMethodNotAllowed, "method_not_allowed", "This page can only be read, and its form sent.")
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	switch escaped {
	case "/secur/logout.jsp":
		o.signOut(w, r)
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	case "/login":
		o.logInPage(w, r)
		return
	}
	user := o.visitor(w, r)
	if user == "" {
		p := o.newPage(o.word("Log In", "로그인"))
		p.Start, p.Username = r.URL.RequestURI(), o.cast.username
		o.render(w, http.StatusOK, "login", p)
		return
	}
	v := &visit{Org: o, who: o.person(user), at: r.URL, sent: r.PostForm}
	v.user, _, _ = o.tables["User"].find(user)
	answered := v.answer(segments(escaped), escaped)
	if answered.page == nil {
		http.Redirect(w, r, answered.next, http.StatusSeeOther)
		return
	}
	answered.page.User = str(v.user.Value("Name")) + " (" + str(v.user.Value("Username")) + ")"
	o.render(w, answered.status, "setup", answered.page)
}

// visitor is the user of a browser. One that never came before is signed in at once, as the sandbox has
// no passwords; one that logged out, or whose session was ended, is not.
func (o *Org) visitor(w http.ResponseWriter, r *http.Request) string {
	if cookie, err := r.Cookie(cookieName); err == nil {
		if user, known := o.oauth.browsers[cookie.Value]; known {
			return user
		}
	}
	return o.signInBrowser(w)
}

func (o *Org) signInBrowser(w http.ResponseWriter) string {
	o.setCookie(w, o.cast.signedIn)
	return o.cast.signedIn
}

func (o *Org) setCookie(w http.ResponseWriter, user string) {
	cookie := o.randomText(32)
	o.oauth.browsers[cookie] = user
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}) //nolint:gosec // loopback has no TLS
}

// signOut makes the browser's cookie one of nobody.
func (o *Org) signOut(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(cookieName); err == nil {
		o.oauth.browsers[cookie.Value] = ""
		return
	}
	o.setCookie(w, "")
}

func (o *Org) logInPage(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		p := o.newPage(o.word("Log In", "로그인"))
		p.Start, p.Username = "/", o.cast.username
		o.render(w, http.StatusOK, "login", p)
		return
	}
	o.signInBrowser(w)
	http.Redirect(w, r, webform.Local(r.PostForm.Get("start")), http.StatusSeeOther) //nolint:gosec // a path of the org
}

// answer finds the page. Those of Setup are for users who may view it.
func (v *visit) answer(parts []string, escaped string) result {
	if v.who.can("ApiUserOnly") {
		return v.refused()
	}
	switch {
	case len(parts) == 0, parts[0] == "lightning" && len(parts) < 3:
		p := v.newPage(v.word("Home", "홈"))
		p.Facts = v.homeFacts()
		p.Links = []webform.Link{{Label: v.word("Setup", "설정"), URL: "/lightning/setup/SetupOneHome/home"}}
		return shown(p)
	case parts[0] == "lightning" && parts[1] == "r":
		return shown(v.recordPageOf(parts[2:]))
	case !v.can("ViewSetup"):
		return v.refused()
	case parts[0] == "lightning" && parts[1] == "setup":
		return v.setupPage(parts[2], parts[3:])
	case escaped == "/packaging/installPackage.apexp":
		return v.installPage()
	case escaped == "/visualEditor/appBuilder.app":
		return v.builderPage()
	}
	return v.notThere()
}

func (v *visit) notThere() result {
	p := v.newPage(v.word("URL No Longer Exists", "URL이 더 이상 존재하지 않음"))
	p.Wrong = v.word("You have attempted to reach a URL that no longer exists on salesforce.com.", "더 이상 존재하지 않는 URL입니다.")
	return result{page: p, status: http.StatusNotFound}
}
