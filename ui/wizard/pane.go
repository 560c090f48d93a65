// The step that speaks: what it is for, what we see, what to do, and what is being done.

package wizard

import (
	"strings"

	"zsf/flows/flow"
	"zsf/ui/locale"
	"zsf/ui/parts"
)

// paneView is the part of the pane that is in view.
func (m *Model) paneView(width, height int) []string {
	if it := m.current(); it != nil && it.mode == asking {
		return m.formView(it, width, height)
	}
	return m.reader.View(m.frame, m.paneLines(width), height, "")
}

// paneLines is the whole pane, without its title.
func (m *Model) paneLines(width int) []string {
	it := m.current()
	if it == nil {
		return m.endLines(width)
	}
	s := m.frame.NewSheet(width, &it.Item)
	switch it.mode {
	case previewing:
		m.writePreview(s, it)
	case preparing, making:
		m.writeBusy(s, it)
	case vouching:
		m.writeWord(s, it)
	case leaving:
		m.writeLeaving(s, it)
	case waiting:
		m.writeWait(s, it)
	case atStep, asking:
		m.writeStep(s, it)
	}
	return s.Lines
}

// writeStep is the step itself.
func (m *Model) writeStep(s *parts.Sheet, it *item) {
	words := m.frame.Words
	for _, notice := range m.notices {
		s.Add("", notice, m.frame.Theme.Accent)
	}
	m.writeResult(s, it)
	m.writeTrouble(s, it)
	s.Blank()
	if why := it.Step.Why(); words.Has(why.ID) {
		s.Add("", words.Say(why), m.frame.Theme.Plain)
		s.Blank()
	}
	s.Verdict(&it.Item, m.now)
	if !it.Seen {
		return
	}
	s.Evidence(&it.Item, m.known, m.now)
	m.writeLookFor(s, it)
	m.writeWays(s, it)
	if !it.Finding.Verdict.Holds() {
		s.LeadsTo(&it.Item) // below the ways: on a small screen, what to do is in sight
	}
}

// writeLookFor says what a person looks for where zsf does not see it, and where they click.
func (m *Model) writeLookFor(s *parts.Sheet, it *item) {
	words := m.frame.Words
	if id := "look-for." + string(it.Step.ID); it.Finding.CanBeVouchedFor() && words.Has(id) {
		s.Section("wizard.look-for")
		s.Add("  ", words.T(id), s.Style)
	}
}

// writeWays is what to do: each way with its key before it.
func (m *Model) writeWays(s *parts.Sheet, it *item) {
	words := m.frame.Words
	heading := len(s.Lines)
	s.Section("details.do")
	before := len(s.Lines)
	switch {
	case it.Finding.Verdict == flow.Skipped:
		m.way(s, "s", words.T("wizard.way-unskip"))
		s.Add("    $ ", locale.Clean(m.laterCommand(it)), s.Style)
	case it.settled() && m.look.Finished && it.Finding.Verdict != flow.Warn:
		m.way(s, "enter", words.T("wizard.way-on", "Step", m.titleOf(m.nextStop(m.at+1))))
	}
	if m.offersDo(it) && it.Finding.Verdict != flow.Blocked {
		m.way(s, "c", m.doWords(it))
	}
	if m.lastChange(it.Step.ID) != nil && !m.run.Watches() {
		m.way(s, "u", words.T("wizard.way-back", "Change", m.lastChange(it.Step.ID).Change.Title))
	}
	if m.offersSignIn(it) && !it.NamesSignIn() {
		m.way(s, "l", words.T("wizard.way-sign-in", "Service", string(it.service())))
	}
	s.Remedies(&it.Item, it.pageNumber(), m.offersSignIn(it))
	if it.Finding.Verdict == flow.Warn && m.look.Finished {
		m.way(s, "enter", words.T("wizard.way-on-as-it-is", "Step", m.titleOf(m.nextStop(m.at+1))))
	}
	m.writeWayToVouch(s, it)
	if it.Finding.Verdict == flow.Confirmed && !m.run.Watches() {
		m.way(s, "V", words.T("wizard.way-unvouch"))
	}
	switch {
	case len(s.Lines) > before:
	case it.settled():
		s.Lines = s.Lines[:heading]
	default:
		m.way(s, "r", words.T("wizard.way-again"))
	}
}

