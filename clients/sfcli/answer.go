// What `sf` answers: its JSON, which may stand among other text, and the orgs and errors in it.

package sfcli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"

	"zsf/clients/transport"
)

// answer is what every command of `sf` prints with --json.
type answer struct {
	Status   *int            `json:"status"`
	Name     string          `json:"name"`
	Message  string          `json:"message"`
	Result   json.RawMessage `json:"result"`
	Warnings json.RawMessage `json:"warnings"`

	command string
}

// ask runs a command, whose words come before its first flag, and reads the answer.
func (c CLI) ask(ctx context.Context, args ...string) (answer, error) {
	command := strings.Join(args[:slices.IndexFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "-") })], " ")
	stdout, stderr, err := c.Run(ctx, args...)
	switch {
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, exec.ErrDot), errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return answer{}, ErrNotInstalled
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, ErrUnreadable), errors.Is(err, ErrNotAName):
		return answer{}, fmt.Errorf("sf %s: %w", command, err)
	}
	told, ok := readAnswer(stdout)
	if !ok {
		told, ok = readAnswer(stderr) // where older versions put their errors
	}
	if !ok {
		return answer{}, noAnswer(command, stdout, stderr, err)
	}
	told.command = command
	if *told.Status != 0 || len(told.Result) == 0 {
		return answer{}, &Refusal{Command: command, Name: say(told.Name), Message: say(told.Message), Kind: kind(told.Name, told.Message)}
	}
	return told, nil
}

var (
	escapes        = regexp.MustCompile(`\x1b(?:\[[0-?]*[\x20-\x2f]*[\x40-\x7e]|\][^\x07\x1b]*(?:\x07|\x1b\\))`)
	objectStart    = regexp.MustCompile(`(?m)^[ \t]*\{`)
	unknownCommand = regexp.MustCompile(`(?i)is not an? \S+ command|command \S+ not found|nonexistent flag|unexpected argument`)
)

// maxObjects is how many places in a text are tried for the start of the answer.
const maxObjects = 100

// readAnswer finds the answer in what a command wrote: colours may run through it, and notices stand around it.
func readAnswer(text []byte) (answer, bool) {
	text = bytes.TrimPrefix(escapes.ReplaceAll(text, nil), []byte("\ufeff"))
	for _, at := range objectStart.FindAllIndex(text, maxObjects) {
		var found answer
		if err := json.NewDecoder(bytes.NewReader(text[at[0]:])).Decode(&found); err == nil && found.Status != nil {
			return found, true
		}
	}
	return answer{}, false
}

// noAnswer tells what a command said in place of an answer. It shows nothing of stdout, where a token could be.
func noAnswer(command string, stdout, stderr []byte, err error) error {
	said := say(string(stderr))
	switch {
	case unknownCommand.Match(stderr) || unknownCommand.Match(stdout):
		return &Refusal{Command: command, Message: said, Kind: ErrTooOld}
	case said != "":
		return unreadable(command, said)
	case err != nil:
		return unreadable(command, say(err.Error()))
	}
	return unreadable(command, "it said nothing")
}

func unreadable(command, why string) error {
	return fmt.Errorf("sf %s: %w: %s", command, ErrUnreadable, why)
}

// couldNotRefresh tells whether `sf` warned that it could not try the token that it gives.
func (a answer) couldNotRefresh() bool {
	return strings.Contains(strings.ToLower(string(a.Warnings)), "unable to refresh auth")
}

// kind sorts an error of `sf` by its name, and by its message where names differ between versions.
func kind(name, message string) error {
	switch {
	case isOneOf(name, "namedorgnotfound", "noauthinfofound", "noorgfound", "nodefaultenv"),
		strings.Contains(message, "No authorization information found"), strings.Contains(message, "No AuthInfo found"):
		return ErrNoOrg
	case isSignedOut(name), isSignedOut(message):
		return ErrSignedOut
	case unknownCommand.MatchString(message):
		return ErrTooOld
	}
	return nil
}

// isOneOf compares the name of an error, which newer versions end in "Error".
func isOneOf(name string, known ...string) bool {
	return slices.Contains(known, strings.TrimSuffix(strings.ToLower(name), "error"))
}

// ended are words of a sign-in that has ended, from @salesforce/core's messages, Salesforce's OAuth errors,
// and `org display` of sf 2.146 against an ended session.
var ended = []string{
	"refreshtokenauth", "with the refresh token", "access/refresh token", "invalid_grant", "invalid_session_id",
	"session expired", "session not found", "bad_oauth_token", "error_http_401", "jwtauth", "authentication failure",
	"inactive user", "inactive organization", "user is locked", "orgdatanotavailable", "data not available",
	"oauth_app_blocked", "invalid_client", "invalid_app_access",
}

// unreached are words of a network that failed, which can follow "…with the refresh token due to:".
var unreached = []string{"fetch failed", "enotfound", "eai_again", "econn", "etimedout", "socket hang up", "certificate"}

// isSignedOut tells whether `sf` says of an org that its sign-in has ended, and not that it cannot be reached.
func isSignedOut(words string) bool {
	words = strings.ToLower(words)
	has := func(sign string) bool { return strings.Contains(words, sign) }
	return slices.ContainsFunc(ended, has) && !slices.ContainsFunc(unreached, has)
}

// isHidden tells a token that is not one: none, or "[REDACTED] Use 'sf org auth show-access-token' to view".
func isHidden(access string) bool {
	return access == "" || strings.Contains(strings.ToUpper(access), "REDACTED") || strings.Trim(access, "*•") == ""
}

