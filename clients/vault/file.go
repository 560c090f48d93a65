// The vault in an encrypted file: two age files in one, the key under the passphrase, the secrets under the key.

package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"zsf/clients/vault/private"
)

const (
	fileName = "vault.age"
	// fileLimit is far above what the tokens of a hundred profiles need.
	fileLimit = 4 << 20
	// workFactor is scrypt's cost, 2^16: 64 MiB of memory and about a fifth of a second, once a process.
	workFactor = 16
	// maxWorkFactor keeps a file that another program wrote from taking the machine: 2^20 is about four seconds.
	maxWorkFactor = 20
)

// A file asks for the passphrase, and pays scrypt's price, once: the key that the passphrase opened stays in
// memory, for as long as the file on disk is under the same one.
type file struct {
	folder string
	ask    func(context.Context) (string, error)
	getenv func(string) string
	turn   chan struct{}       // held while the fields below are used
	key    *age.X25519Identity // nil until the passphrase was right
	sealed []byte              // the key under its passphrase, as on disk
	work   int                 // scrypt's cost of a new file
}

func newFile(o Options) *file {
	return &file{folder: o.Folder, ask: o.Passphrase, getenv: o.Getenv, turn: make(chan struct{}, 1), work: workFactor}
}

func (f *file) Kind() Kind { return File }

func (f *file) Where() string { return filepath.Join(f.folder, fileName) }

func (f *file) Get(ctx context.Context, name string) ([]byte, error) {
	var secret []byte
	err := f.use(ctx, name, "get %s from %s: %w", func(phrase passphrase) error {
		kept, err := f.read(ctx, phrase)
		defer wipe(kept)
		if err != nil {
			return err
		}
		found, ok := kept[name]
		if !ok {
			return ErrEmpty
		}
		secret = bytes.Clone(found)
		return nil
	})
	return secret, err
}

func (f *file) Set(ctx context.Context, name string, secret []byte) error {
	return f.use(ctx, name, "keep %s in %s: %w", func(phrase passphrase) error {
		return f.change(ctx, phrase, func(kept secrets) error {
			clear(kept[name])
			kept[name] = bytes.Clone(secret)
			return nil
		})
	})
}

func (f *file) Delete(ctx context.Context, name string) error {
	return f.use(ctx, name, "delete %s from %s: %w", func(phrase passphrase) error {
		if !FileExists(f.folder) {
			return ErrEmpty
		}
		return f.change(ctx, phrase, func(kept secrets) error {
			if _, ok := kept[name]; !ok {
				return ErrEmpty
			}
			clear(kept[name])
			delete(kept, name)
			return nil
		})
	})
}

// use does one thing with the file at a time, with a passphrase that is asked for at most once.
func (f *file) use(ctx context.Context, name, format string, do func(passphrase) error) error {
	if err := checkName(name); err != nil {
		return err
	}
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-ctx.Done():
		return fmt.Errorf(format, name, f.Where(), context.Cause(ctx))
	}
	var given string
	phrase := func() (string, error) {
		if given != "" {
			return given, nil
		}
		var err error
		given, err = f.passphrase(ctx)
		return given, err
	}
	if err := do(phrase); err != nil {
		return fmt.Errorf(format, name, f.Where(), err)
	}
	return nil
}

// change reads the file, changes what it holds, and writes it, under the lock of all processes.
func (f *file) change(ctx context.Context, phrase passphrase, edit func(secrets) error) (err error) {
	// A person is asked, and scrypt paid, before the lock is taken: nobody else should have to wait for it.
	ahead, err := f.read(ctx, phrase)
	wipe(ahead)
	if err != nil {
		return err
	}
	if f.key == nil {
		if _, err := phrase(); err != nil {
			return err
		}
	}
	unlock, err := Lock(ctx, f.folder, fileName)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	kept, err := f.read(ctx, phrase)
	defer func() { wipe(kept) }()
	if err != nil {
		return err
	}
	if err := edit(kept); err != nil {
		return err
	}
	return f.write(kept, phrase)
}

// read returns what the file holds; nothing when there is none.
func (f *file) read(ctx context.Context, phrase passphrase) (secrets, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err //nolint:wrapcheck // use says what for
	}
	text, err := private.Read(f.folder, fileName, fileLimit)
	if errors.Is(err, fs.ErrNotExist) {
		f.key, f.sealed = nil, nil
		return secrets{}, nil
	}
	if err != nil {
		return nil, err
	}
	sealed, body, err := parseFile(text)
	if err != nil {
		return nil, err
	}
	if f.key == nil || !bytes.Equal(sealed, f.sealed) {
		if err := f.unseal(sealed, phrase); err != nil {
			return nil, err
		}
	}
	return openBody(body, f.key)
}

