// What a step's keys set off: questions, changes, words given and taken back, pages, other steps.

package wizard

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/parts"
)

// The messages of what was done at a step. Each travels in a parts.Reply.
type (
	prepared struct {
		change flow.Change
		err    error
	}
	made struct {
		result  run.Result
		back    bool
		err     error
		changes []run.Recorded
	}
	noted struct { // what a person said is in the journal
		do       string
		by       string
		findings []flow.Finding
		err      error
	}
	opened struct {
		err  error
		kept error // why it is not in the journal
	}
)

// start begins something at a step that runs outside Update; its answer finds the step by its number.
func (m *Model) start(it *item, mode mode, work func(ctx context.Context, runner Runner) tea.Msg) tea.Cmd {
	call := m.call()
	it.mode, it.since, it.number, it.trouble = mode, m.now, call.Number, nil
	ctx, runner := m.ctx, m.run
	return parts.Do(call, func() tea.Msg { return work(ctx, runner) })
}

// do asks the step's questions, or prepares its change.
func (m *Model) do(it *item) tea.Cmd {
	it.fresh()
	if len(it.questions) == 0 {
		return m.prepare(it)
	}
	if it.form == nil {
		it.form = newForm(m.run, it.questions)
	} else {
		it.form.renew(m.run, it.questions)
	}
	it.mode = asking
	it.form.at = 0
	m.fitForm(it)
	return nil
}

// prepare reads what stands there now, and shows what the change would do.
func (m *Model) prepare(it *item) tea.Cmd {
	id := it.Step.ID
	it.undo = nil
	return m.start(it, preparing, func(ctx context.Context, runner Runner) tea.Msg {
		change, err := runner.Prepare(ctx, id)
		return prepared{change, err}
	})
}

// finishForm writes the answers down. Then the change is prepared; without one, the answer is a person's word.
func (m *Model) finishForm(it *item) tea.Cmd {
	id, changes := it.Step.ID, it.Step.Change != nil
	fields := slices.Clone(it.form.fields)
	if changes {
		it.undo = nil
	}
	return m.start(it, preparing, func(ctx context.Context, runner Runner) tea.Msg {
		for _, field := range fields {
			if err := runner.Answer(ctx, id, field.question, field.answer()); err != nil {
				return prepared{err: err}
			}
		}
		if changes {
			change, err := runner.Prepare(ctx, id)
			return prepared{change, err}
		}
		by := runner.Who()
		err := runner.Confirm(ctx, id, by)
		return noted{do: "vouch", by: by, findings: runner.Findings(), err: err}
	})
}

func (m *Model) prepared(it *item, message prepared) tea.Cmd {
	it.number = 0
	if errors.Is(message.err, flow.ErrAsItShould) {
		// What is on the screen is older than that: look anew.
		it.mode = atStep
		m.say("off.as-it-should")
		return m.lookAfter(it)
	}
	if message.err != nil {
		it.mode, it.trouble = atStep, message.err
		if it.form != nil && isAboutAnswer(message.err) {
			it.mode = asking
			it.form.current().err, it.trouble = message.err, nil
		}
		return nil
	}
	it.change, it.mode = message.change, previewing
	m.reader.Reset()
	return nil
}

// isAboutAnswer tells that an answer does not fit, rather than that something went wrong.
func isAboutAnswer(err error) bool {
	return errors.Is(err, flow.ErrUnanswered) || errors.Is(err, flow.ErrNoOption)
}

// makeIt makes the change that is shown, or takes it back.
func (m *Model) makeIt(it *item) tea.Cmd {
	change, undo := it.change, it.undo
	it.fresh()
	return m.start(it, making, func(ctx context.Context, runner Runner) tea.Msg {
		message := made{back: undo != nil}
		if undo != nil {
			message.result, message.err = runner.TakeBack(ctx, undo.Entry)
		} else {
			message.result, message.err = runner.Make(ctx, change)
		}
		message.changes, _ = runner.Changes(ctx) // a list that is old says less, and nothing wrong
		return message
	})
}

// byItself makes the change of a step that needs nobody's leave, as it changes nothing of a service: once, as soon
// as the step is seen not to hold.
func (m *Model) byItself() tea.Cmd {
	if m.run.Watches() {
		return nil
	}
	for i := range m.items {
		it := &m.items[i]
		if !it.Step.Automatic || it.tried || !it.Seen || it.Finding.Verdict != flow.Fail || it.isUnderWay() {
			continue
		}
		it.tried = true
		id := it.Step.ID
		it.fresh()
		return m.start(it, making, func(ctx context.Context, runner Runner) tea.Msg {
			change, err := runner.Prepare(ctx, id)
			if err != nil {
				return prepared{err: err}
			}
			var message made
			message.result, message.err = runner.Make(ctx, change)
			message.changes, _ = runner.Changes(ctx)
			return message
		})
	}
	return nil
}

// made takes what became of a change, and looks at the step again.
func (m *Model) made(it *item, message made) tea.Cmd {
	it.number, it.mode = 0, atStep
	if message.changes != nil {
		m.changes = message.changes
	}
	m.reader.Reset()
	var moved *run.MovedError
	switch {
	case errors.As(message.err, &moved) && !message.back:
		it.moved = moved.Differences
		return m.prepare(it)
	case errors.As(message.err, &moved):
		it.moved, it.trouble = moved.Differences, message.err
		return m.lookAfter(it)
	case message.err != nil && message.result.Entry == 0, message.back && errorSaysAll(message.err):
		it.trouble = message.err
		return m.lookAfter(it)
	}
	it.result = &result{Result: message.result, back: message.back, err: message.err}
	if message.result.Outcome == flow.Underway && !message.back {
		m.beginWait(it)
		it.wait.underway = true
	}
	return m.lookAfter(it)
}

