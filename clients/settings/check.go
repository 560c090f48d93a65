// What the settings may say, and how a mistake in them is told.

package settings

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"zsf/clients/vault"
)

// A Mistake is what the settings should not say. It never repeats the value, which may be a misplaced secret.
type Mistake struct {
	Path string // of the file; empty for settings that were never in one
	Line int    // from 1; 0 when it is not known
	Key  string // "profiles.acme.zendesk.url"; empty when it is not known
	What string

	key toml.Key
}

func (m *Mistake) Error() string {
	var text strings.Builder
	if m.Path != "" {
		text.WriteString(m.Path + ":")
		if m.Line > 0 {
			fmt.Fprintf(&text, "%d:", m.Line)
		}
		text.WriteByte(' ')
	}
	if m.Key != "" {
		text.WriteString(m.Key + ": ")
	}
	text.WriteString(m.What)
	return text.String()
}

// accountKeys are the keys of an Account, from its own tags.
var accountKeys = func() (keys []string) {
	for field := range reflect.TypeFor[Account]().Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("toml"), ",")
		keys = append(keys, key)
	}
	return keys
}()

// known tells whether the settings have a place for a key, in exactly these letters.
func known(key toml.Key) bool {
	switch len(key) {
	case 1:
		return key[0] == "default" || key[0] == "store" || key[0] == "profiles"
	case 2:
		return key[0] == "profiles"
	case 3:
		return key[0] == "profiles" && (key[2] == "layout" || key[2] == "tickets" || isService(key[2]))
	case 4:
		return key[0] == "profiles" && (isService(key[2]) && slices.Contains(accountKeys, key[3]) || key[2] == "tickets" && key[3] == "match")
	}
	return false
}

func isService(name string) bool { return name == "salesforce" || name == "zendesk" }

func unknown(key toml.Key) string {
	last := strings.ToLower(key[len(key)-1])
	for _, word := range []string{"token", "secret", "password", "passphrase", "private_key"} {
		if strings.Contains(last, word) {
			return "secrets have no place here: remove it, and sign in with `zsf auth login`"
		}
	}
	return "zsf does not know this key"
}

// check finds the first mistake, in the order of the file.
func check(s Settings) *Mistake {
	if s.Default != "" && CheckName(s.Default) != nil {
		return mistake(ErrProfileName.Error(), "default")
	}
	if s.Store != "" && s.Store != vault.Keychain && s.Store != vault.File {
		return mistake(`it is "keychain" or "file"`, "store")
	}
	for _, name := range s.Names() {
		if CheckName(name) != nil {
			return mistake(ErrProfileName.Error(), "profiles", name)
		}
		profile := s.Profiles[name]
		if wrong := oneOf(profile.Layout, NewerLayout); wrong != "" {
			return mistake(wrong, "profiles", name, "layout")
		}
		if wrong := oneOf(profile.Tickets.Match, ByExternalID, ByName, ByEmail, ByDomain); wrong != "" {
			return mistake(wrong, "profiles", name, "tickets", "match")
		}
		if m := checkAccount(profile.Salesforce, "profiles", name, "salesforce"); m != nil {
			return m
		}
		if m := checkAccount(profile.Zendesk, "profiles", name, "zendesk"); m != nil {
			return m
		}
	}
	return nil
}

func checkAccount(a Account, at ...string) *Mistake {
	for _, rule := range []struct{ key, wrong string }{
		{"url", wrongAddress(a.URL)},
		{"login_url", wrongAddress(a.LoginURL)},
		{"client_id", wrongText(a.ClientID)},
		{"port", wrongPort(a.Port)},
		{"user", wrongText(a.User)},
		{"environment", oneOf(a.Environment, Sandbox, Production)},
		{"source", oneOf(a.Source, Browser, SF, JWT, ClientCredentials, Variables)},
		{"sf_username", wrongText(a.SFUsername)},
		{"key_file", wrongPath(a.KeyFile)},
	} {
		if rule.wrong != "" {
			return mistake(rule.wrong, append(slices.Clone(at), rule.key)...)
		}
	}
	return nil
}

func mistake(what string, key ...string) *Mistake {
	return &Mistake{Key: toml.Key(key).String(), What: what, key: key}
}

// wrongAddress refuses all parts of a URL in which a secret could stand.
func wrongAddress(address string) string {
	if address == "" {
		return ""
	}
	parsed, err := url.Parse(address)
	switch {
	case err != nil, parsed.Hostname() == "", wrongText(address) != "":
		return "it is not the address of a service, like https://acme.zendesk.com"
	case parsed.Scheme != "https" && (parsed.Scheme != "http" || !loopback(parsed.Hostname())):
		return "it must begin with https:// (http:// is for this machine's own addresses only)"
	case parsed.User != nil, parsed.RawQuery != "", parsed.ForceQuery, parsed.Fragment != "", parsed.Path != "" && parsed.Path != "/":
		return "it must end after the host: no user, path, query or fragment"
	}
	return ""
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// sessionID is how a Salesforce access token looks: the org's id, and what is secret after the '!'.
var sessionID = regexp.MustCompile(`00D[0-9A-Za-z]{9,15}!`)

func wrongText(text string) string {
	switch {
	case len(text) > 512, !utf8.ValidString(text), strings.ContainsFunc(text, unicode.IsControl):
		return "it must be one line of at most 512 bytes"
	case sessionID.MatchString(text):
		return "this is an access token, and secrets have no place here: end that session, and sign in with `zsf auth login`"
	}
	return ""
}

func wrongPath(path string) string {
	if path != "" && !filepath.IsAbs(path) {
		return "it must be the whole path of a file"
	}
	return wrongText(path)
}

func wrongPort(port int) string {
	if port < 0 || port > 65535 {
		return "a port is a number from 1 to 65535"
	}
	return ""
}

func oneOf[T ~string](value T, allowed ...T) string {
	if value == "" || slices.Contains(allowed, value) {
		return ""
	}
	words := make([]string, len(allowed))
	for i, word := range allowed {
		words[i] = string(word)
	}
	return "it is one of " + strings.Join(words, ", ")
}
