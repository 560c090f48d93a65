// Package signin keeps the sign-ins of profiles: where each came from, its tokens, and their renewal.
package signin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"zsf/clients/oauth"
	"zsf/clients/settings"
	"zsf/clients/transport"
	"zsf/clients/vault"
)

// A Keeper keeps the sign-ins of every profile: what may be read by anyone in the settings,
// what may not in the vault.
type Keeper struct {
	Settings settings.File
	Vault    func(context.Context) (vault.Vault, error) // opened when it is first needed
	Folder   string                                     // of the locks that hold across processes
	HTTP     *http.Client
	Now      func() time.Time

	renewing sync.RWMutex // held by each renewal under way, and by Settle for good

	mu    sync.Mutex
	known *settings.Settings // as they were read; nil: not read, or changed since
}

// What can be said of a sign-in.
var (
	ErrNone     = errors.New("not signed in")
	ErrBorrowed = errors.New("it is the sf CLI's own sign-in, which stays: sf org logout ends it")
	ErrOwnKey   = errors.New("an unattended sign-in keeps no token: take its certificate off the app to end it")
)

// Known are the settings. The file is read once, and again after a change by this Keeper.
func (k *Keeper) Known() (settings.Settings, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known != nil {
		return *k.known, nil
	}
	known, err := k.Settings.Load()
	if err == nil {
		k.known = &known
	}
	return known, err
}

// Change changes the settings.
func (k *Keeper) Change(ctx context.Context, edit func(*settings.Settings) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known = nil
	return k.Settings.Change(ctx, edit)
}

// secretName is where the vault has the tokens of a profile's service.
func secretName(profile string, service transport.Service) string {
	return profile + "/" + strings.ToLower(string(service))
}

// Account is what the settings say of a profile's service; ErrNone where they say nothing.
func (k *Keeper) Account(profile string, service transport.Service) (settings.Account, error) {
	known, err := k.Known()
	if err != nil {
		return settings.Account{}, err
	}
	account := accountOf(known.Profiles[profile], service)
	if account.URL == "" {
		return account, ErrNone
	}
	return account, nil
}

func accountOf(profile settings.Profile, service transport.Service) settings.Account {
	if service == transport.Salesforce {
		return profile.Salesforce
	}
	return profile.Zendesk
}

// Tokens are those that the vault has for a profile's service; ErrNone where it has none.
func (k *Keeper) Tokens(ctx context.Context, profile string, service transport.Service) (oauth.Tokens, error) {
	opened, err := k.Vault(ctx)
	if err != nil {
		return oauth.Tokens{}, fmt.Errorf("read the %s sign-in: %w", service, err)
	}
	secret, err := opened.Get(ctx, secretName(profile, service))
	if errors.Is(err, vault.ErrEmpty) {
		return oauth.Tokens{}, ErrNone
	}
	if err != nil {
		return oauth.Tokens{}, fmt.Errorf("read the %s sign-in: %w", service, err)
	}
	tokens, err := oauth.ParseTokens(secret)
	if err != nil {
		return oauth.Tokens{}, fmt.Errorf("read the %s sign-in: %w", service, err)
	}
	return tokens, nil
}

// Keep stores a sign-in: the tokens first, so that the settings never name one that is not there.
func (k *Keeper) Keep(ctx context.Context, profile string, service transport.Service, account settings.Account, tokens oauth.Tokens) error {
	if err := k.store(ctx, profile, service, tokens); err != nil {
		return err
	}
	if err := k.dropMark(profile, service); err != nil {
		return err
	}
	return k.Name(ctx, profile, service, account)
}

func (k *Keeper) store(ctx context.Context, profile string, service transport.Service, tokens oauth.Tokens) error {
	opened, err := k.Vault(ctx)
	if err != nil {
		return fmt.Errorf("keep the %s sign-in: %w", service, err)
	}
	secret, err := tokens.Secret()
	if err != nil {
		return fmt.Errorf("keep the %s sign-in: %w", service, err)
	}
	if err := opened.Set(ctx, secretName(profile, service), secret); err != nil {
		return fmt.Errorf("keep the %s sign-in: %w", service, err)
	}
	return nil
}

