//go:build !((dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd || darwin || windows)

// A system whose keychain the library does not know: it has the file only.

package vault

// KeychainName is what the system calls its keychain.
const KeychainName = "none on this system"

func systemMeaning(error) error { return nil }
