package tickets_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/flows/tickets"
)

// A script is what becomes of requests of a method, one after the other; what is left gets through.
type script struct {
	method string
	steps  []func(*http.Request) (*http.Response, error)
}

func (s *script) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method != s.method || len(s.steps) == 0 {
		return http.DefaultTransport.RoundTrip(request)
	}
	step := s.steps[0]
	s.steps = s.steps[1:]
	return step(request)
}

// cut is carried out, and its connection breaks before the answer.
func cut(request *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	return nil, errors.Join(io.ErrUnexpectedEOF, answer.Body.Close())
}

// noWay finds no network.
func noWay(request *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(request.Context()); trace != nil {
		trace.GetConn(request.URL.Host)
	}
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ENETUNREACH}
}

// says turns a request away.
func says(status int) func(*http.Request) (*http.Response, error) {
	return func(request *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: request,
			Body: io.NopCloser(strings.NewReader(`{"error":"TurnedAway","description":"not now"}`)),
		}, nil
	}
}

// A first try that may have arrived stays one, whatever later tries are told: the same key makes no second ticket.
func TestANewTicketKeepsItsKeyWhileOneTryMayHaveArrived(t *testing.T) {
	type step = func(*http.Request) (*http.Response, error)
	for name, steps := range map[string][]step{
		"then the network is gone":        {cut, noWay, noWay, noWay},
		"then too many requests":          {cut, says(429)},
		"then the sign-in is over":        {cut, says(401), says(401)},
		"then it is forbidden":            {cut, says(403)},
		"late, then the network is gone":  {cut, cut, noWay, noWay},
		"late, then too many requests":    {cut, cut, says(429), says(429)},
		"late, then the sign-in is over":  {cut, cut, says(401)},
		"at the next send nothing passes": {cut, cut, cut, cut, noWay, noWay, noWay, noWay},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			o.around(&script{method: http.MethodPost, steps: steps})
			_, err := o.desk.Send(t.Context(), o.newTicket(name), o.catalog)
			for err != nil {
				kept := o.kept()
				if len(kept) != 1 || kept[0].Sending.IsZero() || kept[0].Round != 0 {
					t.Fatalf("after %v it is kept as %+v", err, kept)
				}
				_, err = o.desk.Send(t.Context(), kept[0], o.catalog)
			}
			if o.made(name) != 1 || len(o.kept()) != 0 {
				t.Errorf("%d tickets, %v", o.made(name), o.kept())
			}
			for _, kind := range o.notes.kinds() {
				if kind == store.TicketRefused {
					t.Error("the journal says that it was refused")
				}
			}
		})
	}
}

// around puts a transport of its own below the desk's client.
func (o *clerk) around(base http.RoundTripper) {
	o.t.Helper()
	o.base = base
	o.begin()
}

// What gets no answer is as it was to be only when all of it is: tags and the form, too.
func TestTagsThatNeverArrivedAreSentAgain(t *testing.T) {
	o := open(t)
	id := o.ticket().ID
	draft := o.edit(id)
	draft.AddTags = []string{"swept"}
	o.wire.meets(once(http.MethodPut, lostBefore))
	sent, err := o.desk.Send(t.Context(), draft, o.catalog)
	if err != nil || sent.Before {
		t.Errorf("%+v %v", sent, err)
	}
	if tags := o.read(id).Tags; !strings.Contains(strings.Join(tags, " "), "swept") {
		t.Errorf("%v", tags)
	}
}

func TestTagsThatArrivedAreNotSentAgain(t *testing.T) {
	o := open(t)
	id := o.ticket().ID
	draft := o.edit(id)
	draft.AddTags = []string{"swept"}
	o.wire.meets(once(http.MethodPut, lostAfter))
	if sent, err := o.desk.Send(t.Context(), draft, o.catalog); err != nil || !sent.Before {
		t.Errorf("%+v %v", sent, err)
	}
}

// The comment arrived; what was put on since did not, and is not given up as sent.
func TestWhatWasAddedSinceAnUnansweredSendIsNotTakenForSent(t *testing.T) {
	for name, add := range map[string]func(*tickets.Draft){
		"a tag":         func(d *tickets.Draft) { d.AddTags = []string{"late"} },
		"a tag less":    func(d *tickets.Draft) { d.RemoveTags = d.Base.Values[tickets.TagsKey] },
		"a file":        func(d *tickets.Draft) { d.Files = []tickets.File{{Path: "/nowhere/a.txt", Name: "a.txt", Size: 1}} },
		"another form":  func(d *tickets.Draft) { d.Form = 4711 },
		"a field":       func(d *tickets.Draft) { d.Values[tickets.PriorityKey] = []string{"urgent"} },
		"another voice": func(d *tickets.Draft) { d.Public = true },
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			id := o.ticket().ID
			if name == "a tag less" {
				o.tag(id, "early")
			}
			o.wire.meets(thenDark(http.MethodPut, lostAfter))
			_, err := o.desk.Send(t.Context(), o.note(id, "kept"), o.catalog)
			var unsure *tickets.UnsureError
			if !errors.As(err, &unsure) {
				t.Fatal(err)
			}
			o.wire.meets(nil)
			draft := o.kept()[0]
			add(&draft)
			_, err = o.desk.Send(t.Context(), draft, o.catalog)
			var earlier *tickets.EarlierError
			if !errors.As(err, &earlier) || earlier.Ticket != id || len(o.kept()) != 1 || o.count("kept false", id) != 1 {
				t.Errorf("%v, %d kept, %v", err, len(o.kept()), o.comments(id))
			}
		})
	}
}

