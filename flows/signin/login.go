// What a sign-in does, whoever shows it: lines, a screen, flags alone.

package signin

import (
	"context"
	"errors"
	"strings"
	"time"

	"zsf/clients/oauth"
	"zsf/clients/salesforce"
	"zsf/clients/settings"
	"zsf/clients/sfcli"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/clients/zendesk"
)

// A Login signs one service of a profile in.
type Login struct {
	Keeper  *Keeper
	SF      sfcli.CLI
	Profile string
	Service transport.Service
	Port    int                  // the one that is registered; 0: one of the usual ones
	Label   settings.Environment // what the org or account is; empty: what the profile says
	Words   oauth.Words          // of the pages that the browser gets
	Timeout time.Duration        // of one call
	OnTry   func(transport.Try)  // told of each call's tries; nil: nobody is
	OnStore func(Store)          // told where tokens will be kept, before a passphrase is asked for; nil: nobody is
}

// A Done is a sign-in that is kept.
type Done struct {
	User    string
	URL     string   // of the org or the account
	Where   string   // the tokens are kept: a vault, or a key file; empty: with the sf CLI
	Missing []string // scopes that were asked for and not given
}

// Known is what the profile has of the service from before; the zero Account where it has nothing.
func (l *Login) Known() (settings.Account, error) {
	account, err := l.Keeper.Account(l.Profile, l.Service)
	if errors.Is(err, ErrNone) {
		return account, nil
	}
	return account, err
}

// A Store is where tokens will be kept. Fallback is why it is not the system's keychain, where that was tried.
type Store struct {
	Where    string
	Fallback error
}

// A PassphraseError is that of an encrypted file which cannot be opened without a person.
type PassphraseError struct {
	New   bool // there is no file yet: it is asked for twice
	Wrong bool // one was given
	Err   error
}

func (e *PassphraseError) Error() string { return e.Err.Error() }
func (e *PassphraseError) Unwrap() error { return e.Err }

// OpenVault makes sure, before a browser opens, that tokens can be kept, and remembers where. want may be empty;
// one that cannot be had is not remembered.
func (l *Login) OpenVault(ctx context.Context, want vault.Kind) (_ Store, err error) {
	if want != "" {
		known, failed := l.Keeper.Known()
		if failed != nil {
			return Store{}, failed
		}
		if failed := l.remember(ctx, want); failed != nil {
			return Store{}, failed
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, l.remember(context.WithoutCancel(ctx), known.Store))
			}
		}()
	}
	return l.openVault(ctx)
}

func (l *Login) openVault(ctx context.Context) (Store, error) {
	opened, err := l.Keeper.Vault(ctx)
	if err != nil {
		return Store{}, err
	}
	store := Store{Where: opened.Where()}
	if found, ok := opened.(vault.Opened); ok {
		store.Fallback = found.Fallback
	}
	if l.OnStore != nil {
		l.OnStore(store)
	}
	err = vault.Ready(ctx, opened)
	switch {
	case errors.Is(err, vault.ErrWrongPassphrase):
		return store, &PassphraseError{Wrong: true, Err: err}
	case errors.Is(err, vault.ErrNoPassphrase):
		return store, &PassphraseError{New: !vault.FileExists(l.Keeper.Folder), Err: err}
	case err != nil:
		return store, err
	}
	return store, l.remember(ctx, opened.Kind())
}

func (l *Login) remember(ctx context.Context, kind vault.Kind) error {
	if known, err := l.Keeper.Known(); err == nil && known.Store == kind {
		return nil
	}
	return l.Keeper.Change(ctx, func(known *settings.Settings) error {
		known.Store = kind
		return nil
	})
}

// Orgs are those that the sf CLI is signed in to.
func (l *Login) Orgs(ctx context.Context) ([]sfcli.Org, error) { return l.SF.Orgs(ctx) }

// Reuse takes an org that the sf CLI is signed in to: the profile keeps its name, and never its token.
func (l *Login) Reuse(ctx context.Context, name string) (Done, error) {
	token, err := l.SF.Token(ctx, name)
	if err != nil {
		return Done{}, err
	}
	who, err := l.who(ctx, token.InstanceURL, token.Access)
	if err != nil {
		return Done{}, asWrong(l.Service, err, Rights)
	}
	account := settings.Account{URL: token.InstanceURL, User: who, Source: settings.SF, SFUsername: token.Username}
	if err := l.name(ctx, account); err != nil {
		return Done{}, err
	}
	return Done{User: who, URL: token.InstanceURL}, nil
}

