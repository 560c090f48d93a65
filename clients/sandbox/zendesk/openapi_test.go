package zendesk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// checkedTransport holds every answer of an endpoint that the vendor's OpenAPI file describes against it.
type checkedTransport struct {
	t    *testing.T
	next http.RoundTripper
}

func (c *checkedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if err := answer.Body.Close(); err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	if err := describedBy(r, answer, body); err != nil {
		c.t.Errorf("%s %s → %d is not as the vendor's OpenAPI file describes it: %v\n%s", r.Method, r.URL, answer.StatusCode, err, body)
	}
	return answer, nil
}

// describedBy is nil where the file does not describe the endpoint or the status.
func describedBy(r *http.Request, answer *http.Response, body []byte) error {
	router, err := vendorsFile()
	if errors.Is(err, os.ErrNotExist) {
		return nil // TestTheVendorsFileIsThere says so
	}
	if err != nil {
		return err
	}
	plain := r.Clone(r.Context())
	plain.URL.Path = strings.TrimSuffix(r.URL.Path, ".json")
	plain.Body = nil
	route, params, err := router.FindRoute(plain)
	if err != nil {
		return nil //nolint:nilerr // not described
	}
	if response := route.Operation.Responses.Value(strconv.Itoa(answer.StatusCode)); response == nil {
		return nil
	}
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: plain, PathParams: params, Route: route},
		Status:                 answer.StatusCode,
		Header:                 answer.Header,
		Body:                   io.NopCloser(bytes.NewReader(body)),
		Options:                &openapi3filter.Options{MultiError: true, IncludeResponseStatus: false},
	})
}

// reallyNull are members that the file says are never null, and that are null in recorded answers of the service:
// those of triggers in ../shared/recorded, the rest in the cassettes of facetoe/zenpy that these are from.
var reallyNull = map[string][]string{
	"AttachmentBaseObject":   {"width", "height"}, // as its own words say
	"TriggerObject":          {"description"},
	"TriggerConditionObject": {"value"},
	"UserForAdmin":           {"email", "alias", "last_login_at", "signature", "details", "notes", "default_group_id", "id", "created_at", "updated_at"},
	"TicketObject":           {"external_id", "type", "priority", "recipient", "assignee_id", "organization_id", "group_id", "forum_topic_id", "problem_id", "satisfaction_rating"},
}

var vendorsFile = sync.OnceValues(func() (routers.Router, error) {
	path, err := shared("zendesk-oas.yaml")
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		return nil, err
	}
	doc.Servers = nil
	for _, item := range doc.Components.Schemas["ConversationLogObject"].Value.Properties {
		mendArrays(item.Value)
	}
	// The value of a custom field is a bool for a checkbox, an array for several choices, and null for none.
	doc.Components.Schemas["TicketObject"].Value.Properties["custom_fields"].Value.Items.Value.Properties["value"] = openapi3.NewSchemaRef("", openapi3.NewSchema().WithNullable())
	// The file shows texts and numbers only. RECALLED: the event of a field that is cleared has null, and that of tags an array.
	event := doc.Components.Schemas["AuditObject"].Value.Properties["events"].Value.Items.Value
	event.Properties["value"] = openapi3.NewSchemaRef("", openapi3.NewSchema().WithNullable())
	for name, members := range reallyNull {
		for _, member := range members {
			property := doc.Components.Schemas[name].Value.Properties[member]
			property.Value.Nullable = true
			if property.Value.Enum != nil {
				property.Value.Enum = append(slices.Clone(property.Value.Enum), nil)
			}
		}
	}
	return gorillamux.NewRouter(doc)
})

// mendArrays gives an array without items some, as the file has one that validators refuse.
func mendArrays(schema *openapi3.Schema) {
	if schema == nil {
		return
	}
	if schema.Type.Is("array") && schema.Items == nil {
		schema.Items = openapi3.NewSchemaRef("", openapi3.NewSchema())
	}
	for _, property := range schema.Properties {
		mendArrays(property.Value)
	}
}

// shared finds a file in the folder "shared" beside this repository, by walking up from here.
func shared(name string) (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for folder := here; filepath.Dir(folder) != folder; folder = filepath.Dir(folder) {
		path := filepath.Join(filepath.Dir(folder), "shared", name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", &os.PathError{Op: "find", Path: "shared/" + name, Err: os.ErrNotExist}
}

func TestTheVendorsFileIsThere(t *testing.T) {
	_, err := vendorsFile()
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("answers are not held against the vendor's OpenAPI file, as it is missing: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheCheckAgainstTheVendorsFileFails(t *testing.T) {
	if _, err := vendorsFile(); err != nil {
		t.Skip("the vendor's OpenAPI file is missing")
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/api/v2/organizations/5.json", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"organization":{"id":"5","name":"A"}}`)
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}}
	if describedBy(r, answer, body) == nil {
		t.Error("an organization whose id is a text was taken for a good answer")
	}
}
