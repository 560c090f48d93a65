//go:build !unix

package main

import (
	"os"

	"github.com/charmbracelet/x/term"
)

// readUnseen reads a line that the terminal does not show.
func readUnseen(in *os.File) (string, error) {
	line, err := term.ReadPassword(in.Fd())
	return string(line), err
}
