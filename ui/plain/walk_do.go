// What is done about a step: a change, a wait, a word, an answer.

package plain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/run"
)

// again looks again at a step, and says what came of it. A step that holds is left behind.
func (w *Walk) again(ctx context.Context, id flow.ID) (move, error) {
	w.Run.Again(ctx, id, w.Emit)
	if err := ctx.Err(); err != nil {
		return stay, err //nolint:wrapcheck // the caller's own end
	}
	return w.sayStands(w.finding(id))
}

func (w *Walk) sayStands(finding flow.Finding) (move, error) {
	err := w.say("walk.now", "Title", flow.Step{ID: finding.Step}.Title(), "Verdict", finding.Verdict, "Summary", finding.Summary)
	if err != nil || !finding.Verdict.Settled() {
		return stay, err
	}
	return onward, nil
}

// change prepares a step's change, shows it, and makes it where it is wanted.
func (w *Walk) change(ctx context.Context, step flow.Step, wanted bool) (move, error) {
	for _, question := range w.Run.Questions(step.ID) {
		if err := w.answer(ctx, step.ID, question); err != nil {
			return stay, w.saidUnlessOver(err)
		}
	}
	change, err := w.Run.Prepare(ctx, step.ID)
	switch {
	case errors.Is(err, flow.ErrAsItShould):
		if err := w.saidUnlessOver(err); err != nil {
			return stay, err
		}
		return w.again(ctx, step.ID)
	case err != nil:
		return stay, w.saidUnlessOver(err)
	}
	if err := w.print(Preview(w.Words, change)); err != nil {
		return stay, err
	}
	if !wanted {
		if wanted, err = w.Asker.Yes(ctx, string(step.ID)); err != nil {
			return stay, w.over(err)
		}
	}
	if !wanted {
		return stay, w.say("preview.left")
	}
	w.acted = true
	result, err := w.Run.Make(ctx, change)
	if err != nil {
		return stay, w.notMade(err)
	}
	if err := w.print(Became(w.Words, result)); err != nil {
		return stay, err
	}
	if result.Outcome == flow.Underway {
		return w.watchService(ctx, step)
	}
	return w.again(ctx, step.ID)
}

// watchService watches what a service is at work on, and writes down what became of it.
func (w *Walk) watchService(ctx context.Context, step flow.Step) (move, error) {
	to, err := w.watch(ctx, step, true)
	if err != nil {
		return stay, err
	}
	results, err := w.Run.Recover(ctx)
	if err != nil {
		return stay, w.saidUnlessOver(err)
	}
	for _, result := range results {
		if err := w.print(Became(w.Words, result)); err != nil {
			return stay, err
		}
	}
	return to, nil
}

// notMade says why a change was not made, and what is other than it was where that is why.
func (w *Walk) notMade(err error) error {
	if said := w.saidUnlessOver(err); said != nil {
		return said
	}
	var moved *run.MovedError
	if errors.As(err, &moved) {
		return w.print(differences(w.Words, moved.Differences))
	}
	return nil
}

// answer gets and keeps the answer to a question: what was given beforehand, else what a person says, else
// what the journal has, or what is offered.
func (w *Walk) answer(ctx context.Context, id flow.ID, question flow.Question) error {
	given, ok := w.Given.Questions[question.ID]
	switch {
	case ok:
	case w.Asker == nil:
		given = w.Run.Answered(question)
	default:
		var err error
		if given, err = w.Asker.Answer(ctx, question, w.Run.Answered(question)); err != nil {
			return w.over(err)
		}
	}
	if _, err := question.Fit(given); err != nil {
		return fmt.Errorf("%s: %w", question.ID, err)
	}
	w.acted = true
	return w.Run.Answer(ctx, id, question, given)
}

// answerFirst answers what a step asks before its page is offered, and looks again at what is offered then.
func (w *Walk) answerFirst(ctx context.Context, step flow.Step) error {
	questions := w.Run.Questions(step.ID)
	if step.Change != nil || len(questions) == 0 || !w.canBeWatched(step, w.finding(step.ID)) {
		return nil
	}
	for _, question := range questions {
		if err := w.answer(ctx, step.ID, question); err != nil {
			return err
		}
	}
	w.Run.Again(ctx, step.ID, w.Emit)
	return ctx.Err() //nolint:wrapcheck // the caller's own end
}

