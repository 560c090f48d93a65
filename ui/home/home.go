// Package home shows where a profile stands, and what to do next.
package home

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/ui/locale"
	"zsf/ui/parts"
	"zsf/ui/theme"
)

// Data is what home tells about a profile.
type Data struct {
	Profile    string
	Salesforce SignIn
	Zendesk    SignIn
	Last       *Check // the last check; nil when there was none
}

// A SignIn is a service's sign-in, or that there is none.
type SignIn struct {
	Name string // the org's or the account's address; empty: not signed in
	User string // who is signed in, where it is known
	From string // where the sign-in comes from: ZSF_ZENDESK_ACCESS_TOKEN, the sandbox
}

// A Check is a look at the whole flow that came to its end.
type Check struct {
	At     time.Time
	Totals map[flow.Verdict]int
	Wrong  []Wrong // what failed, then what was warned of
}

// Wrong is a step that did not pass.
type Wrong struct {
	Step    flow.ID
	Verdict flow.Verdict
}

// CheckOf sums up a report.
func CheckOf(report flow.Report) *Check {
	check := &Check{At: report.StartedAt.Add(report.Took), Totals: map[flow.Verdict]int{}}
	for _, finding := range report.Findings {
		check.Totals[finding.Verdict]++
	}
	for _, verdict := range []flow.Verdict{flow.Fail, flow.Warn} {
		for _, finding := range report.Findings {
			if finding.Verdict == verdict {
				check.Wrong = append(check.Wrong, Wrong{Step: finding.Step, Verdict: verdict})
			}
		}
	}
	return check
}

// Chosen is the message of a choice: Do is check, setup, tickets, sign-in or rehearse.
type Chosen struct{ Do string }

// The choices of home.
const (
	DoCheck    = "check"
	DoSetUp    = "setup"
	DoTickets  = "tickets"
	DoSignIn   = "sign-in"
	DoRehearse = "rehearse"
)

// A choice is one thing to do next; its words are home.<do> and home.<do>-about.
type choice struct{ do, key, command string }

// The jobs come first, and below them what one does before or beside them.
var choices = []choice{
	{do: DoCheck, key: "c", command: "zsf check"},
	{do: DoSetUp, key: "s", command: "zsf setup"},
	{do: DoTickets, key: "t", command: "zsf tickets"},
	{do: DoSignIn, key: "l", command: "zsf auth login"},
	{do: DoRehearse, key: "d", command: "zsf demo"},
}

// jobs is how many of the choices are jobs.
const jobs = 3

// A Model is the home screen.
type Model struct {
	data   Data
	frame  parts.Frame
	clock  parts.Clock
	now    time.Time
	cursor int
}

// New makes the home screen.
func New(data Data, clock parts.Clock) *Model {
	return &Model{data: data, clock: clock, now: clock.Now()}
}

// SetFrame fits home to a new size, theme or language.
func (m *Model) SetFrame(frame parts.Frame) { m.frame = frame }

// SetSignIns tells of sign-ins that just changed.
func (m *Model) SetSignIns(salesforce, zendesk SignIn) {
	m.data.Salesforce, m.data.Zendesk = salesforce, zendesk
}

// SignedIn tells whether both services are signed in to.
func (m *Model) SignedIn() (salesforce, zendesk bool) {
	return m.data.Salesforce.Name != "", m.data.Zendesk.Name != ""
}

// SetLast tells of a check that just ended.
func (m *Model) SetLast(check *Check) {
	m.data.Last = check
	m.now = m.clock.Now()
}

// Keys are the screen's keys.
func (m *Model) Keys() parts.Table {
	return parts.Table{
		{Do: "check", Keys: []string{"c"}},
		{Do: "setup", Keys: []string{"s"}},
		{Do: "tickets", Keys: []string{"t"}},
		{Do: "sign-in-home", Keys: []string{"l"}},
		{Do: "rehearse", Keys: []string{"d"}},
		{Do: "choose", Keys: []string{"enter"}},
		{Do: "move", Keys: []string{"up", "down", "k", "j"}, Label: "↑ ↓ k j", Quiet: true},
		{Do: "help", Keys: []string{"?"}},
		{Do: "quit", Keys: []string{"q", "ctrl+c"}, Label: "q"},
	}
}

