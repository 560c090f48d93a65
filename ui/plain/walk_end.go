// How a change is shown, and how a walk ends.

package plain

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"zsf/flows/answers"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/locale"
)

// Preview says what a change would do, before it is made.
func Preview(words *locale.Locale, change flow.Change) string {
	var b strings.Builder
	say := func(id string, args ...any) { fmt.Fprintf(&b, "  %s\n", words.T(id, args...)) }
	say("preview.what", "Title", change.Title)
	for _, line := range change.Lines {
		say("preview.line", "What", line.What, "Before", line.Before, "After", line.After)
	}
	for _, effect := range change.Effects {
		say("preview.effect", "Effect", effect)
	}
	if !change.Right.Empty() {
		say("preview.right", "Right", change.Right)
	}
	if change.Final.Empty() {
		say("preview.undoable")
	} else {
		say("preview.for-good", "Why", change.Final)
	}
	return b.String()
}

// Became says what became of a change, by what was read after it.
func Became(words *locale.Locale, result run.Result) string {
	var b strings.Builder
	say := func(id string, args ...any) { fmt.Fprintf(&b, "  %s\n", words.T(id, args...)) }
	say("became."+string(result.Outcome), "Number", strconv.FormatInt(result.Entry, 10))
	if result.Err != nil && !errors.Is(result.Err, run.ErrNotMade) {
		say("became.reason", "Reason", words.Error(result.Err))
		if hint := words.Hint(result.Err); hint != "" {
			say("became.reason", "Reason", hint)
		}
	}
	switch {
	case len(result.Moved) > 0:
		say("became.moved")
		b.WriteString(differences(words, result.Moved))
	case result.Outcome == flow.Made:
		say("became.nothing-else")
	}
	if result.Outcome == flow.Made || result.Outcome == flow.PartMade {
		if result.Change.Final.Empty() {
			say("became.undo", "Number", strconv.FormatInt(result.Entry, 10))
		}
	}
	return b.String()
}

func differences(words *locale.Locale, moved []flow.Difference) string {
	var b strings.Builder
	for _, difference := range moved {
		fmt.Fprintf(&b, "    %s\n", words.T("became.difference", "Path", difference.Path,
			"Before", orNothing(words, difference.Before), "Now", orNothing(words, difference.After)))
	}
	return b.String()
}

func orNothing(words *locale.Locale, value string) string {
	if value == "" {
		return words.T("became.nothing")
	}
	return value
}

// Recover says what became of changes that a zsf had begun which ended in the middle, or that a service was still
// at work on then. Where that cannot be found out, the walk goes on all the same.
func (w *Walk) Recover(ctx context.Context) error {
	results, failed := w.Run.Recover(ctx)
	for _, result := range results {
		if err := w.say("walk.recovered", "Title", result.Change.Title); err != nil {
			return err
		}
		if err := w.print(Became(w.Words, result)); err != nil {
			return err
		}
	}
	if failed == nil || ctx.Err() != nil {
		return failed
	}
	return w.say("walk.not-recovered", "Reason", failed)
}

// End says what is verified, what somebody vouched for, what is left, and what can be done next.
func (w *Walk) End(ctx context.Context) error {
	var b strings.Builder
	say := func(id string, args ...any) { fmt.Fprintf(&b, "%s\n", w.Words.T(id, args...)) }
	b.WriteString("\n")
	verified, steps := 0, w.steps()
	var word, warned, later, left []flow.Finding
	for _, step := range steps {
		switch finding := w.finding(step.ID); finding.Verdict {
		case flow.Pass:
			verified++
		case flow.Warn:
			warned = append(warned, finding)
		case flow.Confirmed:
			word = append(word, finding)
		case flow.Skipped:
			later = append(later, finding)
		default:
			left = append(left, finding)
		}
	}
	say("end.verified", "Verified", verified, "All", len(steps))
	for _, finding := range word {
		say("end.vouched", "Title", flow.Step{ID: finding.Step}.Title(), "Name", finding.Vouched.By, "Time", flow.Moment(finding.Vouched.At))
	}
	for _, finding := range warned {
		say("end.warned", "Title", flow.Step{ID: finding.Step}.Title(), "Summary", finding.Summary)
	}
	for _, finding := range append(later, left...) {
		say("end.left", "Title", flow.Step{ID: finding.Step}.Title(), "Summary", finding.Summary, "Command", w.Command+" --only "+string(finding.Step))
	}
	changes, err := w.Run.Changes(ctx)
	if err != nil {
		return err
	}
	for _, change := range changes {
		if change.CanBeTakenBack() {
			say("end.change", "Title", change.Change.Title, "Number", strconv.FormatInt(change.Entry, 10))
		}
	}
	if next := w.next(); len(left) == 0 && next != "" {
		say(next)
	}
	if err := w.print(b.String()); err != nil || len(left) == 0 || w.quitting {
		return err
	}
	return w.leftOff()
}

