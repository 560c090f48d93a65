//go:build !((dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd)

// The keychain as the library reaches it, where no look ahead is needed.

package vault

import "github.com/zalando/go-keyring"

type systemKeyring struct{}

func (systemKeyring) Get(service, user string) (string, error) {
	return keyring.Get(service, user) //nolint:wrapcheck // the vault says what for
}

func (systemKeyring) Set(service, user, password string) error {
	return keyring.Set(service, user, password) //nolint:wrapcheck // the vault says what for
}

func (systemKeyring) Delete(service, user string) error {
	return keyring.Delete(service, user) //nolint:wrapcheck // the vault says what for
}