// way is a key and what it does; the words follow where a page's stand.
func (m *Model) way(s *parts.Sheet, key, does string) {
	s.Add("  "+m.frame.Theme.Accent.Render(key)+" ", does, s.Style)
}

// doWords say what zsf would do for this step: the step's own words, or the question that it asks.
func (m *Model) doWords(it *item) string {
	words := m.frame.Words
	if id := "do." + string(it.Step.ID); words.Has(id) {
		return words.T(id)
	}
	if it.Step.Change == nil && len(it.questions) > 0 {
		return words.Say(it.questions[0].Words())
	}
	return words.T("wizard.way-do")
}

// laterCommand takes the step up at another time.
func (m *Model) laterCommand(it *item) string {
	return m.options.Command + " --only " + string(it.Step.ID)
}

func (m *Model) titleOf(at int) any {
	if at < len(m.items) {
		return m.items[at].Step.Title()
	}
	return flow.Say("wizard.end")
}

// writeTrouble says why what was asked for did not come about, and what to do about it.
func (m *Model) writeTrouble(s *parts.Sheet, it *item) {
	if it.trouble == nil {
		return
	}
	s.Blank()
	mark := m.frame.Theme.Verdict(flow.Fail).Render(m.frame.Theme.Icons.Mark(flow.Fail)) + " "
	s.Add(mark, m.frame.Words.T("wizard.nothing-done", "Reason", m.frame.Words.Error(it.trouble)), m.frame.Theme.Bad)
	if hint := m.frame.Words.Hint(it.trouble); hint != "" {
		s.Add("  ", hint, s.Style)
	}
	m.writeDifferences(s, "wizard.differs", it.moved)
}

// writeDifferences lists what is other than it was.
func (m *Model) writeDifferences(s *parts.Sheet, heading string, differences []flow.Difference) {
	if len(differences) == 0 {
		return
	}
	s.Section(heading)
	for _, difference := range differences {
		side := func(value string) string {
			if value == "" {
				return m.frame.Words.T("wizard.absent")
			}
			return strings.ReplaceAll(locale.Clean(value), "\n", ", ")
		}
		s.Add("  ", locale.Clean(difference.Path), s.Style)
		s.Add("    ", side(difference.Before)+arrow+side(difference.After), m.frame.Theme.Accent)
	}
}

// arrow stands between what is and what will be.
const arrow = " → "

// writeWord asks for the name of who vouches.
func (m *Model) writeWord(s *parts.Sheet, it *item) {
	words := m.frame.Words
	s.Add("", words.T("wizard.vouch"), m.frame.Theme.Strong)
	s.Blank()
	if why := it.Step.Why(); words.Has(why.ID) {
		s.Add("", words.Say(why), m.frame.Theme.Plain)
		s.Blank()
	}
	s.Add("", words.T("wizard.vouch-about"), m.frame.Theme.Quiet)
	s.Blank()
	lead := words.T("wizard.vouch-name") + "  "
	s.Lines = append(s.Lines, m.frame.Theme.Quiet.Render(lead)+it.name.View(m.frame, s.Width-parts.Width(lead), true, ""))
	m.writeTrouble(s, it)
}

// writeLeaving says what follows when the step is left for later.
func (m *Model) writeLeaving(s *parts.Sheet, it *item) {
	words := m.frame.Words
	s.Add("", words.T("wizard.leave"), m.frame.Theme.Strong)
	if leads := flow.Say(string(it.Step.ID) + ".leads_to"); words.Has(leads.ID) {
		s.Section("wizard.until-then")
		s.Add("  ", words.Say(leads), s.Style)
	}
	s.Section("wizard.later")
	s.Add("  $ ", locale.Clean(m.laterCommand(it)), s.Style)
	s.Blank()
	m.way(s, "s", words.T("wizard.way-skip"))
	m.way(s, "esc", words.T("wizard.way-stay"))
	m.writeTrouble(s, it)
}

