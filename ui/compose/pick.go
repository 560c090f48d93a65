// A value is picked from a list: of a field, a form, a requester, a macro, a draft.

package compose

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/tickets"
	"zsf/ui/locale"
	"zsf/ui/parts"
)

// pick is the list that is chosen from.
type pick struct {
	title   string // drawn words
	chooser parts.Chooser
	take    func(values []string) tea.Cmd

	people    []tickets.Person // of a requester: the options, by their number
	searching int              // the request that looks for people; 0: none does
	pausing   int              // the request that waits for the next letter
	failed    error            // of the search
	dropping  string           // the draft that one more press drops
}

// The messages of the search for people.
type (
	lettersPaused struct{}
	peopleFound   struct {
		words  string
		people []tickets.Person
		err    error
	}
	organizationsFound struct {
		of    int64
		draft tickets.Draft
		err   error
	}
	macroApplied struct {
		draft tickets.Draft
		err   error
	}
)

// typingPause is how long the search for people waits for the next letter.
const typingPause = 250 * time.Millisecond

func (m *Model) pickKeys() parts.Table {
	table := parts.Table{{Do: "choose", Keys: []string{"enter"}}}
	if m.pick.chooser.Many {
		table = append(table, parts.Binding{Do: "tick", Keys: []string{"space"}})
	}
	return append(table, moveKey, parts.Binding{Do: "not-this", Keys: []string{"esc"}})
}

// show opens a list.
func (m *Model) show(title string, many bool, options []parts.Option, given []string, take func([]string) tea.Cmd) {
	m.stage = picking
	m.pick = pick{title: title, take: take, chooser: parts.Chooser{Many: many, Options: options, Given: given}}
	m.pick.chooser.Fit(m.pickHeight())
}

// pickTyping opens the list of a row with what was typed there.
func (m *Model) pickTyping(of row, text string) tea.Cmd {
	switch {
	case m.offChoose(of) != "":
		m.say(m.offChoose(of))
		return nil
	case of.isField() && of.field.Kind == tickets.CheckboxField:
		return nil
	}
	command := m.pickFor(of)
	if m.stage != picking {
		return command
	}
	m.pick.chooser.Insert(text)
	return tea.Batch(command, m.pickTyped())
}

// pickFor opens the list of a row.
func (m *Model) pickFor(of row) tea.Cmd {
	switch of.key {
	case requesterRow:
		return m.pickRequester()
	case formRow:
		m.pickForm()
		return nil
	}
	field := of.field
	given := m.values(field.Key)
	var options []parts.Option
	if field.Kind == tickets.ChoiceField && field.Key != tickets.StatusKey {
		options = append(options, parts.Option{Words: m.frame.Words.T("compose.nothing")})
		if len(given) == 0 {
			given = []string{""}
		}
	}
	for _, option := range field.Options {
		options = append(options, m.option(field.Key, option))
	}
	m.show(m.frame.Words.Say(field.Name()), field.Kind == tickets.ManyField, options, given, func(values []string) tea.Cmd {
		m.give(field.Key, values...)
		return nil
	})
	return nil
}

// option is one of a field's. Nested ones have an arrow for each step, as in Zendesk's own menus.
func (m *Model) option(key string, option tickets.Option) parts.Option {
	words := strings.ReplaceAll(m.frame.Words.Say(option.Name(key)), "::", " › ")
	shown := parts.Option{Value: option.Value, Words: words}
	switch {
	case key == tickets.StatusKey && option.Value == "closed":
		shown.Note = m.frame.Words.T("compose.closed-note")
	case key == tickets.StatusKey && option.Title != "":
		if category := m.catalog.Category(option.Value); category != "" {
			shown.Note = m.frame.Words.T("ticket-status." + category)
		}
	case key == tickets.AssigneeKey && option.Value == strconv.FormatInt(m.catalog.Me.ID, 10):
		shown.Note = m.frame.Words.T("compose.you")
	}
	return shown
}

func (m *Model) pickForm() {
	var options []parts.Option
	for _, form := range m.catalog.Forms {
		options = append(options, parts.Option{Value: strconv.FormatInt(form.ID, 10), Words: form.Name})
	}
	given := []string{strconv.FormatInt(m.catalog.Form(m.form()).ID, 10)}
	m.show(m.frame.Words.T("compose.form"), false, options, given, func(values []string) tea.Cmd {
		m.draft.Form, _ = strconv.ParseInt(values[0], 10, 64)
		m.changed(formRow)
		return nil
	})
}

