// Package settings keeps what zsf is told about profiles, in config.toml. No token, password or key has a place in it.
package settings

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"zsf/clients/vault"
)

// Settings are what the file says. The zero Settings are those of a first start.
type Settings struct {
	Default  string             `toml:"default,omitempty"` // the profile that is meant when none is named
	Store    vault.Kind         `toml:"store,omitempty"`   // where secrets are kept; empty: not yet chosen
	Profiles map[string]Profile `toml:"profiles,omitempty"`
}

// A Profile is one pair of a Salesforce org and a Zendesk account.
type Profile struct {
	Layout     Layout  `toml:"layout,omitempty"`
	Salesforce Account `toml:"salesforce,omitempty"`
	Zendesk    Account `toml:"zendesk,omitempty"`
	Tickets    Tickets `toml:"tickets,omitempty"`
}

// Tickets are how a profile's tickets are looked for.
type Tickets struct {
	Match Way `toml:"match,omitempty"` // empty: as the integration does
}

// A Way is what a record is matched by, to find its tickets.
type Way string

// The ways.
const (
	ByExternalID Way = "external-id" // an organization or user that carries the Salesforce id
	ByName       Way = "name"        // the organization that is called like the account
	ByEmail      Way = "email"       // the user with that address
	ByDomain     Way = "domain"      // the organizations that take users of the domain
)

// A Layout is how Zendesk's Admin Center shows the integration; empty is the vendor's guide's.
type Layout string

// NewerLayout lists connections: one connects first, then installs the package.
const NewerLayout Layout = "newer"

// An Account is how one service is signed in to. Its secrets are in the vault, under "PROFILE/salesforce"
// and "PROFILE/zendesk".
type Account struct {
	URL         string      `toml:"url,omitempty"`         // the org's or the account's own host
	LoginURL    string      `toml:"login_url,omitempty"`   // where the browser signs in, where it is another host
	ClientID    string      `toml:"client_id,omitempty"`   // of the External Client App or the OAuth client; it is public
	Port        int         `toml:"port,omitempty"`        // of the redirect address that is registered; 0: one of the usual ones
	User        string      `toml:"user,omitempty"`        // who is signed in: a user name or an e-mail
	Environment Environment `toml:"environment,omitempty"` // empty: not known
	Source      Source      `toml:"source,omitempty"`      // empty: never signed in
	SFUsername  string      `toml:"sf_username,omitempty"` // the org of the sf CLI that is reused
	KeyFile     string      `toml:"key_file,omitempty"`    // the path of the private key for JWT bearer
}

// An Environment is what an org or an account is for.
type Environment string

// The environments.
const (
	Sandbox    Environment = "sandbox"
	Production Environment = "production"
)

// A Source is where a sign-in comes from.
type Source string

// The sources.
const (
	Browser           Source = "browser"
	SF                Source = "sf" // the sf CLI
	JWT               Source = "jwt"
	ClientCredentials Source = "client-credentials"
	Variables         Source = "environment" // environment variables
)

// What can be wrong with the name of a profile.
var (
	ErrNoProfile     = errors.New("there is no such profile")
	ErrProfileExists = errors.New("there is a profile of that name already")
	ErrProfileName   = errors.New("a profile's name is 1 to 64 letters, digits, '-', '_' and '.', and begins with a letter or a digit")
)

// A NameError says what is wrong with the name of a profile.
type NameError struct {
	Name string
	Err  error // one of the above
}

func (e *NameError) Error() string { return fmt.Sprintf("%q: %v", e.Name, e.Err) }

func (e *NameError) Unwrap() error { return e.Err }

// Names are the profiles' names, sorted.
func (s *Settings) Names() []string { return slices.Sorted(maps.Keys(s.Profiles)) }

// Choose is the name of the profile that is meant: the one that is named, else the default, else the only one.
// ErrNoProfile when there is none, or none of that name.
func (s *Settings) Choose(name string) (string, error) {
	if name == "" {
		name = s.Default
	}
	if names := s.Names(); name == "" && len(names) == 1 {
		name = names[0]
	}
	if _, ok := s.Profiles[name]; !ok {
		return "", &NameError{name, ErrNoProfile}
	}
	return name, nil
}

// Add adds a profile; the first one becomes the default.
func (s *Settings) Add(name string, profile Profile) error {
	if err := checkFree(s, name); err != nil {
		return err
	}
	if s.Profiles == nil {
		s.Profiles = map[string]Profile{}
	}
	if len(s.Profiles) == 0 {
		s.Default = name
	}
	s.Profiles[name] = profile
	return nil
}

// Put changes a profile, or adds it.
func (s *Settings) Put(name string, profile Profile) error {
	if _, ok := s.Profiles[name]; !ok {
		return s.Add(name, profile)
	}
	s.Profiles[name] = profile
	return nil
}

// Rename renames a profile; the default stays the default. Its secrets in the vault are the caller's to move.
func (s *Settings) Rename(from, to string) error {
	profile, ok := s.Profiles[from]
	if !ok {
		return &NameError{from, ErrNoProfile}
	}
	if err := checkFree(s, to); err != nil {
		return err
	}
	s.Profiles[to] = profile
	delete(s.Profiles, from)
	if s.Default == from {
		s.Default = to
	}
	return nil
}

// Remove removes a profile; without the default there is none until one is chosen. Its secrets in the vault are
// the caller's to delete.
func (s *Settings) Remove(name string) error {
	if _, ok := s.Profiles[name]; !ok {
		return &NameError{name, ErrNoProfile}
	}
	delete(s.Profiles, name)
	if s.Default == name {
		s.Default = ""
	}
	return nil
}

// SetDefault makes a profile the one that is meant when none is named.
func (s *Settings) SetDefault(name string) error {
	if _, ok := s.Profiles[name]; !ok {
		return &NameError{name, ErrNoProfile}
	}
	s.Default = name
	return nil
}

func checkFree(s *Settings, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	if _, ok := s.Profiles[name]; ok {
		return &NameError{name, ErrProfileExists}
	}
	return nil
}

var profileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// CheckName is nil for what a profile may be called, else ErrProfileName.
func CheckName(name string) error {
	if !profileName.MatchString(name) {
		return &NameError{name, ErrProfileName}
	}
	return nil
}
