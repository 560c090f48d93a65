// How answers go out: routing by host path, JSON, headers, gzip.

package salesforce

import (
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
)

// route picks the service that a path belongs to. Doubled slashes count as one.
func (o *Org) route(w http.ResponseWriter, r *http.Request) {
	escaped := "/" + strings.Join(strings.FieldsFunc(r.URL.EscapedPath(), func(c rune) bool { return c == '/' }), "/")
	switch {
	case escaped == "/services/data" || strings.HasPrefix(escaped, "/services/data/"):
		o.serveREST(w, r, escaped)
	case strings.HasPrefix(escaped, "/services/Soap/"):
		o.serveSOAP(w, r, escaped)
	case strings.HasPrefix(escaped, "/services/oauth2/"), strings.HasPrefix(escaped, "/id/"), strings.HasPrefix(escaped, "/.well-known/"):
		o.serveOAuth(w, r, escaped)
	case strings.HasPrefix(escaped, "/services/"):
		o.write(w, r, notFound(), false)
	default:
		o.servePage(w, r, escaped)
	}
}

// write sends a JSON answer.
func (o *Org) write(w http.ResponseWriter, r *http.Request, a answer, counted bool) {
	head := w.Header()
	for name, value := range a.header {
		head.Set(name, value)
	}
	if counted {
		head.Set("Sforce-Limit-Info", o.limitInfo())
	}
	head.Set("Cache-Control", "no-cache,must-revalidate,max-age=0,no-store,private")
	head.Set("Vary", "Accept-Encoding")
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	body, err := encodeJSON(a.body)
	if err != nil {
		http.Error(w, fmt.Sprintf("the sandbox cannot write its answer: %v", err), http.StatusInternalServerError)
		return
	}
	head.Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a caller who has gone is no concern of the org's
	}
}

// A zipped answer is compressed as it is written, unless it has no body.
type zipped struct {
	http.ResponseWriter
	zip *gzip.Writer
	off bool
}

// compress wraps w where the caller takes gzip. finish must be called at the end.
func compress(w http.ResponseWriter, r *http.Request) (wrapped http.ResponseWriter, finish func()) {
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || r.Method == http.MethodHead {
		return w, func() {}
	}
	z := &zipped{ResponseWriter: w}
	return z, func() {
		if z.zip != nil {
			_ = z.zip.Close() // fails only when the caller has gone
		}
	}
}

// WriteHeader starts the answer, compressed where it can have a body.
func (z *zipped) WriteHeader(status int) {
	if status == http.StatusNoContent || status >= 300 && status < 400 || z.Header().Get("Content-Type") == "" {
		z.off = true
	}
	if !z.off && z.zip == nil {
		z.Header().Set("Content-Encoding", "gzip")
		z.Header().Del("Content-Length")
		z.zip = gzip.NewWriter(z.ResponseWriter)
	}
	z.ResponseWriter.WriteHeader(status)
}

// Write compresses.
func (z *zipped) Write(b []byte) (int, error) {
	if z.zip == nil && !z.off {
		z.WriteHeader(http.StatusOK)
	}
	if z.zip == nil {
		return z.ResponseWriter.Write(b)
	}
	return z.zip.Write(b)
}
