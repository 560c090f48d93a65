// The last page: what is verified, what people vouched for, what is left, and what one can do next.

package wizard

import (
	"strconv"

	"charm.land/lipgloss/v2"

	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/locale"
	"zsf/ui/parts"
)

func (m *Model) endLines(width int) []string {
	words, style := m.frame.Words, m.frame.Theme
	s := m.frame.NewSheet(width, nil)
	left := len(m.items) - m.settled()
	switch {
	case left > 0:
		s.Add("", words.T("wizard.end-open", "Count", left), style.Strong)
	case m.count(flow.Skipped) > 0:
		s.Add("", words.T("wizard.end-skipped", "Count", m.count(flow.Skipped)), style.Strong)
	case m.count(flow.Warn) > 0:
		s.Add("", words.T("wizard.end-warn", "Count", m.count(flow.Warn)), style.Strong)
	default:
		s.Add("", words.T("wizard.end-done"), style.Strong)
	}
	s.Add("", words.T("wizard.end-counts", "Verified", m.count(flow.Pass), "Vouched", m.count(flow.Confirmed)), style.Plain)
	if m.endErr != nil {
		s.Add("", words.T("wizard.end-not-closed", "Reason", m.frame.Words.Error(m.endErr)), style.Bad)
	}
	m.writeOpen(s)
	m.writeSteps(s, "wizard.end-warned", func(it *item) bool { return it.Finding.Verdict == flow.Warn }, func(it *item) string {
		return words.Say(it.Finding.Summary)
	})
	m.writeSteps(s, "wizard.end-skips", func(it *item) bool { return it.Finding.Verdict == flow.Skipped }, func(it *item) string {
		return "$ " + m.laterCommand(it)
	})
	m.writeSteps(s, "wizard.end-vouched", func(it *item) bool { return it.Finding.Verdict == flow.Confirmed }, func(it *item) string {
		return words.T("wizard.vouched-by", "Name", it.Finding.Vouched.By, "Time", flow.Moment(it.Finding.Vouched.At))
	})
	m.writeChanges(s)
	m.writeNext(s)
	m.writeSteps(s, "wizard.end-verified", func(it *item) bool {
		return it.Seen && it.Finding.Verdict == flow.Pass
	}, func(it *item) string {
		return words.T("wizard.was-read", "Summary", it.Finding.Summary, "Time", it.Finding.ReadAt)
	})
	return s.Lines
}

// next are the things that one can do once a flow has come to its end; after any other, those after a set-up.
var next = map[string][]string{
	"disconnect": {"reconnect", "snapshots"},
	"reconnect":  {"ticket", "against", "watch"},
	"move-from":  {"move", "later"},
	"move-to":    {"compare", "ticket", "watch"},
}

// writeNext names the next things that one can do, each with the command for it where there is one.
func (m *Model) writeNext(s *parts.Sheet) {
	words, style := m.frame.Words, m.frame.Theme
	things, own := next[m.run.Flow().ID]
	switch {
	case !own && m.options.Passing:
		things = []string{"own"}
	case !own:
		things = []string{"ticket", "watch", "keep", "profile"}
	case m.options.Passing:
		return // nothing follows a rehearsal: what it was done to is gone
	case m.settled() < len(m.items):
		things = []string{"later"} // nothing follows before the flow has come to its end
	}
	s.Section("wizard.next")
	for _, thing := range things {
		if thing == "ticket" && m.lacksPages() {
			continue
		}
		id := "wizard.next-" + thing
		s.Add("  "+style.Icons.Dot+" ", words.T(id), s.Style)
		if words.Has(id + "-command") {
			s.Add("    $ ", words.T(id+"-command", "Command", m.options.Command), style.Quiet)
		}
	}
}

// lacksPages tells that there is a record page on which nobody sees a ticket yet.
func (m *Model) lacksPages() bool {
	pages := m.known("access.pages")
	return pages != nil && pages.Finding.Verdict == flow.Warn
}

// writeOpen lists the steps at which there is something to do.
func (m *Model) writeOpen(s *parts.Sheet) {
	m.writeSteps(s, "wizard.end-left", func(it *item) bool { return !it.settled() }, func(it *item) string {
		return m.frame.Words.Say(it.Finding.Summary)
	})
}

// writeSteps lists those steps that are meant, under a heading that counts them.
func (m *Model) writeSteps(s *parts.Sheet, heading string, meant func(*item) bool, about func(*item) string) {
	var found []*item
	column := 0
	for i := range m.items {
		if it := &m.items[i]; meant(it) {
			found = append(found, it)
			column = max(column, parts.Width(m.frame.Words.Say(it.Step.Title())))
		}
	}
	if len(found) == 0 {
		return
	}
	s.Section(heading, "Count", len(found))
	for _, it := range found {
		title := m.frame.Fit(m.frame.Words.Say(it.Step.Title()), min(column, s.Width/2))
		lead := "  " + m.frame.Mark(&it.Item, m.now) + " " + title + "  "
		m.beside(s, lead, locale.Clean(about(it)), m.frame.Theme.Quiet)
	}
}

// beside sets text after lead, or below it where there is no room.
func (m *Model) beside(s *parts.Sheet, lead, text string, style lipgloss.Style) {
	if parts.Width(lead)+parts.Width(text) <= s.Width {
		s.Lines = append(s.Lines, lead+style.Render(text))
		return
	}
	s.Lines = append(s.Lines, m.frame.Cut(lead, s.Width))
	s.Add("      ", text, style)
}

// writeChanges lists the changes that stand, each with the command that takes it back.
func (m *Model) writeChanges(s *parts.Sheet) {
	words := m.frame.Words
	var standing []run.Recorded
	for _, recorded := range m.changes {
		_, ours := m.find(recorded.Change.Step)
		if ours && !recorded.TakenBack && (recorded.Outcome == flow.Made || recorded.Outcome == flow.PartMade) {
			standing = append(standing, recorded)
		}
	}
	if len(standing) == 0 {
		return
	}
	s.Section("wizard.end-changes", "Count", len(standing))
	for _, recorded := range standing {
		s.Add("  "+m.frame.Theme.Icons.Dot+" ", words.T("wizard.changed", "Change", recorded.Change.Title,
			"Time", flow.Moment(recorded.At), "Name", recorded.Who), s.Style)
		switch {
		case m.options.Passing:
		case recorded.CanBeTakenBack():
			s.Add("    $ ", words.Command("zsf undo "+strconv.FormatInt(recorded.Entry, 10)), m.frame.Theme.Quiet)
		default:
			s.Add("    ", words.Say(recorded.Change.Final), m.frame.Theme.Quiet)
		}
	}
}

func (m *Model) count(verdict flow.Verdict) int {
	count := 0
	for i := range m.items {
		if m.items[i].Seen && m.items[i].Finding.Verdict == verdict {
			count++
		}
	}
	return count
}
