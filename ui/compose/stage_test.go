package compose

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/salesforce"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/locale"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// A desk answers the screen in place of the flow and Zendesk.
type desk struct {
	mu       sync.Mutex
	catalog  tickets.Catalog
	base     tickets.Base
	slow     time.Duration
	readErr  error
	gone     []int64
	people   []tickets.Person // of the record
	found    []tickets.Person // by any words
	options  []tickets.Option // organizations of any requester
	applies  func(tickets.Draft) (tickets.Draft, error)
	answers  []error // of sends, in turn; then they are taken
	leaves   func(*tickets.Draft)
	look     tickets.Look
	lookErr  error
	results  map[int64]error
	searched []string
	sent     []tickets.Draft
	drafts   *drafts
}

func (d *desk) wait(ctx context.Context) error {
	if d.slow == 0 {
		return nil
	}
	select {
	case <-time.After(d.slow):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *desk) Catalog(ctx context.Context) (tickets.Catalog, error) {
	return d.catalog, errors.Join(d.wait(ctx), d.readErr)
}

func (d *desk) Edit(_ context.Context, _ tickets.Catalog, id int64) (tickets.Draft, error) {
	draft := tickets.NewDraft()
	draft.Ticket, draft.Base = id, d.base
	return draft, nil
}

func (d *desk) EditMany(_ context.Context, _ tickets.Catalog, ids []int64) (tickets.Draft, []int64, error) {
	draft := tickets.NewDraft()
	draft.Parts = map[int64]tickets.Part{}
	for _, id := range ids {
		if !slices.Contains(d.gone, id) {
			draft.Tickets = append(draft.Tickets, id)
			draft.Parts[id] = tickets.Part{Base: d.base}
		}
	}
	return draft, d.gone, nil
}

func (d *desk) New(_ context.Context, _ tickets.Catalog, _ tickets.Record, requester tickets.Person) (tickets.Draft, error) {
	draft := tickets.NewDraft()
	draft.Requester, draft.Base.Organizations = requester, d.options
	if len(d.options) > 0 {
		draft.Values[tickets.OrganizationKey] = []string{d.options[0].Value}
	}
	return draft, nil
}

func (d *desk) FollowUp(ctx context.Context, catalog tickets.Catalog, id int64) (tickets.Draft, error) {
	draft, err := d.Edit(ctx, catalog, id)
	draft.Ticket, draft.FollowUp, draft.Requester = 0, id, draft.Base.Requester
	draft.Values = tickets.Values{tickets.SubjectKey: draft.Base.Values[tickets.SubjectKey]}
	draft.Base = tickets.Base{Organizations: []tickets.Option{}}
	return draft, err
}

func (d *desk) PeopleOf(context.Context, tickets.Record) ([]tickets.Person, error) {
	return d.people, nil
}

func (d *desk) People(_ context.Context, words string) ([]tickets.Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.searched = append(d.searched, words)
	return d.found, nil
}

func (d *desk) Apply(ctx context.Context, draft tickets.Draft, _ tickets.Catalog, _ int64) (tickets.Draft, error) {
	if err := d.wait(ctx); err != nil {
		return draft, err
	}
	return d.applies(draft)
}

// taken is what the next send comes to.
func (d *desk) taken(draft tickets.Draft) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent = append(d.sent, draft)
	if len(d.answers) == 0 {
		return nil
	}
	err := d.answers[0]
	d.answers = d.answers[1:]
	return err
}

func (d *desk) Send(ctx context.Context, draft tickets.Draft, catalog tickets.Catalog) (tickets.Sent, error) {
	if err := errors.Join(d.wait(ctx), d.taken(draft)); err != nil {
		if d.leaves != nil {
			d.leaves(&draft)
			_ = d.drafts.Save(ctx, draft)
		}
		return tickets.Sent{}, err
	}
	_ = d.drafts.Done(ctx, draft.ID)
	ticket := tickets.Ticket{Ticket: zendesk.Ticket{ID: draft.Ticket}}
	if draft.Ticket == 0 {
		ticket.ID = 48300
	}
	return tickets.Sent{Ticket: ticket, New: draft.Ticket == 0, Changes: draft.Preview(catalog), At: time.Now()}, nil
}

