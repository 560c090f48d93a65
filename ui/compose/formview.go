// The form drawn: the comment with who gets it above it, and the fields.

package compose

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/locale"
	"zsf/ui/parts"
)

// A sheet is the form's lines while they are written; from and to are those of the row with the cursor.
type sheet struct {
	m        *Model
	lines    []string
	from, to int
	column   int // of the names before fields
}

// formLines are the part of the form that fits, with the cursor's row in sight.
func (m *Model) formLines() []string {
	s := &sheet{m: m}
	rows := m.rows()
	for _, one := range rows {
		if one.key != commentRow {
			s.column = max(s.column, parts.Width(m.nameOf(one)))
		}
	}
	s.column = min(s.column, m.width()*2/5, 32)
	at := m.current().key
	for i, one := range rows {
		if i > 0 && (one.key == commentRow || rows[i-1].key == filesRow) && m.bodyHeight() >= tallFrom {
			s.lines = append(s.lines, "")
		}
		s.row(one, one.key == at)
	}
	return s.window(m.bodyHeight())
}

// window cuts the lines to height: the cursor's row whole, and as much before it as fits.
func (s *sheet) window(height int) []string {
	if len(s.lines) <= height {
		return s.lines
	}
	top := max(min(s.from-height/3, len(s.lines)-height), 0)
	top = max(top, min(s.to-height, s.from))
	lines := slices.Clone(s.lines[top:min(top+height, len(s.lines))])
	icons, quiet := s.m.frame.Theme.Icons, s.m.frame.Theme.Quiet
	if top > 0 && s.from > top {
		lines[0] = quiet.Render(icons.Up + " " + icons.Ellipsis)
	}
	if rest := len(s.lines) - top - height; rest > 0 && s.to < top+height {
		lines[height-1] = quiet.Render(icons.Down + " " + icons.Ellipsis)
	}
	return lines
}

// nameOf is what stands before a row.
func (m *Model) nameOf(of row) string {
	switch of.key {
	case requesterRow:
		return m.frame.Words.T("compose.requester")
	case formRow:
		return m.frame.Words.T("compose.form")
	case filesRow:
		return m.frame.Words.T("compose.files")
	}
	return m.frame.Words.Say(of.field.Name())
}

// row writes the lines of one row, and below it what is wrong there.
func (s *sheet) row(of row, chosen bool) {
	start := len(s.lines)
	switch {
	case of.key == commentRow:
		s.comment(chosen)
	case s.m.area(of) != nil:
		s.paragraph(of, chosen)
	default:
		s.value(of, chosen)
	}
	s.problem(of)
	if chosen {
		s.from, s.to = start, len(s.lines)
	}
}

func (s *sheet) cursor(chosen bool) string {
	if chosen {
		return s.m.frame.Theme.Accent.Render(s.m.frame.Theme.Icons.Cursor) + " "
	}
	return "  "
}

// audience is who gets the comment, in words, and how loudly that is said. Bar stands before each line of an internal note.
func (m *Model) audience() (said string, style lipgloss.Style, bar string) {
	return m.audienceOf(m.draft)
}

func (m *Model) audienceOf(draft tickets.Draft) (said string, style lipgloss.Style, bar string) {
	words, look := m.frame.Words, m.frame.Theme
	id, to := "compose.public-reply", draft.Base.Requester
	switch {
	case !draft.PublicSaid && m.catalog.InternalOnly, draft.PublicSaid && !draft.Public:
		id, style, bar = "compose.internal-note", look.Doubt.Bold(true), look.Icons.Bar+" "
		if m.catalog.InternalOnly {
			id = "compose.internal-only"
		}
		return words.T(id), style, bar
	case !draft.PublicSaid:
		return words.T("compose.not-said"), look.Bad, "  "
	case len(draft.Tickets) > 0:
		return words.T("compose.public-replies", "Count", len(draft.Tickets)), look.Accent.Bold(true), "  "
	}
	if m.options.Kind == Create {
		id, to = "compose.public-ticket", draft.Requester
	}
	name := nameOf(to.Name, to.Email)
	if name == "" {
		name = words.T("compose.the-requester")
	}
	return words.T(id, "Name", name), look.Accent.Bold(true), "  "
}

// comment is the text with who gets it above it.
func (s *sheet) comment(chosen bool) {
	m := s.m
	said, style, bar := m.audience()
	width, height := m.width()-2, m.commentHeight()
	text := m.comment.View(m.frame, width-2, height, chosen, m.frame.Words.T("compose.comment-hint"))
	above, below := areaHidden(&m.comment, width-2, height)
	hidden := ""
	if above+below > 0 {
		hidden = m.frame.Theme.Quiet.Render(m.frame.Words.T("compose.more-lines", "Above", above, "Below", below))
	}
	if sent := strings.Join(strings.Fields(m.draft.Arrived.Comment), " "); sent != "" {
		s.lines = append(s.lines, "  "+m.frame.Theme.Quiet.Render(m.frame.Cut(m.frame.Words.T("compose.arrived-line", "Number", number(m.draft.Ticket), "Text", sent), width)))
	}
	s.lines = append(s.lines, s.cursor(chosen)+m.frame.Spread(style.Render(m.frame.Cut(said, width)), hidden, width))
	for _, line := range text {
		s.lines = append(s.lines, "  "+style.UnsetBold().Render(bar)+line)
	}
}