// pickRequester offers the record's own people, and those that Zendesk finds by what is typed.
func (m *Model) pickRequester() tea.Cmd {
	m.show(m.frame.Words.T("compose.requester"), false, nil, nil, func(values []string) tea.Cmd {
		at, err := strconv.Atoi(values[0])
		if err != nil || at >= len(m.pick.people) {
			return nil
		}
		return m.takeRequester(m.pick.people[at])
	})
	m.listPeople(nil)
	return nil
}

// takeRequester sets who the ticket is for. The organization is one of the requester's own.
func (m *Model) takeRequester(person tickets.Person) tea.Cmd {
	m.draft.Requester = person
	m.draft.Base.Organizations = nil
	delete(m.draft.Values, tickets.OrganizationKey)
	m.changed(requesterRow)
	return m.organizations()
}

// organizations asks for those of the requester of a new ticket, and which of them is the record's.
func (m *Model) organizations() tea.Cmd {
	person := m.draft.Requester
	if m.options.Kind != Create || person.ID == 0 || m.draft.Base.Organizations != nil || m.catalog.ReadAt.IsZero() {
		return nil
	}
	ctx, desk, catalog, record := m.ctx, m.options.Desk, m.catalog, m.options.Record
	return parts.Do(m.call(), func() tea.Msg {
		draft, err := desk.New(ctx, catalog, record, person)
		return organizationsFound{person.ID, draft, err}
	})
}

func (m *Model) tookOrganizations(message organizationsFound) {
	if message.of != m.draft.Requester.ID || message.err != nil {
		return // without them the service takes the requester's own default
	}
	m.draft.Base.Organizations = message.draft.Base.Organizations
	if own := message.draft.Values[tickets.OrganizationKey]; len(own) > 0 && m.draft.Values[tickets.OrganizationKey] == nil {
		m.draft.Values[tickets.OrganizationKey] = own
	}
}

// listPeople are the record's own first, then those found, then one to be made of what is typed.
func (m *Model) listPeople(found []tickets.Person) {
	p := &m.pick
	p.people = slices.Clone(m.people)
	for _, person := range found {
		known := func(one tickets.Person) bool { return one.ID == person.ID && one.ID != 0 }
		if !slices.ContainsFunc(p.people, known) {
			p.people = append(p.people, person)
		}
	}
	if typed, err := mail.ParseAddress(strings.TrimSpace(p.chooser.Typed())); err == nil {
		same := func(one tickets.Person) bool { return strings.EqualFold(one.Email, typed.Address) }
		if !slices.ContainsFunc(p.people, same) {
			p.people = append(p.people, tickets.Person{Name: typed.Name, Email: typed.Address})
		}
	}
	var options []parts.Option
	for i, person := range p.people {
		option := parts.Option{Value: strconv.Itoa(i), Words: person.Name, Note: person.Email}
		switch {
		case person.ID == 0 && person.Name == "":
			option.Words, option.Note = person.Email, m.frame.Words.T("compose.made-nameless", "Email", person.Email)
		case person.ID == 0:
			option.Note = m.frame.Words.T("compose.made", "Email", person.Email) + " " + p.chooser.Typed()
		}
		options = append(options, option)
	}
	p.chooser.Replace(options)
}

// pickTyped heeds that what is typed to find a row changed: people are looked for in Zendesk.
func (m *Model) pickTyped() tea.Cmd {
	if m.current().key != requesterRow || m.pick.people == nil && m.pick.title != m.frame.Words.T("compose.requester") {
		return nil
	}
	m.listPeople(nil)
	if len([]rune(strings.TrimSpace(m.pick.chooser.Typed()))) < 2 {
		return nil
	}
	call := m.call()
	m.pick.pausing = call.Number
	return m.options.Clock.Wait(m.ctx, call, typingPause, lettersPaused{})
}

// lookForPeople asks Zendesk. Only the last question counts.
func (m *Model) lookForPeople() tea.Cmd {
	ctx, desk, words := m.ctx, m.options.Desk, strings.TrimSpace(m.pick.chooser.Typed())
	call := m.call()
	m.pick.searching = call.Number
	return parts.Do(call, func() tea.Msg {
		people, err := desk.People(ctx, words)
		return peopleFound{words, people, err}
	})
}