// errorSaysAll tells that nothing was taken back, and why.
func errorSaysAll(err error) bool {
	return errors.Is(err, run.ErrFinal) || errors.Is(err, run.ErrTakenBack) || errors.Is(err, run.ErrNotMade)
}

// lastChange is the step's last change that can be taken back; nil where there is none.
func (m *Model) lastChange(id flow.ID) *run.Recorded {
	for i := len(m.changes) - 1; i >= 0; i-- {
		if recorded := &m.changes[i]; recorded.Change.Step == id && recorded.CanBeTakenBack() {
			return recorded
		}
	}
	return nil
}

// offerTakeBack shows what taking the step's last change back would do.
func (m *Model) offerTakeBack(it *item) {
	recorded := *m.lastChange(it.Step.ID)
	it.fresh()
	it.undo, it.change, it.mode = &recorded, recorded.Change, previewing
	m.reader.Reset()
}

// note writes down what a person says of a step.
func (m *Model) note(it *item, do, by string) tea.Cmd {
	id := it.Step.ID
	return m.start(it, it.mode, func(ctx context.Context, runner Runner) tea.Msg {
		var err error
		switch do {
		case "vouch":
			err = runner.Confirm(ctx, id, by)
		case "unvouch":
			err = runner.TakeBackWord(ctx, id)
		case "skip":
			err = runner.Skip(ctx, id)
		case "unskip":
			err = runner.Unskip(ctx, id)
		}
		return noted{do: do, by: by, findings: runner.Findings(), err: err}
	})
}

// noted shows what a person said, and goes on to the next step where nothing is left to do at this one.
func (m *Model) noted(it *item, message noted) tea.Cmd {
	it.number = 0
	if message.err != nil {
		it.trouble = message.err
		if it.mode == preparing {
			it.mode = asking
		}
		return nil
	}
	it.back()
	it.fresh()
	for _, finding := range message.findings {
		if at, ok := m.find(finding.Step); ok && (!m.items[at].Looking || &m.items[at] == it) {
			m.items[at].Finding, m.items[at].Seen = finding, true
		}
	}
	it.spoken = m.look.Runs()
	title := it.Step.Title()
	m.say("wizard.noted-"+message.do, "Step", title, "Name", message.by)
	if message.do == "vouch" {
		m.by = message.by
	}
	if message.do == "vouch" || message.do == "skip" {
		m.goOnOf(it)
	}
	return nil
}

// open opens the chosen page in the browser, and watches until what is to be done there has happened.
func (m *Model) open(it *item) tea.Cmd {
	url, id := it.Pages()[it.pageNumber()].URL, it.Step.ID
	if !it.settled() || it.Finding.Verdict == flow.Warn {
		it.fresh()
		m.beginWait(it)
	}
	m.say("checklist.opening")
	ctx, open, runner := m.ctx, m.options.Open, m.run
	return parts.Do(m.call(), func() tea.Msg {
		message := opened{err: open(ctx, url)}
		if message.err == nil && !runner.Watches() {
			message.kept = runner.Opened(ctx, id, url)
		}
		return message
	})
}

// pageNumber is the chosen page of a step.
func (i *item) pageNumber() int { return min(i.page, max(len(i.Pages())-1, 0)) }

// copied is what the copy key takes: the chosen page's link, or else the command.
func (i *item) copied() string {
	if pages := i.Pages(); len(pages) > 0 && pages[i.pageNumber()].URL != "" {
		return pages[i.pageNumber()].URL
	}
	return i.Command()
}

// goTo shows another step; the one after the last is the end.
func (m *Model) goTo(at int) {
	at = min(max(at, 0), len(m.items))
	if at == m.at {
		return
	}
	m.at, m.goOn, m.notices = at, goingOn{}, nil
	m.reader.Reset()
}

// goFrom goes on from a step to the next at which there is something to do. Where something was changed at the
// one, the other is looked at again.
func (m *Model) goFrom(it *item) tea.Cmd {
	changed := it.result != nil
	it.fresh()
	it.passedBy = true
	m.goTo(m.nextStop(m.at + 1))
	if next := m.current(); changed && next != nil && !m.look.Runs() {
		return m.lookAgain(next.Step.ID)
	}
	return nil
}

// goOnOf goes on from a step of which a person said all there is to say. While others are still being looked at, nobody
// knows where: it waits for them.
func (m *Model) goOnOf(it *item) {
	if m.look.Runs() {
		m.goOn = goingOn{at: m.now, from: it.Step.ID, asked: true}
		return
	}
	m.goTo(m.nextOpen(m.at + 1))
}

// nextOpen is the first step from there on at which there is something to do, or else the first before it;
// the end, where there is none.
func (m *Model) nextOpen(from int) int {
	return m.next(from, func(it *item) bool { return !it.settled() })
}

// nextStop is nextOpen, or a step before it that is not as it should be and that nobody has gone past.
func (m *Model) nextStop(from int) int {
	here := m.current()
	return m.next(from, func(it *item) bool {
		return !it.settled() || it.Finding.Verdict == flow.Warn && !it.passedBy && it != here
	})
}

func (m *Model) next(from int, stops func(*item) bool) int {
	from = min(from, len(m.items))
	for _, part := range [][2]int{{from, len(m.items)}, {0, from}} {
		for at := part[0]; at < part[1]; at++ {
			if stops(&m.items[at]) {
				return at
			}
		}
	}
	return len(m.items)
}
