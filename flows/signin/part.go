// Which part of a sign-in is wrong: what a person has to look at again.

package signin

import (
	"errors"
	"strings"

	"zsf/clients/oauth"
	"zsf/clients/transport"
)

// A Part is one of the things that a sign-in is made of.
type Part string

// The parts. Their words are in ui/locale, under signin.part.
const (
	Host     Part = "host"
	ClientID Part = "client-id"
	Redirect Part = "redirect-address"
	Scope    Part = "scope"
	Rights   Part = "rights" // of the user, or of the app
	Key      Part = "key"
	Secret   Part = "client-secret"
)

// A Wrong is an error that names the part which is wrong. Its words are those of what it wraps.
type Wrong struct {
	Service transport.Service
	Part    Part
	Err     error
}

func (w *Wrong) Error() string { return w.Err.Error() }
func (w *Wrong) Unwrap() error { return w.Err }

// PartOf is the part that is wrong; empty where an error names none.
func PartOf(err error) Part {
	var wrong *Wrong
	if errors.As(err, &wrong) {
		return wrong.Part
	}
	return ""
}

// IsAway tells a service that did not answer at all: whether its address is wrong or the network is, nobody knows.
func IsAway(err error) bool {
	kind := transport.KindOf(err)
	return kind == transport.Unreachable || kind == transport.TimedOut
}

// IsOfEntered tells an error whose way out is to look again at the part that was entered, and at nothing else.
func IsOfEntered(err error) bool {
	kind := transport.KindOf(err)
	return kind == transport.Rejected || kind == transport.NotFound
}

// asWrong finds the part in a client's error. unclear is the part where a service refuses what it was given
// without saying what of it; an error that is about no part comes back as it is.
func asWrong(service transport.Service, err error, unclear Part) error {
	if err == nil {
		return nil
	}
	part := partOf(err, unclear)
	if part == "" {
		return err
	}
	return &Wrong{Service: service, Part: part, Err: err}
}

func partOf(err error, unclear Part) Part {
	var wrong *Wrong
	var denied *oauth.Denial
	var failed *transport.Error
	var taken *oauth.PortsTakenError
	switch {
	case errors.As(err, &wrong):
		return wrong.Part
	case errors.Is(err, oauth.ErrNoClientID):
		return ClientID
	case errors.Is(err, oauth.ErrNotZendesk), errors.Is(err, transport.ErrBaseURL):
		return Host
	case errors.As(err, &taken), errors.Is(err, oauth.ErrNoPort):
		return Redirect
	case errors.Is(err, oauth.ErrBadKey), errors.Is(err, oauth.ErrLockedKey):
		return Key
	case errors.Is(err, oauth.ErrNoSecret):
		return Secret
	case errors.As(err, &denied):
		cause, _, _ := denied.Help()
		return partOfHelp[helpName(cause)]
	case errors.As(err, &failed):
		return partOfFailure(failed, unclear)
	}
	return ""
}

// helpName is the NAME of oauth.help.NAME.cause.
func helpName(cause string) string {
	return strings.TrimSuffix(strings.TrimPrefix(cause, "oauth.help."), ".cause")
}

// partOfHelp is the part that each of oauth's helped codes is about. access_denied is no part: a person said no.
var partOfHelp = map[string]Part{
	"invalid_client_id": ClientID, "invalid_client": ClientID, "oauth_ec_app_not_found": ClientID, "unauthorized_client": ClientID,
	"redirect_uri_mismatch": Redirect,
	"invalid_scope":         Scope,
	"oauth_app_blocked":     Rights, "oauth_app_access_denied": Rights, "oauth_approval_error_generic": Rights,
	"app_not_installed": Rights, "inactive_user": Rights, "inactive_org": Host,
	"unsupported_grant_type": Host, "unsupported_response_type": ClientID, "code_challenge": ClientID,
}

func partOfFailure(failed *transport.Error, unclear Part) Part {
	switch failed.Kind {
	case transport.Unreachable, transport.TimedOut, transport.Garbled, transport.NotFound:
		return Host
	case transport.Forbidden, transport.APIDisabled, transport.Anonymous:
		return Rights
	case transport.Rejected, transport.SignInExpired:
	default:
		return "" // too many requests, or a fault of the service: nothing that was entered is wrong
	}
	if failed.Code == "REDIRECT" {
		return Host
	}
	if unclear == Secret && failed.Code == "invalid_client" {
		return Secret // an unknown client and a wrong secret are told apart by nobody
	}
	cause, _, known := oauth.HelpFor(failed.Code + " " + failed.Message)
	if part := partOfHelp[helpName(cause)]; known && part != "" {
		return part
	}
	return unclear
}
