package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"sync"
)

// Secrets are every code, verifier and token that was given or shown to either service so far: what a program that
// signs in must keep to itself.
func (s *Sandbox) Secrets() []string {
	info := s.Info()
	s.traffic.heard.mu.Lock()
	defer s.traffic.heard.mu.Unlock()
	return slices.Concat([]string{
		info.Salesforce.AccessToken, info.Salesforce.RefreshToken, info.Zendesk.AccessToken, info.Zendesk.RefreshToken,
	}, s.traffic.heard.secrets)
}

// secretFields are those of OAuth's requests and answers that nobody else may see.
var secretFields = []string{
	"code", "code_verifier", "access_token", "refresh_token", "client_secret", "assertion", "token",
}

type heard struct {
	mu      sync.Mutex
	secrets []string
}

func (h *heard) add(secret string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if secret != "" && !slices.Contains(h.secrets, secret) {
		h.secrets = append(h.secrets, secret)
	}
}

// isOAuth tells the paths whose bodies hold secrets.
func isOAuth(path string) bool {
	return path == "/oauth/tokens" || path == "/services/oauth2/token" || path == "/services/oauth2/revoke"
}

// request reads the secrets of a request's body, and leaves it as it was.
func (h *heard) request(r *http.Request) {
	if !isOAuth(r.URL.Path) || r.Body == nil {
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
	if err != nil {
		return
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/json" {
		h.json(body)
		return
	}
	if form, err := url.ParseQuery(string(body)); err == nil {
		h.form(form)
	}
}

// answer reads the secrets of an answer: a token endpoint's, or the way back with a code.
func (h *heard) answer(r *http.Request, header http.Header, body []byte) {
	if isOAuth(r.URL.Path) {
		h.json(body)
	}
	if back, err := url.Parse(header.Get("Location")); err == nil {
		h.form(back.Query())
	}
}

func (h *heard) json(body []byte) {
	var fields map[string]any
	if json.Unmarshal(body, &fields) != nil {
		return
	}
	for _, name := range secretFields {
		if secret, ok := fields[name].(string); ok {
			h.add(secret)
		}
	}
}

func (h *heard) form(fields url.Values) {
	for _, name := range secretFields {
		h.add(fields.Get(name))
	}
}
