package webform

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestLocalKeepsToTheServiceItself(t *testing.T) {
	for address, want := range map[string]string{
		"/a/b?c=d": "/a/b?c=d", "": "/", "//evil.example/": "/", "https://evil.example/": "/", `/\evil.example`: "/", "/a\r\nb": "/", "a": "/",
	} {
		if got := Local(address); got != want {
			t.Errorf("%q became %q", address, got)
		}
	}
}

func TestOnlyTheServicesOwnPagesPost(t *testing.T) {
	for _, test := range []struct {
		name, header, value string
		taken               bool
	}{
		{"a program", "", "", true},
		{"its own page", "Sec-Fetch-Site", "same-origin", true},
		{"its own page, in an older browser", "Origin", "http://example.com", true},
		{"another port of this machine", "Sec-Fetch-Site", "same-site", false},
		{"another site", "Sec-Fetch-Site", "cross-site", false},
		{"another site, in an older browser", "Origin", "http://evil.example", false},
	} {
		r := httptest.NewRequest(http.MethodPost, "http://example.com/", strings.NewReader("do=save"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if test.header != "" {
			r.Header.Set(test.header, test.value)
		}
		if got := Posted(httptest.NewRecorder(), r); got != test.taken {
			t.Errorf("%s: %v", test.name, got)
		}
	}
	long := httptest.NewRequest(http.MethodPost, "http://example.com/", strings.NewReader("do="+strings.Repeat("x", maxForm)))
	long.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if Posted(httptest.NewRecorder(), long) {
		t.Error("a form without end was read")
	}
}
