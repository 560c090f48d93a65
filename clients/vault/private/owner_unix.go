//go:build unix

// What a Unix knows of a file's owner, and of links.

package private

import (
	"io/fs"
	"os"
	"syscall"
)

// noFollow makes opening a symbolic link an error.
const noFollow = syscall.O_NOFOLLOW

// ours tells whether the file is this user's, or of the one who may do everything anyway.
func ours(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && (stat.Uid == 0 || int(stat.Uid) == os.Geteuid())
}

func everybodyWrites(info fs.FileInfo) bool { return info.Mode().Perm()&0o002 != 0 }