var tokenShape = regexp.MustCompile(`^[A-Za-z0-9!._~+/=-]+$`)

// maxAccess is more bytes than a token has: session ids have about 112, JSON Web Tokens a few thousand.
const maxAccess = 16 << 10

// checkAccess refuses a token that could not be the value of an Authorization header.
func checkAccess(command, access string) error {
	if len(access) > maxAccess || !tokenShape.MatchString(access) {
		return unreadable(command, "its access token has another shape")
	}
	return nil
}

// display is the result of `org display`.
type display struct {
	ID, Username, InstanceURL, AccessToken, ConnectedStatus string
}

func readDisplay(told answer) (display, error) {
	var read display
	if err := json.Unmarshal(told.Result, &read); err != nil {
		return display{}, unreadable(told.command, "its result has another shape")
	}
	read.InstanceURL = origin(read.InstanceURL)
	if read.InstanceURL == "" || read.Username == "" {
		return display{}, unreadable(told.command, "its result has no username or no address")
	}
	read.ID, read.Username = transport.Clean(read.ID), transport.Clean(read.Username)
	return read, nil
}

// readSecret is the token in the result of `org auth show-access-token`.
func readSecret(told answer) (string, error) {
	var secret struct{ AccessToken string }
	if err := json.Unmarshal(told.Result, &secret); err != nil {
		return "", unreadable(told.command, "its result has another shape")
	}
	if isHidden(secret.AccessToken) {
		return "", fmt.Errorf("sf %s: %w", told.command, ErrRedacted)
	}
	return secret.AccessToken, nil
}

// readOrgs merges the lists of `org list`: each org stands in one list or more, and which lists there are
// differs between versions.
func readOrgs(told answer) ([]Org, error) {
	var lists struct{ NonScratchOrgs, Sandboxes, Other, DevHubs, ScratchOrgs []record }
	if err := json.Unmarshal(told.Result, &lists); err != nil {
		return nil, unreadable(told.command, "its result has another shape")
	}
	orgs := map[string]Org{}
	add := func(records []record, sandbox, scratch bool) {
		for _, r := range records {
			org := r.org()
			if org.Username == "" || r.flag("isExpired") {
				continue
			}
			org.Sandbox, org.Scratch = org.Sandbox || sandbox, org.Scratch || scratch
			key := strings.ToLower(org.Username)
			orgs[key] = merge(orgs[key], org)
		}
	}
	add(lists.NonScratchOrgs, false, false)
	add(lists.Sandboxes, true, false)
	add(lists.Other, false, false)
	add(lists.DevHubs, false, false)
	add(lists.ScratchOrgs, false, true)

	var all []Org
	for _, org := range orgs {
		all = append(all, org)
	}
	slices.SortFunc(all, func(a, b Org) int {
		switch {
		case a.Default && !b.Default:
			return -1
		case b.Default && !a.Default:
			return 1
		}
		return cmp.Or(strings.Compare(a.Name(), b.Name()), strings.Compare(a.Username, b.Username))
	})
	return all, nil
}

// record is an org as a list has it; versions differ in its fields and in their types.
type record map[string]any

func (r record) text(field string) string {
	text, _ := r[field].(string)
	return transport.Clean(text)
}

func (r record) flag(field string) bool {
	flag, _ := r[field].(bool)
	return flag
}

func (r record) org() Org {
	instance := origin(r.text("instanceUrl"))
	return Org{
		Alias:       r.text("alias"),
		Username:    r.text("username"),
		OrgID:       r.text("orgId"),
		InstanceURL: instance,
		Sandbox:     r.flag("isSandbox") || strings.Contains(instance, ".sandbox.my.salesforce"), // old sign-ins lack the field
		Scratch:     r.flag("isScratch"),
		Default:     r.flag("isDefaultUsername"),
		Connected:   say(cmp.Or(r.text("connectedStatus"), r.text("status"))),
	}
}

// merge is one org from two records of it.
func merge(a, b Org) Org {
	return Org{
		Alias:       cmp.Or(a.Alias, b.Alias),
		Username:    cmp.Or(a.Username, b.Username),
		OrgID:       cmp.Or(a.OrgID, b.OrgID),
		InstanceURL: cmp.Or(a.InstanceURL, b.InstanceURL),
		Sandbox:     a.Sandbox || b.Sandbox,
		Scratch:     a.Scratch || b.Scratch,
		Default:     a.Default || b.Default,
		Connected:   cmp.Or(a.Connected, b.Connected),
	}
}

// origin is the scheme and host of an address; empty when it is none.
func origin(address string) string {
	parsed, err := url.Parse(strings.TrimSpace(address))
	if err != nil || (parsed.Scheme != "https" && parsed.Scheme != "http") || parsed.Hostname() == "" || parsed.User != nil {
		return ""
	}
	return parsed.Scheme + "://" + strings.ToLower(parsed.Host)
}

// maxSaid is how many characters of what `sf` said are shown.
const maxSaid = 300

// say makes words of `sf` fit to be shown: clean, without secrets, in one line of bounded length.
func say(words string) string {
	words = transport.Redact(strings.Join(strings.Fields(transport.Clean(words)), " "))
	if letters := []rune(words); len(letters) > maxSaid {
		return string(letters[:maxSaid]) + "…"
	}
	return words
}
