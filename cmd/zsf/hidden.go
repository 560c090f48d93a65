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
	in := os.Stdin.Fd()
	before, err := term.GetState(in)
	if err != nil {
		return "", fmt.Errorf("hide what is typed: %w", err)
	}
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(in)
		read <- line{text, err}
	}()
	select {
	case got := <-read:
		return string(got.text), got.err
	case <-ctx.Done():
		_ = term.Restore(in, before)
		return "", ctx.Err() //nolint:wrapcheck // it is told by errors.Is
	}
}
