package vault_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"filippo.io/age/armor"

	"zsf/clients/vault"
	"zsf/clients/vault/private"
)

func openFile(t testing.TB, folder, passphrase string) vault.Vault {
	t.Helper()
	return openFileWith(t, vault.Options{Folder: folder, Passphrase: func(context.Context) (string, error) { return passphrase, nil }})
}

func openFileWith(t testing.TB, options vault.Options) vault.Vault {
	t.Helper()
	options.Want = vault.File
	opened, err := vault.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	return vault.Cheap(opened.Vault)
}

func fileIn(t *testing.T, folder string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "vault.age"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func putFile(t *testing.T, folder string, text []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, "vault.age"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTheFileGivesBackWhatItWasGiven(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "zsf")
	kept := openFile(t, folder, "correct horse")
	_, err := kept.Get(t.Context(), "a/zendesk")
	does(t, err, vault.ErrEmpty)
	does(t, kept.Delete(t.Context(), "a/zendesk"), vault.ErrEmpty)
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) || vault.FileExists(folder) {
		t.Errorf("looking made a folder: %v", err)
	}
	secrets := map[string][]byte{"a/zendesk": []byte("hunter2"), "a/salesforce": long(1, 100_000), "b/zendesk": {}}
	for name, secret := range secrets {
		does(t, kept.Set(t.Context(), name, secret), nil)
	}
	if !vault.FileExists(folder) || kept.Where() != filepath.Join(folder, "vault.age") {
		t.Errorf("the file is not at %s", kept.Where())
	}
	if text := fileIn(t, folder); bytes.Contains(text, []byte("hunter2")) || bytes.Contains(text, []byte("zendesk")) || bytes.Contains(text, []byte("AGE-SECRET-KEY")) {
		t.Error("the file can be read without the passphrase")
	}
	again := openFile(t, folder, "correct horse")
	for name, secret := range secrets {
		got, err := again.Get(t.Context(), name)
		if err != nil || !bytes.Equal(got, secret) {
			t.Errorf("%s: got %d bytes, %v", name, len(got), err)
		}
	}
	does(t, again.Delete(t.Context(), "a/zendesk"), nil)
	_, err = kept.Get(t.Context(), "a/zendesk")
	does(t, err, vault.ErrEmpty)
	does(t, vault.Ready(t.Context(), kept), nil)
}

func TestThePassphraseIsAskedForOnceAndNotBeforeItIsNeeded(t *testing.T) {
	folder, asked := t.TempDir(), 0
	options := vault.Options{Folder: folder, Passphrase: func(context.Context) (string, error) { asked++; return "pw", nil }}
	for round, want := range []int{1, 2} { // the file is made, the file is there
		kept := openFileWith(t, options)
		if round == 0 {
			_, err := kept.Get(t.Context(), "a/b")
			does(t, err, vault.ErrEmpty)
			if asked != 0 {
				t.Error("a passphrase was asked for, with nothing to open")
			}
		}
		does(t, kept.Set(t.Context(), "a/b", []byte("x")), nil)
		does(t, kept.Set(t.Context(), "a/c", []byte("y")), nil)
		_, err := kept.Get(t.Context(), "a/b")
		does(t, err, nil)
		if asked != want {
			t.Errorf("in round %d it was asked %d times", round+1, asked)
		}
	}
}

