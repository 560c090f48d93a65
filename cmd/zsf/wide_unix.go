//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"

	"zsf/flows/doctor"
)

// wideLimit is how long a terminal has to answer: one that is far away needs its time.
const wideLimit = 2 * time.Second

// measureWide asks the terminal itself how many cells a wide character takes. What it answers is read whole,
// and the line is left as it was.
func measureWide(ctx context.Context, in uintptr, out io.Writer) (cells int, err error) {
	before, err := term.GetState(in)
	if err != nil {
		return 0, fmt.Errorf("look at the terminal: %w", err)
	}
	asking := *before
	asking.Lflag &^= unix.ECHO | unix.ICANON // an answer is no line, and is not to be seen; Ctrl+C still interrupts
	asking.Cc[unix.VMIN], asking.Cc[unix.VTIME] = 0, 1
	if err := term.SetState(in, &asking); err != nil {
		return 0, fmt.Errorf("ask the terminal: %w", err)
	}
	defer func() {
		_, gone := io.WriteString(out, wideGone)
		err = errors.Join(err, gone, term.Restore(in, before))
	}()
	if _, err := io.WriteString(out, wideProbe); err != nil {
		return 0, fmt.Errorf("ask the terminal: %w", err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, wideLimit, doctor.ErrNoReply)
	defer cancel()
	var reply []byte
	for ctx.Err() == nil {
		some := make([]byte, 64)
		count, err := unix.Read(int(in), some)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EAGAIN):
			_ = sleep(ctx, 10*time.Millisecond)
			continue
		case err != nil:
			return 0, fmt.Errorf("read the terminal's answer: %w", err)
		}
		reply = append(reply, some[:max(count, 0)]...)
		if cells, ok := cellsIn(reply); ok {
			return cells, nil
		}
	}
	return 0, context.Cause(ctx) //nolint:wrapcheck // the doctor tells it by errors.Is
}
