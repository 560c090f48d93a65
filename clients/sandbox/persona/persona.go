// Package persona is somebody at a browser who does what the set-up guide says on the pages of the sandbox:
// ticks, chooses, presses, and follows where that leads. It knows the pages by their HTML only.
package persona

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A Task is what a person came for. A page may be the place for several.
type Task string

// The tasks of the guide.
const (
	UnlockSessions Task = "unlock sessions"
	AllowNoPKCE    Task = "allow no PKCE"
	SwitchStreams  Task = "switch the Streaming API on"
	InstallPackage Task = "install the package"
	InstallApp     Task = "install the app"
	Connect        Task = "connect"
	TicketView     Task = "turn ticket view on"
	TicketSync     Task = "turn ticket sync on"
	PermittedUsers Task = "permitted users"
	Profiles       Task = "profiles"
	PlaceComponent Task = "place the component"
	Activate       Task = "activate triggers and webhooks"
	Disconnect     Task = "disconnect" // never done unasked
)

// Stopped is a page on which a person cannot go on.
type Stopped struct{ Title, Says string }

// Error tells what the page says.
func (s *Stopped) Error() string {
	return strings.TrimSpace("the page says: " + s.Title + ". " + s.Says)
}

var (
	// ErrNotLoopback keeps the persona away from real orgs and accounts.
	ErrNotLoopback = errors.New("the persona only acts on this machine")
	// ErrNothingToDo is a page that is no place for any of the tasks.
	ErrNothingToDo = errors.New("there is nothing to do on this page")
	errLost        = errors.New("the persona is lost: too many pages")
)

// A Person acts with a browser of their own. The zero value does not dawdle.
type Person struct {
	Pause      time.Duration                              // before each press
	Wait       func(context.Context, time.Duration) error // how time passes; a timer when nil
	Production bool                                       // connects a production org
	Profiles   []string                                   // those that may use the app, as the page names them; the sandbox's own choice when nil

	client *http.Client
	tasks  []Task
	steps  int
	done   bool // something was pressed, or found done
}

// theirProfiles may use the app in a sandbox that is ready, in both languages of the org.
var theirProfiles = []string{"System Administrator", "시스템 관리자", "Standard User", "표준 사용자", "Sales Representative", "Sales Manager", "Support Agent", "Support Lead"}

// Open does on a page what the guide says, to its end: all of the tasks that the page is the place for,
// or only those named.
func Open(ctx context.Context, address string, tasks ...Task) error {
	return new(Person).Open(ctx, address, tasks...)
}

// Open is the same by this person.
func (p *Person) Open(ctx context.Context, address string, tasks ...Task) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return fmt.Errorf("persona: %w", err)
	}
	at := &Person{Pause: p.Pause, Wait: p.Wait, Production: p.Production, Profiles: p.Profiles, tasks: tasks}
	at.client = &http.Client{Jar: jar, Transport: loopbackOnly{}}
	shown, err := at.get(ctx, address)
	if err == nil {
		err = at.act(ctx, shown)
	}
	if err == nil && !at.done {
		err = ErrNothingToDo
	}
	if err != nil {
		return fmt.Errorf("persona: %w", err)
	}
	return nil
}

// wants tells whether the person came for that.
func (p *Person) wants(task Task) bool {
	if p.tasks == nil {
		return task != Disconnect
	}
	return slices.Contains(p.tasks, task)
}

// loopbackOnly sends nothing to any other machine, redirects included.
type loopbackOnly struct{}

// RoundTrip refuses all hosts but loopback.
func (loopbackOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	host := r.URL.Hostname()
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%w: %s", ErrNotLoopback, host)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// mostPages is far more than any task needs.
const mostPages = 200

func (p *Person) get(ctx context.Context, address string) (*page, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("the address: %w", err)
	}
	return p.send(request)
}

// follow goes where a link of the page leads.
func (p *Person) follow(ctx context.Context, from *page, href string) (*page, error) {
	to, err := from.at.Parse(href)
	if err != nil {
		return nil, fmt.Errorf("the link: %w", err)
	}
	if err := p.wait(ctx, p.Pause); err != nil {
		return nil, err
	}
	return p.get(ctx, to.String())
}

// press sends a form by its button.
func (p *Person) press(ctx context.Context, from *page, f *form, value string) (*page, error) {
	button, found := f.button(value)
	if !found {
		return nil, &Stopped{from.title, "there is no button to press"}
	}
	to, err := from.at.Parse(f.action)
	if err != nil {
		return nil, fmt.Errorf("the form: %w", err)
	}
	if err := p.wait(ctx, p.Pause); err != nil {
		return nil, err
	}
	p.done = true
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), strings.NewReader(f.values(button).Encode()))
	if err != nil {
		return nil, fmt.Errorf("the form: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", origin(from.at))
	return p.send(request)
}

func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

// send gives the page behind all redirects. One that says why not is a Stopped.
func (p *Person) send(request *http.Request) (*page, error) {
	if p.steps++; p.steps > mostPages {
		return nil, errLost
	}
	answer, err := p.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	shown, err := read(answer.Body)
	if err != nil {
		return nil, err
	}
	shown.at, shown.status = answer.Request.URL, answer.StatusCode
	if shown.status >= http.StatusBadRequest || shown.problem != "" {
		says := shown.problem
		if says == "" {
			says = strings.Join(shown.texts, " ")
		}
		return nil, &Stopped{shown.title, says}
	}
	return shown, nil
}

func (p *Person) wait(ctx context.Context, d time.Duration) error {
	if p.Wait != nil {
		return p.Wait(ctx, d)
	}
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