func areaHidden(area *parts.Area, width, height int) (above, below int) {
	view := *area // drawing changes nothing
	view.Fit(width, height)
	return view.Hidden()
}

// commentHeight is as much as the screen has, when one writes; less where there are fields to be filled first.
func (m *Model) commentHeight() int {
	if m.options.Kind == Reply || m.options.Kind == Note {
		return max(m.bodyHeight()-7, 4)
	}
	return max(m.bodyHeight()/3, 4)
}

const paragraphHeight = 4 // lines of a field with several

// fitAreas sees that each row has its text, and brings those of several lines to their place on the screen, so that up and
// down go by the lines that are seen.
func (m *Model) fitAreas() {
	for _, one := range m.rows() {
		_, _ = m.area(one), m.line(one)
	}
	m.comment.Fit(m.width()-4, m.commentHeight())
	for _, area := range m.areas {
		area.Fit(m.width()-4, paragraphHeight)
	}
}

func (s *sheet) paragraph(of row, chosen bool) {
	m, area := s.m, s.m.area(of)
	lead, room := s.cursor(chosen)+s.name(of, chosen)+"  ", max(m.width()-2-s.column-2, 8)
	if !chosen && area.Value() == "" {
		s.lines = append(s.lines, lead+m.frame.Spread(m.valueWords(of), s.note(of), room))
		return
	}
	s.lines = append(s.lines, lead+m.frame.Spread("", s.note(of), room))
	for _, line := range area.View(m.frame, m.width()-4, paragraphHeight, chosen, "") {
		s.lines = append(s.lines, "    "+line)
	}
}

// name is what stands before a value.
func (s *sheet) name(of row, chosen bool) string {
	name := s.m.frame.Fit(s.m.nameOf(of), s.column)
	if chosen {
		return s.m.frame.Theme.Strong.Render(name)
	}
	return s.m.frame.Theme.Quiet.Render(name)
}

// value is a name and what the field has.
func (s *sheet) value(of row, chosen bool) {
	m := s.m
	room := max(m.width()-2-s.column-2, 8)
	note := s.note(of)
	lead := s.cursor(chosen) + s.name(of, chosen) + "  "
	switch line := m.line(of); {
	case of.key == filesRow:
		s.files(lead, room, chosen)
		return
	case line != nil && chosen:
		text := line.View(m.frame, max(room-parts.Width(note)-2, 8), true, m.hint(of))
		s.lines = append(s.lines, lead+text+"  "+note)
	case line != nil && line.Value() != "" && of.field.Kind != tickets.DateField: // a date is shown as it is understood
		s.lines = append(s.lines, lead+m.frame.Spread(line.View(m.frame, room, false, ""), note, room))
	default:
		s.lines = append(s.lines, lead+m.frame.Spread(m.frame.Cut(m.valueWords(of), room), note, room))
	}
	if hint := locale.Clean(of.field.Hint); chosen && hint != "" {
		for _, line := range parts.Wrap(hint, room) {
			s.lines = append(s.lines, strings.Repeat(" ", s.column+4)+m.frame.Theme.Quiet.Render(line))
		}
	}
}

// hint says how an empty line is filled in.
func (m *Model) hint(of row) string {
	switch {
	case of.key == tickets.TagsKey && m.options.Kind == Several:
		return m.frame.Words.T("compose.hint-tags-several")
	case m.frame.Words.Has("compose.hint-" + string(of.field.Kind)):
		return m.frame.Words.T("compose.hint-"+string(of.field.Kind), "Pattern", of.field.Pattern)
	}
	return ""
}

// valueWords is what a row has, as people read it.
func (m *Model) valueWords(of row) string {
	words, quiet := m.frame.Words, m.frame.Theme.Quiet
	switch of.key {
	case requesterRow:
		return m.requesterWords()
	case formRow:
		return locale.Clean(m.catalog.Form(m.form()).Name)
	}
	values := m.values(of.key)
	_, said := m.draft.Values[of.key]
	switch {
	case len(values) == 0 && m.options.Kind == Several && !said:
		return quiet.Render(words.T("compose.as-it-is"))
	case len(values) == 0 && of.field.Kind == tickets.CheckboxField:
		return "[ ]"
	case len(values) == 0:
		return quiet.Render(words.T("compose.nothing"))
	case of.field.Kind == tickets.CheckboxField && values[0] == "true":
		return "[x]"
	case of.field.Kind == tickets.CheckboxField:
		return "[ ]"
	}
	var names []string
	for _, value := range values {
		option := tickets.Option{Value: value}
		if at := slices.IndexFunc(of.field.Options, func(one tickets.Option) bool { return one.Value == value }); at >= 0 {
			option = of.field.Options[at]
		}
		names = append(names, m.option(of.key, option).Words)
	}
	return locale.Clean(strings.Join(names, ", "))
}

