// What a sign-in gives. It never prints itself; only Secret spells it out.

package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Tokens are a sign-in. Printed, logged or marshalled they are one word; a field of a struct that is printed
// must be exported for that, as Go calls no method on another.
type Tokens struct {
	Access           string
	Refresh          string // empty where the sign-in cannot be renewed
	InstanceURL      string // where the API is: the org's own host, or the account
	IdentityURL      string // of the Salesforce user; empty for Zendesk
	Scopes           []string
	ExpiresAt        time.Time // of Access; zero when the service does not tell, as Salesforce does not
	RefreshExpiresAt time.Time // zero when the service does not tell
	IssuedAt         time.Time
}

const hidden = "[tokens]"

// ErrNotTokens is the error of bytes that Secret did not make.
var ErrNotTokens = errors.New("not a stored sign-in")

func (t Tokens) String() string { return hidden }

// GoString hides the tokens from %#v.
func (t Tokens) GoString() string { return hidden }

// Format hides the tokens from every verb.
func (t Tokens) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue hides the tokens from slog.
func (t Tokens) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the tokens from JSON, TOML and whatever else asks.
func (t Tokens) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// storedTokens is how the vault keeps tokens.
type storedTokens struct {
	Access           string    `json:"access"`
	Refresh          string    `json:"refresh,omitempty"`
	InstanceURL      string    `json:"instance_url,omitempty"`
	IdentityURL      string    `json:"identity_url,omitempty"`
	Scopes           []string  `json:"scopes,omitempty"`
	ExpiresAt        time.Time `json:"expires_at,omitzero"`
	RefreshExpiresAt time.Time `json:"refresh_expires_at,omitzero"`
	IssuedAt         time.Time `json:"issued_at,omitzero"`
}

// Secret spells the tokens out, for a vault and nothing else.
func (t Tokens) Secret() ([]byte, error) {
	spelled, err := json.Marshal(storedTokens(t))
	if err != nil {
		return nil, ErrNotTokens // without the cause, which may quote them
	}
	return spelled, nil
}

// ParseTokens reads what Secret spelled out. Its error quotes nothing.
func ParseTokens(spelled []byte) (Tokens, error) {
	var stored storedTokens
	if json.Unmarshal(spelled, &stored) != nil || stored.Access == "" {
		return Tokens{}, ErrNotTokens
	}
	return Tokens(stored), nil
}