// next names the words for what can be done next: a flow's own, which a rehearsal of it has none of, or those after
// a set-up.
func (w *Walk) next() string {
	own := "end.next-" + w.Run.Flow().ID
	switch {
	case !w.Words.Has(own):
		return "end.next"
	case w.Passing:
		return ""
	}
	return own
}

// Rehearse says what the walk would do, and that nothing was done.
func (w *Walk) Rehearse(ctx context.Context) error {
	if err := w.Would(ctx); err != nil {
		return err
	}
	return w.say("rehearse.end")
}

// Would says of each step what the walk would do, and shows the changes; it makes none.
func (w *Walk) Would(ctx context.Context) error {
	steps := w.steps()
	for i, step := range steps {
		finding := w.finding(step.ID)
		action, given := w.action(step, finding)
		if err := w.line(i, len(steps), finding); err != nil {
			return err
		}
		var err error
		switch {
		case finding.Verdict.Settled() && (!given || finding.Verdict != flow.Warn):
		case step.Change != nil && w.canChange(finding) && finding.Verdict != flow.Blocked && (!given || action == answers.Change):
			err = w.preview(ctx, step)
		case given:
			err = w.say("rehearse."+string(action), "Name", w.whoOrRun())
		default:
			err = w.say("rehearse.ask")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *Walk) whoOrRun() string {
	if w.Given.Who != "" {
		return w.Given.Who
	}
	return w.Run.Who()
}

func (w *Walk) preview(ctx context.Context, step flow.Step) error {
	said := w.Run.Answers()
	for question, answer := range w.Given.Questions {
		said[question] = answer
	}
	change, err := w.Run.PrepareWith(ctx, step.ID, said)
	if err != nil {
		var need flow.Question
		for _, question := range w.Run.Questions(step.ID) {
			if errors.Is(err, flow.ErrUnanswered) && len(said[question.ID]) == 0 {
				need = question
			}
		}
		if need.ID != "" {
			return w.say("rehearse.question", "Key", need.ID, "Words", need.Words())
		}
		return w.saidUnlessOver(err)
	}
	return w.print(Preview(w.Words, change))
}

// Watch only looks, while another zsf is at work on the profile: a line for each change, until all holds.
func (w *Walk) Watch(ctx context.Context) error {
	steps := w.steps()
	stood := map[flow.ID]flow.Finding{}
	for i, step := range steps {
		stood[step.ID] = w.finding(step.ID)
		if err := w.line(i, len(steps), stood[step.ID]); err != nil {
			return err
		}
	}
	begun := w.Now()
	for w.Asker != nil && len(w.Left()) > 0 {
		line, came, err := w.Asker.LineBefore(ctx, w.After(run.Pause(w.Now().Sub(begun))))
		if err != nil {
			return err
		}
		if came && strings.EqualFold(strings.TrimSpace(line), "q") {
			return nil
		}
		if err := w.Look(ctx); err != nil {
			return err
		}
		for _, step := range steps {
			now, before := w.finding(step.ID), stood[step.ID]
			if now.Verdict == before.Verdict && w.Words.Say(now.Summary) == w.Words.Say(before.Summary) {
				continue
			}
			stood[step.ID] = now
			if _, err := w.sayStands(now); err != nil {
				return err
			}
		}
	}
	return nil
}