func (m *Model) tookPeople(number int, message peopleFound) {
	if number != m.pick.searching || m.stage != picking {
		return
	}
	m.pick.searching, m.pick.failed = 0, message.err
	if message.err == nil {
		m.listPeople(message.people)
	}
}

func (m *Model) pressPick(press tea.KeyPressMsg) tea.Cmd {
	before := m.pick.chooser.Typed()
	m.pick.chooser.Fit(m.pickHeight())
	on := press.String() == "tab" && m.stage == picking && !m.pick.chooser.Many // somebody in a hurry: take it, and go on
	if on {
		press = tea.KeyPressMsg{Code: tea.KeyEnter}
	}
	switch m.pick.chooser.Press(press) {
	case parts.GivenUp:
		m.stage = writing
	case parts.Made:
		m.stage = writing
		command := m.pick.take(m.pick.chooser.Given)
		if on && m.stage == writing {
			m.moveRow(1)
		}
		return command
	case parts.GoesOn:
		if m.pick.chooser.Typed() != before {
			return m.pickTyped()
		}
	}
	return nil
}

// pickMacro offers the account's macros.
func (m *Model) pickMacro() {
	var options []parts.Option
	for _, macro := range m.catalog.Macros {
		options = append(options, parts.Option{
			Value: strconv.FormatInt(macro.ID, 10), Words: strings.ReplaceAll(macro.Title, "::", " › "), Note: macro.Description,
		})
	}
	m.show(m.frame.Words.T("compose.macro"), false, options, nil, func(values []string) tea.Cmd {
		id, _ := strconv.ParseInt(values[0], 10, 64)
		for _, macro := range m.catalog.Macros {
			if macro.ID == id {
				m.macro = macro
			}
		}
		m.stage, m.failure = applying, nil
		m.applied = tickets.Draft{}
		m.reader.Reset()
		m.since = m.now
		ctx, desk, draft, catalog := m.ctx, m.options.Desk, snapshot(m.draft), m.catalog
		return m.ask(func() tea.Msg {
			applied, err := desk.Apply(ctx, draft, catalog, id)
			return macroApplied{applied, err}
		})
	})
}

// tookMacro shows what a macro would do.
func (m *Model) tookMacro(message macroApplied) {
	if m.stage != applying {
		return
	}
	m.applied, m.failure = message.draft, message.err
}

// useMacro takes what a macro does over into the draft. Nothing of it is sent yet.
func (m *Model) useMacro() {
	if m.applied.ID == "" || m.failure != nil {
		return // it has not answered, or not well
	}
	m.draft = m.applied
	m.stage = writing
	m.fill()
	m.keep.unsaved = true
	m.say("compose.macro-taken", "Macro", m.macro.Title)
}

// showDrafts offers what was begun before.
func (m *Model) showDrafts() {
	var options []parts.Option
	for _, draft := range m.keep.begun {
		options = append(options, parts.Option{Value: draft.ID, Words: m.draftWords(draft), Note: m.frame.Words.Ago(m.now.Sub(draft.SavedAt))})
	}
	m.show("", false, options, nil, func(values []string) tea.Cmd { return m.takeUp(values[0]) })
	m.pick.chooser.Nothing = "compose.begun-none"
	if m.options.Kind == Drafts && len(options) == 0 {
		m.pick.chooser.Nothing = "compose.drafts-none"
	}
	m.stage = offering
}

// draftWords are the start of what a draft says.
func (m *Model) draftWords(draft tickets.Draft) string {
	text := locale.Clean(strings.Join(strings.Fields(draft.Comment), " "))
	kind := ""
	switch {
	case text == "":
		text = m.frame.Words.T("compose.draft-fields", "Count", len(draft.Changed()))
	case draft.PublicSaid && draft.Public:
		kind = m.frame.Words.T("compose.draft-public") + " "
	case draft.PublicSaid:
		kind = m.frame.Words.T("compose.draft-internal") + " "
	}
	if !draft.Sending.IsZero() {
		kind += m.frame.Words.T("compose.draft-sending") + " "
	}
	text = kind + text
	if m.options.Kind == Drafts {
		text = m.draftAbout(draft) + " · " + text
	}
	return text
}

