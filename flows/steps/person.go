package steps

import (
	"zsf/flows/flow"
	"zsf/flows/world"
)

// SetupTerms: the terms of use are accepted. No public API of Zendesk tells of the integration's own settings, but a
// connection proves it: Admin Center lets nobody connect before.
var SetupTerms = flow.Step{
	ID:    "setup.terms",
	Reads: []world.Fact{world.OauthTokens},
	Look: func(w *world.World) flow.Finding {
		tokens := w.OauthTokens()
		if held := tokensOf(tokens.Value); tokens.Err == nil && len(held) > 0 {
			return flow.Passed(flow.Say("setup.terms.connected")).
				With(flow.SawGood(tokens, flow.Say("fact.connected-after-terms", "User", held[0].User.Username)))
		}
		return flow.NotKnown(flow.Say("only-a-person")).
			Mend(adminCenterPage(w, integrationsPage, "terms"), flow.Tell(flow.Say("setup.terms.find-out")))
	},
}
