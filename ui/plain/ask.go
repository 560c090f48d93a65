package plain

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"zsf/ui/locale"
)

// An Asker asks a person, or a pipe, line by line. All its questions share one reader, so that
// no answer is lost between two of them.
type Asker struct {
	out   io.Writer
	words *locale.Locale
	lines chan string
	ended error
	held  *string // a line that was read ahead
}

// NewAsker starts to read the lines of in, for as long as ctx lives.
func NewAsker(ctx context.Context, in io.Reader, out io.Writer, words *locale.Locale) *Asker {
	a := &Asker{out: out, words: words, lines: make(chan string)}
	go func() {
		defer close(a.lines)
		scanner := bufio.NewScanner(in)
		for scanner.Scan() {
			select {
			case a.lines <- scanner.Text():
			case <-ctx.Done():
				return
			}
		}
		a.ended = scanner.Err()
	}()
	return a
}

// ErrNoAnswer is the end of the input before a question was answered.
var ErrNoAnswer = errors.New("the input ended before the question was answered")

// A Question is asked until its answer fits. Default is taken for an empty line.
type Question struct {
	Name    string // what to call it where no answer came
	Words   string
	Default string
	Said    string                    // the default in words; empty: as it is
	Check   func(answer string) error // nil: any answer that is not empty
}

// Ask asks, and says why an answer does not fit.
func (a *Asker) Ask(ctx context.Context, question Question) (string, error) {
	for {
		if err := a.say(a.words.T("ask.question", "Words", question.Words, "Default", cmp.Or(question.Said, question.Default))); err != nil {
			return "", err
		}
		answer, err := a.Line(ctx)
		if err != nil {
			return "", fmt.Errorf("%s: %w", question.Name, err)
		}
		answer = strings.TrimSpace(answer)
		if answer == "" {
			answer = question.Default
		}
		switch {
		case answer == "":
			err = a.say(a.words.T("ask.empty"))
		case question.Check == nil:
			return answer, nil
		default:
			wrong := question.Check(answer)
			if wrong == nil {
				return answer, nil
			}
			err = a.say(a.words.Error(wrong))
		}
		if err != nil {
			return "", err
		}
	}
}

// Line is the next line; ErrNoAnswer at the end of the input.
func (a *Asker) Line(ctx context.Context) (string, error) {
	if a.held != nil {
		line := *a.held
		a.held = nil
		return line, nil
	}
	select {
	case line, ok := <-a.lines:
		if !ok {
			return "", errors.Join(ErrNoAnswer, a.ended)
		}
		return line, nil
	case <-ctx.Done():
		return "", ctx.Err() //nolint:wrapcheck // the caller's own end
	}
}

// Ready waits until there is a line to read, and leaves it; ErrNoAnswer when there will be none.
func (a *Asker) Ready(ctx context.Context) error {
	line, err := a.Line(ctx)
	if err == nil {
		a.held = &line
	}
	return err
}

// LineBefore is the next line, if it comes before the time is up. Without any more input it is only waited.
func (a *Asker) LineBefore(ctx context.Context, up <-chan time.Time) (line string, came bool, err error) {
	if a == nil {
		return "", false, waitFor(ctx, up)
	}
	if a.held != nil {
		line, err := a.Line(ctx)
		return line, err == nil, err
	}
	select {
	case line, ok := <-a.lines:
		if !ok {
			return "", false, waitFor(ctx, up)
		}
		return line, true, nil
	case <-up:
		return "", false, nil
	case <-ctx.Done():
		return "", false, ctx.Err() //nolint:wrapcheck // the caller's own end
	}
}

func waitFor(ctx context.Context, up <-chan time.Time) error {
	select {
	case <-up:
		return nil
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // the caller's own end
	}
}

func (a *Asker) say(line string) error {
	if _, err := fmt.Fprintln(a.out, line); err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	return nil
}
