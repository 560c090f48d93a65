//go:build (dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd

// The Secret Service of a Unix desktop: GNOME Keyring, KWallet, KeePassXC.

package vault

import (
	"errors"
	"fmt"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"
	secretservice "github.com/zalando/go-keyring/secret_service"
)

// KeychainName is what the system calls its keychain.
const KeychainName = "Secret Service"

// systemKeyring looks before each call, as the library would start a bus of its own where there is none, and open
// a window and wait for ever where the keychain is locked.
type systemKeyring struct{}

func (systemKeyring) Get(service, user string) (string, error) {
	if err := lookAtService(); err != nil {
		return "", err
	}
	return keyring.Get(service, user) //nolint:wrapcheck // the vault says what for
}

func (systemKeyring) Set(service, user, password string) error {
	if err := lookAtService(); err != nil {
		return err
	}
	return keyring.Set(service, user, password) //nolint:wrapcheck // the vault says what for
}

func (systemKeyring) Delete(service, user string) error {
	if err := lookAtService(); err != nil {
		return err
	}
	return keyring.Delete(service, user) //nolint:wrapcheck // the vault says what for
}

// lookAtService tells whether there is a bus, a service on it, and a collection that is open.
func lookAtService() error {
	conn, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return fmt.Errorf("%w: no session bus: %w", ErrMissing, err)
	}
	if err := conn.Close(); err != nil {
		return fmt.Errorf("leave the session bus: %w", err)
	}
	service, err := secretservice.NewSecretService()
	if err != nil {
		return fmt.Errorf("%w: no session bus: %w", ErrMissing, err)
	}
	locked, err := service.GetLoginCollection().GetProperty("org.freedesktop.Secret.Collection.Locked")
	if err != nil {
		return err //nolint:wrapcheck // the vault says what for
	}
	if isLocked, ok := locked.Value().(bool); ok && isLocked {
		return ErrLocked
	}
	return nil
}

// systemMeaning knows the names of errors of the bus (https://dbus.freedesktop.org/doc/dbus-specification.html) and of
// the service (https://specifications.freedesktop.org/secret-service-spec/latest/errors.html).
func systemMeaning(err error) error {
	var said dbus.Error
	if !errors.As(err, &said) {
		return nil
	}
	switch said.Name {
	case "org.freedesktop.Secret.Error.IsLocked":
		return ErrLocked
	case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner",
		"org.freedesktop.DBus.Error.UnknownObject", "org.freedesktop.DBus.Error.UnknownMethod",
		"org.freedesktop.DBus.Error.UnknownInterface", "org.freedesktop.Secret.Error.NoSuchObject":
		return ErrMissing // no service, or one in which no keychain was ever made
	case "org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.Timeout", "org.freedesktop.DBus.Error.TimedOut":
		return ErrSlow
	}
	if strings.HasPrefix(said.Name, "org.freedesktop.DBus.Error.Spawn.") {
		return ErrMissing
	}
	return nil
}
