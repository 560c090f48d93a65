// SOAP: the calls that this client makes by it, and a guarded reading of their XML.

package salesforce

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"zsf/clients/transport"
)

// MaxXML is the largest SOAP answer that is read, in bytes.
const MaxXML = 8 << 20

// The deepest and the largest document that is read.
const (
	maxDepth    = 40
	maxElements = 200_000
)

// An element is one element of an XML document, by its local name.
type element struct {
	name     string
	isNil    bool // xsi:nil="true"
	text     []byte
	children []*element
}

// child is the first child of that name; nil when there is none, or when e is nil.
func (e *element) child(name string) *element {
	if e == nil {
		return nil
	}
	for _, child := range e.children {
		if child.name == name {
			return child
		}
	}
	return nil
}

func (e *element) value() string {
	if e == nil || e.isNil {
		return ""
	}
	return transport.Clean(strings.TrimSpace(string(e.text)))
}

// readMetadata reads one metadata component by SOAP, and tells when it was read. It is nil when the org has
// none of that name (a nil record, CONFIRMED by apex-mdapi#36).
func (c *Client) readMetadata(ctx context.Context, kind, fullName string) (*element, time.Time, error) {
	result, answer, err := c.metadataCall(ctx, "readMetadata", kind,
		`<met:type>`+escapeXML(kind)+`</met:type><met:fullNames>`+escapeXML(fullName)+`</met:fullNames>`)
	if err != nil {
		return nil, answer.At, err
	}
	record := result.child("records")
	if record == nil || record.isNil || len(record.children) == 0 {
		return nil, answer.At, nil
	}
	return record, answer.At, nil
}

// metadataCall makes a call of the Metadata API about one component, and gives its result; nil when that is missing.
// It is repeated where transport repeats reads, so an operation must leave the same behind when it is made twice.
func (c *Client) metadataCall(ctx context.Context, operation, kind, inside string) (*element, transport.Answer, error) {
	answer, err := c.caller.Call(ctx, transport.Request{
		Method: http.MethodPost, Path: "/services/Soap/m/" + c.Version(),
		Header:     http.Header{"Content-Type": {"text/xml; charset=UTF-8"}, "SOAPAction": {`"` + operation + `"`}},
		TokenBody:  func(token string) []byte { return metadataEnvelope(token, operation, inside) },
		Idempotent: true,
	})
	if err != nil {
		return nil, answer, err
	}
	answer.Call += " (" + operation + " " + kind + ")"
	envelope, parseErr := parseXML(answer.Body)
	if parseErr != nil || envelope.name != "Envelope" {
		if answer.Status < 200 || answer.Status > 299 {
			return nil, answer, c.refusal(answer)
		}
		return nil, answer, c.caller.Fail(answer, transport.Garbled, "", notSOAP(answer.Body, parseErr))
	}
	body := envelope.child("Body")
	if fault := body.child("Fault"); fault != nil {
		return nil, answer, c.fault(answer, fault)
	}
	response := body.child(operation + "Response")
	if response == nil {
		return nil, answer, c.caller.Fail(answer, transport.Garbled, "", "the SOAP answer holds no "+operation+"Response")
	}
	return response.child("result"), answer, nil
}

func metadataEnvelope(token, operation, inside string) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` +
		`<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:met="http://soap.sforce.com/2006/04/metadata"` +
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<env:Header><met:SessionHeader><met:sessionId>` + escapeXML(token) + `</met:sessionId></met:SessionHeader></env:Header>` +
		`<env:Body><met:` + operation + `>` + inside + `</met:` + operation + `></env:Body></env:Envelope>`)
	return b.Bytes()
}

func escapeXML(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return ""
	}
	return b.String()
}

// fault is the error of a SOAP fault: sf:INVALID_SESSION_ID with "INVALID_SESSION_ID: words". It comes with HTTP 500.
func (c *Client) fault(answer transport.Answer, fault *element) *transport.Error {
	code := fault.child("faultcode").value()
	if _, local, found := strings.Cut(code, ":"); found {
		code = local
	}
	message := strings.TrimPrefix(fault.child("faultstring").value(), code+": ")
	kind := kindOf(http.StatusBadRequest, code, message)
	if kind == transport.Rejected && code == "" {
		kind = transport.KindOfStatus(answer.Status)
	}
	return c.caller.Fail(answer, kind, code, message)
}

func notSOAP(body []byte, err error) string {
	switch {
	case transport.PageTitle(body) != "":
		return "a web page instead of SOAP: " + transport.PageTitle(body)
	case len(bytes.TrimSpace(body)) == 0:
		return "an empty answer instead of SOAP"
	case err != nil && strings.Contains(err.Error(), "unexpected EOF"):
		return "the XML is cut off"
	}
	return "something other than SOAP"
}

var (
	errXMLSize    = errors.New("the XML is larger than is read")
	errXMLDoctype = errors.New("the XML declares a document type, which is not read")
	errXMLForm    = errors.New("this is not one XML document")
)

// parseXML reads a document with limits on size, depth and count. It knows no entities but XML's own five.
func parseXML(body []byte) (*element, error) {
	if len(body) > MaxXML {
		return nil, errXMLSize
	}
	decoder := xml.NewDecoder(bytes.NewReader(body))
	root := &element{}
	open := []*element{root}
	for count := 0; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading XML: %w", err)
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.Directive:
			return nil, errXMLDoctype
		case xml.StartElement:
			count++
			if count > maxElements || len(open) > maxDepth {
				return nil, errXMLSize
			}
			started := &element{name: token.Name.Local, isNil: isNil(token)}
			top.children = append(top.children, started)
			open = append(open, started)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.text = append(top.text, token...)
		}
	}
	if len(root.children) != 1 || len(bytes.TrimSpace(root.text)) > 0 {
		return nil, errXMLForm
	}
	return root.children[0], nil
}

func isNil(start xml.StartElement) bool {
	for _, attribute := range start.Attr {
		if attribute.Name.Local == "nil" {
			return attribute.Value == "true" || attribute.Value == "1"
		}
	}
	return false
}
