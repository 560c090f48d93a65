// The errors of a sign-in in words: the clients', which are no service's.

package locale

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"

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
	{vault.ErrMissing, "vault-missing"},
	{vault.ErrLocked, "vault-locked"},
	{vault.ErrSlow, "vault-slow"},
	{vault.ErrWrongPassphrase, "wrong-passphrase"},
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
	for _, known := range signInErrors {
		if errors.Is(err, known.err) {
			return l.T("signin-error." + known.id)
		}
	}
	var unread *fs.PathError // the file that the passphrase is in: its trouble says more
	if errors.Is(err, vault.ErrNoPassphrase) && !errors.As(err, &unread) {
		return l.T("signin-error.no-passphrase")
	}
	if errors.Is(err, transport.ErrBaseURL) && l.tag != Languages[0] {
		return l.T("signin-error.not-an-address") // English has the reason, too
	}
	return ""
}
