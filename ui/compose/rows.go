// The rows of the form: the comment, who asks, the account's own fields, files. What was typed outlives its row.

package compose

import (
	"slices"
	"strings"

	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// A row is one thing that the cursor can stand on.
type row struct {
	key   string // of a field; or one of those below
	field tickets.Field
}

// The rows beside fields. Those that the flow can find wrong have its keys.
const (
	commentRow   = tickets.CommentKey
	filesRow     = tickets.FilesKey
	requesterRow = tickets.RequesterKey
	formRow      = "form"
)

// isField tells a row of one of the ticket's fields from the others.
func (r row) isField() bool {
	return !slices.Contains([]string{commentRow, filesRow, requesterRow, formRow}, r.key)
}

// rows are those of the form, in order, as the values at hand have it. They are made anew when one of those has changed.
func (m *Model) rows() []row {
	if m.made == nil {
		m.made = m.makeRows()
	}
	return m.made
}

func (m *Model) makeRows() []row {
	comment, fields := []row{{key: commentRow}, {key: filesRow}}, m.fieldRows()
	switch m.options.Kind {
	case Create:
		rows := []row{{key: requesterRow}}
		if len(m.catalog.Forms) > 1 {
			rows = append(rows, row{key: formRow})
		}
		if len(fields) > 0 && fields[0].key == tickets.SubjectKey {
			rows, fields = append(rows, fields[0]), fields[1:]
		}
		return append(append(rows, comment...), fields...)
	case Edit:
		if len(m.catalog.Forms) > 1 {
			fields = append([]row{{key: formRow}}, fields...)
		}
		return append(fields, comment...)
	case Several:
		return append(fields, comment...)
	}
	return append(comment, fields...)
}

// fieldRows are those of the fields that the form shows; none before the catalog is read.
func (m *Model) fieldRows() []row {
	if m.catalog.ReadAt.IsZero() {
		return nil
	}
	var rows []row
	organization := tickets.Field{Key: tickets.OrganizationKey, Kind: tickets.ChoiceField, Options: m.draft.Base.Organizations}
	for _, field := range m.catalog.Fields(m.form(), m.draft.Now()) {
		if field.Key == tickets.OrganizationKey {
			organization.Title, organization.Required = field.Title, field.Required
			continue
		}
		if m.options.Kind == Several && field.Key == tickets.SubjectKey {
			continue // one subject for several tickets is a mistake
		}
		if field.ReadOnly && (m.options.Kind == Several || m.options.Kind == Create) {
			continue // there is nothing to be read yet
		}
		rows = append(rows, row{key: field.Key, field: field})
		if field.Key == tickets.AssigneeKey && len(organization.Options) > 1 {
			rows = append(rows, row{key: organization.Key, field: organization})
		}
	}
	return rows
}

// form is the ticket's form, as it is or is to be.
func (m *Model) form() int64 {
	if m.draft.Form != 0 {
		return m.draft.Form
	}
	return m.draft.Base.Form
}

// current is the row that the cursor stands on; the first where its own has gone.
func (m *Model) current() row {
	rows := m.rows()
	if at := m.index(rows); at >= 0 {
		return rows[at]
	}
	return rows[0]
}

func (m *Model) index(rows []row) int {
	return slices.IndexFunc(rows, func(one row) bool { return one.key == m.at })
}

// moveRow goes so many rows down, or up, and round.
func (m *Model) moveRow(by int) {
	rows := m.rows()
	m.at = rows[(max(m.index(rows), 0)+by+len(rows))%len(rows)].key
	m.fitAreas()
}

// area is the text of several lines of a row; nil where it has none.
func (m *Model) area(of row) *parts.Area {
	switch {
	case of.key == commentRow:
		return &m.comment
	case of.isField() && of.field.Kind == tickets.ParagraphField && !of.field.ReadOnly:
		if m.areas[of.key] == nil {
			area := &parts.Area{}
			area.Set(strings.Join(m.values(of.key), "\n"))
			m.areas[of.key] = area
		}
		return m.areas[of.key]
	}
	return nil
}

// line is the line of text of a row; nil where it has none.
func (m *Model) line(of row) *parts.Field {
	switch of.key {
	case filesRow:
		return &m.path
	case requesterRow, formRow, commentRow:
		return nil
	}
	switch of.field.Kind {
	case tickets.TextField, tickets.DateField, tickets.IntegerField, tickets.DecimalField, tickets.PatternField, tickets.TagsField:
	default:
		return nil
	}
	if of.field.ReadOnly {
		return nil
	}
	if m.lines[of.key] == nil {
		line := &parts.Field{}
		line.Set(m.lineText(of.key))
		m.lines[of.key] = line
	}
	return m.lines[of.key]
}

// lineText is how a field's values stand in its line.
func (m *Model) lineText(key string) string {
	switch {
	case key != tickets.TagsKey:
		return strings.Join(m.values(key), " ")
	case m.options.Kind != Several:
		return strings.Join(m.draft.Now()[key], " ")
	}
	words := slices.Clone(m.draft.AddTags)
	for _, tag := range m.draft.RemoveTags {
		words = append(words, "-"+tag)
	}
	return strings.Join(words, " ")
}

// values are what a field has, or is to have.
func (m *Model) values(key string) []string {
	if values, said := m.draft.Values[key]; said {
		return values
	}
	return m.draft.Base.Values[key]
}

// isChanged tells that a field is to be other than it was.
func (m *Model) isChanged(key string) bool {
	if key == tickets.TagsKey {
		add, remove := m.draft.TagChanges()
		return len(add)+len(remove) > 0
	}
	return slices.Contains(m.draft.Changed(), key)
}

// give sets a field to values. A field that is to be as it was is not among the changes.
func (m *Model) give(key string, values ...string) {
	values = slices.DeleteFunc(values, func(value string) bool { return value == "" })
	if m.draft.Values == nil {
		m.draft.Values = tickets.Values{}
	}
	m.draft.Values[key] = values
	if m.options.Kind != Several && !m.isChanged(key) {
		delete(m.draft.Values, key)
	}
	m.changed(key)
}

// restore leaves a field as it was before.
func (m *Model) restore(key string) {
	delete(m.draft.Values, key)
	if key == tickets.TagsKey {
		m.draft.AddTags, m.draft.RemoveTags = nil, nil
	}
	delete(m.lines, key)
	delete(m.areas, key)
	m.changed(key)
}

// typed takes what was typed into a row's text over into the draft.
func (m *Model) typed(of row) {
	switch line := m.line(of); {
	case of.key == commentRow:
		m.draft.Comment = m.comment.Value()
		m.changed(commentRow)
	case of.key == filesRow:
		m.fileNote = note{}
		m.changed(filesRow)
	case of.field.Kind == tickets.ParagraphField:
		m.give(of.key, m.areas[of.key].Value())
	case of.key == tickets.TagsKey:
		m.giveTags(strings.Fields(strings.ReplaceAll(line.Value(), ",", " ")))
	case line != nil && of.field.Kind == tickets.DateField:
		m.give(of.key, tickets.DayOf(strings.TrimSpace(line.Value()), m.now))
	case line != nil:
		m.give(of.key, strings.TrimSpace(line.Value()))
	}
}

// giveTags takes the tags that a ticket is to have; of several tickets those to put on, and with a minus to take off.
func (m *Model) giveTags(words []string) {
	m.draft.AddTags, m.draft.RemoveTags = nil, nil
	if m.options.Kind != Several {
		m.give(tickets.TagsKey, words...)
		return
	}
	for _, word := range words {
		if tag, minus := strings.CutPrefix(word, "-"); minus {
			m.draft.RemoveTags = append(m.draft.RemoveTags, tag)
		} else {
			m.draft.AddTags = append(m.draft.AddTags, strings.TrimPrefix(word, "+"))
		}
	}
	m.changed(tickets.TagsKey)
}

// changed heeds that the draft is no longer what it was: it is kept soon, and what was wrong there may be right now.
func (m *Model) changed(key string) {
	m.keep.unsaved, m.made = true, nil
	delete(m.wrong, key)
	if m.checked {
		m.problems = m.findProblems()
	}
}

// outgoing is the draft without what stands in fields that the form does not show.
func (m *Model) outgoing() tickets.Draft {
	draft := m.draft
	draft.Values = tickets.Values{}
	for _, one := range m.rows() {
		if values, said := m.draft.Values[one.key]; said && one.isField() && !one.field.ReadOnly {
			draft.Values[one.key] = values
		}
	}
	return draft
}
