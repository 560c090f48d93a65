// Work that a screen asks for: it runs outside Update, and its answer comes back under the request's number.

package parts

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	tea "charm.land/bubbletea/v2"
)

// A Call names a request: the screen that asked, and the how manieth of its requests it was.
type Call struct {
	Screen string
	Number int
}

// A Reply is the answer to a Call. A screen drops it when it waits for another number.
type Reply struct {
	Call
	Message tea.Msg
}

// Failed is the message of work that went wrong.
type Failed struct{ Err error }

// Do makes work a command. What it returns comes as a Reply, unless it is nil; a panic comes as Failed.
func Do(call Call, work func() tea.Msg) tea.Cmd {
	return func() (answer tea.Msg) {
		defer func() {
			if cause := recover(); cause != nil {
				answer = Reply{Call: call, Message: Failed{Err: Crashed(cause)}}
			}
		}()
		if message := work(); message != nil {
			return Reply{Call: call, Message: message}
		}
		return nil
	}
}

// ErrCrashed is the error of code that panicked.
var ErrCrashed = errors.New("zsf made a mistake")

// A CrashError keeps what code panicked with, and where.
type CrashError struct {
	Cause any
	Stack string
}

func (e *CrashError) Error() string { return fmt.Sprintf("%s: %v", ErrCrashed, e.Cause) }
func (e *CrashError) Unwrap() error { return ErrCrashed }

// Crashed makes an error of what recover returned; it is called from the deferred function that recovered.
func Crashed(cause any) error { return &CrashError{Cause: cause, Stack: string(debug.Stack())} }

// A Clock tells the time and waits.
type Clock struct {
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
}

// SystemClock is the machine's own.
func SystemClock() Clock { return Clock{Now: time.Now, After: time.After} }

// Wait is a command that answers with message after a while, unless ctx ends before.
func (c Clock) Wait(ctx context.Context, call Call, pause time.Duration, message tea.Msg) tea.Cmd {
	after := c.After
	return Do(call, func() tea.Msg {
		select {
		case <-after(pause):
			return message
		case <-ctx.Done():
			return nil
		}
	})
}
