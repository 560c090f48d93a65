// The Credential Manager of Windows.

package vault

import (
	"errors"

	"golang.org/x/sys/windows"
)

// KeychainName is what the system calls its keychain.
const KeychainName = "Windows Credential Manager"

// systemMeaning knows what CredWrite and CredRead answer in a session without credentials, as over SSH with a key.
func systemMeaning(err error) error {
	if errors.Is(err, windows.ERROR_NO_SUCH_LOGON_SESSION) {
		return ErrMissing
	}
	return nil
}
