package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"zsf/clients/oauth"
	"zsf/clients/settings"
	"zsf/clients/sfcli"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/flows/signin"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// A loginRequest is what a person asked for by flags; what they left out is asked for.
type loginRequest struct {
	service     transport.Service
	url         string
	clientID    string
	port        int
	noBrowser   bool
	paste       bool
	store       string
	sf          string // an alias or a username; anyOrg: to be chosen
	environment string
	jwtKey      string
	username    string
	secretFile  string
}

// anyOrg is what --sf means alone. No alias has a blank.
const anyOrg = " "

func (p *program) loginCommand() *cobra.Command {
	var request loginRequest
	command := &cobra.Command{
		Use:   "login salesforce|zendesk",
		Short: p.words.T("auth.login-short"),
		Long:  p.words.T("auth.login-long"),
		Example: "  zsf auth login zendesk --url acme --client-id zsf\n  zsf auth login salesforce --sf dev\n" +
			"  zsf auth login salesforce --url acme.my.salesforce.com --client-id KEY --jwt-key server.key --username ci@acme.com\n" +
			"  zsf auth login zendesk --url acme --client-id zsf_ci --client-secret-file secret.txt",
		ValidArgs: []string{"salesforce", "zendesk"},
		RunE: func(command *cobra.Command, args []string) error {
			services, err := p.servicesOf(request.takeAlias(args))
			if err != nil {
				return err
			}
			if len(services) != 1 {
				return p.usage("usage.one-service")
			}
			request.service = services[0]
			return p.runLogin(command.Context(), request)
		},
	}
	flags := command.Flags()
	flags.StringVar(&request.url, "url", "", p.words.T("flag-auth.url"))
	flags.StringVar(&request.clientID, "client-id", "", p.words.T("flag-auth.client-id"))
	flags.IntVar(&request.port, "port", 0, p.words.T("flag-auth.port"))
	flags.BoolVar(&request.noBrowser, "no-browser", false, p.words.T("flag-auth.no-browser"))
	flags.BoolVar(&request.paste, "paste", false, p.words.T("flag-auth.paste"))
	flags.StringVar(&request.store, "store", "", p.words.T("flag-auth.store"))
	flags.StringVar(&request.sf, "sf", "", p.words.T("flag-auth.sf"))
	flags.Lookup("sf").NoOptDefVal = anyOrg
	flags.StringVar(&request.environment, "environment", "", p.words.T("flag-auth.environment"))
	flags.StringVar(&request.jwtKey, "jwt-key", "", p.words.T("flag-auth.jwt-key"))
	flags.StringVar(&request.username, "username", "", p.words.T("flag-auth.username"))
	flags.StringVar(&request.secretFile, "client-secret-file", "", p.words.T("flag-auth.client-secret-file"))
	return command
}

// takeAlias takes the word after --sf, which stands among the arguments as the flag works alone, too.
func (r *loginRequest) takeAlias(args []string) []string {
	if r.sf != anyOrg {
		return args
	}
	for i, arg := range args {
		if name := strings.ToLower(arg); len(args) == 2 && name != "salesforce" && name != "zendesk" {
			r.sf = arg
			return append(args[:i:i], args[i+1:]...)
		}
	}
	return args
}

// fits refuses flags that do not go together.
func (p *program) fits(request loginRequest) error {
	switch {
	case request.environment != "" && request.environment != "sandbox" && request.environment != "production":
		return p.usage("usage.environment", "Name", "--environment", "Value", request.environment)
	case request.store != "" && request.store != string(vault.Keychain) && request.store != string(vault.File):
		return p.usage("usage.store", "Value", request.store)
	case request.service != transport.Salesforce && (request.sf != "" || request.jwtKey != "" || request.username != ""):
		return p.usage("usage.salesforce-only")
	case request.service != transport.Zendesk && request.secretFile != "":
		return p.usage("usage.zendesk-only")
	case (request.jwtKey == "") != (request.username == ""):
		return p.usage("usage.jwt-pair")
	case request.sf != "" && request.jwtKey != "":
		return p.usage("usage.one-road")
	}
	return nil
}

// A login is one sign-in under way, line by line.
type login struct {
	*program
	flow    *signin.Login
	request loginRequest
	known   settings.Account
	asker   *plain.Asker
}

