package zendesk

import (
	"strings"
	"testing"
	"unicode/utf8"

	"zsf/clients/transport"
)

func TestRefusals(t *testing.T) {
	tests := []struct {
		name    string
		status  int
		body    string
		kind    transport.Kind
		code    string
		message string
	}{
		{"error and description", 404, `{"error":"RecordNotFound","description":"Not found"}`, transport.NotFound, "RecordNotFound", "Not found"},
		{"error as an object", 403, `{"error":{"title":"Forbidden","message":"You do not have access to this page. Please contact the account owner of this help desk for further help."}}`, transport.Forbidden, "", "Forbidden: You do not have access to this page. Please contact the account owner of this help desk for further help."},
		{"a list of errors", 400, `{"errors":[{"code":"InvalidPaginationDepth","title":"Invalid depth","detail":"Limit of 10000 exceeded"},{"title":"b"}]}`, transport.Rejected, "InvalidPaginationDepth", "Invalid depth: Limit of 10000 exceeded; b"},
		{"words in the code's place", 401, `{"error":"Couldn't authenticate you"}`, transport.SignInExpired, "", "Couldn't authenticate you"},
		{"a bad token", 401, `{"error":"invalid_token","error_description":"The access token provided is expired, revoked, malformed or invalid for other reasons."}`, transport.SignInExpired, "invalid_token", "The access token provided is expired, revoked, malformed or invalid for other reasons."},
		{"a missing scope", 403, `{"error":"Forbidden","description":"You are missing the following required scopes: triggers:read, read"}`, transport.Forbidden, "Forbidden", "You are missing the following required scopes: triggers:read, read"},
		{"details", 422, `{"error":"RecordInvalid","description":"Record validation errors","details":{"name":[{"description":"Name: Lorem Ipsum has already been taken","error":"DuplicateValue"}]}}`, transport.Rejected, "RecordInvalid", "Record validation errors: name: Name: Lorem Ipsum has already been taken (DuplicateValue)"},
		{"details of 2012", 422, `{"error":"RecordInvalid","details":{"name":[{"description":"Name cannot be blank","type":"blank"}],"base":[{"description":"No"}]}}`, transport.Rejected, "RecordInvalid", "base: No; name: Name cannot be blank (blank)"},
		{"details of no known shape", 422, `{"error":"RecordInvalid","details":{"a":"x","b":[1,null,"y"],"c":{"description":"z"}}}`, transport.Rejected, "RecordInvalid", "a: x; b: 1; b; b: y; c: z"},
		{"plain text", 400, "Required parameter missing: x\n", transport.Rejected, "", "Required parameter missing: x"},
		{"an empty object", 400, `{}`, transport.Rejected, "", "Bad Request"},
		{"nothing", 404, ``, transport.NotFound, "", "Not Found"},
		{"a space", 500, ` `, transport.Unavailable, "", "Internal Server Error"},
		{"too many values", 400, `{"error":"TooManyValues","description":"Parameter  cannot specify more than 100 values","max_count":100}`, transport.Rejected, "TooManyValues", "Parameter  cannot specify more than 100 values"},
		{"429 as text", 429, "Number of allowed API requests per minute exceeded", transport.RateLimited, "", "Number of allowed API requests per minute exceeded"},
		{"429 as error", 429, `{"error":"APIRateLimitExceeded","description":"Number of allowed incremental export API requests per minute exceeded"}`, transport.RateLimited, "APIRateLimitExceeded", "Number of allowed incremental export API requests per minute exceeded"},
		{"429 of the edge", 429, `{"detail":"Rate limited by Zendesk edge protection","status":"429","title":"Automated response"}`, transport.RateLimited, "", "Rate limited by Zendesk edge protection"},
		{"429 as a list", 429, `{"errors":[{"code":"TooManyRequests","title":"Too many requests to update"}]}`, transport.RateLimited, "TooManyRequests", "Too many requests to update"},
		{"429 of jobs", 429, `{"error":"TooManyJobs","description":"Too many jobs","current_job_ids":["a"]}`, transport.RateLimited, "TooManyJobs", "Too many jobs"},
		{"maintenance", 503, `<html><title>Zendesk is down</title>`, transport.Unavailable, "", "a web page instead of JSON: Zendesk is down"},
		{"no such account", 404, `<!DOCTYPE html><title>Help Center Closed | Zendesk</title>`, transport.Garbled, "", "a web page instead of JSON: Help Center Closed | Zendesk"},
		{"the token, said back", 400, "bad: " + token, transport.Rejected, "", "bad: [redacted]"},
		{"control characters", 400, `{"error":"A\u001b[31m\u202eB","description":"x\ny"}`, transport.Rejected, "AB", "x y"},
		{"other JSON", 400, `["a"]`, transport.Rejected, "", `["a"]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, _ := newAccount(t, say(test.status, test.body))
			_, err := client.CurrentToken(t.Context())
			failed := failureOf(t, err)
			if failed.Kind != test.kind || failed.Code != test.code || failed.Message != test.message || failed.Status != test.status {
				t.Errorf("%+v", failed)
			}
			if failed.Call != "GET /api/v2/oauth/tokens/current.json" || failed.Service != transport.Zendesk {
				t.Errorf("%+v", failed)
			}
		})
	}
}

func FuzzRefusal(f *testing.F) {
	for _, seed := range []string{
		`{"error":"a","description":"b","details":{"c":[{"description":"d","error":"e"}]}}`, `{"errors":[null,1,{"code":2}]}`,
		`{"error":{"title":1}}`, `{}`, ` `, `null`, `[]`, `<x`, "\x1b[2J\xff", `{"details":[1]}`,
	} {
		f.Add(400, seed)
	}
	client, err := New("https://acme.zendesk.com", token, transport.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		failed := client.refusal(transport.Answer{Status: status, Body: []byte(body)})
		said := failed.Error()
		if failed.Kind == "" || len([]rune(failed.Message)) > transport.MaxMessage || !utf8.ValidString(said) {
			t.Fatalf("%+v", failed)
		}
		if transport.Clean(said) != said || strings.Contains(said, token) {
			t.Fatalf("unsafe: %q", said)
		}
	})
}
