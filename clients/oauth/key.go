// Reads the private key that signs unattended sign-ins to Salesforce.

package oauth

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrLockedKey is the error of a key file that is encrypted: nobody is there to type its passphrase.
var ErrLockedKey = errors.New("the key file is encrypted; an unattended sign-in needs one that is not")

const maxKey = 64 << 10

// ReadKey reads an RSA key from a PEM file, PKCS #1 or #8. Its errors quote nothing of the file.
func ReadKey(path string) (crypto.Signer, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxKey))
	defer clear(text)
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
			return nil, fmt.Errorf("%s: %w", path, ErrLockedKey)
		case block.Type == "RSA PRIVATE KEY":
			if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
				return key, nil
			}
		case block.Type == "PRIVATE KEY":
			if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
				if signer, ok := key.(*rsa.PrivateKey); ok {
					return signer, nil
				}
			}
		}
	}
	return nil, fmt.Errorf("%s: %w", path, ErrBadKey)
}
