// Which record a person means by what was pasted: an id, or the address of a page of Salesforce.

package salesforce

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"zsf/clients/transport"
)

// The objects whose records have tickets.
const (
	AccountObject     = "Account"
	ContactObject     = "Contact"
	LeadObject        = "Lead"
	OpportunityObject = "Opportunity"
)

// TicketObjects are those whose pages show tickets (support.zendesk.com 4408834115738), in the order in which a search
// lists them.
var TicketObjects = []string{AccountObject, ContactObject, LeadObject, OpportunityObject}

var objectOfPrefix = map[string]string{"001": AccountObject, "003": ContactObject, "00Q": LeadObject, "006": OpportunityObject}

// ObjectOf is the object of an id; empty where its records have no tickets.
func ObjectOf(id string) string {
	if !isID(id) {
		return ""
	}
	return objectOfPrefix[id[:3]]
}

// A RecordRef is the record that somebody means.
type RecordRef struct {
	ID     string // 18 characters
	Object string
	Host   string // of the address that was pasted; empty for a bare id
}

// NoRecord is why a text names no record.
type NoRecord string

// The reasons.
const (
	JustWords    NoRecord = "words"        // to be searched for
	MistypedID   NoRecord = "mistyped"     // the last three characters of an id do not fit the others
	ListView     NoRecord = "list"         // a list of records
	OtherObject  NoRecord = "other-object" // a record of an object without tickets
	OtherService NoRecord = "elsewhere"    // an address that is not Salesforce's
	NoID         NoRecord = "no-id"        // an address of Salesforce without a record
)

// A NoRecordError says why a text names no record.
type NoRecordError struct {
	Why  NoRecord
	What string // the id, the host or the text, safe to show
}

func (e *NoRecordError) Error() string { return "no record: " + string(e.Why) + ": " + e.What }

// ParseRecord reads an id of 15 or 18 characters, or an address that somebody copied from a browser: Lightning, its console,
// the older one.app, Classic, a set-up host, the sign-in that leads there. Other texts are words: a *NoRecordError of JustWords.
func ParseRecord(text string) (RecordRef, error) {
	text = strings.Trim(strings.TrimSpace(text), "<>\"'`“”‘’")
	if len(text) > maxLink {
		return RecordRef{}, &NoRecordError{JustWords, transport.Cut(transport.Clean(text[:maxLink]), transport.MaxMessage)}
	}
	shown := transport.Cut(transport.Clean(text), transport.MaxMessage)
	reading := recordReading{}
	switch {
	case looksLikeID(text):
		reading.take(text, "")
	case isAddress(text):
		reading.address(text, nil, 0)
	default:
		return RecordRef{}, &NoRecordError{JustWords, shown}
	}
	switch {
	case reading.found != nil:
		return *reading.found, nil
	case reading.wrong != nil:
		return RecordRef{}, reading.wrong
	}
	return RecordRef{}, &NoRecordError{NoID, shown}
}

// looksLikeID tells an id from a word: ids of all objects that people meet begin with a digit, or with the letter
// of custom objects and enough digits after it.
func looksLikeID(text string) bool {
	if !isID(text) {
		return false
	}
	digits := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
		case (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'):
			return false
		}
	}
	first := text[0]
	return digits >= 3 && first >= '0' && first <= '9' || digits >= 5 && (first == 'a' || first == 'e')
}

// isAddress tells an address, whole or from its path on, from words.
func isAddress(text string) bool {
	if strings.ContainsAny(text, " \t\n") {
		return false
	}
	lower := strings.ToLower(text)
	if strings.HasPrefix(lower, "/") || strings.Contains(lower, "://") || strings.Contains(lower, "%3a%2f%2f") {
		return true
	}
	host, _, hasPath := strings.Cut(lower, "/")
	return hasPath && strings.HasSuffix(host, ".com") // acme.lightning.force.com/lightning/r/…
}

// A recordReading is what was found so far. The first record counts; a reason only where there is no record.
type recordReading struct {
	found *RecordRef
	wrong error
}

