package zendesk

import (
	"net/http"
	"net/url"

	"zsf/clients/sandbox/webform"
)

// Admin Center's pages where a person acts: the integration, the triggers and the webhooks.

const (
	integrationsPath = "/admin/apps-integrations/integrations/integrations"
	integrationPath  = integrationsPath + "/salesforce"
	triggersPath     = "/admin/objects-rules/rules/triggers"
	webhooksPath     = "/admin/apps-integrations/webhooks/webhooks"
	sameWebhooksPath = "/admin/apps-integrations/actions-webhooks/webhooks"
)

// A consolePage is what the template shows.
type consolePage struct {
	Lang   string
	Title  string
	Crumbs []string
	URL    string
	Mark   string
	SignIn string
	webform.Parts
}

// A visit is an admin's request for a page. The account is locked.
type visit struct {
	*Account
	who   user
	query url.Values
	sent  url.Values // of a form; nil for a look
	path  map[string]string
}

// An outcome is a page, or the address that the browser is sent to after a form was taken.
type outcome struct {
	page   *consolePage
	status int
	next   string
}

func (v *visit) word(english, korean string) string {
	if v.korean() {
		return korean
	}
	return english
}

func (v *visit) did() string { return v.sent.Get("do") }

func sentTo(address string) outcome { return outcome{next: address} }

func (a *Account) consoleRoutes(mux *http.ServeMux) {
	for path, answer := range map[string]func(*visit) outcome{
		integrationsPath:                       (*visit).integrations,
		integrationPath:                        (*visit).salesforcePage,
		integrationPath + "/new":               (*visit).addConnection,
		integrationPath + "/callback":          (*visit).comeBack,
		integrationPath + "/{org}/ticket-view": (*visit).ticketView,
		integrationPath + "/{org}/data-sync":   (*visit).dataSync,
		integrationPath + "/{org}/edit":        (*visit).editConnection,
		integrationPath + "/{org}/disconnect":  (*visit).disconnectPage,
		triggersPath:                           (*visit).triggersPage,
		webhooksPath:                           (*visit).webhooksPage,
		sameWebhooksPath:                       (*visit).webhooksPage,
	} {
		mux.HandleFunc("GET "+path, a.console(answer))
		mux.HandleFunc("POST "+path, a.console(answer))
	}
}

// layoutCookie keeps a browser's choice of the layout.
const layoutCookie = "_zsf_sandbox_layout"

// console admits admins only. Whoever has not signed in otherwise is the account's signed-in user.
func (a *Account) console(answer func(*visit) outcome) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && (!webform.Posted(w, r) || r.PostForm.Get("do") == "") {
			http.Error(w, "This form did not come from one of the account's own pages.", http.StatusForbidden)
			return
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		v := &visit{Account: a, who: a.signedIn(), query: r.URL.Query(), sent: r.PostForm, path: map[string]string{"org": r.PathValue("org")}}
		if _, id := a.session(r); id != 0 {
			v.who, _ = a.users.find(id)
		}
		if layout := v.query.Get("layout"); layout != "" {
			http.SetCookie(w, &http.Cookie{Name: layoutCookie, Value: url.QueryEscape(layout), Path: "/admin", HttpOnly: true, SameSite: http.SameSiteLaxMode}) //nolint:gosec // loopback has no TLS
		} else if cookie, err := r.Cookie(layoutCookie); err == nil {
			v.query.Set("layout", cookie.Value)
		}
		said := v.refused()
		if v.who.Role == "admin" {
			said = answer(v)
		}
		if said.page == nil {
			http.Redirect(w, r, said.next, http.StatusSeeOther)
			return
		}
		said.page.SignIn = v.word("Signed in as ", "로그인한 사용자: ") + v.who.Name + " (" + v.who.Email.value() + ")"
		show(w, said.status, "console.html", said.page)
	}
}

// layout is the browser's choice, or the account's.
func (v *visit) layout() Layout {
	switch v.query.Get("layout") {
	case "newer":
		return NewerLayout
	case "guide":
		return GuideLayout
	}
	return v.integration.layout
}

func (v *visit) newPage(crumbs ...string) *consolePage {
	p := &consolePage{
		Lang: "en", Title: crumbs[len(crumbs)-1], Crumbs: append([]string{v.word("Admin Center", "관리 센터")}, crumbs...), URL: v.url,
		Mark: v.word("Zendesk account of the zsf sandbox", "zsf 샌드박스의 Zendesk 계정"),
	}
	if v.korean() {
		p.Lang = "ko"
	}
	if v.query.Get("saved") != "" {
		p.Done = v.word("Saved.", "저장되었습니다.")
	}
	return p
}

func page200(p *consolePage) outcome { return outcome{page: p, status: http.StatusOK} }

func (v *visit) refused() outcome {
	p := v.newPage(v.word("You don't have access", "액세스 권한이 없습니다"))
	p.Wrong = v.word("You don't have permission to view this page. Contact an admin of this account.", "이 페이지를 볼 권한이 없습니다. 이 계정의 관리자에게 문의하세요.")
	return outcome{page: p, status: http.StatusForbidden}
}

func (v *visit) trail(more ...string) []string {
	integrations := v.word("Integrations", "연동 서비스")
	return append([]string{v.word("Apps and integrations", "앱 및 연동 서비스"), integrations, integrations}, more...)
}

// integrations is the list that the menu leads to.
func (v *visit) integrations() outcome {
	p := v.newPage(v.trail()...)
	state := webform.Cell{Text: v.word("Not connected", "연결되지 않음")}
	if v.integration.live != nil {
		state = webform.Cell{Text: v.word("Connected", "연결됨"), Good: true}
	}
	p.Tables = []webform.Table{{
		Heads: []string{v.word("Integration", "연동 서비스"), v.word("State", "상태")},
		Rows:  [][]webform.Cell{{{Text: "Salesforce", URL: integrationPath}, state}},
	}}
	return page200(p)
}
