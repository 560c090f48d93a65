package steps

import (
	"errors"
	"strings"

	"zsf/clients/salesforce"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// SetupConnect: Zendesk is connected, and Allow was pressed. A ConnectedApplication row means that
// the app is installed; a token without an AppMenuItemId means that it was used and is not.
var SetupConnect = flow.Step{
	ID:    "setup.connect",
	Needs: []flow.ID{SalesforceEdition.ID},
	Reads: []world.Fact{world.ConnectedApps, world.OauthTokens, world.Logins, world.Permissions},
	Look: func(w *world.World) flow.Finding {
		apps, tokens := w.ConnectedApps(), w.OauthTokens()
		connect := adminCenterPage(w, integrationsPage, "connect")
		usage := setupPage(w, appUsagePage, "app-usage")
		if apps.Err != nil {
			return flow.NotSeen(apps).Mend(usage)
		}
		if tokens.Err != nil {
			return flow.NotSeen(tokens).Mend(usage)
		}
		app, installed := findApp(apps.Value)
		held := tokensOf(tokens.Value)
		evidence := connectionEvidence(apps, tokens, app, installed, held)
		evidence = append(evidence, lastLogin(w.Logins())...)
		switch {
		case installed && len(held) > 0:
			return flow.Passed(flow.Say("setup.connect.by", "User", held[0].User.Username)).With(evidence...)
		case len(held) > 0:
			return flow.Failed(flow.Say("setup.connect.not-installed")).With(evidence...).Mend(usage, connect)
		case !seesAllTokens(w.Permissions()):
			return flow.NotKnown(flow.Say("setup.connect.own-tokens-only")).With(evidence...).Mend(usage)
		case installed:
			return flow.Failed(flow.Say("setup.connect.no-token")).With(evidence...).Mend(connect)
		}
		return flow.Failed(flow.Say("setup.connect.none")).With(evidence...).Mend(connect)
	},
}

// SetupInstance: the org to connect is chosen. An org that holds the connection has been chosen.
var SetupInstance = flow.Step{
	ID:    "setup.instance",
	Needs: []flow.ID{SalesforceEdition.ID},
	Reads: []world.Fact{world.Organization, world.OauthTokens},
	Look: func(w *world.World) flow.Finding {
		organization, tokens := w.Organization(), w.OauthTokens()
		if organization.Err != nil {
			return flow.NotSeen(organization)
		}
		kind := world.Production
		if organization.Value.IsSandbox {
			kind = world.Sandbox
		}
		is := flow.Saw(organization, flow.Say("fact.org-is-"+string(kind)))
		if tokens.Err == nil && len(tokensOf(tokens.Value)) > 0 {
			is.Mark = flow.Pass
			return flow.Passed(flow.Say("setup.instance.this-"+string(kind), "Org", organization.Value.Name)).
				With(is, flow.SawGood(tokens, flow.Say("fact.connection-here")))
		}
		return flow.NotKnown(flow.Say("setup.instance.choose-" + string(kind))).With(is).
			Mend(adminCenterPage(w, integrationsPage, "connect"))
	},
	Ask: askInstance,
}

// askInstance offers production and sandbox, the signed-in org's kind first: the other one would
// connect an org that zsf does not see.
func askInstance(w *world.World) []flow.Question {
	question := flow.Question{ID: "setup.instance", Kind: flow.ChooseOne, Options: []flow.Option{
		{Value: string(world.Production), Words: flow.Say("setup.instance.production")},
		{Value: string(world.Sandbox), Words: flow.Say("setup.instance.sandbox")},
	}}
	organization := w.Organization()
	if organization.Err != nil {
		return []flow.Question{question}
	}
	own, other := world.Production, world.Sandbox
	if organization.Value.IsSandbox {
		own, other = other, own
		question.Options[0], question.Options[1] = question.Options[1], question.Options[0]
	}
	question.Options[0].Notes = []flow.Text{flow.Say("setup.instance.signed-in", "Org", organization.Value.Name)}
	question.Default = []string{string(own)}
	question.Check = func(answer []string) error {
		if answer[0] == string(other) {
			return ErrOtherInstance
		}
		return nil
	}
	return []flow.Question{question}
}

// ErrOtherInstance is the error of an instance that is not the signed-in org's kind.
var ErrOtherInstance = errors.New("zsf is signed in to the other kind of org: sign in to the one that you want to connect, under a profile of its own")

func connectionEvidence(
	apps world.Seen[[]salesforce.ConnectedApplication], tokens world.Seen[[]salesforce.OauthToken],
	app salesforce.ConnectedApplication, installed bool, held []salesforce.OauthToken,
) []flow.Evidence {
	var evidence []flow.Evidence
	if installed {
		evidence = append(evidence, flow.SawGood(apps, flow.Say("fact.app-installed", "App", app.Name)))
	} else {
		evidence = append(evidence, flow.SawBad(apps, flow.Say("fact.app-not-installed", "App", appName)))
	}
	if len(held) == 0 {
		return append(evidence, flow.SawBad(tokens, flow.Say("fact.no-token", "App", appName)))
	}
	for _, token := range held {
		line := flow.SawGood(tokens, flow.Say("fact.token", "User", token.User.Username, "Count", token.UseCount, "Last", flow.Moment(token.LastUsedDate.Time)))
		if token.AppMenuItemID == nil {
			line = flow.SawBad(tokens, flow.Say("fact.token-not-installed", "User", token.User.Username))
		}
		evidence = append(evidence, line)
	}
	return evidence
}

// lastLogin is when the app last signed in. LoginHistory cannot be filtered by application.
func lastLogin(logins world.Seen[[]salesforce.LoginEvent]) []flow.Evidence {
	if logins.Err != nil {
		return nil
	}
	for _, login := range logins.Value {
		if strings.EqualFold(login.Application, appName) {
			return []flow.Evidence{flow.Saw(logins, flow.Say("fact.last-login", "Time", flow.Moment(login.LoginTime.Time), "Status", login.Status))}
		}
	}
	return nil
}

// seesAllTokens tells whether the signed-in user sees other people's tokens.
func seesAllTokens(permissions world.Seen[salesforce.Permissions]) bool {
	return permissions.Err == nil && permissions.Value["PermissionsCustomizeApplication"]
}

func findApp(apps []salesforce.ConnectedApplication) (salesforce.ConnectedApplication, bool) {
	for _, app := range apps {
		if strings.EqualFold(app.Name, appName) {
			return app, true
		}
	}
	return salesforce.ConnectedApplication{}, false
}

func tokensOf(tokens []salesforce.OauthToken) []salesforce.OauthToken {
	var held []salesforce.OauthToken
	for _, token := range tokens {
		if strings.EqualFold(token.AppName, appName) {
			held = append(held, token)
		}
	}
	return held
}
