//go:build !unix

// Elsewhere SQLite's own codes have to do.

package store

func isReadOnly(error) bool { return false }

func isFull(error) bool { return false }
