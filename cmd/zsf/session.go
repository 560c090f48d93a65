package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/sandbox"
	"zsf/clients/settings"
	"zsf/clients/sfcli"
	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/clients/zendesk"
	"zsf/flows"
	"zsf/flows/flow"
	runs "zsf/flows/run"
	"zsf/flows/signin"
	"zsf/flows/world"
	"zsf/ui/wizard"
)

// The environment variables of a sign-in that needs no set-up.
const (
	envSalesforceURL      = "ZSF_SALESFORCE_INSTANCE_URL"
	envSalesforceToken    = "ZSF_SALESFORCE_ACCESS_TOKEN"
	envZendeskURL         = "ZSF_ZENDESK_URL"
	envZendeskToken       = "ZSF_ZENDESK_ACCESS_TOKEN"
	envZendeskEnvironment = "ZSF_ZENDESK_ENVIRONMENT"
	envZendeskSecret      = "ZSF_ZENDESK_CLIENT_SECRET"
	envPassphrase         = "ZSF_VAULT_PASSPHRASE"
)

// The names of the profiles that need no set-up.
const (
	defaultProfile = "default"
	demoProfile    = "demo"
)

// defaultScenario is what the sandbox inside the program begins with.
const defaultScenario = "fresh"

// A session is a profile with its sign-ins, ready to be looked at.
type session struct {
	world   *world.World
	runner  *flow.Runner // of the flow that is carried out
	words   *runs.Run    // adds to a check what people vouched for; nil: nothing is known
	state   store.Store
	noState error          // why there is no place for state, where there is none
	journal *store.Journal // nil until it is opened
	alone   bool           // no other zsf works on the profile until this session closes
	profile world.Profile
	match   settings.Way // the profile's own way to match records; empty: as the integration does
	org     signIn
	account signIn
	keeper  *signin.Keeper                                         // nil where the environment has both sign-ins, or in a rehearsal
	sandbox *sandbox.Sandbox                                       // nil but in a rehearsal
	beside  []*session                                             // rehearsals that were begun from this one
	goOn    func(context.Context, *session) (wizard.Runner, error) // gives the wizard that is shown a run with other sign-ins; nil: none is shown
	later   atomic.Pointer[session]                                // the one with the sign-ins that came since; nil: none came
	waits   atomic.Pointer[flow.Waiting]                           // the last time that a service asked to be left alone
	ends    []func()                                               // what is left to do when it closes, the last first
}

// latest is the session with the newest sign-ins.
func (s *session) latest() *session {
	if later := s.later.Load(); later != nil {
		return later
	}
	return s
}

// atEnd puts off something until the session closes.
func (s *session) atEnd(do func()) { s.ends = append(s.ends, do) }

func (s *session) close() {
	for i := len(s.ends) - 1; i >= 0; i-- {
		s.ends[i]()
	}
	for _, rehearsing := range s.beside {
		rehearsing.close()
	}
	if s.sandbox != nil {
		_ = s.sandbox.Close()
	}
}

// carry makes another flow the one that is carried out, in the same world.
func (s *session) carry(about flow.Flow, now func() time.Time) *flow.Runner {
	s.runner = flow.NewRunner(about, s.world, now)
	return s.runner
}

// open begins a session: with --demo in the embedded sandbox, else with the profile's own sign-ins.
// What the environment says goes before what the profile keeps.
func (p *program) open(ctx context.Context) (*session, error) {
	if p.demo {
		flags := ""
		if p.scenario != defaultScenario {
			flags = "--scenario " + p.scenario
		}
		p.words = p.words.InDemo(flags)
		return p.openSandbox(ctx)
	}
	label := world.Environment(p.Getenv(envZendeskEnvironment))
	switch label {
	case world.Unlabelled, world.Sandbox, world.Production:
	default:
		return nil, p.usage("usage.environment", "Name", envZendeskEnvironment, "Value", string(label))
	}
	org, account := p.environmentSignIn(transport.Salesforce), p.environmentSignIn(transport.Zendesk)
	if !org.missing() && !account.missing() {
		if p.profile != "" {
			if err := p.sayCommandsOf(p.profile); err != nil {
				return nil, err
			}
		}
		s, err := p.remembering(ctx, world.Profile{Name: p.profileName(), Zendesk: label})
		if err != nil {
			return nil, err
		}
		return s, p.connect(s, org, account)
	}
	keeper, err := p.keeper(p.askPassphrase)
	if err != nil {
		return nil, err
	}
	return p.openKept(ctx, keeper, org, account, label)
}

