package oauth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTokensNeverPrintThemselves(t *testing.T) {
	tokens := Tokens{Access: accessText, Refresh: refreshText, InstanceURL: "https://acme.my.salesforce.com"}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%08b"} {
		fmt.Fprintf(&out, verb+"\n", tokens)
		fmt.Fprintf(&out, verb+"\n", &tokens)
		fmt.Fprintf(&out, verb+"\n", []Tokens{tokens})
		fmt.Fprintf(&out, verb+"\n", struct{ Tokens Tokens }{tokens})
		fmt.Fprintf(&out, verb+"\n", map[string]any{"a": tokens})
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "tokens", tokens, "in", map[string]Tokens{"a": tokens})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "tokens", tokens, "in", map[string]Tokens{"a": tokens})
	for _, value := range []any{tokens, &tokens, map[string]any{"a": tokens}, []Tokens{tokens}} {
		if err := json.NewEncoder(&out).Encode(value); err != nil {
			t.Fatal(err)
		}
	}
	if err := toml.NewEncoder(&out).Encode(map[string]any{"a": tokens}); err != nil {
		t.Fatal(err)
	}
	out.WriteString(tokens.String() + tokens.GoString())
	hex := fmt.Sprintf("%x", accessText)
	for _, secret := range []string{accessText, refreshText, hex, strings.ToUpper(hex), "my.salesforce.com"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q was printed:\n%s", secret, out.String())
		}
	}
}

func TestTokensComeBackFromTheVault(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.Custom(func(t *rapid.T) time.Time {
			if rapid.Bool().Draw(t, "none") {
				return time.Time{}
			}
			return today.Add(time.Duration(rapid.Int64Range(0, 1<<60).Draw(t, "after")))
		})
		want := Tokens{
			Access: rapid.StringN(1, 50, 200).Draw(t, "access"), Refresh: rapid.String().Draw(t, "refresh"), InstanceURL: rapid.String().Draw(t, "instance"),
			IdentityURL: rapid.String().Draw(t, "identity"), Scopes: rapid.SliceOfN(rapid.String(), 1, 5).Draw(t, "scopes"),
			ExpiresAt: moment.Draw(t, "expires"), RefreshExpiresAt: moment.Draw(t, "refresh expires"), IssuedAt: moment.Draw(t, "issued"),
		}
		spelled, err := want.Secret()
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseTokens(spelled)
		if err != nil || !cmp.Equal(storedTokens(got), storedTokens(want)) {
			t.Fatalf("%v: %s", err, cmp.Diff(storedTokens(got), storedTokens(want)))
		}
	})
}

func FuzzParseTokens(f *testing.F) {
	spelled, err := Tokens{Access: accessText, Refresh: refreshText, ExpiresAt: today}.Secret()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(spelled), "", "{}", "[tokens]", `"[tokens]"`, `{"access":5}`, `{"access":"`, `{"access":"x","expires_at":"` + accessText + `"}`, "null"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, spelled []byte) {
		tokens, err := ParseTokens(spelled)
		switch {
		case err == nil && tokens.Access == "":
			t.Error("tokens without a token")
		case err != nil && (!errors.Is(err, ErrNotTokens) || err.Error() != ErrNotTokens.Error()):
			t.Errorf("the error says more than it may: %v", err)
		}
	})
}