// Update takes a key press.
func (m *Model) Update(message tea.Msg) tea.Cmd {
	press, ok := message.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	m.now = m.clock.Now()
	binding, ok := m.Keys().Find(parts.KeyName(press))
	if !ok {
		return nil
	}
	switch binding.Do {
	case DoCheck, DoSetUp, DoTickets, DoRehearse:
		return choose(binding.Do)
	case "sign-in-home":
		return choose(DoSignIn)
	case "choose":
		return choose(choices[m.cursor].do)
	case "move":
		if key := parts.KeyName(press); key == "up" || key == "k" {
			m.cursor = max(m.cursor-1, 0)
		} else {
			m.cursor = min(m.cursor+1, len(choices)-1)
		}
	case "help":
		return parts.Open(&parts.Help{Title: "home.help-title", About: "home.help-about", Table: m.Keys()})
	case "quit":
		return func() tea.Msg { return parts.Quit{} }
	}
	return nil
}

func choose(do string) tea.Cmd { return func() tea.Msg { return Chosen{Do: do} } }

// Render draws home: frame.Height lines of at most frame.Width cells. notice is said above the keys.
func (m *Model) Render(notice string) string {
	title := " " + m.frame.Theme.Accent.Render("zsf")
	if m.data.Profile != "" {
		title += " " + m.frame.Theme.Icons.Dot + " " + locale.Clean(m.data.Profile)
	}
	lines := []string{title, ""}
	for _, level := range []level{full, brief, briefest} {
		body := m.body(m.choiceKey, level)
		if len(body) <= m.frame.Height-4 || level == briefest {
			lines = append(lines, body...)
			break
		}
	}
	lines = append(parts.Pad(lines, m.frame.Height-2), " "+m.frame.Theme.Accent.Render(notice), m.frame.Footer(m.Keys()))
	for i := range lines {
		lines[i] = m.frame.Cut(lines[i], m.frame.Width)
	}
	return strings.Join(lines, "\n")
}

// Text is home for a pipe: the same lines, without colour, with commands in the place of keys.
func Text(data Data, words *locale.Locale, now time.Time, width int) []string {
	m := &Model{data: data, now: now, frame: parts.Frame{Width: width, Theme: theme.New(theme.Terminal{}).Without(), Words: words}}
	var lines []string
	if data.Profile != "" {
		lines = append(lines, words.T("home.profile", "Profile", data.Profile), "")
	}
	for _, line := range m.body(func(i int) string { return choices[i].command }, full) {
		lines = append(lines, strings.TrimPrefix(line, strings.Repeat(" ", left)))
	}
	return lines
}

// left is the body's margin.
const left = 3

// A level is how much home says, so that what to do next is in sight on the smallest screen too.
type level int

const (
	full     level = iota
	brief          // without where the sign-ins come from
	briefest       // without the names of what is wrong either, closer together, a line for each choice
)

func (m *Model) body(lead func(choice int) string, level level) []string {
	lines := m.welcome()
	if !m.isFirstRun() {
		lines = m.standing(level)
	}
	lines = append(lines, "", strings.Repeat(" ", left)+m.frame.Theme.Strong.Render(m.frame.Words.T("home.next")))
	return append(lines, m.choices(lead, level)...)
}

// standing is what is signed in to, and the last check.
func (m *Model) standing(level level) []string {
	column := 0
	for _, id := range []string{"home.salesforce", "home.zendesk", "home.last"} {
		column = max(column, parts.Width(m.frame.Words.T(id)))
	}
	lines := append(m.signIn("salesforce", m.data.Salesforce, column, level), m.signIn("zendesk", m.data.Zendesk, column, level)...)
	if level < briefest {
		lines = append(lines, "")
	}
	return append(lines, m.last(column, level)...)
}

// isFirstRun tells that there is nothing to say of the profile yet.
func (m *Model) isFirstRun() bool {
	return m.data.Salesforce.Name == "" && m.data.Zendesk.Name == "" && m.data.Last == nil
}

// welcome says what zsf is for, in place of where the profile stands.
func (m *Model) welcome() []string {
	var lines []string
	for _, line := range parts.Wrap(m.frame.Words.T("home.welcome"), min(m.frame.Width-left-theme.Margin, welcomeWidth)) {
		lines = append(lines, strings.Repeat(" ", left)+line)
	}
	return append(lines, strings.Repeat(" ", left)+m.frame.Theme.Quiet.Render(m.frame.Words.T("home.first-run")))
}

// welcomeWidth is how long a line of prose is at most.
const welcomeWidth = 76

