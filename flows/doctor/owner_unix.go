//go:build unix

// What a Unix knows of a file's owner and rights.

package doctor

import (
	"io/fs"
	"os"
	"syscall"
)

func own(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) == os.Geteuid()
}

// writable asks the system, without writing: 3 is to write and to search (access(2)).
func writable(folder string) bool { return syscall.Access(folder, 3) == nil }
