// Package sandbox serves a Salesforce org and a Zendesk account on loopback: what a newcomer tries,
// what the tests run against, and what the benchmarks load. It shares no types with the clients,
// so that a mistake in one shows in the other.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"zsf/clients/sandbox/salesforce"
	"zsf/clients/sandbox/seed"
	"zsf/clients/sandbox/zendesk"
)

// Options say what to serve. The zero value serves the scenario fresh on free ports.
type Options struct {
	Listen   string        // host:port of the org; the account and the control take the next two ports, or free ones when the port is 0
	Scenario string        // fresh when empty
	Seed     uint64        // of the made-up business
	Accounts int           // how many accounts it has
	Tickets  int           // how many tickets it has
	Hostile  bool          // its names, subjects, words and file names mean harm to whoever shows them
	Latency  time.Duration // added to each answer of both services
	Now      func() time.Time
	Beside   *Sandbox // whose Zendesk account this one's org stands beside, too; it has its own when nil
}

// Defaults are how large the business is when nobody says.
const (
	DefaultSeed     = 1
	DefaultAccounts = 200
	DefaultTickets  = 1000
)

// Info is what a program needs to know to use the sandbox; `zsf sandbox` prints it in one line.
type Info struct {
	Schema     int            `json:"schema"`
	Salesforce SalesforceInfo `json:"salesforce"`
	Zendesk    ZendeskInfo    `json:"zendesk"`
	ControlURL string         `json:"control_url"`
}

// SalesforceInfo is how to reach the org.
type SalesforceInfo struct {
	LoginURL     string `json:"login_url"`
	InstanceURL  string `json:"instance_url"`
	ClientID     string `json:"client_id"`
	Username     string `json:"username"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
}

// ZendeskInfo is how to reach the account.
type ZendeskInfo struct {
	URL          string `json:"url"`
	ClientID     string `json:"client_id"`
	Email        string `json:"email"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
}

// A Sandbox is both services, listening.
type Sandbox struct {
	options   Options
	listeners [3]net.Listener
	servers   [3]*http.Server
	serving   sync.WaitGroup
	traffic   *traffic

	mu       sync.Mutex // held while a scenario is built
	scenario Scenario
	state    atomic.Pointer[state]
}

// state is both services as they stand; a scenario begins with a new one.
type state struct {
	business *seed.Seed
	org      *salesforce.Org
	account  *zendesk.Account
}

// Start listens and serves until Close. An unknown scenario and a taken port are errors.
func Start(ctx context.Context, options Options) (*Sandbox, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Scenario == "" {
		options.Scenario = "fresh"
	}
	s := &Sandbox{options: options, traffic: newTraffic(options.Now, options.Latency)}
	if err := s.listen(ctx); err != nil {
		return nil, err
	}
	if err := s.SetScenario(options.Scenario); err != nil {
		s.closeListeners()
		return nil, err
	}
	handlers := [3]http.Handler{
		s.traffic.watch("salesforce", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.state.Load().org.ServeHTTP(w, r) })),
		s.traffic.watch("zendesk", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.state.Load().account.ServeHTTP(w, r) })),
		s.control(),
	}
	for i, handler := range handlers {
		s.servers[i] = &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		s.serving.Go(func() { _ = s.servers[i].Serve(s.listeners[i]) })
	}
	return s, nil
}

func (s *Sandbox) listen(ctx context.Context) error {
	address := s.options.Listen
	if address == "" {
		address = "127.0.0.1:0"
	}
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("sandbox: listen on %q: %w: %w", address, ErrListen, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("sandbox: listen on %q: %w: it has no locks, so it only listens on this machine", address, ErrListen)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return fmt.Errorf("sandbox: listen on %q: %w: the port is not a number", address, ErrListen)
	}
	for i := range s.listeners {
		next := port
		if port != 0 {
			next += i
		}
		var config net.ListenConfig
		s.listeners[i], err = config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(next)))
		if err != nil {
			s.closeListeners()
			return fmt.Errorf("sandbox: %w", err)
		}
	}
	return nil
}

// ErrListen is the error of an address that the sandbox does not listen on: it is not of this machine, or has no port.
var ErrListen = errors.New("not an address to listen on")

func (s *Sandbox) closeListeners() {
	for _, listener := range s.listeners {
		if listener != nil {
			_ = listener.Close()
		}
	}
}

// Close stops serving and waits until the last answer is out or cut off.
func (s *Sandbox) Close() error {
	var failed error
	for _, server := range s.servers {
		failed = errors.Join(failed, server.Close())
	}
	s.serving.Wait()
	return failed
}

// SetScenario begins a scenario: both services stand as it says, and what was done before is gone.
// Tokens stay the same.
func (s *Sandbox) SetScenario(name string) error {
	scenario, ok := FindScenario(name)
	if !ok {
		return fmt.Errorf("sandbox: there is no scenario %q", name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scenario = scenario
	s.state.Store(s.build(scenario))
	return nil
}

func (s *Sandbox) build(scenario Scenario) *state {
	business := seed.New(s.options.Seed, s.options.Accounts, s.options.Tickets, scenario.salesforce.Language, s.options.Now())
	if s.options.Hostile {
		business = business.Hostile()
	}
	if s.options.Beside != nil {
		return s.buildBeside(scenario, business)
	}
	org := salesforce.New(salesforce.Options{Setup: scenario.salesforce, Seed: business, URL: s.url(0), Clock: s.options.Now, Callback: zendesk.SalesforceCallback(s.url(1))})
	setup := scenario.zendesk
	if setup.TicketSync {
		setup.ConnectedOrg, setup.OrgProduction = org.ID(), scenario.salesforce.Production
		setup.OrgName, setup.OrgUser = org.Connected()
		setup.Disconnected = setup.Disconnected || setup.OrgUser == ""
	}
	return &state{
		business: business,
		org:      org,
		account:  zendesk.New(zendesk.Options{Setup: setup, Seed: business, URL: s.url(1), Clock: s.options.Now, Salesforce: org}),
	}
}

// buildBeside is a second org of another sandbox's account, which is connected to the first one: as the scenario says,
// but that nobody connected it. When the other one is reset, its account forgets this org.
func (s *Sandbox) buildBeside(scenario Scenario, business *seed.Seed) *state {
	account, setup := s.options.Beside.state.Load().account, scenario.salesforce
	setup.App = salesforce.AppUnknown
	org := salesforce.New(salesforce.Options{
		Setup: setup, Seed: business, URL: s.url(0), Clock: s.options.Now, Callback: zendesk.SalesforceCallback(account.Credentials().URL),
	})
	account.Join(org, setup.Production)
	return &state{business: business, org: org, account: account}
}

// Scenario is the one that was begun last.
func (s *Sandbox) Scenario() Scenario {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.scenario
}

// Info tells how to reach the sandbox.
func (s *Sandbox) Info() Info {
	now := s.state.Load()
	org, account := now.org.Credentials(), now.account.Credentials()
	return Info{
		Schema:     1,
		Salesforce: SalesforceInfo(org),
		Zendesk:    ZendeskInfo(account),
		ControlURL: s.url(2),
	}
}

func (s *Sandbox) url(i int) string { return "http://" + s.listeners[i].Addr().String() }
