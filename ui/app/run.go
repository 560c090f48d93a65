// Runs the app on a terminal, and leaves the terminal as it was, whatever ends it.

package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/ui/parts"
)

// A Result is what was known when the app ended.
type Result struct {
	Report      flow.Report // what the profile's last look found; partly, where it did not come to its end
	Whole       bool        // a look came to its end
	Next        flow.ID     // the step at which the wizard goes on; empty where it showed none
	Written     string      // what became of what was written, where the app was that screen alone; empty: nothing was sent
	Kept        bool        // likewise: it is kept as a draft
	Interrupted bool        // by Ctrl+C
	Signal      os.Signal   // that ended the app; nil when a person did
}

// framesPerSecond is the highest that Bubble Tea draws: a key is answered 9 ms earlier than at 60.
const framesPerSecond = 120

// Run shows the app until a person or a signal ends it, or ctx does; then the error is ctx's.
// Another error means that the terminal could not be used, or a mistake of zsf (parts.ErrCrashed).
// further are options for tests.
func Run(ctx context.Context, options Options, further ...tea.ProgramOption) (Result, error) {
	if options.Clock.Now == nil {
		options.Clock = parts.SystemClock()
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	root := newModel(inner, options)
	program := tea.NewProgram(root, append([]tea.ProgramOption{
		tea.WithContext(ctx), tea.WithFPS(framesPerSecond), tea.WithoutSignalHandler(),
	}, further...)...)
	root.kill = func(err error) { go program.Send(crashed{err}) }

	// Bubble Tea leaves the terminal raw on SIGHUP, so all three are handled here.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM, os.Interrupt)
	defer signal.Stop(signals)
	go func() {
		select {
		case got := <-signals:
			program.Send(signalled{got})
		case <-inner.Done():
		}
	}()

	_, err := program.Run()
	root.keepReport()
	switch {
	case root.err != nil:
		return root.result, root.err
	case ctx.Err() != nil:
		return root.result, fmt.Errorf("ended: %w", ctx.Err())
	case root.result.Signal != nil:
		return root.result, nil // the terminal may be gone, so that nothing could be drawn
	case errors.Is(err, tea.ErrProgramPanic):
		return root.result, fmt.Errorf("%w: %w", parts.ErrCrashed, err)
	case err != nil:
		return root.result, fmt.Errorf("terminal: %w", err)
	}
	return root.result, nil
}
