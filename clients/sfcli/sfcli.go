// Package sfcli reads the orgs that Salesforce's own `sf` command line is signed in to, and their access tokens.
// It starts `sf` and reads its JSON; it never opens the files in which `sf` keeps its secrets.
package sfcli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"
)

// What can be wrong. A Refusal or another error wraps one of them.
var (
	ErrNotInstalled = errors.New("the sf command line is not installed, or not on the PATH")
	ErrNotAName     = errors.New("not an alias or a username")
	ErrNoOrg        = errors.New("sf knows no such org")
	ErrSignedOut    = errors.New("sf is no longer signed in to the org")
	ErrTooOld       = errors.New("this sf is too old: run `sf update`")
	ErrRedacted     = errors.New("sf hides the access token")
	ErrUnreadable   = errors.New("sf did not answer with its JSON")
)

// An Org is one that `sf` has signed in to.
type Org struct {
	Alias       string // may be empty
	Username    string
	OrgID       string // 18 characters
	InstanceURL string // scheme and host
	Sandbox     bool
	Scratch     bool
	Default     bool   // the target-org of the folder or of the user
	Connected   string // what sf last knew of the sign-in, in its words; mostly empty, as it is not asked to try
}

// Name is what a person calls the org: its alias, else its username.
func (o Org) Name() string {
	if o.Alias != "" {
		return o.Alias
	}
	return o.Username
}

// A Token lets its holder act as the user of an org. Printed or logged, it hides what it must.
type Token struct {
	Access      string `json:"-"`
	InstanceURL string // scheme and host
	Username    string
	OrgID       string
	Stale       bool // sf could not try the token just now: the org cannot be reached, or the token has ended
}

// String is the token without its secret.
func (t Token) String() string {
	return fmt.Sprintf("[token of %s at %s]", t.Username, t.InstanceURL)
}

// GoString is String.
func (t Token) GoString() string { return t.String() }

// Format writes String, whatever the verb.
func (t Token) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, t.String()) }

// LogValue is String.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// A Refusal is an error that `sf` itself told: cleaned, without secrets, in its own words.
type Refusal struct {
	Command string // "org display"
	Name    string // "NamedOrgNotFoundError"; empty when it gave none
	Message string
	Kind    error // one of this package's errors, or nil
}

func (r *Refusal) Error() string {
	if r.Kind == nil {
		return fmt.Sprintf("sf %s: %s", r.Command, r.Message)
	}
	return fmt.Sprintf("sf %s: %v: %s", r.Command, r.Kind, r.Message)
}

func (r *Refusal) Unwrap() error { return r.Kind }

// A CLI asks `sf`.
type CLI struct {
	// Run runs `sf` with the arguments as they are, through no shell. A program that ended with a code other
	// than 0 is an error, and what it wrote is still returned.
	Run func(ctx context.Context, args ...string) (stdout, stderr []byte, err error)
}

// New is a CLI that runs the `sf` on the PATH in the given environment (os.Environ()), less what would spoil
// its JSON and less the secrets of zsf. A run ends after 30 seconds.
func New(environ []string) CLI {
	return CLI{Run: program{env: childEnv(environ), limit: runLimit}.run}
}

// Orgs are those that `sf` has signed in to, the default one first, then by name; scratch orgs that have ended
// are left out. None is no error. Only for scratch orgs does sf use the network.
func (c CLI) Orgs(ctx context.Context) ([]Org, error) {
	told, err := c.ask(ctx, "org", "list", "--skip-connection-status", "--json")
	if err != nil {
		var refusal *Refusal
		if errors.As(err, &refusal) && isOneOf(refusal.Name, "noorgsfound", "noauthinfofound") {
			return nil, nil
		}
		return nil, err
	}
	return readOrgs(told)
}

// Token is the access token of an org, which `sf` refreshes first. An org whose sign-in has ended is ErrSignedOut.
//
// Since May 2026 `org display` hides the token and `org auth show-access-token` (sf 2.136.8) gives it;
// before, `org display` gave it (salesforcecli/plugin-org, pull requests 1667 and 1673).
func (c CLI) Token(ctx context.Context, usernameOrAlias string) (Token, error) {
	if err := checkTarget(usernameOrAlias); err != nil {
		return Token{}, err
	}
	told, err := c.ask(ctx, "org", "display", "--target-org", usernameOrAlias, "--json")
	if err != nil {
		return Token{}, err
	}
	shown, err := readDisplay(told)
	if err != nil {
		return Token{}, err
	}
	if isSignedOut(shown.ConnectedStatus) {
		return Token{}, &Refusal{Command: told.command, Message: say(shown.ConnectedStatus), Kind: ErrSignedOut}
	}
	token := Token{
		Access: shown.AccessToken, InstanceURL: shown.InstanceURL,
		Username: shown.Username, OrgID: shown.ID, Stale: told.couldNotRefresh(),
	}
	if isHidden(token.Access) {
		if told, err = c.ask(ctx, "org", "auth", "show-access-token", "--target-org", usernameOrAlias, "--json"); err != nil {
			return Token{}, err
		}
		if token.Access, err = readSecret(told); err != nil {
			return Token{}, err
		}
		token.Stale = told.couldNotRefresh()
	}
	if err := checkAccess(told.command, token.Access); err != nil {
		return Token{}, err
	}
	return token, nil
}

// checkTarget refuses what `sf` would take for a flag, and what no terminal could have typed.
func checkTarget(name string) error {
	if name == "" || strings.HasPrefix(name, "-") || len(name) > 255 || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("%q: %w", say(name), ErrNotAName)
	}
	return nil
}
