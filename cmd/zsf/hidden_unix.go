//go:build unix

package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"
)

// readUnseen reads a line that the terminal does not show; io.EOF where Ctrl+D says that none comes, for
// which the library's own reader waits on.
func readUnseen(in *os.File) (string, error) {
	before, err := term.GetState(in.Fd())
	if err != nil {
		return "", fmt.Errorf("hide what is typed: %w", err)
	}
	unseen := *before
	unseen.Lflag &^= unix.ECHO
	unseen.Lflag |= unix.ICANON | unix.ISIG
	unseen.Iflag |= unix.ICRNL
	if err := term.SetState(in.Fd(), &unseen); err != nil {
		return "", fmt.Errorf("hide what is typed: %w", err)
	}
	defer func() { _ = term.Restore(in.Fd(), before) }()
	var line strings.Builder
	for one := make([]byte, 1); ; {
		if _, err := in.Read(one); err != nil {
			return "", err //nolint:wrapcheck // io.EOF is told apart
		}
		if one[0] == '\n' {
			return line.String(), nil
		}
		line.WriteByte(one[0])
	}
}
