// The keychain of macOS, by its security command.

package vault

import (
	"errors"
	"os/exec"
)

// KeychainName is what the system calls its keychain.
const KeychainName = "macOS Keychain"

// systemMeaning knows the security command's exit codes: the last byte of Security.framework's OSStatus (SecBase.h).
func systemMeaning(err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return ErrMissing
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return nil
	}
	switch exit.ExitCode() {
	case 36, // errSecInteractionNotAllowed -25308: it would have to ask, as over SSH
		51,  // errSecAuthFailed -25293
		128: // errSecUserCanceled -128
		return ErrLocked
	case 37, // errSecNoDefaultKeychain -25307
		50: // errSecNoSuchKeychain -25294
		return ErrMissing
	}
	return nil
}
