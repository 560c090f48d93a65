package transport

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Acme Inc.", "Acme Inc."},
		{"line breaks", "a\r\nb\nc\td\u2028e", "a b c d e"},
		{"colour", "a\x1b[31mred\x1b[0mb", "aredb"},
		{"title", "a\x1b]0;owned\x07b", "ab"},
		{"title ended by ST", "a\x1b]0;owned\x1b\\b", "ab"},
		{"link", "\x1b]8;;http://evil\x1b\\text\x1b]8;;\x1b\\", "text"},
		{"8-bit CSI", "a\u009b31mb", "ab"},
		{"8-bit OSC", "a\u009d0;x\u009cb", "ab"},
		{"DCS and APC", "a\x1bPq#0\x1b\\b\x1b_G\x1b\\c", "abc"},
		{"an unended title keeps the text", "a\x1b]0;name", "a0;name"},
		{"charset and reset", "a\x1b(Bb\x1bcd", "abd"},
		{"a lone escape", "a\x1b", "a"},
		{"escape before a wide letter", "\x1b한글", "한글"},
		{"C0, DEL and C1", "a\x00\x07\x08\x7f\u0080b", "ab"},
		{"bidi", "a\u202e\u2066b\u2069\u200f\u061c", "ab"},
		{"zero width", "a\u200b\u200d\ufeff\u2060\u00adb", "ab"},
		{"fillers", "a\u3164\u115fb", "ab"},
		{"no characters at all", "a\ufffe\uffff\ufdd0\U0001fffeb", "ab"},
		{"tags", "a\U000e0041b", "ab"},
		{"stacked marks", "Z" + strings.Repeat("\u0301", 30) + "o", "Z" + strings.Repeat("\u0301", 4) + "o"},
		{"bytes that are no UTF-8", "a\xff\xc3b", "a\ufffd\ufffdb"},
		{"Korean", "시스템 관리자", "시스템 관리자"},
		{"decomposed Korean", "\u1112\u1161\u11ab", "\u1112\u1161\u11ab"},
		{"Arabic with marks", "مُحَمَّد \u06dd", "مُحَمَّد \u06dd"},
		{"Thai, Hindi, Vietnamese", "ผู้ใช้ क्षेत्र tiê\u0301ng", "ผู้ใช้ क्षेत्र tiê\u0301ng"},
		{"emoji", "👍🏽 ❤\ufe0f 🇰🇷", "👍🏽 ❤\ufe0f 🇰🇷"},
		{"joined emoji come apart", "👩\u200d🚀", "👩🚀"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Clean(test.in); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// unsafeRune is written apart from Clean's own tables, from the list of what must never come out.
func unsafeRune(r rune) bool {
	const hidden = "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064" +
		"\u2066\u2067\u2068\u2069\ufeff\u00ad\u034f\u180e"
	return r < 0x20 || r >= 0x7f && r <= 0x9f || r == 0x2028 || r == 0x2029 || strings.ContainsRune(hidden, r)
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"a\x1b[31mb", "\x1b]0;x\x07", "\u009d\u009c", "\xff\u202e", "\x1b\x1b[", "한\u0301글", "\x1b[\x1b]\x9b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean := Clean(s)
		if !utf8.ValidString(clean) {
			t.Fatalf("not UTF-8: %q", clean)
		}
		if at := strings.IndexFunc(clean, unsafeRune); at >= 0 {
			t.Fatalf("%q lets %q through", s, clean[at:])
		}
		if again := Clean(clean); again != clean {
			t.Fatalf("cleaning twice differs: %q, %q", clean, again)
		}
		marks := 0
		for _, r := range clean {
			marks++
			if !unicode.In(r, unicode.Mn, unicode.Me) {
				marks = 0
			}
			if marks > maxStack {
				t.Fatalf("marks are stacked: %q", clean)
			}
		}
	})
}

func TestCleanAllReachesEveryString(t *testing.T) {
	type inner struct{ Name string }
	type outer struct {
		Name     string
		Pointer  *string
		Inner    inner
		List     []inner
		Map      map[string]string
		Deep     map[string][]*inner
		Any      any
		Array    [1]string
		Raw      json.RawMessage
		At       time.Time
		Nothing  *inner
		NoMap    map[string]string
		embedded string
	}
	dirty, clean := "a\x1b[2Jb\u202e", "ab"
	pointed := dirty
	at := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	value := outer{
		Name: dirty, Pointer: &pointed, Inner: inner{dirty}, List: []inner{{dirty}},
		Map: map[string]string{dirty: dirty}, Deep: map[string][]*inner{"k": {{dirty}}},
		Any: map[string]any{"k": []any{dirty, 1.0, nil}}, Array: [1]string{dirty},
		Raw: json.RawMessage(dirty), At: at, embedded: "",
	}
	CleanAll(&value)
	want := outer{
		Name: clean, Pointer: &clean, Inner: inner{clean}, List: []inner{{clean}},
		Map: map[string]string{clean: clean}, Deep: map[string][]*inner{"k": {{clean}}},
		Any: map[string]any{"k": []any{clean, 1.0, nil}}, Array: [1]string{clean},
		Raw: json.RawMessage(dirty), At: at,
	}
	if diff := cmp.Diff(want, value, cmp.AllowUnexported(outer{})); diff != "" {
		t.Error(diff)
	}
}

