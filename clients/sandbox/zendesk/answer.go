package zendesk

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// An answer is what an endpoint says. A body that is a text goes out as text/plain, any other as JSON.
type answer struct {
	status   int
	body     any
	location string
	lookup   string // what became of an Idempotency-Key: hit or miss
}

type text string

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

func created(body any, location string) answer {
	return answer{status: http.StatusCreated, body: body, location: location}
}

func noContent() answer { return answer{status: http.StatusNoContent} }

// An object is a JSON object that keeps its members' order.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members one after the other.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := encode(m.value)
		if err != nil {
			return nil, err
		}
		b.WriteString(`"` + m.name + `":`)
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// encode leaves < > & as they are, as the service does.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Nullable is a text that is null when empty.
type nullable string

func (n nullable) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return encode(string(n))
}

func (n nullable) value() string { return string(n) }

// ref is an id that is null when zero.
type ref int64

func (r ref) MarshalJSON() ([]byte, error) {
	if r == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(int64(r))
}

// The service's errors come in four envelopes and as plain text; which one depends on what is wrong.

func refusal(status int, code, description string) answer {
	return answer{status: status, body: object{{"error", code}, {"description", description}}}
}

func recordNotFound() answer {
	return refusal(http.StatusNotFound, "RecordNotFound", "Not found")
}

// invalidEndpoint is the answer to a path that this account does not have.
func invalidEndpoint() answer {
	return refusal(http.StatusNotFound, "InvalidEndpoint", "Not found")
}

func notAuthenticated() answer {
	return answer{status: http.StatusUnauthorized, body: object{{"error", "Couldn't authenticate you"}}}
}

func invalidToken() answer {
	return answer{status: http.StatusUnauthorized, body: object{
		{"error", "invalid_token"},
		{"error_description", "The access token provided is expired, revoked, malformed or invalid for other reasons."},
	}}
}

// missingScope names the scopes of which any one would do.
func missingScope(scopes []string) answer {
	return refusal(http.StatusForbidden, "Forbidden", "You are missing the following required scopes: "+strings.Join(scopes, ", "))
}

// noAccess is the answer to a user whose role does not allow it.
func noAccess() answer {
	return titled(http.StatusForbidden, "Forbidden", "You do not have access to this page. Please contact the account owner of this help desk for further help.")
}

func titled(status int, title, message string) answer {
	return answer{status: status, body: object{{"error", object{{"title", title}, {"message", message}}}}}
}

// invalidAttribute is the answer to a parameter of the wrong type; action is as in organizations/index.
func invalidAttribute(name, problem, action string) answer {
	return titled(http.StatusBadRequest, "Invalid attribute",
		"You passed an invalid value for the "+name+" attribute. Invalid parameter: "+name+" "+problem+" from api/v2/"+action)
}

// coded is the envelope of paging errors and of some limits.
func coded(status int, code, title, detail string) answer {
	problem := object{{"code", code}, {"title", title}}
	if detail != "" {
		problem = append(problem, member{"detail", detail})
	}
	return answer{status: status, body: object{{"errors", []object{problem}}}}
}

func missingParameter(name string) answer {
	return answer{status: http.StatusBadRequest, body: text("Required parameter missing: " + name)}
}

func unreadableBody() answer {
	return answer{status: http.StatusBadRequest, body: text("Unable to parse the request body")}
}

func tooManyValues() answer {
	return answer{status: http.StatusBadRequest, body: object{
		{"error", "TooManyValues"}, {"description", "Parameter  cannot specify more than 100 values"}, {"max_count", 100},
	}}
}

// Problems are what a record fails validation for, by field; "base" is the record as a whole.
type problems struct{ fields []problem }

type problem struct{ field, description, code string }

func (p *problems) add(field, description, code string) {
	p.fields = append(p.fields, problem{field, description, code})
}

func (p *problems) any() bool { return len(p.fields) > 0 }

func (p *problems) answer() answer {
	details := make(object, 0, len(p.fields))
	for _, one := range p.fields {
		item := object{{"description", one.description}}
		if one.code != "" {
			item = append(item, member{"error", one.code})
		}
		details = append(details, member{one.field, []object{item}})
	}
	return answer{status: http.StatusUnprocessableEntity, body: object{
		{"error", "RecordInvalid"}, {"description", "Record validation errors"}, {"details", details},
	}}
}