// Provider is where to sign in, by what a person entered. Its error is a *Wrong.
func (l *Login) Provider(address, clientID string) (oauth.Provider, error) {
	provider, err := l.provider(address, clientID)
	return provider, asWrong(l.Service, err, Host)
}

func (l *Login) provider(address, clientID string) (oauth.Provider, error) {
	if l.Service == transport.Salesforce {
		return oauth.Salesforce(address, clientID)
	}
	return oauth.Zendesk(address, clientID)
}

// anyClient stands for a client where only the address is asked about.
const anyClient = "x"

// Address is the org's or account's address in what a person entered: a name, a host, or a page. Its error is a *Wrong.
func (l *Login) Address(entered string) (string, error) {
	provider, err := l.Provider(entered, anyClient)
	return provider.Address(), err
}

// Redirects are the addresses that must be registered with the client.
func (l *Login) Redirects() []string {
	address := map[transport.Service]string{transport.Salesforce: "login.salesforce.com", transport.Zendesk: "example"}[l.Service]
	provider, err := l.provider(address, anyClient)
	if err != nil {
		return nil
	}
	return provider.RedirectURLs(l.Port)
}

// CheckAddress asks whether the service is at the address. Its error is a *Wrong, or the service's trouble.
func (l *Login) CheckAddress(ctx context.Context, entered string) error {
	address, err := l.Address(entered)
	if err != nil {
		return err
	}
	config := transport.Config{Timeout: l.Timeout, MaxTries: 1, OnTry: l.OnTry}
	var answers func(context.Context) error
	if l.Service == transport.Salesforce {
		client, err := salesforce.New(address, "", config)
		if err != nil {
			return asWrong(l.Service, err, Host)
		}
		answers = client.Answers
	} else {
		client, err := zendesk.New(address, "", config)
		if err != nil {
			return asWrong(l.Service, err, Host)
		}
		answers = client.Answers
	}
	return asWrong(l.Service, answers(ctx), Host)
}

// CheckClient asks whether the service knows the client and its redirect address, as far as it tells before anybody
// signs in. Its error is a *Wrong, or the service's trouble.
func (l *Login) CheckClient(ctx context.Context, entered, clientID string) error {
	provider, err := l.Provider(entered, clientID)
	if err != nil {
		return err
	}
	return asWrong(l.Service, oauth.Probe(ctx, provider, l.Port, l.Keeper.HTTP), ClientID)
}

// Guess is what an address says of its org or account; empty where it says nothing. Zendesk's never do.
func (l *Login) Guess(entered string) settings.Environment {
	address, err := l.Address(entered)
	_, host, _ := strings.Cut(address, "://")
	switch {
	case err != nil || l.Service != transport.Salesforce:
		return ""
	case host == "test.salesforce.com", strings.HasSuffix(host, ".sandbox.my.salesforce.com"), strings.HasSuffix(host, ".scratch.my.salesforce.com"):
		return settings.Sandbox
	case strings.HasSuffix(host, ".salesforce.com"):
		return settings.Production
	}
	return ""
}

// An Attempt is a sign-in by a browser that is under way. Close it.
type Attempt struct {
	login    *Login
	provider oauth.Provider
	under    *oauth.Attempt
}

// Begin listens for the browser and makes the address to open. Its error is a *Wrong where no port can be had.
func (l *Login) Begin(ctx context.Context, address, clientID string) (*Attempt, error) {
	provider, err := l.Provider(address, clientID)
	if err != nil {
		return nil, err
	}
	under, err := oauth.Begin(ctx, provider, oauth.Options{Port: l.Port, Words: l.Words, HTTP: l.Keeper.HTTP, Now: l.Keeper.Now})
	if err != nil {
		return nil, asWrong(l.Service, err, Redirect)
	}
	return &Attempt{login: l, provider: provider, under: under}, nil
}

// URL is the address to open in a browser.
func (a *Attempt) URL() string { return a.under.URL() }

// Deadline is when the attempt ends by itself.
func (a *Attempt) Deadline() time.Time { return a.under.Deadline() }

// An ExplainedError is that of pasted words which are no way back, but which the browser shows when it goes wrong.
// Cause and WayOut are the IDs of what they mean.
type ExplainedError struct {
	Cause, WayOut string
	Err           error
}

func (e *ExplainedError) Error() string { return e.Err.Error() }
func (e *ExplainedError) Unwrap() error { return e.Err }

