// Package webform is what the pages of both services are made of: facts, tables and plain forms.
// They need no script; a form is posted and answered by a redirect.
package webform

import (
	_ "embed" // for the templates
	"net/http"
	"strings"
)

// Templates define "parts-style" and "parts"; the second shows Parts. A page's own style sets the colours
// --ink, --soft, --line, --accent, --on-accent, --good, --bad and --note.
//
//go:embed parts.html
var Templates string

// Parts are what a page has below its heading, in the order in which they are shown.
type Parts struct {
	Done   string // what the last press did
	Wrong  string // why it did nothing
	Text   []string
	Facts  []Fact
	Tabs   []Link
	Links  []Link
	Tables []Table
	Forms  []Form
	Note   string
}

// A Fact is a name and how it stands.
type Fact struct{ Name, Value string }

// A Link leads to another page of either service.
type Link struct {
	Label, URL string
	Here       bool // this very page, of tabs
}

// A Table has a heading for each cell of its rows.
type Table struct {
	Title string
	Heads []string
	Rows  [][]Cell
	Empty string // said in place of no rows
}

// A Cell is a text, a link, or what can be done with its row.
type Cell struct {
	Text, URL string
	Good, Bad bool
	Menu      string // the links and forms are below this word
	Links     []Link
	Forms     []Form
}

// Text is a cell with nothing but a text.
func Text(s string) Cell { return Cell{Text: s} }

// A Form is posted to Action as a whole.
type Form struct {
	Title, Action string
	Fields        []Field
	Buttons       []Button
}

// A Field is one line of a form.
type Field struct {
	Kind    string // check, radio, select, text, hidden, heading or fact
	Name    string
	Value   string
	Label   string
	Note    string
	On      bool
	Locked  bool // shown, but not to be changed
	Options []Option
	Beside  string // shown only while the form's radio with this value is on
}

// An Option is one choice of a select.
type Option struct {
	Value, Label string
	On           bool
}

// A Button sends Value as "do".
type Button struct {
	Value, Label string
	Main         bool
}

// Press is a form of one button, with what it needs to know.
func Press(action, do, label string, hidden ...string) Form {
	form := Form{Action: action, Buttons: []Button{{Value: do, Label: label}}}
	for i := 0; i+1 < len(hidden); i += 2 {
		form.Fields = append(form.Fields, Field{Kind: "hidden", Name: hidden[i], Value: hidden[i+1]})
	}
	return form
}

// Security is the policy of every page: nothing is loaded, nobody may frame it, and its forms stay on this machine.
const Security = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'; base-uri 'none'"

const maxForm = 1 << 20

// Posted reads a form that one of the service's own pages sent. A post from any other page is refused.
func Posted(w http.ResponseWriter, r *http.Request) bool {
	if http.NewCrossOriginProtection().Check(r) != nil {
		return false
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	return r.ParseForm() == nil
}

// Local is address where it is a path of the service itself, and "/" where it leads elsewhere.
func Local(address string) string {
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsAny(address, "\\\r\n") {
		return "/"
	}
	return address
}
