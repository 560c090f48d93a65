// Why a connection broke, probably: what the log-ins, the tokens, the settings and their history point to.

package steps

import (
	"maps"
	"slices"
	"strings"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
	"zsf/flows/world"
)

var causeFacts = []world.Fact{
	world.OauthTokens, world.ConnectedApps, world.Permissions, world.Logins, world.Packages, world.SecuritySettings, world.OauthOidcSettings,
	world.SettingsHistory, world.ConnectingUsers, world.WebhookMakers, world.Triggers, world.SalesforceUser,
}

// ReconnectCause: why the connection broke is known, as far as anything points to it.
var ReconnectCause = flow.Step{
	ID:    "reconnect.cause",
	Needs: []flow.ID{SalesforceSignin.ID},
	Reads: causeFacts,
	Look: func(w *world.World) flow.Finding {
		tokens := w.OauthTokens()
		held := tokensOf(tokens.Value)
		causes, broken := probableCause(w)
		switch {
		case broken && len(held) > 0 && isNewConnection(w):
			return flow.Passed(flow.Say("reconnect.cause.anew", "Time", flow.Moment(newestToken(w)))).With(lastLogin(w.Logins())...)
		case broken:
			finding := flow.Warned(summaryOf(causes))
			for _, cause := range causes {
				finding = finding.With(cause.evidence...)
				if cause.name == "blocked" {
					finding = finding.Mend(setupPage(w, appUsagePage, "unblock"))
				}
				finding = finding.Mend(flow.Tell(flow.Say("reconnect.cause." + cause.name + "-mend")))
			}
			return finding
		case tokens.Err != nil:
			return flow.NotSeen(tokens)
		case len(held) > 0:
			return flow.Passed(flow.Say("reconnect.cause.none-alive")).
				With(flow.SawGood(tokens, flow.Say("fact.token", "User", held[0].User.Username, "Count", held[0].UseCount, "Last", flow.Moment(held[0].LastUsedDate.Time))))
		}
		return flow.NotKnown(flow.Say("reconnect.cause.untold")).With(lastLogin(w.Logins())...)
	},
}

// A cause is one reason why a connection can have broken, with what points to it. Its words are reconnect.cause.<name>.
type cause struct {
	name     string
	args     []any
	evidence []flow.Evidence
}

// summaryOf names the likeliest cause, and says how many others there are.
func summaryOf(causes []cause) flow.Text {
	first := flow.Say("reconnect.cause."+causes[0].name, causes[0].args...)
	if len(causes) == 1 {
		return first
	}
	return flow.Say("reconnect.cause.several", "First", first, "Count", len(causes)-1)
}

// probableCause lists what points to a broken connection, the likeliest first; false where nothing does. What takes
// the connection away goes before what only makes it end some day. That no token is left follows from most of them,
// and is a cause of its own only where nothing else points anywhere.
func probableCause(w *world.World) ([]cause, bool) {
	var found []cause
	for _, look := range []func(*world.World) (cause, bool){
		wasPackageRemoved, wasAppBlocked, wasConnectorDowngraded, wasRevoked, wasPushedOut,
		wasSessionLock, wasPKCE, wasZendeskConnectorDowngraded, wasDisconnected,
	} {
		if one, points := look(w); points {
			found = append(found, one)
		}
	}
	if len(found) == 0 && hasNoToken(w) && wasConnected(w) {
		evidence := []flow.Evidence{flow.SawBad(w.OauthTokens(), flow.Say("fact.no-token", "App", appName))}
		found = append(found, cause{"no-token", nil, append(evidence, lastLogin(w.Logins())...)})
	}
	return found, len(found) > 0
}

// wasConnected tells that this org has, or had, a connection: else nothing can have broken.
func wasConnected(w *world.World) bool {
	_, installed := findApp(w.ConnectedApps().Value)
	_, loggedIn := firstLogin(w, func(salesforce.LoginEvent) bool { return true })
	return installed || loggedIn || !pastHere(w).Since.IsZero() || len(tokensOf(w.OauthTokens().Value)) > 0
}

