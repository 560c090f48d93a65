// The form drawn, and what went wrong after it.

package signin

import (
	"errors"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"zsf/clients/oauth"
	"zsf/clients/transport"
	"zsf/flows/flow"
	signin "zsf/flows/signin"
	"zsf/ui/parts"
)

// A sheet is the form's lines while they are written; from and to are those of the row with the cursor.
type sheet struct {
	m        *Model
	lines    []string
	from, to int
}

// formLines are the part of the form that fits, with the cursor's row in sight.
func (m *Model) formLines() []string {
	s := &sheet{m: m}
	roomy := m.bodyHeight() >= 24
	gap := func() {
		if roomy {
			s.lines = append(s.lines, "")
		}
	}
	s.field(addressRow, &m.form.address, "address", m.addressNote())
	gap()
	if !m.isFolded() {
		s.guide()
		gap()
	}
	s.field(clientRow, &m.form.client, "client", m.clientNote())
	gap()
	s.label()
	s.begin()
	return s.window(m.bodyHeight())
}

// guide is how to make the app or the client.
func (s *sheet) guide() {
	s.heading()
	number := 0
	for i, entry := range s.m.guide().Entries {
		if entry.Value != "" {
			number++
		}
		s.entry(firstEntry+row(i), entry, number)
	}
}

// window cuts the lines to height: the cursor's row whole, and as much before it as fits.
func (s *sheet) window(height int) []string {
	if len(s.lines) <= height {
		return s.lines
	}
	top := max(min(s.from-height/3, len(s.lines)-height), 0)
	top = max(top, min(s.to-height, s.from))
	lines := append([]string(nil), s.lines[top:min(top+height, len(s.lines))]...)
	icons, quiet := s.m.frame.Theme.Icons, s.m.frame.Theme.Quiet
	if top > 0 && s.from > top {
		lines[0] = quiet.Render(icons.Up + " " + icons.Ellipsis)
	}
	if rest := len(s.lines) - top - height; rest > 0 && s.to < top+height {
		lines[height-1] = quiet.Render(icons.Down + " " + icons.Ellipsis)
	}
	return lines
}

// row writes the lines of one row; the first gets the cursor.
func (s *sheet) row(at row, lines ...string) {
	icons := s.m.frame.Theme.Icons
	lead := "  "
	if s.m.form.at == at {
		lead = s.m.frame.Theme.Accent.Render(icons.Cursor) + " "
		s.from, s.to = len(s.lines), len(s.lines)+len(lines)
	}
	for i, line := range lines {
		if i > 0 {
			lead = "  "
		}
		s.lines = append(s.lines, lead+line)
	}
}

// column is the width of the names before fields.
func (s *sheet) column() int {
	column := 0
	for _, id := range []string{"address", "client", "label"} {
		column = max(column, parts.Width(s.m.frame.Words.T("signin.field."+id+"-"+s.service())))
	}
	return min(column, s.m.width()/2)
}

func (s *sheet) service() string { return strings.ToLower(s.m.name()) }

func (s *sheet) name(id string) string {
	return s.m.frame.Theme.Strong.Render(s.m.frame.Fit(s.m.frame.Words.T("signin.field."+id+"-"+s.service()), s.column())) + "  "
}

// field is a name, what is typed, and below it what is known of it.
func (s *sheet) field(at row, field *parts.Field, id string, notes []remark) {
	m := s.m
	room := m.width() - 2 - s.column() - 2
	line := s.name(id) + field.View(m.frame, room, m.form.at == at, m.frame.Words.T("signin.hint."+id+"-"+s.service()))
	lines := []string{line}
	for _, note := range notes {
		for _, part := range parts.Wrap(note.words, room) {
			lines = append(lines, strings.Repeat(" ", s.column()+2)+note.style.Render(part))
		}
	}
	s.row(at, lines...)
}

// A remark is said below a field.
type remark struct {
	words string
	style lipgloss.Style
}

func (m *Model) quietly(id string, args ...any) []remark {
	return []remark{{m.frame.Words.T(id, args...), m.frame.Theme.Quiet}}
}

// addressNote says what the service says of the address, or how it is read.
func (m *Model) addressNote() []remark {
	entered := m.form.address.Value()
	if entered == "" {
		return nil
	}
	if fault := m.addressFault(); fault != nil {
		return m.wrongNote(fault)
	}
	address, _ := m.options.Login.Address(entered)
	if m.form.addressCheck.of != entered {
		return m.quietly("signin.read-as", "Address", address)
	}
	return m.checkNote(m.form.addressCheck, "signin.address-good", address)
}

func (m *Model) clientNote() []remark {
	entered := m.form.client.Value()
	if entered == "" {
		return nil
	}
	if m.addressFault() == nil {
		if fault := m.clientFault(); fault != nil {
			return m.wrongNote(fault)
		}
	}
	if m.form.clientCheck.of != m.form.address.Value()+" "+entered {
		return nil
	}
	return m.checkNote(m.form.clientCheck, "signin.client-good", "")
}

func (m *Model) checkNote(check check, good, address string) []remark {
	style := m.frame.Theme
	switch {
	case check.number != 0:
		return m.quietly("signin.asking", "Service", m.name())
	case check.err != nil:
		return m.wrongNote(check.err)
	case !check.known:
		return nil
	}
	words := m.frame.Words.T(good, "Service", m.name(), "Address", address)
	return []remark{{style.Icons.Mark(flow.Pass) + " " + words, style.Good}}
}

