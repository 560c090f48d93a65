// The renewal of a sign-in: once for all processes, and honest about one that was cut off.

package signin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"time"

	"zsf/clients/oauth"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/clients/vault/private"
	"zsf/flows/flow"
)

// Renewal fetches a profile's token, and replaces one that is stale. It holds a lock that other processes heed, takes the
// token that one of them may have got meanwhile, and stores a new pair before it is used.
func (k *Keeper) Renewal(profile string, service transport.Service, provider oauth.Provider) transport.Renewal {
	return k.renewal(profile, service, func(ctx context.Context, stale oauth.Tokens) (oauth.Tokens, error) {
		if stale.Access == "" {
			return oauth.Tokens{}, &transport.Error{Service: service, Kind: transport.SignInMissing, Err: ErrNone}
		}
		return k.trade(ctx, profile, service, provider, stale)
	})
}

// renewal gives the token that is kept, or what anew gets in its place; without a token that is kept, stale is empty.
func (k *Keeper) renewal(profile string, service transport.Service, anew func(ctx context.Context, stale oauth.Tokens) (oauth.Tokens, error)) transport.Renewal {
	return func(ctx context.Context, stale string) (string, error) {
		unlock, err := vault.Lock(ctx, k.Folder, secretName(profile, service))
		if err != nil {
			return "", fmt.Errorf("renew the %s sign-in: %w", service, err)
		}
		defer func() { _ = unlock() }()
		tokens, err := k.Tokens(ctx, profile, service)
		if err != nil && !errors.Is(err, ErrNone) {
			return "", err
		}
		if tokens.Access != stale && tokens.Access != "" {
			return tokens.Access, nil
		}
		k.renewing.RLock()
		defer k.renewing.RUnlock()
		if err := ctx.Err(); err != nil {
			return "", fmt.Errorf("renew the %s sign-in: %w", service, err)
		}
		// From here on the old pair may be dead at any moment: whoever has enough of waiting does not stop this.
		ctx = context.WithoutCancel(ctx)
		renewed, err := anew(ctx, tokens)
		if err != nil {
			return "", fmt.Errorf("renew the %s sign-in: %w", service, err)
		}
		if err := k.store(ctx, profile, service, renewed); err != nil {
			return "", err
		}
		_ = k.dropMark(profile, service) // one that stays is of a pair that is no more
		return renewed.Access, nil
	}
}

// Settle waits for the renewals that are under way, and lets no other begin: a program that ended in the middle of one
// would lose the sign-in. Each ends within the time limit of HTTP. It is called once, last of all.
func (k *Keeper) Settle() { k.renewing.Lock() }

// A LostRenewal is why a sign-in is over: a renewal of it was begun, and what the service answered was never kept, as
// zsf was ended, or cut off, in the middle. The service had replaced the pair by then.
type LostRenewal struct {
	Service transport.Service
	At      time.Time
}

func (e *LostRenewal) Error() string {
	return fmt.Sprintf("a renewal of the %s sign-in began at %s, and its answer was never kept", e.Service, e.At.UTC().Format(time.RFC3339))
}

// Text says so in words.
func (e *LostRenewal) Text() flow.Text {
	return flow.Say("renewal.lost", "Service", string(e.Service), "At", flow.Moment(e.At))
}

// trade trades the pair. That it does so is written down before it is sent: where that cannot be written, the new pair
// could not be kept either. A mark that is there already is one of a process that was cut off. It may have been so
// before the request arrived, so the old pair is always tried.
func (k *Keeper) trade(ctx context.Context, profile string, service transport.Service, provider oauth.Provider, tokens oauth.Tokens) (oauth.Tokens, error) {
	pair := hashOf(tokens)
	before, err := k.readMark(profile, service)
	if err != nil {
		return oauth.Tokens{}, err
	}
	cutOff := before.Pair == pair
	if !cutOff {
		if err := k.writeMark(profile, service, mark{Since: k.Now().UTC(), Pair: pair}); err != nil {
			return oauth.Tokens{}, err
		}
	}
	renewed, err := oauth.Refresh(ctx, provider, tokens, k.HTTP)
	if err != nil {
		return oauth.Tokens{}, k.notRenewed(profile, service, err, cutOff, before)
	}
	return renewed, nil
}

// notRenewed says why there is no new pair. The mark stays where the service may have made one all the same.
func (k *Keeper) notRenewed(profile string, service transport.Service, err error, cutOff bool, before mark) error {
	var failed *transport.Error
	switch {
	case cutOff && errors.As(err, &failed) && failed.Kind == transport.SignInExpired:
		lost := *failed
		lost.Err = &LostRenewal{Service: service, At: before.Since}
		return &lost
	case !cutOff && madeNothing(err):
		if dropped := k.dropMark(profile, service); dropped != nil {
			return dropped
		}
	}
	return err
}

// madeNothing tells a failure after which the service has surely made no new pair: it refused, or was not reached.
func madeNothing(err error) bool {
	var failed *transport.Error
	if errors.As(err, &failed) && failed.Status != 0 {
		return failed.Status >= http.StatusBadRequest && failed.Status < http.StatusInternalServerError
	}
	var dial *net.OpError
	var name *net.DNSError
	return errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &name)
}

// A mark is a renewal that was begun, of the pair with that hash. It holds no secret.
type mark struct {
	Since time.Time `json:"since"`
	Pair  string    `json:"pair"`
}

// maxMark is more than any mark has, in bytes.
const maxMark = 1 << 10

func hashOf(tokens oauth.Tokens) string {
	sum := sha256.Sum256([]byte("zsf renewal " + tokens.Refresh))
	return hex.EncodeToString(sum[:8])
}

func markName(profile string, service transport.Service) string {
	return url.PathEscape(secretName(profile, service)) + ".renewing"
}

// readMark is the mark of the renewal that was begun last; a zero one where there is none, or none that can be read.
func (k *Keeper) readMark(profile string, service transport.Service) (mark, error) {
	var left mark
	text, err := private.Read(k.Folder, markName(profile, service), maxMark)
	if errors.Is(err, fs.ErrNotExist) {
		return left, nil
	}
	if err != nil {
		return left, fmt.Errorf("renew the %s sign-in: %w", service, err)
	}
	if json.Unmarshal(text, &left) != nil {
		return mark{}, nil //nolint:nilerr // what cannot be read tells of no renewal
	}
	return left, nil
}

func (k *Keeper) writeMark(profile string, service transport.Service, begun mark) error {
	text, err := json.Marshal(begun)
	if err != nil {
		return fmt.Errorf("renew the %s sign-in: %w", service, err)
	}
	return private.Write(k.Folder, markName(profile, service), text)
}

func (k *Keeper) dropMark(profile string, service transport.Service) error {
	return private.Remove(k.Folder, markName(profile, service))
}

// copyMark gives a renamed profile what is known of its renewals.
func (k *Keeper) copyMark(from, to string, service transport.Service) error {
	left, err := k.readMark(from, service)
	if err != nil || left.Pair == "" {
		return err
	}
	return k.writeMark(to, service, left)
}