// pastHere is the last snapshot of what worked, where it is of this org: a profile can have been another's before.
func pastHere(w *world.World) world.Past {
	past, user := w.Memory().Before, w.SalesforceUser()
	if user.Err == nil && past.OrgID != "" && !salesforce.SameID(past.OrgID, user.Value.OrganizationID) {
		return world.Past{}
	}
	return past
}

// hasNoToken tells that the org says there is no connection; a user who sees only his own tokens cannot say so.
func hasNoToken(w *world.World) bool {
	tokens := w.OauthTokens()
	return tokens.Err == nil && len(tokensOf(tokens.Value)) == 0 && seesAllTokens(w.Permissions())
}

func wasPackageRemoved(w *world.World) (cause, bool) {
	packages := w.Packages()
	if packages.Err != nil || !wasConnected(w) {
		return cause{}, false
	}
	if _, installed := findPackage(packages.Value); installed {
		return cause{}, false
	}
	evidence := []flow.Evidence{flow.SawBad(packages, flow.Say("fact.no-package", "Name", appName, "Count", len(packages.Value)))}
	return cause{"package", nil, append(evidence, eventAbout(w, func(e salesforce.AuditEvent) bool {
		return e.Names(appName) && strings.Contains(strings.ToLower(e.Action), "uninstall")
	})...)}, true
}

// wasAppBlocked goes by the trail, or by a log-in that was refused for it: no object tells which apps are blocked.
func wasAppBlocked(w *world.World) (cause, bool) {
	history := w.SettingsHistory()
	for _, event := range history.Value {
		action := strings.ToLower(event.Action + " " + event.Display)
		if !event.Names(appName) || !strings.Contains(action, "block") {
			continue
		}
		if strings.Contains(action, "unblock") || lastUse(w).After(event.CreatedDate.Time) {
			break // the newest is what counts, and a blocked app does not get in
		}
		return cause{"blocked", nil, []flow.Evidence{eventLine(history, event)}}, true
	}
	if login, refused := newestLogin(w); refused && strings.Contains(strings.ToLower(login.Status), "block") && !lastUse(w).After(login.LoginTime.Time) {
		return cause{"blocked", nil, []flow.Evidence{flow.SawBad(w.Logins(), flow.Say("fact.last-login", "Time", flow.Moment(login.LoginTime.Time), "Status", login.Status))}}, true
	}
	return cause{}, false
}

// wasConnectorDowngraded looks how those stand now as whom the integration signed in.
func wasConnectorDowngraded(w *world.World) (cause, bool) {
	users := w.ConnectingUsers()
	if users.Err != nil {
		return cause{}, false
	}
	for _, user := range users.Value {
		if !isConnector(w, user) {
			continue
		}
		switch {
		case !user.IsActive:
			return cause{"deactivated", []any{"User", user.Username}, []flow.Evidence{flow.SawBad(users, flow.Say("fact.user-inactive", "User", user.Username))}}, true
		case !user.Profile.APIEnabled || !user.Profile.ModifyMetadata:
			return cause{"downgraded", []any{"User", user.Username}, []flow.Evidence{
				flow.SawBad(users, flow.Say("fact.user-profile", "User", user.Username, "Profile", user.Profile.Name)),
			}}, true
		}
	}
	return cause{}, false
}

// isConnector tells that the integration signed in as a user last: by a token, else by the newest log-in, or by a
// snapshot that is newer than that.
func isConnector(w *world.World, user salesforce.ConnectingUser) bool {
	if held := tokensOf(w.OauthTokens().Value); len(held) > 0 {
		return strings.EqualFold(user.Username, held[0].User.Username)
	}
	past := pastHere(w)
	if login, loggedIn := newestSuccess(w); loggedIn && !past.Since.After(login.LoginTime.Add(time.Minute)) {
		return salesforce.SameID(user.ID, login.UserID)
	}
	return strings.EqualFold(user.Username, past.User)
}

