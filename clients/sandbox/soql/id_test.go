package soql

import (
	"strings"
	"testing"
)

func TestTo18(t *testing.T) {
	for bare, want := range map[string]string{
		"001000000000001":      "001000000000001AAA",
		"0015g00000AAAAA":      "0015g00000AAAAAAA5",
		"0015g00000AAAAa":      "0015g00000AAAAaAAP",
		"001D000000IqhSL":      "001D000000IqhSLIAZ", // Salesforce's own example
		"001D000000IqhSLIAZ":   "001D000000IqhSLIAZ",
		"001d000000iqhsliaz":   "001D000000IqhSLIAZ", // lost its case
		"too short":            "too short",
		"001D000000Iqh-L":      "001D000000Iqh-L",
		"":                     "",
		"001D000000IqhSLIAZAA": "001D000000IqhSLIAZAA",
	} {
		if got := To18(bare); got != want {
			t.Errorf("To18(%q) = %q, want %q", bare, got, want)
		}
	}
}

func TestSameID(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		want       bool
	}{
		{"15 and 18 of one record", "001D000000IqhSL", "001D000000IqhSLIAZ", true},
		{"15 that differ in case", "001D000000IqhSL", "001D000000IqhSl", false},
		{"18 that lost its case", "001D000000IQHSLIAZ", "001D000000IqhSL", true},
		{"15 against 18 of another case", "001D000000Iqhsl", "001D000000IqhSLIAZ", false},
		{"not an id, though the same", "acme", "acme", false},
		{"nothing", "", "", false},
	} {
		if got := SameID(c.a, c.b); got != c.want {
			t.Errorf("%s: SameID(%q, %q) = %v", c.name, c.a, c.b, got)
		}
	}
}

func TestValidID(t *testing.T) {
	for id, want := range map[string]bool{
		"001D000000IqhSL":    true,
		"001D000000IqhSLIAZ": true,
		"001D000000IQHSLIAZ": true,
		"001D000000IqhSLIAA": false, // a wrong checksum
		"001000000000001AAB": false, // a capital digit
		"001000000000001AA9": false, // no checksum has a 9
		"001D000000IqhS":     false,
		"001D000000IqhSLIA":  false,
		"001D000000Iqhé":     false,
		"001D000000 qhSL":    false,
	} {
		if got := ValidID(id); got != want {
			t.Errorf("ValidID(%q) = %v", id, got)
		}
	}
}

func FuzzID(f *testing.F) {
	f.Add("001D000000IqhSL")
	f.Add("001D000000IQHSLIAZ")
	f.Add("한국")
	f.Fuzz(func(t *testing.T, id string) {
		full := To18(id)
		if !ValidID(id) {
			if full != id {
				t.Fatalf("To18(%q) changed what is no id to %q", id, full)
			}
			return
		}
		if len(full) != 18 || !ValidID(full) || !SameID(id, full) || To18(full) != full {
			t.Fatalf("To18(%q) = %q", id, full)
		}
		if !SameID(strings.ToLower(full), id) || !SameID(strings.ToUpper(full), id) {
			t.Fatalf("%q is lost with its case", full)
		}
	})
}
