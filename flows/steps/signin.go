package steps

import (
	"errors"
	"slices"
	"strings"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// SalesforceSignin: somebody is signed in to the org, and it answers.
var SalesforceSignin = flow.Step{
	ID:    "salesforce.signin",
	Reads: []world.Fact{world.SalesforceUser, world.Versions},
	Look: func(w *world.World) flow.Finding {
		user, versions := w.SalesforceUser(), w.Versions()
		if user.Err != nil {
			return notSignedIn("salesforce", user)
		}
		if versions.Err != nil {
			return notSignedIn("salesforce", versions)
		}
		return flow.Passed(flow.Raw(user.Value.Username)).With(
			flow.SawGood(user, flow.Say("fact.user", "Name", user.Value.Name, "Login", user.Value.Username)),
			flow.Saw(versions, flow.Say("fact.api-version", "Version", w.APIVersion())),
		)
	},
}

// zendeskScopes is what zsf asks of a token; all that a look needs is read.
var zendeskScopes = []string{"read", "tickets:write", "organizations:write", "triggers:write"}

// ZendeskSignin: somebody is signed in to the account, and the token's scopes suffice.
// An anonymous call answers 200 too: only a user with an id counts.
var ZendeskSignin = flow.Step{
	ID:    "zendesk.signin",
	Reads: []world.Fact{world.ZendeskUser, world.ZendeskToken},
	Look: func(w *world.World) flow.Finding {
		user, token := w.ZendeskUser(), w.ZendeskToken()
		if user.Err != nil {
			return notSignedIn("zendesk", user)
		}
		known := flow.SawGood(user, flow.Say("fact.user", "Name", user.Value.Name, "Login", user.Value.Email))
		if token.Err != nil {
			return flow.NotSeen(token).With(known)
		}
		granted := flow.Saw(token, flow.Say("fact.scopes", "Scopes", strings.Join(token.Value.Scopes, " ")))
		if !allows(token.Value.Scopes, "read") {
			granted.Mark = flow.Fail
			return flow.Failed(flow.Say("zendesk.signin.scope", "Scope", "read")).With(known, granted).
				Mend(signinRemedy("zendesk"))
		}
		finding := flow.Passed(flow.Raw(user.Value.Email)).With(known, granted)
		for _, scope := range zendeskScopes {
			if !allows(token.Value.Scopes, scope) {
				finding = finding.With(flow.SawDoubtful(token, flow.Say("fact.scope-missing", "Scope", scope)))
			}
		}
		return finding
	},
}

// allows tells whether a token's scopes cover one: read and write cover every resource's.
func allows(granted []string, scope string) bool {
	if slices.Contains(granted, scope) {
		return true
	}
	_, action, ofResource := strings.Cut(scope, ":")
	return ofResource && slices.Contains(granted, action)
}

// notSignedIn is the finding of a sign-in that is missing, has ended, or has a service behind it
// that does not answer.
func notSignedIn[T any](service string, answer world.Seen[T]) flow.Finding {
	err := answer.Err
	switch transport.KindOf(err) {
	case transport.SignInMissing:
		finding := flow.Failed(flow.Say("signin.missing")).Because(err).Mend(signinRemedy(service))
		if failed := new(transport.Error); errors.As(err, &failed) && failed.Err != nil { // there is one, and it cannot be used
			finding = finding.With(flow.SawBad(answer, flow.Say("fact.error", "Reason", err)))
		}
		finding.Unseen = true
		return finding
	case transport.SignInExpired, transport.Anonymous:
		return flow.Failed(flow.Say("signin.ended")).Because(err).
			With(flow.SawBad(answer, flow.Say("fact.error", "Reason", err))).
			Mend(signinRemedy(service))
	default:
		return flow.Failed(flow.Say("signin.no-answer", "Reason", err)).Because(err).
			Mend(flow.Tell(flow.Say("remedy.hint", "Reason", err)))
	}
}

func signinRemedy(service string) flow.Remedy {
	return flow.Run("zsf auth login "+service, flow.Say("remedy.signin-"+service))
}
