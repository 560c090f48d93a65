//go:build !unix

// Where a file's mode says nothing of who may use it: there the person's own folder protects it.

package doctor

import "io/fs"

func own(fs.FileInfo) bool { return true }

func writable(string) bool { return true }