// wasZendeskConnectorDowngraded looks who made the integration's webhook: the vendor says that the integration stops
// when the admin who connected it is none any more (support.zendesk.com 4408821555482).
func wasZendeskConnectorDowngraded(w *world.World) (cause, bool) {
	makers := w.WebhookMakers()
	if makers.Err != nil {
		return cause{}, false
	}
	user := w.SalesforceUser()
	for _, made := range makers.Value {
		if org := orgID.FindString(made.Webhook); org != "" && user.Err == nil && !salesforce.SameID(org, user.Value.OrganizationID) {
			continue // another org's
		}
		if made.Maker.Role != "admin" || made.Maker.Suspended || !made.Maker.Active {
			return cause{"zendesk-downgraded", []any{"User", made.Maker.Email}, []flow.Evidence{
				flow.SawBad(makers, flow.Say("fact.webhook-maker", "User", made.Maker.Email, "Role", made.Maker.Role, "Webhook", made.Webhook)),
			}}, true
		}
	}
	return cause{}, false
}

// maxGrants is how many grants Salesforce keeps for a user and an app: the next one ends the oldest, and says nothing.
const maxGrants = 5

func wasPushedOut(w *world.World) (cause, bool) {
	tokens := w.OauthTokens()
	byUser := map[string][]salesforce.OauthToken{}
	for _, token := range tokensOf(tokens.Value) {
		byUser[token.User.Username] = append(byUser[token.User.Username], token)
	}
	for _, user := range slices.Sorted(maps.Keys(byUser)) {
		held := byUser[user]
		oldest := held[0].CreatedDate.Time
		for _, token := range held {
			if token.CreatedDate.Before(oldest) {
				oldest = token.CreatedDate.Time
			}
		}
		before := pastHere(w)
		earlier, loggedIn := firstLogin(w, func(l salesforce.LoginEvent) bool {
			return l.Status == "Success" && l.LoginTime.Before(oldest.Add(-time.Minute))
		})
		known := before.User == user && !before.Since.IsZero() && before.Since.Before(oldest)
		if len(held) < maxGrants || !known && !loggedIn {
			continue
		}
		evidence := []flow.Evidence{flow.SawBad(tokens, flow.Say("fact.grants-full", "User", user, "Count", len(held), "Oldest", flow.Moment(oldest)))}
		if loggedIn {
			evidence = append(evidence, flow.Saw(w.Logins(), flow.Say("fact.earlier-login", "Time", flow.Moment(earlier.LoginTime.Time))))
		}
		return cause{"pushed-out", []any{"User", user, "Count", maxGrants}, evidence}, true
	}
	return cause{}, false
}

// wasSessionLock: the lock is on, or it was changed after the connection was made, which it would have ended.
func wasSessionLock(w *world.World) (cause, bool) {
	settings := w.SecuritySettings()
	isOn := settings.Err == nil && settings.Value.LockSessionsToIP != nil && *settings.Value.LockSessionsToIP
	var evidence []flow.Evidence
	if isOn {
		evidence = []flow.Evidence{flow.SawBad(settings, flow.Say("fact.session-lock-on"))}
	}
	events := eventAbout(w, func(e salesforce.AuditEvent) bool { return e.IsSessionLock() && (isOn || sinceConnected(w, e)) })
	return cause{"session-lock", nil, append(evidence, events...)}, wasConnected(w) && (isOn || len(events) > 0)
}

// wasPKCE is the same for PKCE, which the vendor's app does not use.
func wasPKCE(w *world.World) (cause, bool) {
	settings := w.OauthOidcSettings()
	isOn := settings.Err == nil && settings.Value.IsPkceRequired != nil && *settings.Value.IsPkceRequired
	var evidence []flow.Evidence
	if isOn {
		evidence = []flow.Evidence{flow.SawBad(settings, flow.Say("fact.pkce-on"))}
	}
	events := eventAbout(w, func(e salesforce.AuditEvent) bool { return e.IsPKCEPolicy() && (isOn || sinceConnected(w, e)) })
	return cause{"pkce", nil, append(evidence, events...)}, wasConnected(w) && (isOn || len(events) > 0)
}

// wasDisconnected: zsf saw it done, or every trigger of this org is off, as only a disconnect leaves them.
func wasDisconnected(w *world.World) (cause, bool) {
	if !hasNoToken(w) || !wasConnected(w) {
		return cause{}, false
	}
	login, _ := newestSuccess(w)
	if at := w.Memory().Disconnected; !at.IsZero() && at.After(w.Memory().Before.At) && !login.LoginTime.After(at) {
		return cause{"disconnected", nil, []flow.Evidence{{Fact: flow.Say("fact.disconnected", "Time", flow.Moment(at)), Source: "journal", ReadAt: at}}}, true
	}
	triggers := w.Triggers()
	own := triggersOf(w, triggers.Value)
	if triggers.Err != nil || len(own) == 0 || slices.ContainsFunc(own, func(trigger zendesk.Trigger) bool { return trigger.Active }) {
		return cause{}, false
	}
	return cause{"disconnected", nil, []flow.Evidence{flow.SawBad(triggers, flow.Say("fact.all-triggers-off", "Count", len(own)))}}, true
}