// decide gets an answer that settles its step: the person who gives it vouches for it.
func (w *Walk) decide(ctx context.Context, id flow.ID, question flow.Question) (move, error) {
	if err := w.answer(ctx, id, question); err != nil {
		return stay, w.saidUnlessOver(err)
	}
	if !canBeConfirmed(w.finding(id)) {
		return w.again(ctx, id)
	}
	return w.confirm(ctx, id)
}

// confirm keeps that somebody vouches for a step.
func (w *Walk) confirm(ctx context.Context, id flow.ID) (move, error) {
	finding := w.finding(id)
	if finding.Verdict == flow.Blocked {
		w.Run.Again(ctx, id, w.Emit)
		finding = w.finding(id)
	}
	switch {
	case finding.Verdict.Settled():
		return w.sayStands(finding)
	case !canBeConfirmed(finding):
		return stay, w.saidUnlessOver(errDenied)
	}
	who := w.Given.Who
	if who == "" {
		who = w.Run.Who()
		if w.Asker != nil {
			var err error
			question := Question{Name: string(id), Words: w.Words.T("walk.who", "Title", flow.Step{ID: id}.Title()), Default: who}
			if who, err = w.Asker.Ask(ctx, question); err != nil {
				return stay, w.over(err)
			}
		}
	}
	w.acted = true
	return w.said(ctx, id, w.Run.Confirm(ctx, id, who))
}

// said says how a step stands after a person's word, and why the word could not be kept.
func (w *Walk) said(_ context.Context, id flow.ID, err error) (move, error) {
	if err != nil {
		return stay, w.saidUnlessOver(err)
	}
	w.acted = true
	return w.sayStands(w.finding(id))
}

// skip leaves a step for later, with what follows and the command that takes it up.
func (w *Walk) skip(ctx context.Context, id flow.ID) (move, error) {
	finding := w.finding(id)
	w.acted = true
	if err := w.Run.Skip(ctx, id); err != nil {
		return stay, w.saidUnlessOver(err)
	}
	leadsTo := finding.LeadsTo
	if leadsTo.Empty() {
		leadsTo = flow.Say(string(id) + ".leads_to")
	}
	return onward, w.say("walk.skipped", "What", leadsTo, "Command", w.Command+" --only "+string(id))
}

// wait opens a page, says what to click there, and looks until it has been done.
func (w *Walk) wait(ctx context.Context, step flow.Step, page flow.Remedy) (move, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", w.Words.T("walk.page", "Trail", page.Title))
	b.WriteString(Clicks(w.Words, page, "  "))
	if err := w.print(b.String()); err != nil {
		return stay, err
	}
	if page.URL != "" {
		w.acted = true
		if err := w.Run.Opened(ctx, step.ID, page.URL); err != nil {
			return stay, w.saidUnlessOver(err)
		}
		if err := w.Open(ctx, page.URL); err != nil {
			if err := w.say("walk.not-opened", "Reason", err); err != nil {
				return stay, err
			}
		}
	}
	if !w.canBeWatched(step, w.finding(step.ID)) {
		return stay, w.say("walk.untold")
	}
	return w.watch(ctx, step, false)
}

// watch looks again and again until a step holds, or until the service that was at work on it no longer is. A line is
// printed only when something has changed.
func (w *Walk) watch(ctx context.Context, step flow.Step, service bool) (move, error) {
	hint := "walk.watching"
	if w.Asker == nil {
		hint = "walk.watching-alone"
	}
	if err := w.say(hint); err != nil {
		return stay, err
	}
	begun, last := w.Now(), w.finding(step.ID)
	for {
		line, came, err := w.Asker.LineBefore(ctx, w.After(run.Pause(w.Now().Sub(begun))))
		switch {
		case err != nil:
			return stay, err
		case came && strings.EqualFold(strings.TrimSpace(line), "b"):
			return stay, nil
		}
		w.Run.Again(ctx, step.ID, w.Emit)
		if err := ctx.Err(); err != nil {
			return stay, err //nolint:wrapcheck // the caller's own end
		}
		now := w.finding(step.ID)
		waited := w.Now().Sub(begun)
		over := now.Verdict == flow.Pass || now.Verdict.Holds() && last.Verdict != flow.Warn
		changed := now.Verdict != last.Verdict || w.Words.Say(now.Summary) != w.Words.Say(last.Summary)
		switch {
		case over:
			return w.sayStands(now)
		case isSignedOut(now.Err):
			return stay, w.saidUnlessOver(now.Err)
		case service && !now.Underway && now.Err == nil:
			return w.sayFailed(now)
		case changed:
			if _, err := w.sayStands(now); err != nil {
				return stay, err
			}
			last = now
		case came:
			if err := w.say("walk.not-yet", "Summary", now.Summary, "Waited", waited); err != nil {
				return stay, err
			}
		}
		if w.Longest > 0 && waited >= w.Longest {
			return stay, w.say("walk.waited", "Longest", w.Longest)
		}
	}
}

