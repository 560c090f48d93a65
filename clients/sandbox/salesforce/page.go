// How the org's pages are shown: their frame, their words in both languages, and their policy.

package salesforce

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"zsf/clients/sandbox/webform"
)

//go:embed data/pages/*.html
var pageFiles embed.FS

var pageTemplates = template.Must(template.Must(template.New("").Parse(webform.Templates)).ParseFS(pageFiles, "data/pages/*.html"))

// A page is what the templates show.
type page struct {
	Lang, Title, Company, Sandbox string
	Words                         words
	Flow, Start, Username         string // of a sign-in: to an app, or to the page at Start
	Scopes                        []string
	Code, Description             string
	Crumbs                        []string
	User                          string // who is signed in
	Refresh                       int    // seconds until the page is asked for again
	webform.Parts
}

// words are the fixed texts of the pages.
type words struct {
	LogIn, LogInWhy, Allow, Asks, SignedInAs, LogOut, Deny, AllowButton string
}

func (o *Org) newPage(title string) *page {
	return &page{
		Lang: o.word("en", "ko"), Title: title, Company: o.companyName(), Sandbox: o.word("zsf sandbox", "zsf 샌드박스"),
		Words: words{
			LogIn: o.word("Log In", "로그인"), LogInWhy: o.word("This is the sandbox's own org: no password is needed.", "샌드박스의 조직이므로 암호가 필요 없습니다."),
			Allow: o.word("Allow Access?", "액세스를 허용하시겠습니까?"), SignedInAs: o.word("Signed in as", "로그인한 사용자:"), LogOut: o.word("Log Out", "로그아웃"),
			Deny: o.word("Deny", "거부"), AllowButton: o.word("Allow", "허용"),
		},
	}
}

func (o *Org) signInPage(flow string, s *signIn) *page {
	p := o.newPage(o.word("Log In", "로그인"))
	p.Flow, p.Username = flow, o.cast.username
	if s.user != "" {
		p.Title = p.Words.Allow
	}
	p.Words.Asks = s.request.client.name + o.word(" is asking to:", " 앱이 요청하는 권한:")
	for scope := range strings.FieldsSeq(s.request.scope) {
		if label := o.scopeLabel(scope); !slices.Contains(p.Scopes, label) {
			p.Scopes = append(p.Scopes, label)
		}
	}
	return p
}

func (o *Org) scopeLabel(scope string) string {
	switch scope {
	case "api":
		return o.word("Manage user data via APIs", "API를 통해 사용자 데이터 관리")
	case "web":
		return o.word("Manage user data via Web browsers", "웹 브라우저를 통해 사용자 데이터 관리")
	case "refresh_token", "offline_access":
		return o.word("Perform requests at any time", "언제든지 요청 수행")
	case "full":
		return o.word("Full access", "전체 액세스")
	}
	return o.word("Access your identity", "ID 정보 액세스") + " (" + scope + ")"
}

func (o *Org) pageError(w http.ResponseWriter, status int, code, description string) {
	p := o.newPage(o.word("OAuth Error", "OAuth 오류"))
	p.Code, p.Description = code, description
	o.render(w, status, "error", p)
}

// render writes a page that loads nothing and can be framed by nobody. Its forms may lead back to apps on loopback.
func (o *Org) render(w http.ResponseWriter, status int, name string, p *page) {
	var b bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&b, name, p); err != nil {
		http.Error(w, fmt.Sprintf("the sandbox cannot show this page: %v", err), http.StatusInternalServerError)
		return
	}
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Content-Security-Policy", webform.Security)
	head.Set("Referrer-Policy", "same-origin")
	head.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}