// Paste takes the address that the browser ended on, or the code in it. Its errors do not end the attempt.
func (a *Attempt) Paste(ctx context.Context, text string) error {
	cause, wayOut, known := oauth.HelpFor(text)
	if known && !strings.Contains(text, "state=") { // a way back has one; what has none would be sent as a code
		return &ExplainedError{Cause: cause, WayOut: wayOut, Err: oauth.ErrNotACode}
	}
	err := a.under.Paste(ctx, text)
	if transport.KindOf(err) == "" {
		return err // about what was pasted
	}
	return asWrong(a.login.Service, err, ClientID)
}

// Close ends the attempt if nothing has.
func (a *Attempt) Close() { a.under.Close() }

// Wait waits for the browser or a paste, asks the service whose token it is, and keeps it. Where only the last two
// failed, it may be called again: nobody has to sign in a second time.
func (a *Attempt) Wait(ctx context.Context) (Done, error) {
	tokens, err := a.under.Wait(ctx)
	if err != nil {
		return Done{}, asWrong(a.login.Service, err, ClientID)
	}
	done, err := a.login.keep(ctx, a.provider, tokens, settings.Browser)
	if err != nil {
		return Done{}, &UnkeptError{Err: err}
	}
	return done, nil
}

// An UnkeptError is that of a sign-in which the service gave, and which could not be kept: waiting again tries again.
type UnkeptError struct{ Err error }

func (e *UnkeptError) Error() string { return e.Err.Error() }
func (e *UnkeptError) Unwrap() error { return e.Err }

// keep asks the service who it is, and then keeps the tokens.
func (l *Login) keep(ctx context.Context, provider oauth.Provider, tokens oauth.Tokens, source settings.Source) (Done, error) {
	address := tokens.InstanceURL
	if address == "" {
		address = provider.Address()
	}
	who, err := l.who(ctx, address, tokens.Access)
	if err != nil {
		return Done{}, asWrong(l.Service, err, Rights)
	}
	account := settings.Account{
		URL: address, LoginURL: provider.Address(), ClientID: provider.ClientID(), Port: l.Port, User: who, Source: source,
	}
	if account.Environment, err = l.label(address); err != nil {
		return Done{}, err
	}
	if err := l.dropOld(ctx, source); err != nil {
		return Done{}, err
	}
	if err := l.Keeper.Keep(ctx, l.Profile, l.Service, account, tokens); err != nil {
		return Done{}, err
	}
	opened, err := l.Keeper.Vault(ctx)
	if err != nil {
		return Done{}, err
	}
	return Done{User: who, URL: address, Where: opened.Where(), Missing: provider.MissingScopes(tokens)}, nil
}

// name keeps an account that has its tokens elsewhere.
func (l *Login) name(ctx context.Context, account settings.Account) (err error) {
	if account.Environment, err = l.label(account.URL); err != nil {
		return err
	}
	if err := l.dropOld(ctx, account.Source); err != nil {
		return err
	}
	return l.Keeper.Name(ctx, l.Profile, l.Service, account)
}

// dropOld leaves in the vault no secret of a sign-in that this one takes the place of.
func (l *Login) dropOld(ctx context.Context, source settings.Source) error {
	known, err := l.Known()
	if err != nil || known.Source == source || known.Source != settings.Browser && known.Source != settings.ClientCredentials {
		return err
	}
	if source == settings.ClientCredentials {
		return nil // its secret is there by now, and its tokens take the place of the old ones
	}
	return l.Keeper.drop(ctx, l.Profile, l.Service)
}

// label is what a person says that the org or account is; else what the profile had; else what its address says.
func (l *Login) label(address string) (settings.Environment, error) {
	if l.Label != "" {
		return l.Label, nil
	}
	known, err := l.Known()
	if err != nil || known.Environment != "" {
		return known.Environment, err
	}
	return l.Guess(address), nil
}

// who asks the service whose token it is: a sign-in counts only when the service names a real user.
func (l *Login) who(ctx context.Context, address, token string) (string, error) {
	config := transport.Config{Timeout: l.Timeout, OnTry: l.OnTry}
	if l.Service == transport.Salesforce {
		client, err := salesforce.New(address, token, config)
		if err != nil {
			return "", err
		}
		info, err := client.UserInfo(ctx)
		return info.Username, err
	}
	client, err := zendesk.New(address, token, config)
	if err != nil {
		return "", err
	}
	me, err := client.Me(ctx)
	return me.Email, err
}