func (d *desk) FindSent(ctx context.Context, _ tickets.Draft, _ tickets.Catalog) (tickets.Look, error) {
	return d.look, errors.Join(d.wait(ctx), d.lookErr)
}

func (d *desk) SendMany(ctx context.Context, draft tickets.Draft, _ tickets.Catalog, emit func(tickets.Result)) ([]tickets.Result, error) {
	_ = d.taken(draft)
	var results []tickets.Result
	kept := draft
	kept.Parts = maps.Clone(draft.Parts)
	for _, id := range draft.Pending() {
		if err := d.wait(ctx); err != nil {
			return results, err
		}
		result := tickets.Result{Ticket: id, Err: d.results[id]}
		part := kept.Parts[id]
		if result.Err == nil {
			result.Sent.At, part.Sent = time.Now(), true
		}
		kept.Parts[id] = part
		results = append(results, result)
		emit(result)
	}
	return results, d.drafts.Save(ctx, kept)
}

// drafts keep what is written, and count the writes.
type drafts struct {
	tickets.MemoryDrafts
	mu    sync.Mutex
	saves int
	err   error
}

func (d *drafts) Save(ctx context.Context, draft tickets.Draft) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return d.err
	}
	d.saves++
	return d.MemoryDrafts.Save(ctx, draft)
}

// kept is the only draft that is kept.
func (d *drafts) kept(t testing.TB) tickets.Draft {
	t.Helper()
	all, _ := d.All(t.Context())
	if len(all) != 1 {
		t.Fatalf("%d drafts are kept", len(all))
	}
	return all[0]
}

// A stageOf is the screen without a terminal, below a root that only lays overlays over it.
type stageOf struct {
	*uitest.Story
	t       *testing.T
	model   *Model
	desk    *desk
	drafts  *drafts
	written func(path string) // what the person's editor does with the file
	editErr error
	overlay parts.Overlay
	done    *Done
	left    bool
	signIn  bool
}

func set(t *testing.T, frame parts.Frame, request Request, change func(*stageOf)) *stageOf {
	t.Helper()
	uitest.Begin()
	s := &stageOf{drafts: &drafts{}, t: t}
	s.desk = &desk{catalog: sampleCatalog(), base: sampleBase(), drafts: s.drafts}
	if change != nil {
		change(s)
	}
	s.open(request, frame)
	return s
}

// open shows a new screen about the same desk and drafts.
func (s *stageOf) open(request Request, frame parts.Frame) {
	s.done, s.left = nil, false
	s.model = New(Options{
		Request: request, Profile: "acme-sandbox", Desk: s.desk, Drafts: s.drafts, Files: Disk{Home: "/nowhere"}, Clock: parts.SystemClock(),
		Editor: func(path string, done func(error) tea.Msg) tea.Cmd {
			return func() tea.Msg {
				if s.written != nil {
					s.written(path)
				}
				return done(s.editErr)
			}
		},
	})
	if s.Story == nil {
		s.Story = &uitest.Story{T: s.t, Update: s.update, Render: func() string {
			if s.overlay != nil {
				return s.overlay.Render(s.model.frame)
			}
			return s.model.Render()
		}}
	}
	s.Do(s.model.Enter(s.t.Context(), frame))
}

func (s *stageOf) update(message tea.Msg) tea.Cmd {
	switch message := message.(type) {
	case parts.Opened:
		s.overlay = message.Overlay
		return nil
	case parts.Back:
		s.left = true
		s.model.Leave()
		return nil
	case parts.SignIn:
		s.signIn = true
		return nil
	case Done:
		s.done = &message
		s.model.Leave()
		return nil
	case tea.KeyPressMsg:
		if s.overlay != nil {
			command, gone := s.overlay.Press(s.model.frame, parts.KeyName(message))
			if gone {
				s.overlay = nil
			}
			return command
		}
	}
	return s.model.Update(message)
}