func (r *recordReading) refuse(why NoRecord, what string) {
	if r.wrong == nil {
		r.wrong = &NoRecordError{why, transport.Cut(transport.Clean(what), transport.MaxMessage)}
	}
}

// take judges an id.
func (r *recordReading) take(id, host string) {
	whole, fits := id18(id)
	switch object := ObjectOf(id); {
	case r.found != nil:
	case !fits:
		r.refuse(MistypedID, id)
	case object == "":
		r.refuse(OtherObject, whole)
	default:
		r.found = &RecordRef{ID: whole, Object: object, Host: host}
	}
}

// address looks through an address, then through those that lie in it. outer is the host of a bare path.
func (r *recordReading) address(text string, outer *url.URL, depth int) {
	if depth > maxNested || text == "" || r.found != nil {
		return
	}
	if !strings.Contains(text, "?") && !strings.Contains(text, "#") {
		if decoded, err := url.PathUnescape(text); err == nil && decoded != text {
			r.address(decoded, outer, depth+1)
			return
		}
	}
	address, host := parseLink(text, outer)
	if address == nil {
		return
	}
	if host != nil && !isSalesforceHost(host) {
		r.refuse(OtherService, host.Hostname())
		host = nil // a mail's protected link has the real one in it
	}
	if host != nil || outer == nil && address.Hostname() == "" {
		r.path(strings.FieldsFunc(address.Path, func(c rune) bool { return c == '/' }), host)
	}
	for _, pair := range queryOf(address.RawQuery) {
		r.parameter(pair[0], pair[1], host, depth)
	}
	r.fragment(address.Fragment, host, depth)
}

// path finds the id among a path's parts, or the list that it leads to.
func (r *recordReading) path(parts []string, host *url.URL) {
	for _, part := range parts {
		if looksLikeID(part) {
			r.take(part, hostOf(host))
			return
		}
	}
	isList := len(parts) >= 3 && parts[0] == "lightning" && parts[1] == "o" ||
		len(parts) >= 1 && len(parts) <= 2 && objectOfPrefix[parts[0]] != "" // Classic: /001, /001/o
	if isList {
		r.refuse(ListView, strings.Join(parts, "/"))
	}
}

// parameter looks where pages keep the record: its id, a console's tab, where a sign-in goes on.
func (r *recordReading) parameter(name, value string, host *url.URL, depth int) {
	value = strings.TrimSpace(value)
	switch strings.ToLower(name) {
	case "id", "recordid", "sobjectid", "objid":
		if looksLikeID(value) {
			r.take(value, hostOf(host))
		}
	case "filtername", "rltype", "uid", "backgroundcontext":
	default:
		if strings.HasPrefix(value, "/") || strings.Contains(value, "://") {
			r.address(value, host, depth+1)
		}
	}
}

// fragment reads what older Lightning kept after the #: a path, or JSON in base64.
func (r *recordReading) fragment(fragment string, host *url.URL, depth int) {
	switch {
	case fragment == "" || r.found != nil:
	case strings.HasPrefix(fragment, "/"):
		r.address(fragment, host, depth+1)
	default:
		if decoded, err := url.QueryUnescape(fragment); err == nil {
			fragment = decoded
		}
		content, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(fragment, "="))
		if err != nil {
			content, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(fragment, "="))
		}
		var state any
		if err != nil || json.Unmarshal(content, &state) != nil {
			return
		}
		r.state(state, host, depth)
	}
}

// state looks for a recordId in what a page of one.app keeps.
func (r *recordReading) state(state any, host *url.URL, depth int) {
	object, ok := state.(map[string]any)
	if !ok || depth > maxNested {
		return
	}
	if id, ok := object["recordId"].(string); ok && looksLikeID(id) {
		r.take(id, hostOf(host))
	}
	if page, ok := object["componentDef"].(string); ok && strings.Contains(strings.ToLower(page), "objecthome") {
		r.refuse(ListView, page)
	}
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		r.state(object[name], host, depth+1)
	}
}

func hostOf(address *url.URL) string {
	if address == nil {
		return ""
	}
	return strings.ToLower(address.Host)
}