func (f *file) write(kept secrets, phrase passphrase) error {
	if f.key == nil {
		if err := f.seal(phrase); err != nil {
			return err
		}
	}
	body, err := closeBody(kept, f.key.Recipient())
	if err != nil {
		return err
	}
	return private.Write(f.folder, fileName, formatFile(f.sealed, body))
}

// seal makes a new key and puts it under the passphrase.
func (f *file) seal(phrase passphrase) error {
	words, err := phrase()
	if err != nil {
		return err
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	recipient, err := age.NewScryptRecipient(words)
	if err != nil {
		return fmt.Errorf("put the key under the passphrase: %w", err)
	}
	recipient.SetWorkFactor(f.work)
	plain := []byte(key.String())
	defer clear(plain)
	sealed, err := encrypt(plain, recipient)
	if err != nil {
		return err
	}
	f.key, f.sealed = key, sealed
	return nil
}

// unseal opens the key with the passphrase.
func (f *file) unseal(sealed []byte, phrase passphrase) error {
	words, err := phrase()
	if err != nil {
		return err
	}
	identity, err := age.NewScryptIdentity(words)
	if err != nil {
		return fmt.Errorf("open the key with the passphrase: %w", err)
	}
	identity.SetMaxWorkFactor(maxWorkFactor)
	plain, err := decrypt(sealed, identity)
	defer clear(plain)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return ErrWrongPassphrase
	}
	if err != nil {
		return err
	}
	key, err := age.ParseX25519Identity(string(plain))
	if err != nil {
		return ErrDamaged // age's own words would repeat the key
	}
	f.key, f.sealed = key, bytes.Clone(sealed)
	return nil
}

// secrets are what the file holds, by name.
type secrets map[string][]byte

func wipe(kept secrets) {
	for _, secret := range kept {
		clear(secret)
	}
}

// document is what is encrypted.
type document struct {
	Schema  int     `json:"schema"`
	Secrets secrets `json:"secrets"`
}

func closeBody(kept secrets, recipient age.Recipient) ([]byte, error) {
	plain, err := json.Marshal(document{Schema: 1, Secrets: kept})
	if err != nil {
		return nil, errors.New("the secrets cannot be written down")
	}
	defer clear(plain)
	return encrypt(plain, recipient)
}

func openBody(body []byte, key age.Identity) (secrets, error) {
	plain, err := decrypt(body, key)
	defer clear(plain)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return nil, ErrDamaged // the passphrase was right: it opened the key
	}
	if err != nil {
		return nil, err
	}
	var held document
	if err := json.Unmarshal(plain, &held); err != nil {
		return nil, ErrDamaged // the parser's own words may repeat a secret
	}
	if held.Schema != 1 {
		return nil, fmt.Errorf("a newer zsf wrote it, in schema %d", held.Schema)
	}
	if held.Secrets == nil {
		held.Secrets = secrets{}
	}
	return held.Secrets, nil
}

func encrypt(plain []byte, recipient age.Recipient) ([]byte, error) {
	var text bytes.Buffer
	letters := armor.NewWriter(&text)
	body, err := age.Encrypt(letters, recipient)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	if _, err := body.Write(plain); err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	if err := errors.Join(body.Close(), letters.Close()); err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return text.Bytes(), nil
}

// decrypt has age.ErrIncorrectIdentity for a wrong key, and ErrDamaged for what is no age file.
func decrypt(text []byte, key age.Identity) ([]byte, error) {
	body, err := age.Decrypt(armor.NewReader(bytes.NewReader(text)), key)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return nil, age.ErrIncorrectIdentity
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	plain, err := io.ReadAll(body)
	if err != nil {
		clear(plain)
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return plain, nil
}

const (
	fileMark = "zsf vault 1, sha256 "
	ageEnd   = armor.Footer + "\n"
)

// formatFile puts the two age files into one, under a line with their sum: without it, a damaged file and
// a wrong passphrase look the same. Each of the two can be cut out and opened with the age command.
func formatFile(sealed, body []byte) []byte {
	rest := append(bytes.Clone(sealed), body...)
	sum := sha256.Sum256(rest)
	return append([]byte(fileMark+hex.EncodeToString(sum[:])+"\n"), rest...)
}

func parseFile(text []byte) (sealed, body []byte, err error) {
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	said, marked := strings.CutPrefix(string(line), fileMark)
	if !marked && bytes.HasPrefix(line, []byte("zsf vault ")) && !bytes.HasPrefix(line, []byte("zsf vault 1,")) {
		return nil, nil, errors.New("a newer zsf wrote it")
	}
	sum := sha256.Sum256(rest)
	end := bytes.Index(rest, []byte(ageEnd))
	if !marked || said != hex.EncodeToString(sum[:]) || end < 0 {
		return nil, nil, ErrDamaged
	}
	end += len(ageEnd)
	return rest[:end], rest[end:], nil
}