// openKept begins a session with what the profile keeps, where the environment says nothing.
func (p *program) openKept(ctx context.Context, keeper *signin.Keeper, org, account signIn, label world.Environment) (*session, error) {
	if err := p.chooseProfile(keeper); err != nil {
		return nil, err
	}
	var err error
	if org.missing() {
		if org, err = p.keptSignIn(ctx, keeper, transport.Salesforce); err != nil {
			return nil, err
		}
	}
	if account.missing() {
		if account, err = p.keptSignIn(ctx, keeper, transport.Zendesk); err != nil {
			return nil, err
		}
	}
	if label == world.Unlabelled {
		label = account.environment
	}
	s, err := p.remembering(ctx, world.Profile{Name: p.profileName(), Zendesk: label})
	if err != nil {
		return nil, err
	}
	s.keeper = keeper
	return s, p.connect(s, org, account)
}

// environmentSignIn is what the environment says of a service.
func (p *program) environmentSignIn(service transport.Service) signIn {
	if service == transport.Salesforce {
		return signIn{url: p.Getenv(envSalesforceURL), token: p.Getenv(envSalesforceToken), from: envSalesforceToken}
	}
	return signIn{url: p.Getenv(envZendeskURL), token: p.Getenv(envZendeskToken), from: envZendeskToken}
}

// chooseProfile settles which profile is meant: the one that is named, else the default. A first start has none.
func (p *program) chooseProfile(keeper *signin.Keeper) error {
	known, err := keeper.Known()
	if err != nil {
		return err
	}
	named := p.profile
	name, err := known.Choose(named)
	switch {
	case err == nil:
		p.profile = name
	case named != "":
		return p.asUsage(err)
	default:
		p.profile = defaultProfile
	}
	if meant, err := known.Choose(""); named != "" && (err != nil || meant != named) {
		return p.sayCommandsOf(named)
	}
	return nil
}

// sayCommandsOf makes the commands that are said from here on those of a profile that is not the default.
func (p *program) sayCommandsOf(profile string) error {
	words, err := p.words.Of(profile)
	if err == nil {
		p.words = words
	}
	return err
}

func (p *program) profileName() string {
	if p.profile == "" {
		return defaultProfile
	}
	return p.profile
}

// keptSignIn is what the profile keeps of a service; a missing one where it keeps nothing.
func (p *program) keptSignIn(ctx context.Context, keeper *signin.Keeper, service transport.Service) (signIn, error) {
	account, err := keeper.Account(p.profile, service)
	if errors.Is(err, signin.ErrNone) {
		return signIn{}, nil
	}
	if err != nil {
		return signIn{}, err
	}
	kept := signIn{
		url: account.URL, user: account.User, from: p.words.T("source." + string(account.Source)), environment: world.Environment(account.Environment),
		keptAs: func(err error) error {
			key := "profiles." + p.profile + "." + strings.ToLower(string(service)) + ".url"
			return &settings.Mistake{Path: keeper.Settings.Path(), Key: key, What: err.Error()}
		},
	}
	if account.Source == settings.SF {
		kept.renew = sfRenewal(sfcli.New(p.Environ), account.SFUsername)
		return kept, nil
	}
	if kept.renew, err = keeper.RenewalOf(p.profile, service, account); err != nil {
		return signIn{}, kept.keptAs(err)
	}
	if account.Source == settings.JWT {
		return kept, nil
	}
	return kept, p.openVaultFirst(ctx, keeper, service)
}

// sfRenewal borrows the token of the sf CLI, which renews it itself.
func sfRenewal(cli sfcli.CLI, username string) transport.Renewal {
	return func(ctx context.Context, stale string) (string, error) {
		token, err := cli.Token(ctx, username)
		switch {
		case err == nil && token.Access == stale:
			err = sfcli.ErrSignedOut
		case errors.Is(err, sfcli.ErrNotInstalled), errors.Is(err, sfcli.ErrTooOld), errors.Is(err, sfcli.ErrNoOrg):
			// Salesforce was not asked, so it has refused nothing.
			err = &transport.Error{Service: transport.Salesforce, Kind: transport.SignInMissing, Message: err.Error(), Err: err}
		}
		return token.Access, err
	}
}