// end leaves the screen, and waits for what leaving does not end.
func (s *stageOf) end() {
	s.model.Leave()
	<-time.After(2 * s.desk.slow)
	synctest.Wait()
}

// types types letters one by one.
func (s *stageOf) types(text string) {
	s.T.Helper()
	for _, letter := range text {
		if letter == '\n' {
			s.Press("enter")
			continue
		}
		s.Press(string(letter))
	}
}

func (s *stageOf) pastes(text string) {
	s.T.Helper()
	s.Send(tea.PasteMsg{Content: text})
}

// to goes to a row.
func (s *stageOf) to(key string) {
	s.T.Helper()
	for range 40 {
		if s.model.current().key == key {
			return
		}
		s.Press("tab")
	}
	s.T.Fatalf("there is no row %s:\n%s", key, s.Render())
}

// spoken are the words of each language, read once.
var spoken = map[string]*locale.Locale{}

func frameOf(t testing.TB, tag string, width, height int, terminal theme.Terminal) parts.Frame {
	if spoken[tag] == nil {
		spoken[tag] = uitest.Words(t, tag)
	}
	return parts.Frame{Width: width, Height: height, Theme: theme.New(terminal), Words: spoken[tag]}
}

var (
	osei   = tickets.Person{ID: 31, Name: "R. Osei", Email: "r.osei@acme.example"}
	jiwoo  = tickets.Person{ID: 32, Name: "김지우", Email: "jiwoo@hanbit.example"}
	unmade = tickets.Person{Name: "Dana Cole", Email: "dana@acme.example"}
)

var replyTo = Request{Kind: Reply, Ticket: 48190, Subject: "Webhook returns 502 since upgrade", Requester: osei, SeenAt: uitest.Read.Add(-2 * time.Hour)}

func asked(kind Kind) Request {
	request := replyTo
	request.Kind = kind
	switch kind {
	case Create:
		request = Request{Kind: Create, Record: tickets.Record{Record: salesforce.Record{ID: "0035g00000KpQxTAAV", Object: "Contact", Name: "Dana Cole", Email: "dana@acme.example"}}}
	case Several:
		request = Request{Kind: Several, Tickets: []int64{48213, 48190, 47555}}
	case Drafts:
		return Request{Kind: Drafts}
	case Reply, Note, Edit:
	}
	return request
}

func options(values ...string) []tickets.Option {
	var options []tickets.Option
	for _, value := range values {
		options = append(options, tickets.Option{Value: value})
	}
	return options
}