// sayFailed says how a step stands that a service was at work on in vain, with what the service said.
func (w *Walk) sayFailed(finding flow.Finding) (move, error) {
	to, err := w.sayStands(finding)
	for _, evidence := range finding.Evidence {
		if err == nil {
			err = w.say("walk.seen", "Fact", evidence.Fact)
		}
	}
	return to, err
}

// isSignedOut tells that looking again is of no use before somebody has signed in again.
func isSignedOut(err error) bool {
	switch transport.KindOf(err) {
	case transport.SignInExpired, transport.SignInMissing, transport.Anonymous:
		return true
	}
	return false
}

// Yes asks to type yes; anything else is no.
func (a *Asker) Yes(ctx context.Context, name string) (bool, error) {
	answer, err := a.Ask(ctx, Question{Name: name, Words: a.words.T("preview.type-yes"), Default: a.words.T("preview.no")})
	return err == nil && slices.Contains([]string{"yes", strings.ToLower(a.words.T("preview.yes"))}, strings.ToLower(answer)), err
}

// Answer asks a flow's question, with its options numbered. Options are chosen by number or by name.
func (a *Asker) Answer(ctx context.Context, question flow.Question, offered []string) ([]string, error) {
	if help := "question-help." + question.ID; a.words.Has(help) {
		if err := a.say(a.words.T(help)); err != nil {
			return nil, err
		}
	}
	for n, option := range question.Options {
		if err := a.say(a.option(n+1, question.Kind, option, slices.Contains(offered, option.Value))); err != nil {
			return nil, err
		}
	}
	asked := Question{Name: question.ID, Words: a.words.Say(question.Words()), Default: strings.Join(offered, ", ")}
	if len(question.Options) > 0 {
		asked.Said = a.names(question, offered)
	}
	switch question.Kind {
	case flow.PickMany:
		asked.Words = a.words.T("ask.pick", "Question", question.Words())
	case flow.ChooseOne:
		asked.Words = a.words.T("ask.choose", "Question", question.Words())
	}
	var fitted []string
	asked.Check = func(text string) error {
		answer := []string{text}
		if len(question.Options) > 0 {
			answer = a.pick(question, text)
		}
		var err error
		fitted, err = question.Fit(answer)
		return err
	}
	if _, err := a.Ask(ctx, asked); err != nil {
		return nil, err
	}
	return fitted, nil
}

// names are options as a person reads them.
func (a *Asker) names(question flow.Question, values []string) string {
	var names []string
	for _, option := range question.Options {
		if slices.Contains(values, option.Value) {
			names = append(names, a.words.Say(option.Words))
		}
	}
	return strings.Join(names, ", ")
}

func (a *Asker) option(n int, kind flow.QuestionKind, option flow.Option, offered bool) string {
	notes := slices.Clone(option.Notes)
	switch {
	case option.Locked:
		notes = append(notes, flow.Say("ask.locked", "Why", option.Why))
	case offered && kind == flow.PickMany:
		notes = append(notes, flow.Say("ask.ticked"))
	}
	line := fmt.Sprintf("  %d. %s", n, a.words.Say(option.Words))
	for i, note := range notes {
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		line += separator + a.words.Say(note)
	}
	return line
}

// pick reads numbers and names, separated by commas. A name that has a comma is taken whole where it stands alone.
func (a *Asker) pick(question flow.Question, text string) []string {
	named := func(part string) (string, bool) {
		for n, option := range question.Options {
			if strings.EqualFold(part, option.Value) || strings.EqualFold(part, a.words.Say(option.Words)) || part == strconv.Itoa(n+1) {
				return option.Value, true
			}
		}
		return part, false
	}
	if value, ok := named(strings.TrimSpace(text)); ok {
		return []string{value}
	}
	var values []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			value, _ := named(part)
			values = append(values, value)
		}
	}
	return values
}
