// Package doctor looks at zsf's own health: the machine that it runs on, and the way to both services.
// It changes nothing: no file is made, no mode is mended, no token is sent.
package doctor

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"zsf/clients/settings"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/flows/flow"
)

// The checks.
const (
	TerminalID   flow.ID = "doctor.terminal"
	WideID       flow.ID = "doctor.wide"
	BrowserID    flow.ID = "doctor.browser"
	KeychainID   flow.ID = "doctor.keychain"
	SalesforceID flow.ID = "doctor.salesforce"
	ZendeskID    flow.ID = "doctor.zendesk"
	SettingsID   flow.ID = "doctor.settings"
	StateID      flow.ID = "doctor.state"
	VersionID    flow.ID = "doctor.version"
)

// The time limits. Whatever hangs, Look ends after limit; a service and a keychain that hang are told by then.
const (
	limit        = 5500 * time.Millisecond
	serviceLimit = 4 * time.Second
)

// A Machine is what the checks look at, all of it given. Paths are absolute.
type Machine struct {
	OS       string // runtime.GOOS
	Getenv   func(string) string
	Now      func() time.Time
	Versions Versions
	Terminal *Terminal               // nil: zsf does not run in one
	Find     func(name string) error // tells whether a program is there

	Profile      string                       // the one that is asked for; empty: the default
	Addresses    map[transport.Service]string // of services that are signed in to without a profile; they go first
	SettingsFile string
	LoadSettings func() (settings.Settings, error)
	StateFolder  string

	// Vault opens the vault of that kind, within 3 s, and asks nobody for a passphrase.
	Vault func(context.Context, vault.Kind) (vault.Opened, error)
	// HTTP sends a request by way of Proxy, and follows no redirect.
	HTTP interface {
		Do(*http.Request) (*http.Response, error)
	}
	Proxy func(*http.Request) (*url.URL, error) // http.ProxyFromEnvironment
}

// Versions are what a report of a fault should name.
type Versions struct{ ZSF, Go, OS, Arch string }

// Flow is every check, in the order of the report.
var Flow = flow.Flow{ID: "doctor", Groups: []flow.Group{{ID: "doctor", Steps: []flow.Step{
	{ID: TerminalID},
	{ID: WideID},
	{ID: BrowserID},
	{ID: KeychainID},
	{ID: SalesforceID},
	{ID: ZendeskID},
	{ID: SettingsID},
	{ID: StateID},
	{ID: VersionID},
}}}}

// Look runs all checks at once and ends within 6 s. What had not answered by then, or when ctx ended, is unknown.
func Look(ctx context.Context, m Machine) (flow.Flow, flow.Report) {
	started := m.Now()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	load := sync.OnceValue(m.load)
	looks := map[flow.ID]func() flow.Finding{
		TerminalID:   m.terminal,
		WideID:       func() flow.Finding { return m.wide(ctx) },
		BrowserID:    m.browser,
		KeychainID:   func() flow.Finding { return m.keychain(ctx, load().known.Store) },
		SalesforceID: func() flow.Finding { return m.service(ctx, transport.Salesforce, load) },
		ZendeskID:    func() flow.Finding { return m.service(ctx, transport.Zendesk, load) },
		SettingsID:   func() flow.Finding { return m.settings(load()) },
		StateID:      m.state,
		VersionID:    m.version,
	}
	steps := Flow.Steps()
	findings := make([]flow.Finding, len(steps))
	var looking sync.WaitGroup
	for i, step := range steps {
		looking.Go(func() {
			findings[i] = m.complete(step.ID, within(ctx, looks[step.ID]), started)
		})
	}
	looking.Wait()
	report := flow.Report{Profile: m.Profile, StartedAt: started, Took: m.Now().Sub(started), Findings: findings}
	if ctx.Err() == nil { // else the settings may be what hangs
		profile := load()
		report.Profile = profile.name
		report.Salesforce.InstanceURL = m.address(transport.Salesforce, profile)
		report.Zendesk.URL = m.address(transport.Zendesk, profile)
	}
	return Flow, report
}

// within gives a look up when ctx ends: a file system cannot be interrupted. A fault in it is no other's.
func within(ctx context.Context, look func() flow.Finding) flow.Finding {
	found := make(chan flow.Finding, 1)
	go func() {
		defer func() {
			if fault := recover(); fault != nil {
				err := fmt.Errorf("a fault in zsf: %v", fault)
				found <- flow.NotKnown(flow.Say("unseen", "Reason", err)).Because(err)
			}
		}()
		found <- look()
	}()
	select {
	case finding := <-found:
		return finding
	case <-ctx.Done():
		return flow.NotKnown(flow.Say("doctor.slow")).Because(context.Cause(ctx))
	}
}

func (m Machine) complete(id flow.ID, finding flow.Finding, started time.Time) flow.Finding {
	finding.Step = id
	finding.ReadAt = m.Now()
	finding.Took = finding.ReadAt.Sub(started)
	if finding.Verdict != flow.Pass && finding.LeadsTo.Empty() {
		finding.LeadsTo = flow.Say(string(id) + ".leads_to")
	}
	return finding
}

func (m Machine) version() flow.Finding {
	v := m.Versions
	return flow.Passed(flow.Raw("zsf "+v.ZSF)).With(
		fact(flow.Say("doctor.version.go", "Version", v.Go)),
		fact(flow.Say("doctor.version.system", "System", v.OS+"/"+v.Arch)),
	)
}

func fact(text flow.Text) flow.Evidence { return flow.Evidence{Fact: text} }

func marked(verdict flow.Verdict, text flow.Text) flow.Evidence {
	return flow.Evidence{Fact: text, Mark: verdict}
}
