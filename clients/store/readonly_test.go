//go:build unix

package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"zsf/clients/store"
)

// nobody is a user who may do nothing in particular.
const nobody = 65534

func init() { children["read-only"] = childMayOnlyRead }

// childMayOnlyRead says what comes of a journal in a folder where nothing may be written.
func childMayOnlyRead(kept store.Store, _ []string) error {
	if os.Geteuid() == 0 { // to whom every folder is open
		if err := syscall.Setuid(nobody); err != nil {
			return err
		}
	}
	_, err := kept.Journal(context.Background())
	var failed *store.Error
	if !errors.As(err, &failed) {
		return fmt.Errorf("got %w", err)
	}
	fmt.Println(failed.Problem)
	return nil
}

func TestAFolderThatMayOnlyBeReadIsSaid(t *testing.T) {
	for name, with := range map[string]bool{"without a database": false, "with a database": true} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if with {
				databaseFile(t, folder)
			} else if err := os.Mkdir(filepath.Join(folder, "zsf"), 0o700); err != nil {
				t.Fatal(err)
			}
			inside := filepath.Join(folder, "zsf")
			if os.Geteuid() == 0 {
				for _, path := range []string{inside, filepath.Join(inside, "journal.db")} {
					if err := os.Chown(path, nobody, nobody); err != nil && !errors.Is(err, os.ErrNotExist) {
						t.Fatal(err)
					}
				}
				for above := folder; above != os.TempDir() && above != "/"; above = filepath.Dir(above) {
					if err := os.Chmod(above, 0o755); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := os.Chmod(inside, 0o500); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(inside, 0o700) })
			said, err := asChild(t, folder, "read-only").Output()
			if err != nil || string(said) != "read-only\n" {
				t.Errorf("%q %v", said, err)
			}
		})
	}
}