func TestWhereThePassphraseComesFrom(t *testing.T) {
	folder := t.TempDir()
	does(t, openFile(t, folder, "right").Set(t.Context(), "a/b", []byte("x")), nil)
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "passphrase")
		if err := os.WriteFile(path, []byte(text), 0o444); err != nil {
			t.Fatal(err)
		}
		return path
	}
	closed := errors.New("end of input")
	for name, row := range map[string]struct {
		environment map[string]string
		ask         func(context.Context) (string, error)
		want        error
	}{
		"the environment":         {map[string]string{"ZSF_VAULT_PASSPHRASE": "right"}, nil, nil},
		"a file":                  {map[string]string{"ZSF_VAULT_PASSPHRASE_FILE": file("right\r\n")}, nil, nil},
		"both":                    {map[string]string{"ZSF_VAULT_PASSPHRASE": "right", "ZSF_VAULT_PASSPHRASE_FILE": "/nowhere"}, nil, nil},
		"the environment first":   {map[string]string{"ZSF_VAULT_PASSPHRASE": "right"}, func(context.Context) (string, error) { return "wrong", nil }, nil},
		"a person":                {nil, func(context.Context) (string, error) { return "right", nil }, nil},
		"nobody":                  {nil, nil, vault.ErrNoPassphrase},
		"a person says nothing":   {nil, func(context.Context) (string, error) { return "", nil }, vault.ErrNoPassphrase},
		"a person is gone":        {nil, func(context.Context) (string, error) { return "", closed }, closed},
		"no file":                 {map[string]string{"ZSF_VAULT_PASSPHRASE_FILE": "/nowhere"}, nil, vault.ErrNoPassphrase},
		"an empty file":           {map[string]string{"ZSF_VAULT_PASSPHRASE_FILE": file("\n")}, nil, vault.ErrNoPassphrase},
		"wrong":                   {map[string]string{"ZSF_VAULT_PASSPHRASE": "hunter2"}, nil, vault.ErrWrongPassphrase},
		"wrong, with a space":     {map[string]string{"ZSF_VAULT_PASSPHRASE": "right "}, nil, vault.ErrWrongPassphrase},
		"wrong from a file":       {map[string]string{"ZSF_VAULT_PASSPHRASE_FILE": file("hunter2")}, nil, vault.ErrWrongPassphrase},
		"wrong, said by a person": {nil, func(context.Context) (string, error) { return "hunter2", nil }, vault.ErrWrongPassphrase},
	} {
		t.Run(name, func(t *testing.T) {
			before := fileIn(t, folder)
			kept := openFileWith(t, vault.Options{
				Folder: folder, Passphrase: row.ask, Getenv: func(name string) string { return row.environment[name] },
			})
			_, err := kept.Get(t.Context(), "a/b")
			does(t, err, row.want)
			if row.want == nil {
				return
			}
			setErr := kept.Set(t.Context(), "a/b", []byte("y"))
			does(t, setErr, row.want)
			if text := fmt.Sprint(err, setErr); strings.Contains(text, "hunter2") {
				t.Errorf("the passphrase is repeated: %s", text)
			}
			if !bytes.Equal(before, fileIn(t, folder)) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestAPersonMayTryThePassphraseAgain(t *testing.T) {
	folder := t.TempDir()
	does(t, openFile(t, folder, "right").Set(t.Context(), "a/b", []byte("x")), nil)
	said := []string{"wrong", "right"}
	kept := openFileWith(t, vault.Options{Folder: folder, Passphrase: func(context.Context) (string, error) {
		next := said[0]
		said = said[1:]
		return next, nil
	}})
	_, err := kept.Get(t.Context(), "a/b")
	does(t, err, vault.ErrWrongPassphrase)
	_, err = kept.Get(t.Context(), "a/b")
	does(t, err, nil)
}

func TestADamagedFileIsNeverTakenForAWrongPassphraseNorWrittenOver(t *testing.T) {
	folder := t.TempDir()
	does(t, openFile(t, folder, "pw").Set(t.Context(), "a/b", []byte("hunter2")), nil)
	whole := fileIn(t, folder)
	kept := openFile(t, folder, "pw") // never sees the whole file
	damaged := func(what string, text []byte) {
		t.Helper()
		putFile(t, folder, text)
		if _, err := kept.Get(t.Context(), "a/b"); !errors.Is(err, vault.ErrDamaged) || errors.Is(err, vault.ErrWrongPassphrase) {
			t.Errorf("%s: got %v", what, err)
		}
		if err := kept.Set(t.Context(), "a/b", []byte("x")); !errors.Is(err, vault.ErrDamaged) || !bytes.Equal(text, fileIn(t, folder)) {
			t.Errorf("%s: written over: %v", what, err)
		}
	}
	version := len("zsf vault ")
	for at := 0; at < len(whole); at += 3 {
		if at != version {
			text := bytes.Clone(whole)
			text[at] ^= 1
			damaged(fmt.Sprintf("byte %d", at), text)
		}
	}
	for size := 0; size < len(whole); size += 50 {
		damaged(fmt.Sprintf("cut to %d bytes", size), whole[:size])
	}
	damaged("something after the end", append(bytes.Clone(whole), '\n'))
	putFile(t, folder, bytes.Replace(whole, []byte("vault 1,"), []byte("vault 2,"), 1))
	if _, err := kept.Get(t.Context(), "a/b"); err == nil || errors.Is(err, vault.ErrDamaged) || !strings.Contains(err.Error(), "newer") {
		t.Errorf("a newer file: got %v", err)
	}
	putFile(t, folder, whole)
	_, err := kept.Get(t.Context(), "a/b")
	does(t, err, nil)
}

func TestSecretsThatAnotherKeyEncryptedAreRefused(t *testing.T) {
	mine, theirs := t.TempDir(), t.TempDir()
	does(t, openFile(t, mine, "pw").Set(t.Context(), "a/b", []byte("mine")), nil)
	does(t, openFile(t, theirs, "other").Set(t.Context(), "a/b", []byte("forged")), nil)
	const end = "-----END AGE ENCRYPTED FILE-----\n"
	half := func(folder string, which int) string {
		_, rest, _ := strings.Cut(string(fileIn(t, folder)), "\n")
		return strings.SplitAfter(rest, end)[which]
	}
	rest := half(mine, 0) + half(theirs, 1)
	putFile(t, mine, fmt.Appendf(nil, "zsf vault 1, sha256 %x\n%s", sha256.Sum256([]byte(rest)), rest))
	got, err := openFile(t, mine, "pw").Get(t.Context(), "a/b")
	if !errors.Is(err, vault.ErrDamaged) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAFileThatWasMadeAnewIsOpenedAnew(t *testing.T) {
	folder := t.TempDir()
	kept := openFile(t, folder, "pw")
	does(t, kept.Set(t.Context(), "a/b", []byte("old")), nil)
	if err := os.Remove(filepath.Join(folder, "vault.age")); err != nil {
		t.Fatal(err)
	}
	does(t, openFile(t, folder, "pw").Set(t.Context(), "a/b", []byte("new")), nil)
	got, err := kept.Get(t.Context(), "a/b")
	if err != nil || string(got) != "new" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestTheFileIsItsOwnersAlone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "zsf")
	kept := openFile(t, folder, "pw")
	for range 2 { // as it is made, and after somebody has opened it
		does(t, kept.Set(t.Context(), "a/b", []byte("x")), nil)
		entries, err := os.ReadDir(folder)
		if err != nil || len(entries) != 2 { // the file and its lock
			t.Fatalf("%v, %v", entries, err)
		}
		modes := map[string]os.FileMode{folder: 0o700}
		for _, entry := range entries {
			modes[filepath.Join(folder, entry.Name())] = 0o600
		}
		for path, want := range modes {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != want {
				t.Errorf("%s has mode %v, want %v", path, info.Mode().Perm(), want)
			}
		}
		if err := errors.Join(os.Chmod(folder, 0o755), os.Chmod(filepath.Join(folder, "vault.age"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsPlantedInPlaceOfAFileIsRefused(t *testing.T) {
	for name, plant := range map[string]func(folder, elsewhere string) error{
		"a link to a file":  func(folder, elsewhere string) error { return os.Symlink(elsewhere, filepath.Join(folder, "vault.age")) },
		"a link to nothing": func(folder, _ string) error { return os.Symlink("/nowhere/x", filepath.Join(folder, "vault.age")) },
		"a link in the folder": func(folder, _ string) error {
			return errors.Join(os.WriteFile(filepath.Join(folder, "x"), nil, 0o600), os.Symlink("x", filepath.Join(folder, "vault.age")))
		},
		"a link as the lock": func(folder, elsewhere string) error {
			return os.Symlink(elsewhere, filepath.Join(folder, "vault.age.lock"))
		},
		"a link as the folder": func(folder, elsewhere string) error {
			return errors.Join(os.Remove(folder), os.Symlink(filepath.Dir(elsewhere), folder))
		},
		"a file as the folder": func(folder, _ string) error { return errors.Join(os.Remove(folder), os.WriteFile(folder, nil, 0o600)) },
		"a folder":             func(folder, _ string) error { return os.Mkdir(filepath.Join(folder, "vault.age"), 0o700) },
		"a file that everybody may write to": func(folder, _ string) error {
			path := filepath.Join(folder, "vault.age")
			return errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, 0o666))
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder, elsewhere := filepath.Join(t.TempDir(), "zsf"), filepath.Join(t.TempDir(), "elsewhere")
			if err := errors.Join(os.Mkdir(folder, 0o700), os.WriteFile(elsewhere, []byte("theirs"), 0o600)); err != nil {
				t.Fatal(err)
			}
			if err := plant(folder, elsewhere); err != nil {
				t.Fatal(err)
			}
			if err := openFile(t, folder, "pw").Set(t.Context(), "a/b", []byte("x")); err == nil || !errors.Is(err, private.ErrUnsafe) && name != "a file as the folder" {
				t.Errorf("got %v, want ErrUnsafe", err)
			}
			if text, err := os.ReadFile(elsewhere); err != nil || string(text) != "theirs" {
				t.Errorf("the file elsewhere is now %q, %v", text, err)
			}
			if entries, err := os.ReadDir(filepath.Dir(elsewhere)); err != nil || len(entries) != 1 {
				t.Errorf("elsewhere is now %v, %v", entries, err)
			}
		})
	}
}

func TestALinkBesideTheFileIsNotWrittenThrough(t *testing.T) {
	folder, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "elsewhere")
	if err := errors.Join(os.WriteFile(elsewhere, []byte("theirs"), 0o600), os.Symlink(elsewhere, filepath.Join(folder, ".vault.age.new"))); err != nil {
		t.Fatal(err)
	}
	does(t, openFile(t, folder, "pw").Set(t.Context(), "a/b", []byte("x")), nil)
	if text, err := os.ReadFile(elsewhere); err != nil || string(text) != "theirs" {
		t.Errorf("the file elsewhere is now %q, %v", text, err)
	}
}

func TestALockIsHeldByOneAtATime(t *testing.T) {
	folder := t.TempDir()
	unlock, err := vault.Lock(t.Context(), folder, "../a/zendesk")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	waiting := make(chan error)
	go func() {
		_, err := vault.Lock(ctx, folder, "../a/zendesk")
		waiting <- err
	}()
	other, err := vault.Lock(t.Context(), folder, "../b/zendesk") // another name is another lock
	if err != nil {
		t.Fatal(err)
	}
	changedMyMind := errors.New("changed my mind")
	cancel(changedMyMind)
	does(t, <-waiting, changedMyMind)
	does(t, errors.Join(other(), unlock(), unlock()), nil)
	unlock, err = vault.Lock(t.Context(), folder, "../a/zendesk")
	if err != nil {
		t.Fatal(err)
	}
	does(t, unlock(), nil)
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 2 {
		t.Errorf("the locks are not in their folder: %v, %v", entries, err)
	}
}

func TestThePassphraseIsCostlyToGuess(t *testing.T) {
	folder := t.TempDir()
	opened, err := vault.Open(t.Context(), vault.Options{
		Want: vault.File, Folder: folder, Passphrase: func(context.Context) (string, error) { return "pw", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	does(t, opened.Set(t.Context(), "a/b", []byte("x")), nil)
	_, sealed, _ := strings.Cut(string(fileIn(t, folder)), "\n")
	header, err := io.ReadAll(io.LimitReader(armor.NewReader(strings.NewReader(sealed)), 80))
	if err != nil || !regexp.MustCompile(`^age-encryption\.org/v1\n-> scrypt \S+ 16\n`).Match(header) {
		t.Errorf("the key is under %q, %v", header, err)
	}
}

func BenchmarkFileFirstGet(b *testing.B) {
	folder := b.TempDir()
	getenv := func(string) string { return "pw" }
	opened, err := vault.Open(b.Context(), vault.Options{Want: vault.File, Folder: folder, Getenv: getenv})
	if err == nil {
		err = opened.Set(b.Context(), "a/b", []byte("x"))
	}
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := openFile(b, folder, "pw").Get(b.Context(), "a/b"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFileSet(b *testing.B) {
	kept := openFile(b, b.TempDir(), "pw")
	for b.Loop() {
		if err := kept.Set(b.Context(), "a/b", []byte("x")); err != nil {
			b.Fatal(err)
		}
	}
}