// sampleCatalog has every kind of field, and two forms; a refund asks for an amount.
func sampleCatalog() tickets.Catalog {
	system := []tickets.Field{
		{Key: tickets.SubjectKey, Kind: tickets.TextField, Required: true, ToSolve: false},
		{Key: tickets.StatusKey, Kind: tickets.ChoiceField},
		{Key: tickets.TypeKey, Kind: tickets.ChoiceField, Options: options("question", "incident", "problem", "task")},
		{Key: tickets.PriorityKey, Kind: tickets.ChoiceField, Options: options("low", "normal", "high", "urgent")},
		{Key: tickets.GroupKey, Kind: tickets.ChoiceField},
		{Key: tickets.AssigneeKey, Kind: tickets.ChoiceField},
	}
	own := []tickets.Field{
		{Key: "custom:1", Title: "Reason", Kind: tickets.ChoiceField, Options: []tickets.Option{{Value: "refund", Title: "Money::Refund"}, {Value: "bug", Title: "Bug"}}},
		{Key: "custom:2", Title: "환불 금액", Kind: tickets.DecimalField, ToSolve: true, Hint: "In the customer's currency, with tax."},
		{Key: "custom:3", Title: "Products", Kind: tickets.ManyField, Options: []tickets.Option{{Value: "p1", Title: "Anvil"}, {Value: "p2", Title: "Rocket"}, {Value: "p3", Title: "터널 페인트"}}},
		{Key: "custom:4", Title: "Escalated", Kind: tickets.CheckboxField},
		{Key: "custom:5", Title: "Promised for", Kind: tickets.DateField},
		{Key: "custom:6", Title: "Seats", Kind: tickets.IntegerField},
		{Key: "custom:7", Title: "Order", Kind: tickets.PatternField, Pattern: `\A[A-Z]-\d+\z`},
		{Key: "custom:8", Title: "What was tried", Kind: tickets.ParagraphField},
		{Key: "custom:9", Title: "Score", Kind: tickets.IntegerField, ReadOnly: true},
	}
	return tickets.Catalog{
		Forms: []tickets.Form{
			{ID: 11, Name: "Default", Default: true, All: append(slices.Clone(system), own...), Conditions: []tickets.Condition{
				{Parent: "custom:1", Value: "refund", Shows: []tickets.Shown{{Key: "custom:2", On: []string{"solved"}}}},
			}},
			{ID: 12, Name: "고장 신고", All: append(slices.Clone(system), own[3], own[6])},
		},
		Groups:   []tickets.Group{{ID: 71, Name: "Support", Members: []int64{51, 52}}, {ID: 72, Name: "Billing", Members: []int64{52}}},
		Agents:   []tickets.Person{{ID: 51, Name: "M. Alvarez", Email: "m@x.example"}, {ID: 52, Name: "J. Park", Email: "j@x.example"}},
		Statuses: []tickets.StatusChoice{{Value: "new", Category: "new"}, {Value: "open", Category: "open"}, {Value: "90", Category: "open", Label: "With engineering"}, {Value: "pending", Category: "pending"}, {Value: "solved", Category: "solved"}},
		Macros:   []tickets.Macro{{ID: 81, Title: "Refunds::Late", Description: "Says sorry for a late refund"}, {ID: 82, Title: "Close and thank"}},
		Me:       tickets.Person{ID: 52, Name: "J. Park"},
		ReadAt:   uitest.Read,
	}
}

func sampleBase() tickets.Base {
	return tickets.Base{
		Values: tickets.Values{
			tickets.SubjectKey: {"Webhook returns 502 since upgrade"}, tickets.StatusKey: {"open"}, tickets.PriorityKey: {"high"},
			tickets.TypeKey: {"incident"}, tickets.GroupKey: {"71"}, tickets.TagsKey: {"vip", "api"}, "custom:4": {"false"},
		},
		Form: 11, UpdatedAt: uitest.Read.Add(-2 * time.Hour), Category: "open", Requester: osei,
	}
}

// theirs is the ticket as somebody else left it meanwhile.
func theirs() *tickets.ConflictError {
	base := sampleBase()
	base.UpdatedAt = uitest.Read.Add(-time.Minute)
	base.Values[tickets.StatusKey], base.Values[tickets.AssigneeKey] = []string{"solved"}, []string{"51"}
	base.Values[tickets.TagsKey] = []string{"vip", "api", "done"}
	status := tickets.Field{Key: tickets.StatusKey, Kind: tickets.ChoiceField}
	return &tickets.ConflictError{
		Ticket: 48190, Theirs: base, ReadAt: uitest.Read,
		Clashes: []tickets.Clash{{Field: status, Before: []flow.Text{flow.Say("ticket-status.open")}, Mine: []flow.Text{flow.Say("ticket-status.pending")}, Theirs: []flow.Text{flow.Say("ticket-status.solved")}}},
		Beside: []tickets.Difference{
			{Field: tickets.Field{Key: tickets.AssigneeKey, Kind: tickets.ChoiceField}, After: []flow.Text{flow.Raw("M. Alvarez")}},
			{Field: tickets.Field{Key: tickets.TagsKey, Kind: tickets.TagsField}, Add: []string{"done"}},
		},
		Messages: []tickets.Message{
			{ID: 5, Author: tickets.Person{Name: "M. Alvarez"}, Lines: []string{"I rolled the gateway back.", "Should be fine now."}, At: uitest.Read.Add(-time.Minute)},
			{ID: 6, Author: osei, Public: true, Lines: []string{"정말 감사합니다"}, At: uitest.Read.Add(-30 * time.Second)},
		},
	}
}

func writeTo(t testing.TB, text string) func(string) {
	return func(path string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Error(err)
		}
	}
}
