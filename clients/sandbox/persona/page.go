package persona

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
)

// A page is what a person sees of it: its heading, what it says, its links and its forms.
type page struct {
	at      *url.URL
	status  int
	title   string // its h1
	problem string // what it says in place of doing something
	texts   []string
	links   []link
	rows    []row
	forms   []*form
	refresh time.Duration
}

type link struct{ label, href string }

// A row is one of a table: its cells' texts, and the links in it.
type row struct {
	cells []string
	links []link
	forms []*form
}

// A form has its fields as they stand, and its buttons.
type form struct {
	action  string
	fields  []field
	buttons []field
}

type field struct {
	kind, name, value, label string
	on                       bool
	choices                  []field // of a select
}

// values are what a browser sends when the button is pressed.
func (f *form) values(button field) url.Values {
	sent := url.Values{button.name: {button.value}}
	for _, one := range f.fields {
		switch one.kind {
		case "checkbox", "radio":
			if one.on {
				sent.Add(one.name, one.value)
			}
		case "select":
			for _, choice := range one.choices {
				if choice.on {
					sent.Set(one.name, choice.value)
				}
			}
		default:
			sent.Add(one.name, one.value)
		}
	}
	return sent
}

// tick sets a check box, and tells whether that changed it.
func (f *form) tick(name string, on bool) (changed bool) {
	for i := range f.fields {
		if one := &f.fields[i]; one.name == name && one.kind == "checkbox" && one.on != on {
			one.on, changed = on, true
		}
	}
	return changed
}

// choose takes one of several, of radio buttons or of a select.
func (f *form) choose(name, value string) (changed bool) {
	for i := range f.fields {
		one := &f.fields[i]
		if one.name != name {
			continue
		}
		if one.kind == "radio" {
			changed = changed || one.on != (one.value == value)
			one.on = one.value == value
		}
		for j := range one.choices {
			choice := &one.choices[j]
			changed = changed || choice.on != (choice.value == value)
			choice.on = choice.value == value
		}
	}
	return changed
}

func (f *form) has(name string) bool {
	for _, one := range f.fields {
		if one.name == name {
			return true
		}
	}
	return false
}

func (f *form) button(value string) (field, bool) {
	for _, one := range f.buttons {
		if one.value == value {
			return one, true
		}
	}
	return field{}, false
}

// with finds the form that has a field, or a button of that value.
func (p *page) with(name string) *form {
	for _, f := range p.forms {
		if _, pressed := f.button(name); pressed || f.has(name) {
			return f
		}
	}
	return nil
}

// leadingTo finds the link whose address ends so.
func (p *page) leadingTo(end string) (string, bool) {
	for _, l := range p.links {
		if strings.HasSuffix(strings.Split(l.href, "?")[0], end) {
			return l.href, true
		}
	}
	return "", false
}

// read takes a page apart. It is HTML as the sandbox writes it.
func read(content io.Reader) (*page, error) {
	decoder := xml.NewDecoder(content)
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	r := &reader{page: &page{}}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return r.page, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the page: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			r.open(t)
		case xml.EndElement:
			r.end(t.Name.Local)
		case xml.CharData:
			r.text += string(t)
		}
	}
}

// A reader keeps what is open while a page is read.
type reader struct {
	page *page
	form *form
	row  *row
	link *link
	text string // since the last element that counts began
	box  bool   // the last field stands in front of its label
}

func attribute(e xml.StartElement, name string) (string, bool) {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

func (r *reader) open(e xml.StartElement) {
	get := func(name string) string { value, _ := attribute(e, name); return value }
	switch e.Name.Local {
	case "meta":
		if get("http-equiv") == "refresh" {
			r.page.refresh, _ = time.ParseDuration(get("content") + "s")
		}
	case "h1", "p", "td", "button", "option", "small":
		r.endBox()
		r.text = ""
	case "tr":
		r.row = &row{}
	case "a":
		r.link, r.text = &link{href: get("href")}, ""
	case "form":
		r.form = &form{action: get("action")}
	}
	switch e.Name.Local {
	case "p":
		if get("role") == "alert" {
			r.page.problem = "…"
		}
	case "input", "select":
		r.field(e, get)
	case "option":
		if f := r.last(); f != nil {
			_, on := attribute(e, "selected")
			f.choices = append(f.choices, field{value: get("value"), on: on})
		}
	case "button":
		if r.form != nil {
			r.form.buttons = append(r.form.buttons, field{name: get("name"), value: get("value")})
		}
	}
}

func (r *reader) field(e xml.StartElement, get func(string) string) {
	if r.form == nil {
		return
	}
	kind := get("type")
	if e.Name.Local == "select" {
		kind = "select"
	}
	_, on := attribute(e, "checked")
	f := field{kind: kind, name: get("name"), value: get("value"), on: on}
	if kind != "checkbox" && kind != "radio" {
		f.label = strings.TrimSpace(r.text)
	}
	r.form.fields = append(r.form.fields, f)
	r.text, r.box = "", kind == "checkbox" || kind == "radio"
}

func (r *reader) last() *field {
	if r.form == nil || len(r.form.fields) == 0 {
		return nil
	}
	return &r.form.fields[len(r.form.fields)-1]
}

// endBox gives a check box the words behind it.
func (r *reader) endBox() {
	if f := r.last(); r.box && f != nil {
		f.label = strings.TrimSpace(r.text)
	}
	r.box = false
}

func (r *reader) end(name string) {
	text := strings.TrimSpace(r.text)
	switch name {
	case "h1":
		r.page.title = text
	case "p":
		if r.page.problem == "…" {
			r.page.problem = text
		}
		r.page.texts = append(r.page.texts, text)
	case "label":
		r.endBox()
	case "td":
		if r.row != nil {
			r.row.cells = append(r.row.cells, text)
		}
	case "tr":
		if r.row != nil {
			r.page.rows = append(r.page.rows, *r.row)
		}
		r.row = nil
	case "a":
		if r.link != nil {
			r.link.label = text
			r.page.links = append(r.page.links, *r.link)
			if r.row != nil {
				r.row.links = append(r.row.links, *r.link)
			}
		}
		r.link = nil
	case "button":
		if r.form != nil && len(r.form.buttons) > 0 {
			r.form.buttons[len(r.form.buttons)-1].label = text
		}
	case "form":
		if r.form != nil {
			r.page.forms = append(r.page.forms, r.form)
			if r.row != nil {
				r.row.forms = append(r.row.forms, r.form)
			}
		}
		r.form = nil
	}
}
