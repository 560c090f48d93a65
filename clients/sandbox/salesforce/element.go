// XML as a tree: what SOAP brings, and what settings documents are kept as.

package salesforce

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const maxDepth = 100

// An element is an XML element by its local name. It has text or children, never both.
type element struct {
	name     string
	space    string
	attrs    map[string]string
	text     string
	children []*element
}

// parseXML reads one document. A DTD, and nesting beyond 100 levels, are errors.
func parseXML(data []byte) (*element, error) {
	decoder := xml.NewDecoder(bytes.NewReader(data))
	root := &element{}
	stack := []*element{root}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading XML: %w", err)
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if len(stack) > maxDepth {
				return nil, fmt.Errorf("reading XML: nested deeper than %d levels", maxDepth)
			}
			e := &element{name: t.Name.Local, space: t.Name.Space, attrs: map[string]string{}}
			for _, a := range t.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			if len(top.children) > 0 {
				top.text = ""
			}
			top.text = strings.TrimSpace(top.text)
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(t)
		case xml.Directive:
			return nil, errors.New("reading XML: DTDs are not allowed")
		}
	}
	if len(root.children) != 1 {
		return nil, errors.New("reading XML: premature end of file")
	}
	return root.children[0], nil
}

// child is the first child of that name, or nil. It can be asked of nil.
func (e *element) child(name string) *element {
	if e == nil {
		return nil
	}
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

func (e *element) all(name string) []*element {
	if e == nil {
		return nil
	}
	var found []*element
	for _, c := range e.children {
		if c.name == name {
			found = append(found, c)
		}
	}
	return found
}

// value is the text of an element, or empty where there is none.
func (e *element) value() string {
	if e == nil {
		return ""
	}
	return e.text
}

// at follows child names down.
func (e *element) at(names ...string) *element {
	for _, name := range names {
		e = e.child(name)
	}
	return e
}

func (e *element) clone() *element {
	c := *e
	c.children = make([]*element, len(e.children))
	for i, child := range e.children {
		c.children[i] = child.clone()
	}
	return &c
}

// writeTo writes the element without attributes and namespaces. Leaves without text are left out,
// as the service leaves out what is not set.
func (e *element) writeTo(b *bytes.Buffer) {
	if e.text == "" && len(e.children) == 0 {
		return
	}
	b.WriteString("<" + e.name + ">")
	escapeXML(b, e.text)
	for _, c := range e.children {
		c.writeTo(b)
	}
	b.WriteString("</" + e.name + ">")
}

func escapeXML(b *bytes.Buffer, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a bytes.Buffer never fails
}
