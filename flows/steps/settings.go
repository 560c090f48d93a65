package steps

import (
	"zsf/clients/salesforce"
	"zsf/flows/changes"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// SalesforceSessionLock: sessions are not locked to the IP address from which they originated.
var SalesforceSessionLock = flow.Step{
	ID:    "salesforce.session-lock",
	Needs: []flow.ID{SalesforceEdition.ID},
	Reads: []world.Fact{world.SecuritySettings, world.SessionLockEvents},
	Look: func(w *world.World) flow.Finding {
		settings := w.SecuritySettings()
		open := setupPage(w, sessionSettingsPage, "session-settings")
		if settings.Err != nil {
			return flow.NotSeen(settings).Mend(open)
		}
		locked := settings.Value.LockSessionsToIP
		switch {
		case locked == nil:
			return flow.NotKnown(flow.Say("salesforce.session-lock.untold")).Mend(open)
		case *locked:
			return flow.Failed(flow.Say("salesforce.session-lock.on")).
				With(flow.SawBad(settings, flow.Say("fact.session-lock-on"))).With(lastChanged(w.SessionLockEvents())...).
				Mend(open, flow.Tell(flow.Say("salesforce.session-lock.health-check")))
		}
		return flow.Passed(flow.Say("salesforce.session-lock.off")).
			With(flow.SawGood(settings, flow.Say("fact.session-lock-off")))
	},
	Change: func(w *world.World, _ flow.Answers) (flow.Change, error) {
		settings := w.SecuritySettings()
		if settings.Err != nil {
			return flow.Change{}, settings.Err
		}
		if locked := settings.Value.LockSessionsToIP; locked != nil && !*locked {
			return flow.Change{}, flow.ErrAsItShould
		}
		return changes.SessionLockOff.Change(turnOff("session-lock", "PermissionsModifyMetadata"))
	},
}

// lastChanged is who changed a setting last, where the org tells.
func lastChanged(events world.Seen[[]salesforce.AuditEvent]) []flow.Evidence {
	if events.Err != nil || len(events.Value) == 0 || events.Value[0].CreatedBy == nil {
		return nil
	}
	last := events.Value[0]
	return []flow.Evidence{flow.Saw(events, flow.Say("fact.changed-by", "Name", last.CreatedBy.Name, "Time", flow.Moment(last.CreatedDate.Time)))}
}

// turnOff is the change of a setting from on to off: the words change.<name>.
func turnOff(name, permission string) flow.Change {
	return flow.Change{
		Title:   flow.Say("change." + name),
		Lines:   []flow.Line{{What: flow.Say("change." + name + "-setting"), Before: flow.Say("change.on"), After: flow.Say("change.off")}},
		Effects: []flow.Text{flow.Say("change." + name + "-effect")},
		Right:   flow.Say("permission." + permission),
	}
}

// SalesforcePKCEPolicy: the org does not require PKCE of every app, as the vendor's app has none.
var SalesforcePKCEPolicy = flow.Step{
	ID:    "salesforce.pkce-policy",
	Needs: []flow.ID{SalesforceEdition.ID},
	Reads: []world.Fact{world.OauthOidcSettings},
	Look: func(w *world.World) flow.Finding {
		settings := w.OauthOidcSettings()
		open := setupPage(w, oauthSettingsPage, "oauth-settings")
		if settings.Err != nil {
			return flow.NotSeen(settings).Mend(open)
		}
		required := settings.Value.IsPkceRequired
		switch {
		case required == nil:
			return flow.NotKnown(flow.Say("salesforce.pkce-policy.untold")).Mend(open)
		case *required:
			return flow.Failed(flow.Say("salesforce.pkce-policy.on")).
				With(flow.SawBad(settings, flow.Say("fact.pkce-on"))).Mend(open)
		}
		return flow.Passed(flow.Say("salesforce.pkce-policy.off")).
			With(flow.SawGood(settings, flow.Say("fact.pkce-off")))
	},
	Change: func(w *world.World, _ flow.Answers) (flow.Change, error) {
		settings := w.OauthOidcSettings()
		if settings.Err != nil {
			return flow.Change{}, settings.Err
		}
		if required := settings.Value.IsPkceRequired; required != nil && !*required {
			return flow.Change{}, flow.ErrAsItShould
		}
		return changes.PKCEPolicyOff.Change(turnOff("pkce-policy", "PermissionsModifyMetadata"))
	},
}

// SalesforceStreaming: the Streaming API is on; data sync listens through it.
var SalesforceStreaming = flow.Step{
	ID:    "salesforce.streaming",
	Needs: []flow.ID{SalesforceEdition.ID},
	Reads: []world.Fact{world.PushTopic, world.StreamingChannel},
	Look: func(w *world.World) flow.Finding {
		topic, channel := w.Object(world.PushTopic), w.Object(world.StreamingChannel)
		open := setupPage(w, userInterfacePage, "user-interface")
		if isAbsent(topic.Err) && isAbsent(channel.Err) {
			return flow.Failed(flow.Say("salesforce.streaming.off")).With(
				flow.SawBad(topic, flow.Say("fact.object-absent", "Object", "PushTopic")),
				flow.SawBad(channel, flow.Say("fact.object-absent", "Object", "StreamingChannel")),
			).Mend(open)
		}
		// One of the two suffices: the objects exist only while the Streaming API is on.
		if topic.Err == nil || channel.Err == nil {
			finding := flow.Passed(flow.Say("salesforce.streaming.on"))
			if topic.Err == nil {
				finding = finding.With(flow.SawGood(topic, flow.Say("fact.object-there", "Object", "PushTopic")))
			}
			if channel.Err == nil {
				finding = finding.With(flow.SawGood(channel, flow.Say("fact.object-there", "Object", "StreamingChannel")))
			}
			return finding
		}
		return flow.NotSeen(topic).Mend(open)
	},
}