func TestRedact(t *testing.T) {
	gone := []string{
		"Authorization: Bearer abc123secret", "authorization=Basic c2VjcmV0OnNlY3JldDpzZWNyZXQ=", `{"Authorization":"OAuth secret"}`,
		"bearer 00D5g00000abcde!AQcsecret", "00D5g00000abcde!AQcsecret.x_y", "00D5g00000abcdeAAA%21AQcsecret",
		"GET /cb?code=aPrxsecret%3D%3D&state=1", "code=aPrxsecret", `{"access_token":"secret"}`, `"refresh_token" : "secret"`,
		"refresh_token=secret&x", "client_secret=secret", "code_verifier=secret", "<met:sessionId>secret</met:sessionId>",
		"force://PlatformCLI::secret@acme.my.salesforce.com", "eyJhbGciOi.eyJzdWIi.secret", "https://me:secret@acme.example/x",
		"Set-Cookie: sid=secret; path=/", "password=secret",
		"said 5Aep861TSESvWeug_xvFHRBTTbf_secret.x", "of aPrxca2yd.GAL_secret_YxwbOZn==", "52b4secret",
	}
	gone[len(gone)-1] = strings.Repeat("0123456789abcdef", 4)
	for _, secret := range gone {
		got := Redact("before " + secret + " after")
		if strings.Contains(got, "secret") && !strings.Contains(strings.ReplaceAll(got, "client_secret", ""), "secret") {
			got = strings.ReplaceAll(got, "client_secret", "")
		}
		if strings.Contains(got, "secret") || strings.Contains(got, "0123456789abcdef") || !strings.Contains(got, redacted) {
			t.Errorf("%q became %q", secret, got)
		}
	}
	stays := []string{
		"The access token provided is expired, revoked, malformed or invalid for other reasons.", "INVALID_SESSION_ID: Session expired or invalid",
		"You are missing the following required scopes: read", "No such column 'Foo' on entity 'Bar'", "Error code: 42", "Basic authentication is not enabled",
		"https://acme.zendesk.com/api/v2/users/me.json", "00D5g00000abcdeAAA", "시스템 관리자", "TooManyValues", "mail someone@example.com",
	}
	for _, harmless := range stays {
		if got := Redact(harmless); got != harmless {
			t.Errorf("%q became %q", harmless, got)
		}
	}
}

func TestParseRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		value string
		want  time.Duration
		ok    bool
	}{
		{"7", 7 * time.Second, true},
		{" 0 ", 0, true},
		{"1.5", 1500 * time.Millisecond, true},
		{"99999999999999999999", 24 * time.Hour, true},
		{"-1", 0, false},
		{"", 0, false},
		{"soon", 0, false},
		{"NaN", 0, false},
		{"Mon, 23 Nov 2026 10:00:30 GMT", 30 * time.Second, true},
		{"Mon, 23 Nov 2026 09:00:00 GMT", 0, true},
		{"Monday, 23-Nov-26 10:01:00 GMT", time.Minute, true},
		{"Sun, 23 Nov 2036 10:00:00 GMT", 24 * time.Hour, true},
	}
	for _, test := range tests {
		if got, ok := ParseRetryAfter(test.value, now); got != test.want || ok != test.ok {
			t.Errorf("%q: %s %t", test.value, got, ok)
		}
	}
}

func FuzzParseRetryAfter(f *testing.F) {
	for _, seed := range []string{"1", "-1", "1e999", "Inf", "Mon, 23 Nov 2026 10:00:30 GMT", "0x10", "Tue, 01 Jan 0001 00:00:00 GMT"} {
		f.Add(seed)
	}
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		wait, ok := ParseRetryAfter(value, now)
		if wait < 0 || wait > 24*time.Hour || (!ok && wait != 0) {
			t.Fatalf("%q: %s %t", value, wait, ok)
		}
	})
}

func TestKindOf(t *testing.T) {
	if kind := KindOf(fmt.Errorf("reading: %w", &Error{Kind: Forbidden})); kind != Forbidden {
		t.Error(kind)
	}
	if kind := KindOf(fmt.Errorf("x")); kind != "" {
		t.Error(kind)
	}
	if kind := KindOf(nil); kind != "" {
		t.Error(kind)
	}
}