// writeWait is what to do in the browser, or what a service is at work on.
func (m *Model) writeWait(s *parts.Sheet, it *item) {
	words, style := m.frame.Words, m.frame.Theme
	heading := "wizard.wait-browser"
	if it.wait.underway {
		heading = "wizard.wait-service"
	}
	waited := locale.Countdown(m.now.Sub(it.wait.since).Truncate(1e9))
	s.Lines = append(s.Lines, m.frame.Spread(style.Strong.Render(words.T(heading)), style.Quiet.Render(waited), s.Width))
	pages := it.Pages()
	switch long := m.now.Sub(it.wait.since) >= longWait; {
	case it.wait.underway && long:
		s.Add("", words.T("wizard.wait-long"), style.Doubt)
		s.Blank()
		s.Remedies(&it.Item, it.pageNumber(), m.offersSignIn(it))
	case it.wait.underway:
		s.Add("", words.T("wizard.wait-meanwhile"), s.Style)
	case len(pages) > 0:
		m.writeClicks(s, it, pages)
	}
	s.Blank()
	m.writeWatch(s, it)
	m.writeTrouble(s, it)
}

// longWait is after how long a service at work is said to take long.
const longWait = 5 * 60 * 1e9

// writeClicks say where to go, and what to press there.
func (m *Model) writeClicks(s *parts.Sheet, it *item, pages []flow.Remedy) {
	page := pages[it.pageNumber()]
	s.Blank()
	s.Add("", m.frame.Words.Say(page.Title), s.Style)
	if clicks := m.frame.Words.Say(page.Clicks); clicks != "" {
		for i, click := range strings.Split(clicks, "\n") {
			number := m.frame.Theme.Accent.Render(string(rune('1' + i)))
			s.Add("  "+number+"  ", click, s.Style)
		}
	}
	s.Link(page.URL)
	for i, other := range pages {
		if i != it.pageNumber() {
			m.way(s, string(rune('1'+i)), m.frame.Words.T("wizard.other-page", "Page", other.Title))
		}
	}
}

// writeWatch says what zsf sees meanwhile.
func (m *Model) writeWatch(s *parts.Sheet, it *item) {
	words, style := m.frame.Words, m.frame.Theme
	switch {
	case it.onlyAPerson():
		s.Add("", words.T("wizard.wait-untold"), style.Plain)
		return
	case it.Looking:
		s.Add(m.frame.Mark(&it.Item, m.now)+" ", words.T("checklist.looking", "Span", m.frame.Elapsed(m.now.Sub(it.Since))), style.Accent)
		return
	case it.wait.last.IsZero():
		s.Add("  ", words.T("wizard.wait-looks"), style.Quiet)
		return
	}
	mark := m.frame.Mark(&it.Item, m.now) + " "
	if it.Finding.Underway {
		mark = "  " // nothing is wrong while it is being done
	}
	s.Add(mark, words.T("wizard.wait-last", "Ago", words.Ago(m.now.Sub(it.wait.last)), "Summary", it.Finding.Summary), style.Plain)
	if trouble := words.Error(it.Finding.Err); trouble != "" && !s.Says(trouble) {
		s.Add("  ", trouble, style.Bad)
	}
	if hint := words.Hint(it.Finding.Err); hint != "" {
		s.Add("  ", hint, s.Style)
	}
	if m.offersSignIn(it) {
		m.way(s, "l", words.T("wizard.way-sign-in", "Service", string(it.service())))
	}
	m.writeWayToVouch(s, it)
}

func (m *Model) writeWayToVouch(s *parts.Sheet, it *item) {
	switch {
	case !m.offersWord(it):
	case it.isUnseen():
		m.way(s, "v", m.frame.Words.T("wizard.way-vouch-unseen"))
	case it.Finding.Err != nil:
		m.way(s, "v", m.frame.Words.T("wizard.way-vouch-unread"))
	default:
		m.way(s, "v", m.frame.Words.T("wizard.way-vouch"))
	}
}