// draftAbout names what a draft is about.
func (m *Model) draftAbout(draft tickets.Draft) string {
	switch {
	case len(draft.Tickets) > 0:
		return m.frame.Words.T("compose.tickets", "Count", len(draft.Tickets))
	case draft.Ticket != 0:
		return "#" + number(draft.Ticket)
	case draft.FollowUp != 0:
		return m.frame.Words.T("compose.follow-up-of", "Number", number(draft.FollowUp))
	case draft.Record.Name != "":
		return m.frame.Words.T("compose.draft-new") + " " + locale.Clean(draft.Record.Name)
	}
	return m.frame.Words.T("compose.draft-new")
}

// takeUp goes on with a draft. What the screen has itself is kept as another.
func (m *Model) takeUp(id string) tea.Cmd {
	at := slices.IndexFunc(m.keep.begun, func(one tickets.Draft) bool { return one.ID == id })
	if at < 0 {
		m.say("compose.draft-gone")
		return nil
	}
	saved := m.save()
	draft := m.keep.begun[at].TakeUp()
	m.keep.begun = slices.Delete(slices.Clone(m.keep.begun), at, at+1)
	m.draft, m.keep.at, m.keep.stored, m.keep.unsaved = snapshot(draft), draft.SavedAt, true, false
	if m.catalog.InternalOnly {
		m.draft.Public, m.draft.PublicSaid = false, true
	}
	var read tea.Cmd
	if m.options.Kind == Drafts {
		m.options.Request, m.people = requestOf(draft), nil
		m.at = commentRow
		read = m.read()
	}
	m.fill()
	m.stage = writing
	m.fitAreas()
	return tea.Batch(saved, read, m.organizations(), m.lookForSent())
}

func (m *Model) pressDrafts(press tea.KeyPressMsg) tea.Cmd {
	if press.String() == "ctrl+x" {
		return m.dropMarked()
	}
	m.pick.dropping = ""
	if m.options.Kind == Drafts {
		return m.pressAllDrafts(press)
	}
	typed := m.pick.chooser.Typed()
	if _, fits := m.pick.chooser.Marked(); press.String() == "esc" && typed != "" && !fits {
		return m.beginWith(typed) // somebody wrote on and looked for nothing
	}
	return m.pressPick(press)
}

// pressAllDrafts is for a list that is all there is: who takes up none of it leaves.
func (m *Model) pressAllDrafts(press tea.KeyPressMsg) tea.Cmd {
	m.pick.chooser.Fit(m.pickHeight())
	switch m.pick.chooser.Press(press) {
	case parts.GivenUp:
		return m.out()
	case parts.Made:
		return m.pick.take(m.pick.chooser.Given)
	case parts.GoesOn:
	}
	return nil
}

// requestOf is what a draft is about.
func requestOf(draft tickets.Draft) Request {
	request := Request{
		Kind: Edit, Ticket: draft.Ticket, Tickets: draft.Tickets, FollowUp: draft.FollowUp,
		Record: draft.Record.Record(),
	}
	fields := len(draft.Changed())+len(draft.AddTags)+len(draft.RemoveTags) > 0
	switch {
	case draft.IsNew():
		request.Kind = Create
	case len(draft.Tickets) > 0:
		request.Kind = Several
	case !fields && draft.Public:
		request.Kind = Reply
	case !fields && draft.PublicSaid:
		request.Kind = Note
	}
	return request
}

// beginWith begins anew with a text, where the cursor stands, or in the comment, as a list keeps no text. The drafts
// stay where they are.
func (m *Model) beginWith(text string) tea.Cmd {
	m.stage = writing
	if of := m.current(); m.area(of) == nil && m.line(of) == nil {
		m.at = commentRow
	}
	return m.paste(text)
}

// dropMarked forgets the marked draft at the second press.
func (m *Model) dropMarked() tea.Cmd {
	option, ok := m.pick.chooser.Marked()
	switch {
	case !ok:
		return nil
	case m.pick.dropping != option.Value:
		m.pick.dropping = option.Value
		m.say("compose.drop-again")
		return nil
	}
	m.keep.begun = slices.DeleteFunc(slices.Clone(m.keep.begun), func(one tickets.Draft) bool { return one.ID == option.Value })
	m.showDrafts()
	if len(m.keep.begun) == 0 && m.options.Kind != Drafts {
		m.stage = writing
	}
	ctx, drafts := m.ctx, m.options.Drafts
	return parts.Do(m.call(), func() tea.Msg { return draftDropped{option.Value, drafts.Drop(ctx, option.Value)} })
}
