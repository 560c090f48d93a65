// One step of a walk: what is seen, and what there is to choose from.

package plain

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zsf/flows/flow"
)

// line says in one line how a step stands that needs nothing.
func (w *Walk) line(i, all int, finding flow.Finding) error {
	title := flow.Step{ID: finding.Step}.Title()
	return w.say("walk.line", "Number", i+1, "All", all, "Title", title, "Verdict", finding.Verdict, "Summary", finding.Summary)
}

// show says how a step stands, what was seen, what it leads to, and what to look for where no API tells.
func (w *Walk) show(i, all int, step flow.Step, finding flow.Finding) error {
	var b strings.Builder
	say := func(id string, args ...any) { fmt.Fprintf(&b, "%s\n", w.Words.T(id, args...)) }
	b.WriteString("\n")
	say("walk.step", "Number", i+1, "All", all, "Title", step.Title())
	say("walk.stands", "Verdict", finding.Verdict, "Summary", finding.Summary)
	say("walk.why", "Why", step.Why())
	for _, line := range finding.Evidence {
		fmt.Fprintf(&b, "%s%s\n", w.Words.T("walk.seen", "Fact", line.Fact), Printer{Words: w.Words}.source(line))
	}
	if !finding.LeadsTo.Empty() && !finding.Verdict.Holds() {
		say("walk.leads-to", "What", finding.LeadsTo)
	}
	if look := lookFor(step.ID); finding.CanBeVouchedFor() && w.Words.Has(look.ID) {
		say("walk.look-for", "What", look)
	}
	for _, way := range w.remedies(finding) {
		switch way.Kind {
		case flow.ByText:
			say("walk.advice", "What", way.Title)
		case flow.ByCommand:
			say("walk.command", "What", way.Title, "Command", w.Words.Command(way.Command))
		}
	}
	return w.print(b.String())
}

// lookFor is what to look for where a person has to tell whether a step holds.
func lookFor(id flow.ID) flow.Text { return flow.Say("look-for." + string(id)) }

// remedies are those of the finding; where nothing could be seen, those of the guide, too.
func (w *Walk) remedies(finding flow.Finding) []flow.Remedy {
	remedies := slices.Clone(finding.Remedies)
	if w.Guide == nil || finding.Verdict != flow.Unknown {
		return remedies
	}
	for _, way := range w.Guide(finding.Step) {
		if !slices.ContainsFunc(remedies, func(r flow.Remedy) bool { return r.Title.ID == way.Title.ID }) {
			remedies = append(remedies, way)
		}
	}
	return remedies
}

// pages are where a person can do a step.
func (w *Walk) pages(finding flow.Finding) []flow.Remedy {
	return slices.DeleteFunc(w.remedies(finding), func(r flow.Remedy) bool { return r.Kind != flow.ByPage })
}

// page is the first of them.
func (w *Walk) page(finding flow.Finding) (flow.Remedy, bool) {
	pages := w.pages(finding)
	if len(pages) == 0 && w.Guide != nil {
		pages = slices.DeleteFunc(w.Guide(finding.Step), func(r flow.Remedy) bool { return r.Kind != flow.ByPage })
	}
	if len(pages) == 0 {
		return flow.Remedy{}, false
	}
	return pages[0], true
}

// A choice is one thing that can be done about a step.
type choice struct {
	words string
	do    func(context.Context) (move, error)
}

// choose asks what to do about a step, and does it.
func (w *Walk) choose(ctx context.Context, step flow.Step, i int) (move, error) {
	choices := w.choices(step, w.finding(step.ID), i)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", w.Words.T("walk.choices"))
	for n, choice := range choices {
		fmt.Fprintf(&b, "  %d. %s\n", n+1, choice.words)
	}
	if err := w.print(b.String()); err != nil {
		return stay, err
	}
	answer, err := w.Asker.Ask(ctx, Question{
		Name:    string(step.ID),
		Words:   w.Words.T("walk.choose", "All", len(choices)),
		Default: "1",
		Said:    w.Words.T("walk.default", "Number", 1, "Words", choices[0].words),
		Check: func(answer string) error {
			_, err := numberOf(answer, len(choices))
			return err
		},
	})
	if err != nil {
		return stay, w.over(err)
	}
	n, err := numberOf(answer, len(choices))
	if err != nil {
		return stay, err
	}
	return choices[n-1].do(ctx)
}

func numberOf(answer string, most int) (int, error) {
	n, err := strconv.Atoi(strings.TrimSuffix(answer, "."))
	if err != nil || n < 1 || n > most {
		return 0, errNumber
	}
	return n, nil
}

// choices are all that can be done about a step just now, the likeliest first.
func (w *Walk) choices(step flow.Step, finding flow.Finding, i int) []choice {
	var choices []choice
	add := func(do func(context.Context) (move, error), id string, args ...any) {
		choices = append(choices, choice{w.Words.T(id, args...), do})
	}
	if finding.Verdict.Settled() {
		add(moveTo(onward), "choice.go-on")
	}
	questions := w.Run.Questions(step.ID)
	if step.Change != nil && w.canChange(finding) && (finding.Verdict != flow.Pass || len(questions) > 0) && finding.Verdict != flow.Blocked {
		add(func(ctx context.Context) (move, error) { return w.change(ctx, step, w.Yes) }, "choice.change")
	}
	if step.Change == nil && !finding.Verdict.Holds() {
		for _, question := range questions {
			add(func(ctx context.Context) (move, error) { return w.decide(ctx, step.ID, question) }, "choice.answer", "Question", question.Words())
		}
	}
	if finding.Verdict != flow.Pass {
		for _, page := range w.pages(finding) {
			add(func(ctx context.Context) (move, error) { return w.wait(ctx, step, page) }, "choice.open", "Trail", page.Title)
		}
	}
	add(func(ctx context.Context) (move, error) { return w.again(ctx, step.ID) }, "choice.again")
	w.addWords(add, step, finding)
	if i > 0 {
		add(moveTo(back), "choice.back")
	}
	add(moveTo(leave), "choice.quit")
	return choices
}

// addWords adds what a person can say of a step.
func (w *Walk) addWords(add func(func(context.Context) (move, error), string, ...any), step flow.Step, finding flow.Finding) {
	if canBeConfirmed(finding) {
		add(func(ctx context.Context) (move, error) { return w.confirm(ctx, step.ID) }, "choice.confirm")
	}
	if finding.Verdict == flow.Confirmed {
		add(func(ctx context.Context) (move, error) {
			return w.said(ctx, step.ID, w.Run.TakeBackWord(ctx, step.ID))
		}, "choice.take-back-word")
	}
	switch {
	case finding.Verdict == flow.Skipped:
		add(func(ctx context.Context) (move, error) {
			return w.said(ctx, step.ID, w.Run.Unskip(ctx, step.ID))
		}, "choice.unskip")
	case !finding.Verdict.Holds():
		add(func(ctx context.Context) (move, error) { return w.skip(ctx, step.ID) }, "choice.skip")
	}
}

func moveTo(to move) func(context.Context) (move, error) {
	return func(context.Context) (move, error) { return to, nil }
}
