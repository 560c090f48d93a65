package persona

import (
	"html/template"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"zsf/clients/sandbox/webform"
)

// drawn is a page as the services draw it.
func drawn(t *testing.T, parts webform.Parts) *page {
	t.Helper()
	var b strings.Builder
	page := template.Must(template.Must(template.New("").Parse(webform.Templates)).Parse(
		`<!doctype html><html><head><meta http-equiv="refresh" content="2"><style>{{template "parts-style"}}</style></head><body><main><h1>한빛 &amp; Co</h1>{{template "parts" .}}</main></body></html>`))
	if err := page.ExecuteTemplate(&b, "", parts); err != nil {
		t.Fatal(err)
	}
	read, err := read(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestAPageIsReadAsItIsDrawn(t *testing.T) {
	p := drawn(t, webform.Parts{
		Wrong: "No <b>way</b>", Text: []string{"One", "two"}, Links: []webform.Link{{Label: "Edit", URL: "/a/edit?x=1&y=2"}},
		Tables: []webform.Table{{Heads: []string{"Name", "Do"}, Rows: [][]webform.Cell{{
			{Text: "First", URL: "/first"}, {Menu: "Options", Forms: []webform.Form{webform.Press("/press", "on", "Switch on", "id", `5"`)}},
		}}}},
	})
	if p.title != "한빛 & Co" || p.problem != "No <b>way</b>" || p.refresh.Seconds() != 2 || !reflect.DeepEqual(p.texts[1:3], []string{"One", "two"}) {
		t.Errorf("got %q %q %v %q", p.title, p.problem, p.refresh, p.texts)
	}
	if href, found := p.leadingTo("/edit"); !found || href != "/a/edit?x=1&y=2" {
		t.Errorf("the link leads to %q", href)
	}
	if len(p.rows) != 2 || p.rows[1].cells[0] != "First" || p.rows[1].links[0].href != "/first" || len(p.rows[1].forms) != 1 {
		t.Fatalf("rows: %+v", p.rows)
	}
	form := p.rows[1].forms[0]
	button, offered := form.button("on")
	if want := (url.Values{"do": {"on"}, "id": {`5"`}}); !offered || button.label != "Switch on" || !reflect.DeepEqual(form.values(button), want) {
		t.Errorf("the form sends %v", form.values(button))
	}
}

func TestAFormSendsWhatABrowserSends(t *testing.T) {
	p := drawn(t, webform.Parts{Forms: []webform.Form{{
		Action: "/save", Buttons: []webform.Button{{Value: "save", Label: "Save"}, {Value: "cancel", Label: "Cancel"}},
		Fields: []webform.Field{
			{Kind: "hidden", Name: "sync", Value: "tickets"},
			{Kind: "text", Name: "name", Value: "a & b", Label: "Name"},
			{Kind: "check", Name: "on", Value: "1", Label: "On", Note: "or off", On: true},
			{Kind: "check", Name: "off", Value: "1", Label: "Off"},
			{Kind: "radio", Name: "who", Value: "all", Label: "All"},
			{Kind: "radio", Name: "who", Value: "none", Label: "None", On: true},
			{Kind: "select", Name: "from", Label: "From", Options: []webform.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", On: true}}},
		},
	}}})
	form := p.with("from")
	button, _ := form.button("save")
	if got, want := form.values(button).Encode(), "do=save&from=b&name=a+%26+b&on=1&sync=tickets&who=none"; got != want {
		t.Errorf("it sends %s, want %s", got, want)
	}
	if form.fields[2].label != "On" || form.fields[4].label != "All" {
		t.Errorf("labels: %q, %q", form.fields[2].label, form.fields[4].label)
	}
	if !form.tick("off", true) || form.tick("on", true) || !form.choose("who", "all") || form.choose("who", "all") || !form.choose("from", "a") {
		t.Error("a change was not told, or one told that was none")
	}
	if got, want := form.values(button).Encode(), "do=save&from=a&name=a+%26+b&off=1&on=1&sync=tickets&who=all"; got != want {
		t.Errorf("it sends %s, want %s", got, want)
	}
}