func (p *program) runLogin(ctx context.Context, request loginRequest) error {
	if err := p.fits(request); err != nil {
		return err
	}
	l := &login{program: p, request: request}
	p.events = true
	keeper, err := p.keeper(l.passphrase)
	if err != nil {
		return err
	}
	if err := p.profileToSignIn(keeper); err != nil {
		return err
	}
	l.flow = p.loginOf(keeper, request.service)
	l.flow.Label = settings.Environment(request.environment)
	if request.port != 0 {
		l.flow.Port = request.port
	}
	if l.known, err = l.flow.Known(); err != nil {
		return err
	}
	secret := request.secretFile != "" || request.service == transport.Zendesk && p.Getenv(envZendeskSecret) != ""
	switch {
	case request.sf != "":
		return l.reuse(ctx)
	case request.jwtKey != "":
		return l.byKey(ctx)
	case secret:
		return l.bySecret(ctx)
	}
	return l.byBrowser(ctx)
}

// loginOf is a sign-in of a service, for any face.
func (p *program) loginOf(keeper *signin.Keeper, service transport.Service) *signin.Login {
	login := &signin.Login{
		Keeper: keeper, SF: sfcli.New(p.Environ), Profile: p.profileName(), Service: service,
		Words: p.pageWords(service), Timeout: p.timeout, OnTry: p.trace.Try,
	}
	if known, err := login.Known(); err == nil { // an error is told when the settings are needed
		login.Port = known.Port
	}
	return login
}

func (l *login) byBrowser(ctx context.Context) error {
	// First of all, so that no question is answered and no token got in vain.
	if err := l.openVault(ctx); err != nil {
		return err
	}
	address, clientID, err := l.where(ctx)
	if err != nil {
		return err
	}
	if err := l.askLabel(ctx, address); err != nil {
		return err
	}
	if l.request.service == transport.Salesforce {
		l.say("auth.five")
	}
	attempt, err := l.flow.Begin(ctx, address, clientID)
	if err != nil {
		return asEntered(err)
	}
	defer attempt.Close()
	if err := l.showURL(ctx, attempt.URL()); err != nil {
		return err
	}
	if !l.json && (l.Terminal || l.request.paste) {
		l.say("auth.paste", "Left", attempt.Deadline().Sub(l.Now()))
		go l.takePasted(ctx, l.ask(ctx), attempt)
	}
	done, err := attempt.Wait(ctx)
	if err != nil {
		return err
	}
	return l.done(done, done.Where)
}

// asEntered makes an address or a client that cannot be one wrong usage.
func asEntered(err error) error {
	if errors.Is(err, transport.ErrBaseURL) || errors.Is(err, oauth.ErrNotZendesk) || errors.Is(err, oauth.ErrNoClientID) || errors.Is(err, oauth.ErrNoPort) {
		return &usageError{err: err}
	}
	return err
}

// where is the address and the client: by flags, by what the profile knows, or by asking.
func (l *login) where(ctx context.Context) (address, clientID string, err error) {
	name := strings.ToLower(string(l.request.service))
	known := l.known.LoginURL
	if known == "" {
		known = l.known.URL
	}
	address, err = l.value(ctx, "--url", l.request.url, plain.Question{
		Words: l.words.T("auth.url-" + name), Default: known,
		Check: func(answer string) error { _, err := l.flow.Address(answer); return err },
	})
	if err != nil {
		return "", "", err
	}
	if _, err := l.flow.Address(address); err != nil {
		return "", "", asEntered(err)
	}
	clientID, err = l.value(ctx, "--client-id", l.request.clientID, plain.Question{
		Words:   l.words.T("auth.client-"+name, "Addresses", strings.Join(l.flow.Redirects(), " ")),
		Default: l.known.ClientID,
		Check:   func(answer string) error { _, err := l.flow.Provider(address, answer); return err },
	})
	if err != nil {
		return "", "", err
	}
	_, err = l.flow.Provider(address, clientID)
	return address, clientID, asEntered(err)
}

// askLabel asks what the org or account is, where a person is being asked and nothing else tells.
func (l *login) askLabel(ctx context.Context, address string) error {
	asked := l.asker != nil || l.Terminal && !l.json
	if l.flow.Label != "" || l.known.Environment != "" || l.flow.Guess(address) != "" || !asked {
		return nil
	}
	answer, err := l.ask(ctx).Ask(ctx, plain.Question{
		Name: "--environment", Words: l.words.T("auth.environment", "Service", string(l.request.service)),
		Check: func(answer string) error {
			if answer != "sandbox" && answer != "production" {
				return l.usage("usage.environment", "Name", "--environment", "Value", answer)
			}
			return nil
		},
	})
	l.flow.Label = settings.Environment(answer)
	return err
}

// value is a flag, or else the answer to a question; a script is told which flag it left out.
func (l *login) value(ctx context.Context, flag, given string, question plain.Question) (string, error) {
	if given != "" {
		return given, nil
	}
	if l.json {
		if question.Default != "" {
			return question.Default, nil
		}
		return "", l.usage("usage.missing-flag", "Flag", flag)
	}
	question.Name = flag
	return l.ask(ctx).Ask(ctx, question)
}