// wrongNote names the part that is wrong, why, and what to do.
func (m *Model) wrongNote(err error) []remark {
	words, style := m.wrongWords(err), m.frame.Theme
	notes := []remark{{style.Icons.Mark(flow.Fail) + " " + words[0], style.Bad}}
	for _, mend := range words[1:] {
		notes = append(notes, remark{mend, style.Quiet})
	}
	return notes
}

// wrongWords are what is wrong with which part, and what to do.
func (m *Model) wrongWords(err error) []string {
	words := m.frame.Words
	reason, mend := words.Error(err), words.Hint(err)
	var denied *oauth.Denial
	if errors.As(err, &denied) {
		cause, wayOut, known := denied.Help()
		if known || denied.Code == "" {
			reason = words.T(cause)
		}
		mend = words.T(wayOut)
	}
	part := signin.PartOf(err)
	if part == "" {
		return nonEmpty(reason, mend)
	}
	if mend == "" || signin.IsOfEntered(err) {
		mend = words.T("signin.mend." + string(part))
	}
	if signin.IsAway(err) {
		return nonEmpty(reason, mend)
	}
	return nonEmpty(words.T("signin.wrong."+string(part), "Reason", reason), mend)
}

func nonEmpty(texts ...string) []string {
	var kept []string
	for _, text := range texts {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return kept
}

// heading names the console's page.
func (s *sheet) heading() {
	m, style := s.m, s.m.frame.Theme
	var lines []string
	lead := style.Accent.Render("o") + " "
	if m.guide().Page == "" {
		lead = style.Quiet.Render("o") + " "
	}
	for i, line := range parts.Wrap(m.frame.Words.T("signin.guide."+s.service()+".page"), m.width()-4) {
		if i > 0 {
			lead = "  "
		}
		lines = append(lines, lead+line)
	}
	if page := m.guide().Page; m.form.noConsole != nil && page != "" {
		for _, line := range parts.Wrap(m.frame.Words.T("signin.browser-not", "Reason", m.form.noConsole), m.width()-4) {
			lines = append(lines, "  "+style.Doubt.Render(line))
		}
		for _, line := range m.linked(page, m.width()-4) {
			lines = append(lines, "  "+line)
		}
	}
	s.row(pageRow, lines...)
}

// entry is one field of the console's page, with the value to enter there.
func (s *sheet) entry(at row, entry signin.Entry, number int) {
	m, style, words := s.m, s.m.frame.Theme, s.m.frame.Words
	lead := style.Quiet.Render(style.Icons.Dot) + " "
	if entry.Value != "" {
		lead = style.Accent.Render(strconv.Itoa(number)) + " "
	}
	text := words.T(entry.ID)
	if entry.Value != "" {
		text += "  " + strings.ReplaceAll(entry.Value, "\n", " ")
	}
	var lines []string
	for i, line := range parts.Wrap(text, m.width()-6) {
		if i > 0 {
			lead = "  "
		}
		lines = append(lines, "  "+lead+line)
	}
	s.row(at, lines...)
}

// label is whether this is a sandbox or production, as far as anybody says.
func (s *sheet) label() {
	m, style, words := s.m, s.m.frame.Theme, s.m.frame.Words
	var choices []string
	for _, kind := range []string{"sandbox", "production"} {
		choice := words.T("environment-kind." + kind)
		if string(m.form.label) == kind {
			choice = style.Accent.Render("[" + choice + "]")
		} else {
			choice = style.Quiet.Render(" " + choice + " ")
		}
		choices = append(choices, choice)
	}
	s.row(labelRow, s.name("label")+strings.Join(choices, " "))
}

func (s *sheet) begin() {
	m, style, words := s.m, s.m.frame.Theme, s.m.frame.Words
	begin := words.T("signin.begin")
	if m.form.at == goRow {
		begin = style.Strong.Render(begin)
	}
	lines := []string{begin}
	if m.options.Service == transport.Salesforce && m.form.at == goRow {
		for _, line := range parts.Wrap(words.T("auth.five"), m.width()-2) {
			lines = append(lines, style.Quiet.Render(line))
		}
	}
	s.row(goRow, lines...)
}

// failedLines say what went wrong, in which part, and what to do.
func (m *Model) failedLines() []string {
	style, words := m.frame.Theme, m.frame.Words
	var denied *oauth.Denial
	byPerson := errors.As(m.failure, &denied) && denied.ByPerson()
	id := "signin.failed"
	switch {
	case byPerson:
		id = "signin.failed-denied"
	case errors.Is(m.failure, oauth.ErrTimedOut):
		id = "signin.failed-late"
	}
	mark := style.Bad.Render(style.Icons.Mark(flow.Fail)) + " "
	lines := []string{mark + style.Strong.Render(m.frame.Cut(words.T(id, "Service", m.name()), m.width()-2)), ""}
	switch {
	case byPerson:
		lines = append(lines, m.text(style.Plain, "signin.failed-denied-about", "Service", m.name())...)
	case errors.Is(m.failure, oauth.ErrTimedOut):
		lines = append(lines, m.text(style.Plain, "signin.failed-late-about")...)
	default:
		for i, paragraph := range m.wrongWords(m.failure) {
			if i > 0 {
				lines = append(lines, "")
			}
			lines = append(lines, m.styled(style.Plain, paragraph)...)
		}
		if errors.As(m.failure, &denied) && denied.Description != "" {
			lines = append(append(lines, ""), m.text(style.Quiet, "signin.said", "Service", m.name(), "Words", denied.Code+" "+denied.Description)...)
		}
	}
	return append(append(lines, ""), m.text(style.Quiet, "signin.nothing-kept")...)
}
