package signin_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zsf/clients/sandbox"
	"zsf/clients/settings"
	"zsf/clients/transport"
	"zsf/flows/signin"
)

// An issuer is an org that gives a token for an assertion which its one app's key has signed.
type issuer struct {
	*httptest.Server
	key    *rsa.PrivateKey
	issued atomic.Int64
}

const jwtUser = "ci@larkspur.example"

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key}
	i.Server = httptest.NewServer(http.HandlerFunc(i.answer))
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/services/oauth2/userinfo" {
		_, _ = fmt.Fprintf(w, `{"user_id":"005Ws000001AbCdEFG","organization_id":"00DWs0000009LqeMAE","preferred_username":%q}`, jwtUser)
		return
	}
	parts := strings.Split(r.PostFormValue("assertion"), ".")
	var claims struct{ Iss, Sub, Aud string }
	if len(parts) == 3 {
		text, _ := base64.RawURLEncoding.DecodeString(parts[1])
		_ = json.Unmarshal(text, &claims)
		signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
		sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
		if rsa.VerifyPKCS1v15(&i.key.PublicKey, crypto.SHA256, sum[:], signature) == nil && claims.Iss == "app" && claims.Sub == jwtUser {
			_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","instance_url":%q,"token_type":"Bearer"}`, i.issued.Add(1), i.URL)
			return
		}
	}
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"invalid assertion"}`))
}

func keyFile(t *testing.T, key *rsa.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "server.key")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAKeySignsInUnattendedAndAnewWhenTheTokenEnds(t *testing.T) {
	s, org := set(t, sandbox.Options{}), newIssuer(t)
	login, path := s.login(transport.Salesforce), keyFile(t, org.key)
	s.phrase = "" // nothing is kept, so nobody is asked
	done, err := login.ByKey(t.Context(), org.URL, "app", jwtUser, path)
	if err != nil || done.User != jwtUser {
		t.Fatalf("%+v %v", done, err)
	}
	account, err := login.Known()
	if err != nil || account.Source != settings.JWT || account.KeyFile != path || account.ClientID != "app" {
		t.Errorf("%+v %v", account, err)
	}
	text, err := os.ReadFile(s.keeper.Settings.Path())
	if err != nil || strings.Contains(string(text), "PRIVATE") || strings.Contains(string(text), "token-") {
		t.Errorf("%v: the settings hold\n%s", err, text)
	}
	renew, err := s.keeper.RenewalOf("acme", transport.Salesforce, account)
	if err != nil {
		t.Fatal(err)
	}
	first, err := renew(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if second, err := renew(t.Context(), first); err != nil || second == first {
		t.Errorf("%q then %q, %v", first, second, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := renew(t.Context(), first); transport.KindOf(err) != transport.SignInMissing {
		t.Errorf("without the key: %v", err)
	}
	if notRevoked, err := s.keeper.Forget(t.Context(), "acme", transport.Salesforce); !errors.Is(notRevoked, signin.ErrOwnKey) || err != nil {
		t.Errorf("%v %v", notRevoked, err)
	}
}

func TestAKeyThatIsNoneOrAnothersIsNamed(t *testing.T) {
	s, org := set(t, sandbox.Options{}), newIssuer(t)
	login := s.login(transport.Salesforce)
	another, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"another": keyFile(t, another), "short": keyFile(t, short), "empty": empty, "missing": filepath.Join(t.TempDir(), "missing"),
	} {
		if _, err := login.ByKey(t.Context(), org.URL, "app", jwtUser, path); signin.PartOf(err) != signin.Key {
			t.Errorf("%s: %v, part %q", name, err, signin.PartOf(err))
		}
	}
	if _, err := s.keeper.Account("acme", transport.Salesforce); !errors.Is(err, signin.ErrNone) {
		t.Errorf("a sign-in that failed is kept: %v", err)
	}
}

// The sandbox's confidential client, and the secret that it is made with.
const confidential = "zsf_unattended"

func confidentialSecret() string {
	sum := sha256.Sum256([]byte("zsf sandbox secret " + confidential))
	return hex.EncodeToString(sum[:])
}

func TestASecretSignsInUnattendedAndAnewWhenTheTokenEnds(t *testing.T) {
	var offset atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
	s := set(t, sandbox.Options{Now: now})
	login := s.login(transport.Zendesk)
	address, _, _ := s.where(transport.Zendesk)
	if _, err := login.BySecret(t.Context(), address, confidential, "wrong"); signin.PartOf(err) != signin.Secret {
		t.Errorf("%v, part %q", err, signin.PartOf(err))
	}
	done, err := login.BySecret(t.Context(), address, confidential, confidentialSecret()+"\n")
	if err != nil || !strings.Contains(done.User, "@") {
		t.Fatalf("%+v %v", done, err)
	}
	account, err := login.Known()
	if err != nil || account.Source != settings.ClientCredentials {
		t.Errorf("%+v %v", account, err)
	}
	renew, err := s.keeper.RenewalOf("acme", transport.Zendesk, account)
	if err != nil {
		t.Fatal(err)
	}
	first, err := renew(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	offset.Store(int64(49 * time.Hour))
	second, err := renew(t.Context(), first)
	if err != nil || second == first {
		t.Errorf("%v", err)
	}
	if third, err := renew(t.Context(), first); err != nil || third != second {
		t.Errorf("a token that another had got was not taken: %v", err)
	}

	// A new name takes the secret along, and the end leaves nothing.
	if err := s.keeper.Rename(t.Context(), "acme", "b"); err != nil {
		t.Fatal(err)
	}
	renamed, err := s.keeper.RenewalOf("b", transport.Zendesk, account)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := renamed(t.Context(), second); err != nil {
		t.Errorf("after the rename: %v", err)
	}
	if notRevoked, err := s.keeper.Forget(t.Context(), "b", transport.Zendesk); notRevoked != nil || err != nil {
		t.Errorf("%v %v", notRevoked, err)
	}
	if _, err := renamed(t.Context(), ""); transport.KindOf(err) != transport.SignInMissing {
		t.Errorf("after the end: %v", err)
	}
}

// An org that is borrowed from the sf CLI takes the place of a browser's sign-in, whose tokens go.
func TestASignInThatIsReplacedLeavesNoSecret(t *testing.T) {
	s := set(t, sandbox.Options{})
	login := s.login(transport.Salesforce)
	address, clientID, _ := s.where(transport.Salesforce)
	attempt, err := login.Begin(t.Context(), address, clientID)
	if err != nil {
		t.Fatal(err)
	}
	s.walk(attempt.URL(), "allow", false)
	_, err = attempt.Wait(t.Context())
	attempt.Close()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := login.Reuse(t.Context(), "uat"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.keeper.Tokens(t.Context(), "acme", transport.Salesforce); !errors.Is(err, signin.ErrNone) {
		t.Errorf("the old tokens are still there: %v", err)
	}
}
