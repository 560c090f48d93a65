// Package private keeps files for their owner alone: 0600 in a 0700 folder, written whole or not at
// all, never through a symbolic link, and one process at a time.
package private

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// ErrUnsafe says that a file or folder is not one that only its owner could have put there: it is a
// symbolic link, not a plain file, another user's, or one that everybody may write to.
var ErrUnsafe = errors.New("it is not safe to use")

// Read returns a file whole; fs.ErrNotExist when there is none, ErrUnsafe, or an error when it is
// longer than limit bytes.
func Read(folder, name string, limit int64) ([]byte, error) {
	root, err := open(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	path := filepath.Join(folder, name)
	before, err := plainFile(root, name, path)
	if err != nil {
		return nil, err
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if !os.SameFile(before, info) {
		return nil, fmt.Errorf("%s was exchanged while it was opened: %w", path, ErrUnsafe)
	}
	if info.Mode().Perm()&0o077 != 0 {
		_ = file.Chmod(0o600) // a file that cannot be closed to others can still be read
	}
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%s is longer than %d bytes", path, limit)
	}
	return text, nil
}

// Write replaces a file, whole or not at all. The caller holds a Lock, so that no two write at once.
func Write(folder, name string, text []byte) error {
	root, err := create(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	path := filepath.Join(folder, name)
	if _, err := plainFile(root, name, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := replace(root, name, text); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// Remove drops a file, where there is one. The caller holds a Lock.
func Remove(folder, name string) error {
	root, err := open(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", filepath.Join(folder, name), err)
	}
	syncFolder(root)
	return nil
}

// retryLock is how often a lock that another holds is tried again.
const retryLock = 10 * time.Millisecond

// Lock waits until no other process, and nobody else in this one, holds the name's lock in that folder,
// or until ctx ends. A process that is killed lets go of its locks.
func Lock(ctx context.Context, folder, name string) (unlock func() error, err error) {
	lock, path, err := lockFile(folder, name)
	if err != nil {
		return nil, err
	}
	if _, err := lock.TryLockContext(ctx, retryLock); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("waiting for another zsf that holds %s: %w", path, context.Cause(ctx))
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return unlocking(lock, path), nil
}

// ErrLocked says that another holds the lock.
var ErrLocked = errors.New("another holds it")

// TryLock takes the same lock as Lock, or fails at once with ErrLocked.
func TryLock(folder, name string) (unlock func() error, err error) {
	lock, path, err := lockFile(folder, name)
	if err != nil {
		return nil, err
	}
	switch got, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("lock %s: %w", path, err)
	case !got:
		return nil, fmt.Errorf("lock %s: %w", path, ErrLocked)
	}
	return unlocking(lock, path), nil
}

func lockFile(folder, name string) (lock *flock.Flock, path string, err error) {
	root, err := create(folder)
	if err != nil {
		return nil, "", err
	}
	defer root.Close()
	file := url.PathEscape(name) + ".lock"
	path = filepath.Join(folder, file)
	if _, err := plainFile(root, file, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, "", err
	}
	return flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR|noFollow), flock.SetPermissions(0o600)), path, nil
}

func unlocking(lock *flock.Flock, path string) func() error {
	return func() error {
		if err := lock.Unlock(); err != nil {
			return fmt.Errorf("unlock %s: %w", path, err)
		}
		return nil
	}
}

// Ensure makes the folder and an empty file in it where they are missing, closes both to others, and says
// where the file is, for a program that opens it by its path.
func Ensure(folder, name string) (path string, err error) {
	root, err := create(folder)
	if err != nil {
		return "", err
	}
	defer root.Close()
	path = filepath.Join(folder, name)
	switch info, err := plainFile(root, name, path); {
	case err == nil && info.Mode().Perm()&0o077 != 0:
		if err := root.Chmod(name, 0o600); err != nil {
			return "", fmt.Errorf("close %s to others: %w", path, err)
		}
		return path, nil
	case err == nil:
		return path, nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	file, err := root.OpenFile(name, os.O_CREATE|os.O_RDWR|noFollow, 0o600)
	if err != nil {
		return "", fmt.Errorf("make %s: %w", path, err)
	}
	syncFolder(root)
	if err := file.Close(); err != nil {
		return "", fmt.Errorf("make %s: %w", path, err)
	}
	return path, nil
}

// create opens the folder for writing into it: it is made where it is missing, and closed to others.
func create(folder string) (*os.Root, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder %s: %w", folder, err)
	}
	root, err := open(folder)
	if err != nil {
		return nil, err
	}
	info, err := root.Stat(".")
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = root.Chmod(".", 0o700)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("close the folder %s to others: %w", folder, err), root.Close())
	}
	return root, nil
}

func open(folder string) (*os.Root, error) {
	before, err := os.Lstat(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder %s: %w", folder, err)
	}
	switch {
	case before.Mode()&fs.ModeSymlink != 0:
		return nil, fmt.Errorf("the folder %s is a symbolic link: %w", folder, ErrUnsafe)
	case !before.IsDir():
		return nil, fmt.Errorf("%s is not a folder: %w", folder, ErrUnsafe)
	case !ours(before):
		return nil, fmt.Errorf("the folder %s belongs to another user: %w", folder, ErrUnsafe)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder %s: %w", folder, err)
	}
	info, err := root.Stat(".")
	if err == nil && !os.SameFile(before, info) {
		err = fmt.Errorf("it was exchanged while it was opened: %w", ErrUnsafe)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the folder %s: %w", folder, err), root.Close())
	}
	return root, nil
}

func plainFile(root *os.Root, name, path string) (fs.FileInfo, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, fmt.Errorf("look at %s: %w", path, err)
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, fmt.Errorf("%s is a symbolic link: %w", path, ErrUnsafe)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a plain file: %w", path, ErrUnsafe)
	case !ours(info):
		return nil, fmt.Errorf("%s belongs to another user: %w", path, ErrUnsafe)
	case everybodyWrites(info):
		return nil, fmt.Errorf("everybody may write to %s (chmod 600 it, once you trust what it says): %w", path, ErrUnsafe)
	}
	return info, nil
}

// replace writes beside the file and renames. What a process that was killed left beside it goes.
func replace(root *os.Root, name string, text []byte) (err error) {
	beside := "." + name + ".new"
	if err := root.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err //nolint:wrapcheck // the caller says what for
	}
	file, err := root.OpenFile(beside, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err //nolint:wrapcheck // the caller says what for
	}
	defer func() {
		if err != nil {
			_ = root.Remove(beside)
		}
	}()
	if _, err := file.Write(text); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := root.Rename(beside, name); err != nil {
		return err //nolint:wrapcheck // the caller says what for
	}
	syncFolder(root)
	return nil
}

// syncFolder makes the new name outlast a loss of power, on the systems that can.
func syncFolder(root *os.Root) {
	if folder, err := root.Open("."); err == nil {
		_ = folder.Sync()
		_ = folder.Close()
	}
}
