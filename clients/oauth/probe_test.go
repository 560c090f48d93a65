package oauth

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"zsf/clients/transport"
)

// A service that answers the token endpoint and the page as a case says.
func TestProbeTellsWhatTheServiceRefuses(t *testing.T) {
	const known = `{"error":"invalid_grant","error_description":"invalid authorization code"}`
	for name, tc := range map[string]struct {
		status       int
		token        string
		pageStatus   int
		page         string
		location     string
		denied, code string // of a *Denial, or of an *transport.Error
	}{
		"nothing":                      {status: 400, token: known, pageStatus: 200, page: "<h1>Sign in</h1> invalid_client_id in the words of a page that is none of refusal"},
		"a sign-in page elsewhere":     {status: 400, token: known, pageStatus: 302, location: "https://idp.example/login?error=x"},
		"an unknown client":            {status: 400, token: `{"error":"invalid_client_id","error_description":"client identifier invalid"}`, code: "invalid_client_id"},
		"a client that needs a secret": {status: 401, token: `{"error":"invalid_client","error_description":"invalid client credentials"}`, code: "invalid_client"},
		"an address not registered":    {status: 400, token: known, pageStatus: 400, page: "<script>invalid_scope</script><p>error=redirect_uri_mismatch</p>", denied: "redirect_uri_mismatch"},
		"another refusal":              {status: 400, token: known, pageStatus: 403, page: "<p>Come back later</p>"},
		"a scope":                      {status: 400, token: known, pageStatus: 302, location: "http://localhost:1717/callback?error=invalid_scope&error_description=no", denied: "invalid_scope"},
	} {
		t.Run(name, func(t *testing.T) {
			service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(tc.status)
					_, _ = w.Write([]byte(tc.token))
					return
				}
				if tc.location != "" {
					w.Header().Set("Location", tc.location)
				}
				w.WriteHeader(tc.pageStatus)
				_, _ = w.Write([]byte(tc.page))
			}))
			defer service.Close()
			p, err := Salesforce(service.URL, "app")
			if err != nil {
				t.Fatal(err)
			}
			err = Probe(t.Context(), p, 0, nil)
			var denied *Denial
			var failed *transport.Error
			switch {
			case tc.denied != "":
				if !errors.As(err, &denied) || denied.Code != tc.denied {
					t.Errorf("got %v", err)
				}
			case tc.code != "":
				if !errors.As(err, &failed) || failed.Code != tc.code {
					t.Errorf("got %v", err)
				}
			case err != nil:
				t.Errorf("got %v", err)
			}
		})
	}
}