// Forget drops a sign-in. notRevoked says why the service could not be told; the sign-in is forgotten all the same.
func (k *Keeper) Forget(ctx context.Context, profile string, service transport.Service) (notRevoked, err error) {
	account, err := k.Account(profile, service)
	if err != nil {
		return nil, err
	}
	switch account.Source {
	case settings.SF:
		return ErrBorrowed, k.Name(ctx, profile, service, settings.Account{})
	case settings.JWT:
		return ErrOwnKey, k.Name(ctx, profile, service, settings.Account{})
	}
	tokens, err := k.Tokens(ctx, profile, service)
	if err != nil && !errors.Is(err, ErrNone) {
		return nil, err
	}
	if err == nil {
		provider, err := ProviderOf(service, account)
		if err == nil {
			err = oauth.Revoke(ctx, provider, tokens, k.HTTP)
		}
		notRevoked = err
	}
	if err := k.drop(ctx, profile, service); err != nil {
		return notRevoked, err
	}
	return notRevoked, k.Name(ctx, profile, service, settings.Account{})
}

// ProviderOf is where a profile's service signs in.
func ProviderOf(service transport.Service, account settings.Account) (oauth.Provider, error) {
	if service == transport.Salesforce {
		login := account.LoginURL
		if login == "" {
			login = account.URL
		}
		return oauth.Salesforce(login, account.ClientID)
	}
	return oauth.Zendesk(account.URL, account.ClientID)
}

// Name writes down where a profile's service is, with no tokens: they are somebody else's to keep.
func (k *Keeper) Name(ctx context.Context, profile string, service transport.Service, account settings.Account) error {
	return k.Change(ctx, func(known *settings.Settings) error {
		changed := known.Profiles[profile]
		if service == transport.Salesforce {
			changed.Salesforce = account
		} else {
			changed.Zendesk = account
		}
		return known.Put(profile, changed)
	})
}

// Rename gives a profile another name, and its secrets with it: they are copied first, so that
// an end in the middle loses none.
func (k *Keeper) Rename(ctx context.Context, from, to string) error {
	known, err := k.Known()
	if err != nil {
		return err
	}
	known.Profiles = maps.Clone(known.Profiles) // a try, which the next caller must not see
	if err := known.Rename(from, to); err != nil {
		return err
	}
	opened, err := k.Vault(ctx)
	if err != nil {
		return fmt.Errorf("rename %s: %w", from, err)
	}
	for _, service := range services {
		for _, name := range []func(string, transport.Service) string{secretName, clientSecretName} {
			secret, err := opened.Get(ctx, name(from, service))
			if errors.Is(err, vault.ErrEmpty) {
				continue
			}
			if err == nil {
				err = opened.Set(ctx, name(to, service), secret)
			}
			if err != nil {
				return fmt.Errorf("rename %s: %w", from, err)
			}
		}
		if err := k.copyMark(from, to, service); err != nil {
			return err
		}
	}
	err = k.Change(ctx, func(known *settings.Settings) error { return known.Rename(from, to) })
	if err != nil {
		return err
	}
	return k.dropSecrets(ctx, from)
}

// Remove forgets a profile and its secrets. What was signed in stays so at the services: sign out first.
func (k *Keeper) Remove(ctx context.Context, name string) error {
	err := k.Change(ctx, func(known *settings.Settings) error { return known.Remove(name) })
	if err != nil {
		return err
	}
	return k.dropSecrets(ctx, name)
}

var services = []transport.Service{transport.Salesforce, transport.Zendesk}

func (k *Keeper) dropSecrets(ctx context.Context, profile string) error {
	for _, service := range services {
		if err := k.drop(ctx, profile, service); err != nil {
			return err
		}
	}
	return nil
}

// drop takes out of the vault what is there of a profile's service.
func (k *Keeper) drop(ctx context.Context, profile string, service transport.Service) error {
	opened, err := k.Vault(ctx)
	if err != nil {
		return fmt.Errorf("forget the %s sign-in of %s: %w", service, profile, err)
	}
	for _, name := range []string{secretName(profile, service), clientSecretName(profile, service)} {
		if err := opened.Delete(ctx, name); err != nil && !errors.Is(err, vault.ErrEmpty) {
			return fmt.Errorf("forget the %s sign-in of %s: %w", service, profile, err)
		}
		if err := k.dropMark(profile, service); err != nil {
			return err
		}
	}
	return nil
}