// ask is what asks, begun when it is first needed: from then on it has the input for itself.
func (l *login) ask(ctx context.Context) *plain.Asker {
	if l.asker == nil {
		l.asker = plain.NewAsker(ctx, l.Stdin, l.Stderr, l.words)
	}
	return l.asker
}

func (l *login) openVault(ctx context.Context) error {
	store, err := l.flow.OpenVault(ctx, vault.Kind(l.request.store))
	if store.Fallback != nil {
		l.say("auth.fallback", "Reason", store.Fallback, "Where", store.Where)
	}
	return err
}

// showURL prints the address first, and then tries the browser.
func (l *login) showURL(ctx context.Context, address string) error {
	if l.json {
		if err := report.WriteEvent(l.Stdout, map[string]string{"event": "url", "url": address}); err != nil {
			return err
		}
	} else {
		l.say("auth.open", "Service", string(l.request.service))
		if err := l.print(l.linked(address) + "\n"); err != nil {
			return err
		}
	}
	if l.request.noBrowser || l.request.paste {
		return nil
	}
	if err := l.Open(ctx, address); err != nil {
		l.say("auth.not-opened", "Reason", err)
		return nil
	}
	l.say("auth.opening")
	return nil
}

// linked is an address that can be clicked, where the terminal can; it stays one line, however narrow that is.
func (p *program) linked(address string) string {
	if !p.interactive() || p.Getenv("TERM") == "linux" || p.Getenv("TERM") == "" {
		return address
	}
	return ansi.SetHyperlink(address) + address + ansi.ResetHyperlink()
}

func (l *login) takePasted(ctx context.Context, asker *plain.Asker, attempt *signin.Attempt) {
	for {
		line, err := asker.Line(ctx)
		if err != nil {
			return
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := attempt.Paste(ctx, line); err != nil {
			// A code that only the browser shows is worth pasting, too.
			var explained *signin.ExplainedError
			if errors.As(err, &explained) {
				l.say("auth.help", "Cause", l.words.T(explained.Cause), "WayOut", l.words.T(explained.WayOut))
				continue
			}
			l.say("auth.pasted-wrong", "Reason", err)
			continue
		}
		return
	}
}

// done tells of a sign-in once it is kept.
func (l *login) done(done signin.Done, where string) error {
	if len(done.Missing) > 0 {
		l.say("auth.scope-missing", "Scopes", strings.Join(done.Missing, " "))
	}
	service := string(l.request.service)
	if l.json {
		return report.WriteEvent(l.Stdout, map[string]string{"event": "signed-in", "service": strings.ToLower(service), "user": done.User})
	}
	return l.print(l.words.T("auth.signed-in", "Service", service, "User", done.User, "Where", where) + "\n")
}

// passphrase asks for the encrypted file's key; twice where it is a new one.
func (l *login) passphrase(ctx context.Context) (string, error) {
	if l.json {
		return "", vault.ErrNoPassphrase
	}
	if vault.FileExists(l.flow.Keeper.Folder) {
		return l.secret(ctx, "auth.passphrase")
	}
	for {
		first, err := l.secret(ctx, "auth.passphrase-new")
		if err != nil {
			return "", err
		}
		again, err := l.secret(ctx, "auth.passphrase-again")
		if err != nil || (first == again && first != "") {
			return first, err
		}
		l.say("auth.passphrase-differs")
	}
}

func (l *login) secret(ctx context.Context, question string) (string, error) {
	if l.Terminal {
		return l.readSecret(ctx, question)
	}
	given, err := l.ask(ctx).Ask(ctx, plain.Question{Name: envPassphrase, Words: l.words.T(question)})
	if errors.Is(err, plain.ErrNoAnswer) {
		err = vault.ErrNoPassphrase
	}
	return given, err
}

func (p *program) pageWords(service transport.Service) oauth.Words {
	words := func(id string) string { return p.words.T("page."+id, "Service", string(service)) }
	return oauth.Words{
		Language: p.words.Tag(), Title: words("title"), CloseTab: words("close"),
		SignedIn: words("signed-in"), SignedInText: words("signed-in-text"),
		Denied: words("denied"), DeniedText: words("denied-text"),
		Failed: words("failed"), FailedText: words("failed-text"),
		Over: words("over"), OverText: words("over-text"),
		Stray: words("stray"), StrayText: words("stray-text"),
	}
}

// say tells a person something on stderr; under --json nobody is told but by events.
func (l *login) say(id string, args ...any) {
	if !l.json {
		_, _ = fmt.Fprintln(l.Stderr, l.words.T(id, args...))
	}
}
