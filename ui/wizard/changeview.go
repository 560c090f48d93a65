// A change on the screen: its preview, its making, and what became of it.

package wizard

import (
	"errors"
	"strings"

	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/parts"
	"zsf/ui/theme"
)

// writePreview shows what would be changed, before it is.
func (m *Model) writePreview(s *parts.Sheet, it *item) {
	words, style := m.frame.Words, m.frame.Theme
	title, do := words.Say(it.change.Title), "wizard.way-make"
	if it.undo != nil {
		title = words.T("wizard.take-back", "Change", it.change.Title, "Time", flow.Moment(it.undo.At), "Name", it.undo.Who)
		do = "wizard.way-take-back"
	}
	s.Add("", title, style.Strong)
	if it.undo == nil {
		m.writeDifferences(s, "wizard.moved-meanwhile", it.moved)
	}
	s.Section("wizard.what-changes")
	m.writeChangeLines(s, it)
	if it.undo == nil && len(it.change.Effects) > 0 {
		s.Section("wizard.who")
		for _, effect := range it.change.Effects {
			s.Add("  ", words.Say(effect), s.Style)
		}
	}
	if !it.change.Right.Empty() {
		s.Section("wizard.right")
		s.Add("  ", words.Say(it.change.Right), s.Style)
	}
	if it.undo == nil {
		s.Section("wizard.undone")
		if it.change.Final.Empty() {
			s.Add("  ", words.T("wizard.can-be-undone"), s.Style)
		} else {
			s.Add("  ", words.Say(it.change.Final), style.Doubt)
		}
	}
	s.Blank()
	m.way(s, "D", words.T(do))
	m.way(s, "esc", words.T("wizard.way-not"))
}

// writeChangeLines are before → after, or the other way round where it is taken back.
func (m *Model) writeChangeLines(s *parts.Sheet, it *item) {
	words, accent := m.frame.Words, m.frame.Theme.Accent
	turns := func(line flow.Line) string {
		if it.undo != nil {
			line.Before, line.After = line.After, line.Before
		}
		return words.Say(line.Before) + arrow + words.Say(line.After)
	}
	whats, most := 0, 0
	for _, line := range it.change.Lines {
		whats, most = max(whats, parts.Width(words.Say(line.What))), max(most, parts.Width(turns(line)))
	}
	for _, line := range it.change.Lines {
		what := words.Say(line.What)
		if theme.Indent+whats+theme.Gutter+most <= s.Width {
			s.Add("  "+m.frame.Fit(what, whats)+strings.Repeat(" ", theme.Gutter), turns(line), accent)
			continue
		}
		s.Add("  ", what, s.Style)
		s.Add("    ", turns(line), accent)
	}
}

// writeBusy is shown while a service is asked.
func (m *Model) writeBusy(s *parts.Sheet, it *item) {
	words := m.frame.Words
	id := "wizard.preparing"
	switch {
	case it.mode == making && it.undo != nil:
		id = "wizard.taking-back"
	case it.mode == making:
		id = "wizard.making"
	}
	turning := m.frame.Theme.Accent.Render(m.frame.Theme.Icons.Looking(m.now.Sub(it.since)))
	s.Add(turning+" ", words.T(id, "Span", m.frame.Elapsed(m.now.Sub(it.since))), m.frame.Theme.Accent)
	if it.mode == making {
		s.Blank()
		s.Add("", words.Say(it.change.Title), m.frame.Theme.Strong)
		m.writeChangeLines(s, it)
	}
}

// writeResult says what became of a change, or that what was waited for has happened.
func (m *Model) writeResult(s *parts.Sheet, it *item) {
	found := it.result
	if found == nil || found.Outcome == flow.Underway && !found.back && !it.Finding.Underway {
		return // nothing to say, or what it says is over
	}
	verdict, id := m.resultWords(found)
	mark := m.frame.Theme.Verdict(verdict).Render(m.frame.Theme.Icons.Mark(verdict)) + " "
	words := m.frame.Words
	s.Add(mark, words.T(id, "Entry", found.Entry), m.frame.Theme.Verdict(verdict))
	for _, err := range []error{found.Err, found.err} {
		if said := words.Error(err); said != "" && !errors.Is(err, run.ErrNotMade) {
			s.Add("  ", said, s.Style)
			if hint := words.Hint(err); hint != "" {
				s.Add("  ", hint, m.frame.Theme.Quiet)
			}
		}
	}
	m.writeDifferences(s, "wizard.moved-too", found.Moved)
}

// resultWords are the verdict on what became of a change, and the words for it.
func (m *Model) resultWords(found *result) (flow.Verdict, string) {
	switch {
	case found.done:
		return flow.Pass, "wizard.done"
	case found.Outcome == "":
		return flow.Unknown, "wizard.result-unknown"
	case found.back && found.Outcome == flow.NotMade && len(found.Moved) > 0:
		return flow.Warn, "wizard.result-back-moved"
	case found.back && found.Outcome == flow.NotMade:
		return flow.Pass, "wizard.result-back"
	case found.back:
		return flow.Fail, "wizard.result-still-made"
	case found.Outcome == flow.Made && len(found.Moved) > 0:
		return flow.Warn, "wizard.result-made-moved"
	case found.Outcome == flow.Made && !found.Change.Final.Empty():
		return flow.Pass, "wizard.result-made-final"
	case found.Outcome == flow.Made:
		return flow.Pass, "wizard.result-made"
	case found.Outcome == flow.PartMade:
		return flow.Warn, "wizard.result-part-made"
	case found.Outcome == flow.Underway:
		return flow.Unknown, "wizard.result-under-way"
	}
	return flow.Fail, "wizard.result-not-made"
}