// entry is a name at the left and lines beside it, the first one plain, the rest quiet.
func (m *Model) entry(name string, column int, first string, rest ...string) []string {
	room := m.frame.Width - left - column - theme.Gutter - theme.Margin
	lead := strings.Repeat(" ", left) + m.frame.Theme.Quiet.Render(m.frame.Fit(name, column)) + strings.Repeat(" ", theme.Gutter)
	var lines []string
	for _, line := range parts.Wrap(first, room) {
		lines = append(lines, lead+line)
		lead = strings.Repeat(" ", left+column+theme.Gutter)
	}
	for _, text := range rest {
		for _, line := range parts.Wrap(text, room) {
			lines = append(lines, lead+m.frame.Theme.Quiet.Render(line))
		}
	}
	return lines
}

func (m *Model) signIn(service string, signIn SignIn, column int, level level) []string {
	words := m.frame.Words
	name := words.T("home." + service)
	if signIn.Name == "" {
		return m.entry(name, column, words.T("home.not-signed-in"))
	}
	who := locale.Clean(signIn.Name)
	if signIn.User != "" {
		who = words.T("home.signed-in-as", "Name", signIn.Name, "User", signIn.User)
	}
	if signIn.From == "" || level > full {
		return m.entry(name, column, who)
	}
	return m.entry(name, column, who, words.T("home.from", "From", signIn.From))
}

func (m *Model) last(column int, level level) []string {
	words, style := m.frame.Words, m.frame.Theme
	name := words.T("home.last")
	if m.data.Last == nil {
		return m.entry(name, column, words.T("home.never"))
	}
	lines := m.entry(name, column, words.T("home.checked", "Time", words.Date(m.data.Last.At),
		"Ago", words.Ago(m.now.Sub(m.data.Last.At)), "Totals", m.totals()))
	if level > brief {
		return lines
	}
	for i, wrong := range m.data.Last.Wrong {
		indent := strings.Repeat(" ", left+column+theme.Gutter)
		if i == mostWrong {
			more := words.T("home.more-wrong", "Count", len(m.data.Last.Wrong)-mostWrong)
			return append(lines, indent+style.Quiet.Render(more))
		}
		mark := style.Verdict(wrong.Verdict).Render(style.Icons.Mark(wrong.Verdict))
		lines = append(lines, indent+mark+" "+words.Say(flow.Step{ID: wrong.Step}.Title()))
	}
	return lines
}

// mostWrong is how many troubled steps home names, so that it fits the smallest screen.
const mostWrong = 3

// totals name what is not as it should be; where all is, how much passed.
func (m *Model) totals() string {
	var totals []string
	for _, verdict := range []flow.Verdict{flow.Fail, flow.Warn, flow.Unknown, flow.Blocked} {
		if count := m.data.Last.Totals[verdict]; count > 0 {
			totals = append(totals, m.frame.Words.Total(verdict, count))
		}
	}
	if len(totals) == 0 {
		return m.frame.Words.Total(flow.Pass, m.data.Last.Totals[flow.Pass])
	}
	return strings.Join(totals, m.frame.Words.T("list.separator"))
}

// choiceKey is the key of a choice, with the cursor where it stands.
func (m *Model) choiceKey(i int) string {
	style, cursor := m.frame.Theme, " "
	if i == m.cursor {
		cursor = style.Accent.Render(style.Icons.Cursor)
	}
	return cursor + " " + style.Accent.Render(choices[i].key)
}

func (m *Model) choices(lead func(int) string, level level) []string {
	words, column, leads := m.frame.Words, 0, 0
	for i, choice := range choices {
		column = max(column, parts.Width(words.T("home."+choice.do)))
		leads = max(leads, parts.Width(lead(i)))
	}
	var lines []string
	for i, choice := range choices {
		if i == jobs && level < briefest {
			lines = append(lines, "")
		}
		name := strings.Repeat(" ", left) + m.frame.Fit(lead(i), leads) + "  " +
			m.frame.Fit(words.T("home."+choice.do), column) + strings.Repeat(" ", theme.Indent)
		room := m.frame.Width - parts.Width(name) - theme.Margin
		about := parts.Wrap(words.T("home."+choice.do+"-about"), room)
		if level == briefest {
			about = []string{m.frame.Cut(strings.Join(about, " "), room)}
		}
		for j, line := range about {
			if j > 0 {
				name = strings.Repeat(" ", parts.Width(name))
			}
			lines = append(lines, name+m.frame.Theme.Quiet.Render(line))
		}
	}
	return lines
}