// wasRevoked goes by the trail: there was a connection, somebody revoked it, and there is none.
func wasRevoked(w *world.World) (cause, bool) {
	if !hasNoToken(w) {
		return cause{}, false
	}
	events := eventAbout(w, func(e salesforce.AuditEvent) bool {
		return e.Names(appName) && strings.Contains(strings.ToLower(e.Action), "revoke") && !lastUse(w).After(e.CreatedDate.Time)
	})
	if len(events) == 0 {
		return cause{}, false
	}
	evidence := append([]flow.Evidence{flow.SawBad(w.OauthTokens(), flow.Say("fact.no-token", "App", appName))}, events...)
	return cause{"revoked", nil, append(evidence, lastLogin(w.Logins())...)}, true
}

// isNewConnection tells that the connection was made after this run wrote down what was there.
func isNewConnection(w *world.World) bool {
	taken := w.Memory().Taken
	return taken.ID != 0 && newestToken(w).After(taken.Since)
}

func newestToken(w *world.World) time.Time {
	var newest time.Time
	for _, token := range tokensOf(w.OauthTokens().Value) {
		if token.CreatedDate.After(newest) {
			newest = token.CreatedDate.Time
		}
	}
	return newest
}

// longestSession is how long a session can last in Salesforce: a connection that is used after that was renewed.
const longestSession = 24 * time.Hour

// sinceConnected tells that something happened after the connection was made, as far as its time is known, and that
// the connection did not outlive it.
func sinceConnected(w *world.World, event salesforce.AuditEvent) bool {
	connected := newestToken(w)
	if login, loggedIn := newestSuccess(w); connected.IsZero() && loggedIn {
		connected = login.LoginTime.Time
	}
	at := event.CreatedDate.Time
	return !connected.IsZero() && at.After(connected) && !lastUse(w).After(at.Add(longestSession))
}

// lastUse is when the integration was last seen in the org; zero: never.
func lastUse(w *world.World) time.Time {
	login, _ := newestSuccess(w)
	last := login.LoginTime.Time
	for _, token := range tokensOf(w.OauthTokens().Value) {
		for _, at := range []time.Time{token.CreatedDate.Time, token.LastUsedDate.Time} {
			if at.After(last) {
				last = at
			}
		}
	}
	return last
}

// firstLogin is the integration's newest log-in that fits.
func firstLogin(w *world.World, fits func(salesforce.LoginEvent) bool) (salesforce.LoginEvent, bool) {
	for _, login := range w.Logins().Value {
		if strings.EqualFold(login.Application, appName) && fits(login) {
			return login, true
		}
	}
	return salesforce.LoginEvent{}, false
}

func newestSuccess(w *world.World) (salesforce.LoginEvent, bool) {
	return firstLogin(w, func(l salesforce.LoginEvent) bool { return l.Status == "Success" })
}

func newestLogin(w *world.World) (salesforce.LoginEvent, bool) {
	return firstLogin(w, func(salesforce.LoginEvent) bool { return true })
}

// eventAbout is the newest event of the trail that fits.
func eventAbout(w *world.World, fits func(salesforce.AuditEvent) bool) []flow.Evidence {
	history := w.SettingsHistory()
	for _, event := range history.Value {
		if fits(event) {
			return []flow.Evidence{eventLine(history, event)}
		}
	}
	return nil
}

func eventLine(history world.Seen[[]salesforce.AuditEvent], event salesforce.AuditEvent) flow.Evidence {
	who := ""
	if event.CreatedBy != nil {
		who = event.CreatedBy.Name
	}
	return flow.SawDoubtful(history, flow.Say("fact.audit", "What", event.Display, "Name", who, "Time", flow.Moment(event.CreatedDate.Time)))
}
