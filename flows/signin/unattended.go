// Sign-ins that need no person: an org by a key, an account by a client's secret. They are made anew when they end.

package signin

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"zsf/clients/oauth"
	"zsf/clients/settings"
	"zsf/clients/transport"
	"zsf/clients/vault"
)

// clientSecretName is where the vault has the secret of a profile's confidential client.
func clientSecretName(profile string, service transport.Service) string {
	return secretName(profile, service) + "-client"
}

// RenewalOf fetches the token of a profile's service, by the way that it was signed in.
func (k *Keeper) RenewalOf(profile string, service transport.Service, account settings.Account) (transport.Renewal, error) {
	switch account.Source {
	case settings.JWT:
		return k.byKey(account), nil
	case settings.ClientCredentials:
		return k.renewal(profile, service, func(ctx context.Context, _ oauth.Tokens) (oauth.Tokens, error) {
			return k.bySecret(ctx, profile, service, account)
		}), nil
	}
	provider, err := ProviderOf(service, account)
	if err != nil {
		return nil, err
	}
	return k.Renewal(profile, service, provider), nil
}

// byKey signs in with the key file, at the first call and whenever the token ends. Nothing of it is kept: a vault
// would need a passphrase, and the key is there.
func (k *Keeper) byKey(account settings.Account) transport.Renewal {
	return func(ctx context.Context, _ string) (string, error) {
		key, err := oauth.ReadKey(account.KeyFile)
		if err != nil {
			return "", &transport.Error{Service: transport.Salesforce, Kind: transport.SignInMissing, Message: err.Error(), Err: err}
		}
		tokens, err := oauth.JWTBearer(ctx, account.LoginURL, account.ClientID, account.User, key, k.HTTP, k.Now)
		return tokens.Access, expired(err)
	}
}

func (k *Keeper) bySecret(ctx context.Context, profile string, service transport.Service, account settings.Account) (oauth.Tokens, error) {
	opened, err := k.Vault(ctx)
	if err != nil {
		return oauth.Tokens{}, fmt.Errorf("read the client's secret: %w", err)
	}
	secret, err := opened.Get(ctx, clientSecretName(profile, service))
	if errors.Is(err, vault.ErrEmpty) {
		return oauth.Tokens{}, &transport.Error{Service: service, Kind: transport.SignInMissing, Err: ErrNone}
	}
	if err != nil {
		return oauth.Tokens{}, fmt.Errorf("read the client's secret: %w", err)
	}
	defer clear(secret)
	tokens, err := oauth.ClientCredentials(ctx, account.URL, account.ClientID, string(secret), k.HTTP, k.Now)
	return tokens, expired(err)
}

// expired makes of a refused key or secret a sign-in that is over: nothing but a new one mends it.
func expired(err error) error {
	var failed *transport.Error
	if errors.As(err, &failed) && failed.Kind == transport.Rejected {
		over := *failed
		over.Kind = transport.SignInExpired
		return &over
	}
	return err
}

// ByKey signs in to an org as username with a key file, whose path is kept; the key is not.
func (l *Login) ByKey(ctx context.Context, address, clientID, username, keyFile string) (Done, error) {
	provider, err := l.Provider(address, clientID)
	if err != nil {
		return Done{}, err
	}
	key, err := oauth.ReadKey(keyFile)
	if err != nil {
		return Done{}, &Wrong{Service: l.Service, Part: Key, Err: err}
	}
	tokens, err := oauth.JWTBearer(ctx, provider.Address(), clientID, username, key, l.Keeper.HTTP, l.Keeper.Now)
	if err != nil {
		return Done{}, asWrong(l.Service, err, Key)
	}
	who, err := l.who(ctx, tokens.InstanceURL, tokens.Access)
	if err != nil {
		return Done{}, asWrong(l.Service, err, Rights)
	}
	account := settings.Account{
		URL: tokens.InstanceURL, LoginURL: provider.Address(), ClientID: provider.ClientID(), User: who,
		Source: settings.JWT, KeyFile: keyFile,
	}
	if err := l.name(ctx, account); err != nil {
		return Done{}, err
	}
	return Done{User: who, URL: tokens.InstanceURL, Where: keyFile}, nil
}

// BySecret signs in to an account with a confidential client's secret, which goes to the vault.
func (l *Login) BySecret(ctx context.Context, address, clientID, secret string) (Done, error) {
	provider, err := l.Provider(address, clientID)
	if err != nil {
		return Done{}, err
	}
	secret = strings.TrimSpace(secret)
	tokens, err := oauth.ClientCredentials(ctx, provider.Address(), clientID, secret, l.Keeper.HTTP, l.Keeper.Now)
	if err != nil {
		return Done{}, asWrong(l.Service, err, Secret)
	}
	if _, err := l.who(ctx, provider.Address(), tokens.Access); err != nil { // before anything is kept
		return Done{}, asWrong(l.Service, err, Rights)
	}
	opened, err := l.Keeper.Vault(ctx)
	if err == nil {
		err = opened.Set(ctx, clientSecretName(l.Profile, l.Service), []byte(secret))
	}
	if err != nil {
		return Done{}, fmt.Errorf("keep the client's secret: %w", err)
	}
	return l.keep(ctx, provider, tokens, settings.ClientCredentials)
}
