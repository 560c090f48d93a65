package tickets

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// An office is a desk whose two services do what a test says. Each call takes a while.
type office struct {
	mu      sync.Mutex
	takes   time.Duration
	calls   []string
	records map[string]tickets.Record // by what names them
	refused map[string]error
	hits    map[string][]tickets.Hit
	recent  []tickets.Hit
	match   func(tickets.Record, tickets.By) (tickets.Match, error)
	rows    []tickets.Ticket
	talks   map[int64][]tickets.Message
	broken  error // of every call to Zendesk
	lists   []tickets.Query
}

func (o *office) call(ctx context.Context, format string, args ...any) error {
	o.mu.Lock()
	o.calls = append(o.calls, fmt.Sprintf(format, args...))
	takes := o.takes
	o.mu.Unlock()
	select {
	case <-time.After(takes):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// count is how many calls begin so.
func (o *office) count(start string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	count := 0
	for _, call := range o.calls {
		if strings.HasPrefix(call, start) {
			count++
		}
	}
	return count
}

func (o *office) change(do func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	do()
}

func (o *office) Recent(ctx context.Context) ([]tickets.Hit, error) {
	err := o.call(ctx, "recent")
	return o.recent, err
}

func (o *office) Hits(ctx context.Context, words string) ([]tickets.Hit, error) {
	err := o.call(ctx, "hits %s", words)
	return o.hits[words], err
}

func (o *office) Look(ctx context.Context, sought tickets.Sought, _ *tickets.Memory) (tickets.Found, error) {
	if err := o.call(ctx, "find %s", sought.Text); err != nil {
		return tickets.Found{}, err
	}
	if err := o.refused[sought.Text]; err != nil {
		return tickets.Found{}, err
	}
	record, ok := o.records[sought.Text]
	if !ok {
		return tickets.Found{}, errors.New("no such record")
	}
	found := tickets.Found{Record: record, Link: tickets.LinkNew}
	err := o.call(ctx, "match %s %s", record.Name, sought.By)
	o.mu.Lock()
	if err == nil {
		err = o.broken
	}
	if err == nil {
		found.Match, err = o.match(record, sought.By)
	}
	o.mu.Unlock()
	if err != nil || found.Match.Nothing() {
		return found, err
	}
	for _, kin := range sought.With {
		found.Match.With = append(found.Match.With, tickets.Reach{What: kin, Records: 3, Found: 2})
	}
	found.List, err = o.List(ctx, found.Match, sought.Query)
	return found, err
}

func (o *office) List(ctx context.Context, match tickets.Match, query tickets.Query) (tickets.List, error) {
	if err := o.call(ctx, "list %d", query.Limit); err != nil {
		return tickets.List{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lists = append(o.lists, query)
	if o.broken != nil {
		return tickets.List{}, o.broken
	}
	list := tickets.List{ReadAt: time.Now()}
	for _, row := range o.rows {
		if row.UpdatedAt.After(list.Newest) {
			list.Newest = row.UpdatedAt
		}
	}
	closed := 0
	for _, row := range o.rows {
		switch ours := slices.ContainsFunc(match.Targets, func(target tickets.Target) bool { return target.ID == row.OrganizationID }); {
		case !ours:
		case !query.All && row.Status == "closed":
			closed++
		default:
			list.Tickets = append(list.Tickets, row)
		}
	}
	slices.SortFunc(list.Tickets, func(a, b tickets.Ticket) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	list.Total = len(list.Tickets)
	if query.Limit > 0 && len(list.Tickets) > query.Limit {
		list.Tickets = list.Tickets[:query.Limit]
		list.NotShown = append(list.NotShown, tickets.Left{What: tickets.LeftLimit, Count: list.Total - query.Limit})
	}
	if closed > 0 {
		list.NotShown = append(list.NotShown, tickets.Left{What: tickets.LeftClosed, Count: closed})
	}
	return list, nil
}

func (o *office) Fresh(ctx context.Context, match tickets.Match, known iter.Seq[tickets.Known], since time.Time) (tickets.News, error) {
	news := tickets.News{Calls: len(match.Targets), Newest: since}
	if err := o.call(ctx, "fresh"); err != nil {
		return news, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken != nil {
		return news, o.broken
	}
	news.ReadAt = time.Now()
	seen := map[int64]tickets.Known{}
	for one := range known {
		seen[one.ID] = one
		if !slices.ContainsFunc(o.rows, func(row tickets.Ticket) bool { return row.ID == one.ID }) {
			news.Gone = append(news.Gone, one.ID)
		}
	}
	for _, row := range o.rows {
		if known, there := seen[row.ID]; !there && row.Status != "closed" && !row.UpdatedAt.Before(since) || there && row.UpdatedAt.Truncate(time.Second).After(known.UpdatedAt) {
			news.Tickets = append(news.Tickets, row)
		}
	}
	return news, nil
}

func (o *office) Show(ctx context.Context, id int64) (tickets.Conversation, error) {
	if err := o.call(ctx, "show %d", id); err != nil {
		return tickets.Conversation{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken != nil {
		return tickets.Conversation{}, o.broken
	}
	for _, row := range o.rows {
		if row.ID == id {
			return tickets.Conversation{Ticket: row, Messages: o.talks[id], ReadAt: time.Now()}, nil
		}
	}
	return tickets.Conversation{}, &transport.Error{Service: transport.Zendesk, Kind: transport.NotFound, Status: 404, Call: "GET /api/v2/tickets"}
}

// The sample: a Korean company and its tickets.
const (
	accountID = "0015g00000AbCdEAAV"
	accountAt = "https://acme.my.salesforce.com/lightning/r/Account/0015g00000AbCdEAAV/view"
	orgID     = 900
)

var account = tickets.Record{
	Record: salesforce.Record{ID: accountID, Object: salesforce.AccountObject, Name: "한빛전자", AccountID: accountID, AccountName: "한빛전자"},
	URL:    accountAt,
}

func ticket(id int64, subject, status, priority, requester, assignee string, ago time.Duration) tickets.Ticket {
	at := uitest.Read.Add(-ago)
	row := tickets.Ticket{
		Ticket: zendesk.Ticket{
			ID: id, Subject: subject, Status: status, Priority: priority, Type: "incident", OrganizationID: orgID,
			CreatedAt: at.Add(-time.Hour), UpdatedAt: at,
		},
		Requester: tickets.Person{ID: 1, Name: requester},
	}
	if assignee != "" {
		row.Assignee = tickets.Person{ID: int64(len(assignee)), Name: assignee}
	}
	return row
}

func said(author string, public bool, ago time.Duration, lines ...string) tickets.Message {
	return tickets.Message{Author: tickets.Person{ID: 1, Name: author}, Public: public, Lines: lines, At: uitest.Read.Add(-ago)}
}

func atWork() *office {
	o := &office{
		takes:   100 * time.Millisecond,
		records: map[string]tickets.Record{accountID: account, accountAt: account, "한빛전자": account},
		refused: map[string]error{},
		recent: []tickets.Hit{
			{ID: accountID, Object: "Account", Name: "한빛전자"},
			{ID: "003000000000000AAA", Object: "Contact", Name: "J. Park"},
		},
		hits: map[string][]tickets.Hit{"한빛": {{ID: accountID, Object: "Account", Name: "한빛전자"}, {ID: "00Q000000000000AAA", Object: "Lead", Name: "한빛나"}}},
		match: func(_ tickets.Record, by tickets.By) (tickets.Match, error) {
			if by == tickets.AsIntegration {
				by = tickets.ByExternalID
			}
			return tickets.Match{By: by, Values: []string{accountID}, Targets: []tickets.Target{{Kind: tickets.OfOrganization, ID: orgID, Name: "한빛전자"}}}, nil
		},
		rows: []tickets.Ticket{
			ticket(48213, "주문 내역이 보이지 않아요", "open", "urgent", "김지우", "M. Alvarez", 4*time.Minute),
			ticket(48190, "Webhook returns 502 since upgrade", "open", "high", "R. Osei", "", 2*time.Hour),
			ticket(47990, "Exports time out", "hold", "normal", "R. Osei", "M. Alvarez", 26*time.Hour),
			ticket(47555, "Invoice address change", "pending", "normal", "김지우", "M. Alvarez", 72*time.Hour),
			ticket(47001, "Thank you", "solved", "", "J. Park", "S. 이", 200*time.Hour),
			ticket(41000, "Old trouble", "closed", "low", "J. Park", "S. 이", 9000*time.Hour),
		},
		talks: map[int64][]tickets.Message{
			48213: {said("김지우", true, 4*time.Minute, "어제부터 주문 내역이 보이지 않습니다.", "", "확인 부탁드립니다.")},
			48190: {
				said("R. Osei", true, 2*time.Hour, "Since this morning every call to https://hooks.acme.com/in?x=1 returns 502.", "", "Could you have a look?"),
				said("M. Alvarez", false, time.Hour, "Looks like the same as #47990."),
			},
		},
	}
	o.rows[2].Label = "Waiting for a part"
	o.talks[48190][0].Attachments = []tickets.Attachment{{FileName: "trace.har", ContentType: "application/json", ContentURL: "https://acme1700.zendesk.com/attachments/token/x/?name=trace.har", Size: 20480}}
	return o
}

// A stage is a pane on a screen.
type stage struct {
	*uitest.Story
	model   *Model
	office  *office
	overlay parts.Overlay
	told    []tea.Msg // what the root was asked for
	opened  []string
}

func frameOf(t testing.TB, tag string, width, height int, terminal theme.Terminal) parts.Frame {
	return parts.Frame{Width: width, Height: height, Theme: theme.New(terminal), Words: uitest.Words(t, tag)}
}

// set puts a pane on the stage.
func set(t testing.TB, frame parts.Frame, change func(*Options, *office)) *stage {
	t.Helper()
	uitest.Begin()
	s := &stage{office: atWork()}
	options := Options{
		Desk: s.office, Profile: "acme-sandbox", Account: uitest.Account, Clock: parts.SystemClock(), Folder: "/home/jo/Downloads",
		Open: func(_ context.Context, url string) error {
			s.opened = append(s.opened, url)
			return nil
		},
	}
	if change != nil {
		change(&options, s.office)
	}
	s.model = New(options, true)
	s.Story = &uitest.Story{T: t, Update: s.update, Render: func() string {
		if s.overlay != nil {
			return s.overlay.Render(s.model.frame)
		}
		return s.model.Render()
	}}
	s.Do(s.model.Enter(t.Context(), frame))
	return s
}

// update does what the root does.
func (s *stage) update(message tea.Msg) tea.Cmd {
	switch message := message.(type) {
	case parts.Opened:
		s.overlay = message.Overlay
		return nil
	case parts.Quit:
		return tea.Quit
	case parts.Back, Write, parts.SignIn:
		s.told = append(s.told, message)
		return nil
	case tea.KeyPressMsg:
		if s.overlay != nil {
			command, done := s.overlay.Press(s.model.frame, parts.KeyName(message))
			if done {
				s.overlay = nil
			}
			return command
		}
	}
	return s.model.Update(message)
}

// types types words, letter by letter.
func (s *stage) types(words string) {
	s.T.Helper()
	for _, letter := range words {
		s.Press(string(letter))
	}
}

// story tells of a pane on a screen of that size.
func story(t *testing.T, width, height int, change func(*Options, *office), tell func(s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := set(t, frameOf(t, "en", width, height, theme.Terminal{}), change)
		defer s.model.Leave()
		tell(s)
	})
}

// onAccount opens the pane on the sample's account.
func onAccount(options *Options, _ *office) { options.Text = accountID }
