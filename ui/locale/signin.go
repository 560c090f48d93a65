// The errors of a sign-in in words: the clients', which are no service's.

package locale

import (
	"errors"
	"strconv"
	"strings"

	"zsf/clients/browser"
	"zsf/clients/oauth"
	"zsf/clients/sfcli"
	"zsf/clients/transport"
	"zsf/clients/vault"
)

// signInErrors are the IDs below signin-error. Errors that say more than these words do are not among them.
var signInErrors = []struct {
	err error
	id  string
}{
	{oauth.ErrNotZendesk, "not-zendesk"},
	{oauth.ErrNoClientID, "no-client"},
	{oauth.ErrNotACode, "not-a-code"},
	{oauth.ErrNotYet, "not-yet"},
	{oauth.ErrWrongState, "wrong-state"},
	{oauth.ErrSettled, "settled"},
	{oauth.ErrTimedOut, "late"},
	{oauth.ErrClosed, "cancelled"},
	{oauth.ErrBadKey, "bad-key"},
	{oauth.ErrLockedKey, "locked-key"},
	{oauth.ErrNoSecret, "no-secret"},
	{sfcli.ErrNotInstalled, "sf-missing"},
	{sfcli.ErrNotAName, "sf-name"},
	{sfcli.ErrNoOrg, "sf-no-org"},
	{sfcli.ErrSignedOut, "sf-signed-out"},
	{sfcli.ErrTooOld, "sf-too-old"},
	{browser.ErrNoDesktop, "no-desktop"},
	{vault.ErrMissing, "vault-missing"},
	{vault.ErrLocked, "vault-locked"},
	{vault.ErrSlow, "vault-slow"},
	{vault.ErrWrongPassphrase, "wrong-passphrase"},
	{vault.ErrNoPassphrase, "no-passphrase"},
}

// signInError is a sign-in's error in words; empty where it is none that is known.
func (l *Locale) signInError(err error) string {
	var taken *oauth.PortsTakenError
	if errors.As(err, &taken) {
		ports := make([]string, len(taken.Ports))
		for i, port := range taken.Ports {
			ports[i] = strconv.Itoa(port)
		}
		return l.T("signin-error.ports", "Ports", strings.Join(ports, ", "))
	}
	var unread *vault.PassphraseFileError
	if errors.As(err, &unread) {
		return l.T("signin-error.passphrase-file", "Reason", unread.Err)
	}
	if id := signInID(err); id != "" {
		return l.T("signin-error." + id)
	}
	if errors.Is(err, transport.ErrBaseURL) && l.tag != Languages[0] {
		return l.T("signin-error.not-an-address") // English has the reason, too
	}
	return ""
}

// Kept is where tokens are kept, in words: a path stays as it is.
func (l *Locale) Kept(where string) string {
	if where == vault.SystemKeychain {
		return l.T("kept.keychain", "Name", vault.KeychainName)
	}
	return where
}

// signInHint says what to do about a sign-in's error; empty where its words say so themselves.
func (l *Locale) signInHint(err error) string {
	if id := "hint.signin." + signInID(err); l.Has(id) {
		return l.T(id)
	}
	return ""
}

func signInID(err error) string {
	for _, known := range signInErrors {
		if errors.Is(err, known.err) {
			return known.id
		}
	}
	return ""
}
