package main

import (
	"context"
	"fmt"
	"os"

	"github.com/charmbracelet/x/term"
)

// readHidden reads a line of the terminal that is not shown. A signal ends it, and the terminal shows again
// what is typed: the read itself waits for a whole line, whatever happens.
func readHidden(ctx context.Context) (string, error) {
	before, err := term.GetState(os.Stdin.Fd())
	if err != nil {
		return "", fmt.Errorf("hide what is typed: %w", err)
	}
	type line struct {
		text string
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := readUnseen(os.Stdin)
		read <- line{text, err}
	}()
	select {
	case got := <-read:
		return got.text, got.err
	case <-ctx.Done():
		_ = term.Restore(os.Stdin.Fd(), before)
		return "", ctx.Err() //nolint:wrapcheck // it is told by errors.Is
	}
}