// requesterWords are who the ticket is for, and whether Zendesk knows that person yet.
func (m *Model) requesterWords() string {
	person := m.draft.Requester
	switch {
	case person == (tickets.Person{}):
		return m.frame.Theme.Quiet.Render(m.frame.Words.T("compose.nobody-yet"))
	case person.ID == 0:
		return nameOf(person.Name, person.Email) + "  " + m.frame.Theme.Doubt.Render(m.frame.Words.T("compose.made", "Email", person.Email))
	case person.Name == "" || person.Email == "":
		return nameOf(person.Name, person.Email)
	}
	return locale.Clean(person.Name + " <" + person.Email + ">")
}

// note stands at the end of a row: what the field had before, or that it must be filled.
func (s *sheet) note(of row) string {
	m := s.m
	quiet, words := m.frame.Theme.Quiet, m.frame.Words
	line := m.line(of)
	switch values := m.values(of.key); {
	case !of.isField():
		return ""
	case of.key == m.at && of.field.Kind == tickets.DateField && line != nil && len(values) == 1 && values[0] != strings.TrimSpace(line.Value()):
		return m.frame.Theme.Accent.Render("= " + locale.Clean(values[0]))
	case of.field.ReadOnly:
		return quiet.Render(words.T("compose.read-only"))
	case m.isChanged(of.key) && of.key == tickets.TagsKey:
		return m.frame.Theme.Accent.Render(m.tagWords())
	case m.isChanged(of.key) && m.options.Kind != Create && m.options.Kind != Several:
		before := m.catalog.Words(of.key, m.draft.Base.Values[of.key])
		if len(before) == 0 {
			return m.frame.Theme.Accent.Render(words.T("compose.was-nothing"))
		}
		return m.frame.Theme.Accent.Render(m.frame.Cut(words.T("compose.was", "Before", before), m.width()/3))
	case of.field.Required && len(m.values(of.key)) == 0:
		return m.frame.Theme.Doubt.Render(words.T("compose.required"))
	}
	return ""
}

// tagWords are the tags that are put on and taken off.
func (m *Model) tagWords() string {
	add, remove := m.draft.TagChanges()
	var changes []string
	for _, tag := range add {
		changes = append(changes, "+"+tag)
	}
	for _, tag := range remove {
		changes = append(changes, "-"+tag)
	}
	return m.frame.Cut(locale.Clean(strings.Join(changes, " ")), m.width()/3)
}

// files are those that go along, each with its size, and the line where another is named.
func (s *sheet) files(lead string, room int, chosen bool) {
	m := s.m
	words, blank := m.frame.Words, strings.Repeat(" ", s.column+4)
	for _, file := range m.draft.Files {
		s.lines = append(s.lines, lead+m.frame.Spread(m.frame.Cut(locale.Clean(file.Name), room), m.frame.Theme.Quiet.Render(m.size(file.Size)), room))
		lead = blank
	}
	if chosen || m.path.Value() != "" || len(m.draft.Files) == 0 {
		if chosen && len(m.draft.Files) > 0 {
			s.lines = append(s.lines, lead+m.path.View(m.frame, room, true, words.T("compose.hint-another-path")))
		} else {
			s.lines = append(s.lines, lead+m.path.View(m.frame, room, chosen, words.T("compose.hint-path")))
		}
	}
	if m.fileNote.id != "" && chosen {
		for _, line := range m.styled(m.frame.Theme.Doubt, words.T(m.fileNote.id, m.fileNote.args...), room) {
			s.lines = append(s.lines, blank+line)
		}
	}
}

// size is how large a file is.
func (m *Model) size(bytes int64) string {
	switch {
	case bytes >= 1<<20:
		return m.frame.Words.T("compose.megabytes", "N", float64(bytes*10>>20)/10)
	case bytes >= 1<<10:
		return m.frame.Words.T("compose.kilobytes", "N", float64(bytes>>10))
	}
	return m.frame.Words.T("compose.bytes", "Count", bytes)
}

// problem says below a row what is wrong there: what the service said goes before what zsf found.
func (s *sheet) problem(of row) {
	m := s.m
	said, found := m.wrong[of.key]
	if !found {
		said, found = m.problems[of.key]
	}
	if !found {
		return
	}
	mark := m.frame.Theme.Bad.Render(m.frame.Theme.Icons.Mark(flow.Fail)) + " "
	under := parts.Sheet{Frame: m.frame, Width: m.width() - 4}
	under.Add(mark, m.frame.Words.Say(said), m.frame.Theme.Bad)
	for _, line := range under.Lines {
		s.lines = append(s.lines, "    "+line)
	}
}
