// The answer pages: small, plain, in light and dark, loading nothing from anywhere.

package oauth

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"

	"zsf/clients/transport"
)

// Words are what the pages say, in the person's language.
type Words struct {
	Language     string // of the words: en, ko
	Title        string // of the tab: zsf
	SignedIn     string // a headline, as are Denied, Failed, Over and Stray
	SignedInText string // a sentence or two
	Denied       string
	DeniedText   string
	Failed       string // the service did not take the answer
	FailedText   string
	Over         string // for who comes after the end: a reload, a second tab, a late answer
	OverText     string
	Stray        string // for what is not a way back of this sign-in, which goes on
	StrayText    string
	CloseTab     string // You can close this tab.
}

type pageKind string

const (
	pageSignedIn pageKind = "signed-in"
	pageDenied   pageKind = "denied"
	pageFailed   pageKind = "failed"
	pageOver     pageKind = "over"
	pageStray    pageKind = "stray"
)

//go:embed page.html page.css
var files embed.FS

var (
	pages  = template.Must(template.ParseFS(files, "page.html"))
	style  = mustRead("page.css")
	policy = "default-src 'none'; style-src 'sha256-" + hash(style) + "'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

func mustRead(name string) string {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err) // embedded: it is there, or the program is not
	}
	return string(content)
}

func hash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return base64.StdEncoding.EncodeToString(sum[:])
}

type page struct {
	Language, Title, Headline, Text, CloseTab, Service, Code string
	Kind                                                     pageKind
	Style                                                    template.CSS
}

// show writes a page. Nothing on it comes from a request but a code of the table of help.
func (a *Attempt) show(w http.ResponseWriter, status int, kind pageKind) {
	words := a.options.Words
	shown := page{
		Language: words.Language, Title: words.Title, CloseTab: words.CloseTab, Kind: kind,
		Service: string(a.provider.service), Style: template.CSS(style), //nolint:gosec // embedded
	}
	switch kind {
	case pageSignedIn:
		shown.Headline, shown.Text = words.SignedIn, words.SignedInText
	case pageDenied:
		shown.Headline, shown.Text, shown.Code = words.Denied, words.DeniedText, a.deniedCode()
	case pageFailed:
		shown.Headline, shown.Text = words.Failed, words.FailedText
	case pageOver:
		shown.Headline, shown.Text = words.Over, words.OverText
	case pageStray:
		shown.Headline, shown.Text, shown.CloseTab, shown.Service = words.Stray, words.StrayText, "", ""
	}
	var body bytes.Buffer
	if err := pages.ExecuteTemplate(&body, "page.html", shown); err != nil {
		http.Error(w, string(kind), status)
		return
	}
	head(w)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
	_ = http.NewResponseController(w).Flush()
}

// deniedCode is the code to look up in the terminal's help, when it is one that the help knows.
func (a *Attempt) deniedCode() string {
	denial, ok := a.outcome.err.(*Denial) //nolint:errorlint // made here, never wrapped
	if !ok || denial.ByPerson() {
		return ""
	}
	if _, _, known := denial.Help(); !known {
		return ""
	}
	return transport.Clean(denial.Code)
}

func head(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
}
