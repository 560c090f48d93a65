package transport

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// files are a service's own host and another one; each tells the tokens that it got.
func files(t *testing.T) (caller *Caller, own, other string, got map[string][]string) {
	t.Helper()
	got = map[string][]string{}
	var elsewhere *httptest.Server
	serve := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got[name] = append(got[name], r.Header.Get("Authorization"))
			switch r.URL.Path {
			case "/file":
				_, _ = io.WriteString(w, "twelve bytes")
			case "/there":
				http.Redirect(w, r, elsewhere.URL+"/file", http.StatusFound)
			case "/round":
				http.Redirect(w, r, "/round", http.StatusFound)
			case "/inside":
				http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
			case "/cut":
				w.Header().Set("Content-Length", "100")
				_, _ = io.WriteString(w, "twelve bytes")
			case "/endless":
				w.(http.Flusher).Flush()
				_, _ = io.Copy(w, io.LimitReader(endless{}, 1<<20))
			default:
				http.NotFound(w, r)
			}
		})
	}
	elsewhere = httptest.NewServer(serve("other"))
	t.Cleanup(elsewhere.Close)
	server := httptest.NewServer(serve("own"))
	t.Cleanup(server.Close)
	caller, err := NewCaller(Config{Service: Zendesk, BaseURL: server.URL, Token: "secret-of-the-test-0123456789"})
	if err != nil {
		t.Fatal(err)
	}
	return caller, server.URL, elsewhere.URL, got
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte("x"), len(p))), nil }

func TestTheTokenStaysAtItsHostWhenAFileIsElsewhere(t *testing.T) {
	caller, own, other, got := files(t)
	for _, address := range []string{own + "/file", own + "/there", other + "/file"} {
		var into bytes.Buffer
		n, err := caller.Fetch(t.Context(), address, 100, &into)
		if err != nil || n != 12 || into.String() != "twelve bytes" {
			t.Errorf("%s: %d %q %v", address, n, into.String(), err)
		}
	}
	for _, header := range got["own"] {
		if header != "Bearer secret-of-the-test-0123456789" {
			t.Errorf("its own host got %q", header)
		}
	}
	for _, header := range got["other"] {
		if header != "" {
			t.Errorf("another host got %q", header)
		}
	}
	if len(got["own"]) != 2 || len(got["other"]) != 2 {
		t.Error(got)
	}
}

func TestAFileIsNoLargerThanWanted(t *testing.T) {
	caller, own, _, _ := files(t)
	for _, path := range []string{"/file", "/endless"} {
		var into bytes.Buffer
		_, err := caller.Fetch(t.Context(), own+path, 11, &into)
		var large *TooLargeError
		if !errors.As(err, &large) || large.Limit != 11 || into.Len() > 11 {
			t.Errorf("%s: %d bytes, %v", path, into.Len(), err)
		}
	}
	if n, err := caller.Fetch(t.Context(), own+"/file", 12, io.Discard); err != nil || n != 12 {
		t.Errorf("%d %v", n, err)
	}
}

type fullDisk struct{}

var errFull = errors.New("no space left on device")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

// A disk that is full is no service that cannot be reached.
func TestAFileThatCannotBeWrittenIsNoFaultOfTheService(t *testing.T) {
	caller, own, _, _ := files(t)
	if _, err := caller.Fetch(t.Context(), own+"/file", 100, fullDisk{}); !errors.Is(err, errFull) || KindOf(err) != "" {
		t.Errorf("%q: %v", KindOf(err), err)
	}
}

func TestAFileThatCannotBeHadIsAnErrorWithoutItsAddress(t *testing.T) {
	caller, own, _, _ := files(t)
	for path, kind := range map[string]Kind{"/none?token=abc": NotFound, "/cut?token=abc": Unreachable, "/round?token=abc": Garbled, "/inside?token=abc": Garbled} {
		_, err := caller.Fetch(t.Context(), own+path, 1000, io.Discard)
		if KindOf(err) != kind || strings.Contains(err.Error(), "token=abc") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestOnlySafeAddressesAreFetched(t *testing.T) {
	far := &Caller{config: Config{}.withDefaults(), base: &url.URL{Scheme: "https", Host: "acme.zendesk.com"}}
	near := &Caller{config: Config{}.withDefaults(), base: &url.URL{Scheme: "http", Host: "127.0.0.1:5"}}
	for address, want := range map[string][2]bool{
		"https://acme.zendesk.com/a":    {true, true},
		"https://p1.zdusercontent.com/": {true, true},
		"http://acme.zendesk.com/a":     {false, false},
		"http://127.0.0.1/a":            {false, true},
		"https://127.0.0.1/a":           {false, true},
		"http://localhost/a":            {false, true},
		"file:///etc/passwd":            {false, false},
		"javascript:alert(1)":           {false, false},
		"https://jo@acme.zendesk.com/a": {false, false},
		"/relative":                     {false, false},
		"":                              {false, false},
	} {
		parsed, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]bool{far.unfetchable(parsed) == "", near.unfetchable(parsed) == ""}; got != want {
			t.Errorf("%q: %v, want %v", address, got, want)
		}
	}
}