// openVaultFirst asks for the encrypted file's passphrase before a screen takes the terminal, by reading what
// will be needed. A keychain is left for the first call, as the first frame waits for nobody.
func (p *program) openVaultFirst(ctx context.Context, keeper *signin.Keeper, service transport.Service) error {
	known, err := keeper.Known()
	if err != nil || known.Store != vault.File || !p.interactive() || p.Getenv(envPassphrase) != "" {
		return err
	}
	if _, err := keeper.Tokens(ctx, p.profile, service); !errors.Is(err, signin.ErrNone) {
		return err
	}
	return nil
}

// openSandbox serves the embedded sandbox and signs in to it.
func (p *program) openSandbox(ctx context.Context) (*session, error) {
	served, err := p.startSandbox(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &session{sandbox: served}
	if err := p.enter(s); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// enter signs in to the sandbox as its scenario has it.
func (p *program) enter(s *session) error {
	info := s.sandbox.Info()
	s.profile = world.Profile{Name: demoProfile, Zendesk: world.Environment(s.sandbox.Scenario().Environment)}
	return p.connect(s,
		signIn{url: info.Salesforce.InstanceURL, token: info.Salesforce.AccessToken, from: p.words.T("from.sandbox")},
		signIn{url: info.Zendesk.URL, token: info.Zendesk.AccessToken, from: p.words.T("from.sandbox")})
}

// A signIn is an address and a token; without one of the two there is none.
type signIn struct {
	url, token  string
	user        string // whom the profile keeps as signed in; empty: not known
	from        string // where it comes from, for people
	environment world.Environment
	renew       transport.Renewal // fetches the token when it is needed; nil: the token is all there is
	keptAs      func(error) error // says of an error that it is about what the profile keeps; nil: it keeps nothing of it
}

// unusable says where an address that cannot be used was read.
func (s signIn) unusable(variable string, err error) error {
	if s.keptAs != nil {
		return s.keptAs(err)
	}
	return &usageError{err: fmt.Errorf("%s: %w", variable, err)}
}

func (s signIn) missing() bool { return s.url == "" || (s.token == "" && s.renew == nil) }

func (p *program) connect(s *session, org, account signIn) error {
	s.org, s.account = org, account
	options := world.Options{Profile: s.profile, Now: p.Now}
	var err error
	if !org.missing() {
		options.Salesforce, err = salesforce.New(org.url, org.token, p.transport(s, transport.Salesforce, org))
		if err != nil {
			return org.unusable(envSalesforceURL, err)
		}
	}
	if !account.missing() {
		options.Zendesk, err = zendesk.New(account.url, account.token, p.transport(s, transport.Zendesk, account))
		if err != nil {
			return account.unusable(envZendeskURL, err)
		}
	}
	s.world = world.New(options)
	s.carry(flows.Preflight, p.Now)
	return nil
}

// longestWait is how long a call may be put off altogether: a check is to end within a minute.
const longestWait = 45 * time.Second

// transport tells whoever follows the look when a service asks to be left alone for a while.
func (p *program) transport(s *session, service transport.Service, in signIn) transport.Config {
	return transport.Config{
		Service:  service,
		Renew:    in.renew,
		Timeout:  p.timeout,
		MaxTries: 3,
		MaxWait:  longestWait,
		OnTry:    p.trace.Try,
		OnWait: func(wait transport.Wait) {
			waiting := flow.Waiting{Service: string(wait.Service), Why: wait.Why, Until: wait.Until}
			s.waits.Store(&waiting)
			s.runner.Tell(waiting)
		},
	}
}

// askPassphrase asks for the encrypted file's key where somebody is there to be asked; a screen has asked already.
func (p *program) askPassphrase(ctx context.Context) (string, error) {
	switch words, drawn := p.typed.get(); {
	case !p.Terminal || p.json, drawn && words == "":
		return "", vault.ErrNoPassphrase
	case words != "":
		return words, nil
	}
	return p.readSecret(ctx, "auth.passphrase")
}

// readSecret asks on stderr and reads what the terminal does not show.
func (p *program) readSecret(ctx context.Context, question string) (string, error) {
	_, _ = fmt.Fprint(p.Stderr, p.words.T(question)+": ")
	secret, err := p.Secret(ctx)
	_, _ = fmt.Fprintln(p.Stderr)
	switch {
	case errors.Is(err, io.EOF):
		return "", vault.ErrNoPassphrase
	case err != nil:
		return "", fmt.Errorf("read the passphrase: %w", err)
	}
	return secret, nil
}
