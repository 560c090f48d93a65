// A flow as numbered questions and lines, for a screen reader, a pipe, or expect.

package plain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"zsf/flows/answers"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/locale"
)

// A Walk takes a person through a run of a flow, step by step.
type Walk struct {
	Run     *run.Run
	Words   *locale.Locale
	Out     io.Writer
	Asker   *Asker // nil: nobody is asked, and what was given must do
	Piped   bool   // the input of Asker is no terminal, and may hold too little
	Given   answers.Given
	Yes     bool // make the changes that are offered without asking
	Only    []flow.ID
	Command string // takes the walk up again: zsf setup
	Passing bool   // nothing of it stays: a rehearsal
	Guide   func(flow.ID) []flow.Remedy
	Open    func(context.Context, string) error
	Now     func() time.Time
	After   func(time.Duration) <-chan time.Time
	Longest time.Duration // how long somebody in the browser is waited for; 0: for as long as it takes
	Emit    func(flow.Event)

	acted    bool // something was written down
	returned bool // the walk went back to this step, so that it is shown whatever it came to
	quitting bool
}

// A move is where the walk goes from a step.
type move int

const (
	stay move = iota
	onward
	back
	leave
)

// Do walks through all steps that do not hold. It returns when the end is reached, or the person leaves.
func (w *Walk) Do(ctx context.Context) error {
	steps := w.steps()
	for i := 0; i < len(steps); {
		to, err := w.step(ctx, steps, i)
		if err != nil {
			return err
		}
		switch to {
		case back:
			i, w.returned = max(0, i-1), true
		case leave:
			w.quitting = true
			return w.leftOff()
		default:
			i++
		}
	}
	return nil
}

func (w *Walk) leftOff() error {
	if w.Passing {
		return w.say("walk.left-off-demo")
	}
	return w.say("walk.left-off", "Command", w.Command)
}

// Acted tells whether anything was done.
func (w *Walk) Acted() bool { return w.acted }

// Look looks at all steps of the walk.
func (w *Walk) Look(ctx context.Context) error {
	w.Run.Look(ctx, w.Only, w.Emit)
	return ctx.Err() //nolint:wrapcheck // the caller's own end
}

// Left are the findings of the walk's steps that are not settled.
func (w *Walk) Left() []flow.Finding {
	var left []flow.Finding
	for _, step := range w.steps() {
		if finding := w.finding(step.ID); !finding.Verdict.Settled() {
			left = append(left, finding)
		}
	}
	return left
}

func (w *Walk) steps() []flow.Step {
	return slices.DeleteFunc(w.Run.Flow().Steps(), func(step flow.Step) bool {
		return len(w.Only) > 0 && !slices.Contains(w.Only, step.ID)
	})
}

// finding is what is known of a step; unknown where it was not looked at.
func (w *Walk) finding(id flow.ID) flow.Finding {
	for _, finding := range w.Run.Findings() {
		if finding.Step == id {
			return finding
		}
	}
	return flow.Finding{Step: id, Verdict: flow.Unknown}
}

// step is one step of the walk, from what is seen to where it goes from there.
func (w *Walk) step(ctx context.Context, steps []flow.Step, i int) (move, error) {
	step, finding := steps[i], w.finding(steps[i].ID)
	shown := w.returned
	w.returned = false
	action, given := w.action(step, finding)
	if !shown && finding.Verdict.Settled() && (finding.Verdict != flow.Warn || w.Asker == nil && !given) {
		return onward, w.line(i, len(steps), finding)
	}
	if err := w.show(i, len(steps), step, finding); err != nil {
		return stay, err
	}
	if given && !shown {
		to, err := w.perform(ctx, step, action)
		if err != nil || to != stay {
			return to, err
		}
	}
	if w.Asker == nil {
		return onward, nil
	}
	for {
		to, err := w.choose(ctx, step, i)
		if err != nil || to != stay {
			return to, err
		}
	}
}

// action is which way a step is to go by what was said beforehand.
func (w *Walk) action(step flow.Step, finding flow.Finding) (answers.Action, bool) {
	if action, ok := w.Given.Actions[step.ID]; ok {
		return action, true
	}
	if step.Automatic && !finding.Verdict.Settled() {
		return answers.Change, true
	}
	for _, question := range w.Run.Questions(step.ID) {
		if _, ok := w.Given.Questions[question.ID]; ok {
			if step.Change != nil {
				return answers.Change, true
			}
			return answers.Confirm, finding.CanBeVouchedFor()
		}
	}
	return answers.Change, w.Yes && step.Change != nil && w.canChange(finding) && w.unanswered(step) == nil
}

// perform goes the way that was said beforehand. Where that way ends it says so, and stays.
func (w *Walk) perform(ctx context.Context, step flow.Step, action answers.Action) (move, error) {
	if err := w.readyToAct(ctx); err != nil {
		return stay, err
	}
	switch action {
	case answers.Change:
		return w.change(ctx, step, true)
	case answers.Wait:
		if err := w.answerFirst(ctx, step); err != nil {
			return stay, w.saidUnlessOver(err)
		}
		page, ok := w.page(w.finding(step.ID))
		if !ok {
			return stay, w.say("walk.no-page")
		}
		return w.wait(ctx, step, page)
	case answers.Confirm:
		for _, question := range w.Run.Questions(step.ID) {
			if err := w.answer(ctx, step.ID, question); err != nil {
				return stay, w.saidUnlessOver(err)
			}
		}
		return w.confirm(ctx, step.ID)
	case answers.Skip:
		return w.skip(ctx, step.ID)
	}
	return stay, nil
}

// readyToAct makes sure, before the first thing is done, that a pipe that has to answer more has anything to say.
func (w *Walk) readyToAct(ctx context.Context) error {
	if w.acted || !w.Piped || w.Asker == nil {
		return nil
	}
	missing := w.Missing()
	if len(missing) == 0 {
		return nil
	}
	err := w.Asker.Ready(ctx)
	if errors.Is(err, ErrNoAnswer) {
		return &MissingError{Needs: missing}
	}
	return err
}

// over is the end of the input: before anything was done it is an answer too few.
func (w *Walk) over(err error) error {
	if missing := w.Missing(); errors.Is(err, ErrNoAnswer) && !w.acted && len(missing) > 0 {
		return &MissingError{Needs: missing}
	}
	return err
}

// saidUnlessOver says why something was not done, and lets the walk go on. The end of the walk itself is none of these.
func (w *Walk) saidUnlessOver(err error) error {
	if err == nil || errors.Is(err, ErrNoAnswer) || errors.Is(err, context.Canceled) {
		return err
	}
	if said := w.print("  " + w.Words.Error(err) + "\n"); said != nil {
		return said
	}
	if hint := w.Words.Hint(err); hint != "" {
		return w.print("  " + hint + "\n")
	}
	return nil
}

func (w *Walk) say(id string, args ...any) error { return w.print(w.Words.T(id, args...) + "\n") }

func (w *Walk) print(text string) error {
	if _, err := io.WriteString(w.Out, text); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
