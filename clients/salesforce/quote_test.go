package salesforce

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"zsf/clients/transport"
)

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"Acme": `'Acme'`, "O'Brien": `'O\'Brien'`, `a\b`: `'a\\b'`, "a\nb\tc\r\b\f": `'a\nb\tc\r\b\f'`, "100%_": `'100%_'`,
		`\' OR Name != '`: `'\\\' OR Name != \''`, "한글 🇰🇷": `'한글 🇰🇷'`, "\x00\x7f": `'\u0000\u007F'`, "": `''`,
	} {
		if got := Quote(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
	if got := QuoteLike(`50%_o'\`); got != `50\%\_o\'\\` {
		t.Error(got)
	}
}

// unquote reads a literal's inside as SOQL does: a backslash and one known character, or \u and four digits.
func unquote(inside string, like bool) (string, error) {
	var b strings.Builder
	for i := 0; i < len(inside); i++ {
		switch {
		case inside[i] == '\'' || inside[i] < 0x20:
			return "", fmt.Errorf("the literal ends at %d", i)
		case inside[i] != '\\':
			if like && (inside[i] == '%' || inside[i] == '_') {
				return "", fmt.Errorf("a wildcard at %d", i)
			}
			b.WriteByte(inside[i])
			continue
		}
		i++
		if i == len(inside) {
			return "", fmt.Errorf("a lone backslash")
		}
		plain, ok := map[byte]string{'n': "\n", 'r': "\r", 't': "\t", 'b': "\b", 'f': "\f", '\'': "'", '\\': "\\"}[inside[i]]
		switch {
		case ok:
			b.WriteString(plain)
		case like && (inside[i] == '%' || inside[i] == '_'):
			b.WriteByte(inside[i])
		case inside[i] == 'u' && i+4 < len(inside):
			code, err := strconv.ParseUint(inside[i+1:i+5], 16, 32)
			if err != nil {
				return "", err
			}
			b.WriteRune(rune(code))
			i += 4
		default:
			return "", fmt.Errorf("a backslash before %q", inside[i])
		}
	}
	return b.String(), nil
}

func FuzzQuote(f *testing.F) {
	for _, seed := range []string{"", "'", `\`, `\'`, "\n", "%_", "\x00", "\xff", "한", `\u0041`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		quoted := Quote(s)
		if !strings.HasPrefix(quoted, "'") || !strings.HasSuffix(quoted, "'") || len(quoted) < 2 {
			t.Fatalf("%q is no literal", quoted)
		}
		want := s
		if !utf8.ValidString(s) {
			want = strings.ToValidUTF8(s, "\ufffd")
		}
		if back, err := unquote(quoted[1:len(quoted)-1], false); err != nil || back != want {
			t.Fatalf("%q came back as %q: %v", s, back, err)
		}
		if back, err := unquote(QuoteLike(s), true); err != nil || back != want {
			t.Fatalf("LIKE: %q came back as %q: %v", s, back, err)
		}
	})
}

func TestDropColumn(t *testing.T) {
	bad := func(column string) error {
		return fmt.Errorf("reading: %w", &transport.Error{Code: "INVALID_FIELD", Message: "No such column '" + column + "' on entity 'X'."})
	}
	tests := []struct {
		soql string
		err  error
		want string
	}{
		{"SELECT Id, Foo, Bar FROM X WHERE Foo = 'a,b'", bad("foo"), "SELECT Id, Bar FROM X WHERE Foo = 'a,b'"},
		{"SELECT Id, A.B FROM X", bad("A.B"), "SELECT Id FROM X"},
		{"SELECT Foo FROM X", bad("Foo"), ""},
		{"SELECT Id FROM X", bad("Foo"), ""},
		{"SELECT Id, Foo FROM X", &transport.Error{Code: "MALFORMED_QUERY", Message: "No such column 'Foo'"}, ""},
		{"SELECT Id, Foo FROM X", &transport.Error{Code: "INVALID_FIELD", Message: "Didn't understand relationship 'Foo'"}, ""},
		{"SELECT Id, Foo FROM X", nil, ""},
	}
	for _, test := range tests {
		if got, ok := dropColumn(test.soql, test.err); got != test.want || ok != (test.want != "") {
			t.Errorf("%s: %q %t", test.soql, got, ok)
		}
	}
	if soql, ok := dropColumn(permissionsQuery(), bad("PermissionsViewSetup")); !ok || strings.Contains(soql, "ViewSetup") || !strings.Contains(soql, "PermissionsApiEnabled, ") {
		t.Errorf("%q %t", soql, ok)
	}
}

func TestSameID(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"00D5g00000AbCdE", "00D5g00000AbCdEEAX", true},
		{"00D5g00000AbCdE", "00D5g00000AbCdE", true},
		{"00D5g00000AbCdE", "00D5g00000abcde", false},
		{"", "", false},
		{"00D", "00D", false},
		{"00D5g00000AbCdE", "", false},
	}
	for _, test := range tests {
		if SameID(test.a, test.b) != test.want {
			t.Errorf("%s and %s", test.a, test.b)
		}
	}
}