// A new ticket is looked for with whom it was sent for, not with whom it is for by now.
func TestAnUnansweredTicketIsLookedForWithItsOwnRequester(t *testing.T) {
	o := open(t)
	draft := o.newTicket("whose")
	first := draft.Requester
	o.wire.meets(thenDark(http.MethodPost, lostAfter))
	if _, err := o.desk.Send(t.Context(), draft, o.catalog); err == nil {
		t.Fatal("it was sent")
	}
	o.wire.meets(nil)
	later := time.Now().Add(2 * time.Hour)
	o.now = &later
	draft = o.kept()[0]
	draft.Requester = tickets.Person{Name: "Somebody Else", Email: "somebody.else@else.example"}
	_, err := o.desk.Send(t.Context(), draft, o.catalog)
	var earlier *tickets.EarlierError
	if !errors.As(err, &earlier) || first.ID == 0 {
		t.Errorf("%v", err)
	}
}

func TestAWaitThatIsOverLeavesNoDoubt(t *testing.T) {
	o := open(t)
	o.around(&script{method: http.MethodPost, steps: []func(*http.Request) (*http.Response, error){says(429), says(429)}})
	_, err := o.desk.Send(t.Context(), o.newTicket("later"), o.catalog)
	var later *tickets.LaterError
	if !errors.As(err, &later) || transport.KindOf(err) != transport.RateLimited || !o.kept()[0].Sending.IsZero() {
		t.Errorf("%v, %+v", err, o.kept())
	}
	if sent, err := o.desk.Send(t.Context(), o.kept()[0], o.catalog); err != nil || o.made("later") != 1 {
		t.Errorf("%s %v", strconv.FormatInt(sent.Ticket.ID, 10), err)
	}
}

// Two windows have one draft: what the first has sent, the second does not send again, not even hours later.
func TestADraftOfTwoWindowsIsSentOnce(t *testing.T) {
	for _, isNew := range []bool{true, false} {
		o := open(t)
		id := o.ticket().ID
		draft := o.note(id, "once")
		if isNew {
			draft = o.newTicket("once")
		}
		if err := o.drafts.Save(t.Context(), draft); err != nil {
			t.Fatal(err)
		}
		if _, err := o.desk.Send(t.Context(), o.kept()[0], o.catalog); err != nil {
			t.Fatal(err)
		}
		draft.Comment += ", and again"
		sent, err := o.desk.Send(t.Context(), draft, o.catalog)
		var done *tickets.DoneError
		if !errors.As(err, &done) || sent.Ticket.ID != 0 || len(o.kept()) != 0 {
			t.Errorf("%+v %v, kept %v", sent, err, o.kept())
		}
		if isNew && o.made("once") != 1 || !isNew && len(o.comments(id)) != 2 {
			t.Errorf("%d made, %v", o.made("once"), o.comments(id))
		}
	}
}

// The clock went back since the draft was saved: that it is being sent is kept all the same.
func TestADraftIsKeptThoughTheClockGoesBack(t *testing.T) {
	o := open(t)
	drafts := tickets.KeptDrafts{Store: store.At(t.TempDir()), Profile: "acme", Account: "https://acme.zendesk.com", Now: time.Now}
	o.desk.Keep(drafts, o.notes, "jpark")
	draft := o.note(o.ticket().ID, "kept")
	draft.Stamp(time.Now())
	if err := drafts.Save(t.Context(), draft); err != nil {
		t.Fatal(err)
	}
	earlier := time.Now().Add(-time.Hour)
	o.now = &earlier
	o.wire.meets(thenDark(http.MethodPut, lostBefore))
	if _, err := o.desk.Send(t.Context(), draft, o.catalog); err == nil {
		t.Fatal("it was sent")
	}
	if all, err := drafts.All(t.Context()); err != nil || len(all) != 1 || all[0].Sending.IsZero() {
		t.Errorf("nobody would look for it: %+v %v", all, err)
	}
}

// A list that has nothing and goes on tells nothing, and breaks nothing.
func TestAnEmptyListThatGoesOnTellsNothing(t *testing.T) {
	o := open(t)
	draft := o.newTicket("odd")
	draft.Sending = draft.Attempted(time.Now())
	page := 0
	o.around(odd(func(request *http.Request) (*http.Response, error) {
		page++
		body := `{"tickets":[],"meta":{"has_more":true,"after_cursor":"` + strconv.Itoa(page) + `"},"links":{}}`
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: request, Body: io.NopCloser(strings.NewReader(body))}, nil
	}))
	if look, err := o.desk.FindSent(t.Context(), draft, o.catalog); err != nil || look.Arrival != tickets.Untold {
		t.Errorf("%+v %v", look, err)
	}
}

type odd func(*http.Request) (*http.Response, error)

func (o odd) RoundTrip(request *http.Request) (*http.Response, error) { return o(request) }
