package steps

import (
	"slices"

	"zsf/clients/salesforce"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// ZendeskTriggers: each Salesforce trigger in Zendesk, and the webhook that it calls, is active. Connecting anew
// leaves them off; those that were off before, by the last snapshot, are to stay so. Those of another org are
// environment.one-org's matter.
var ZendeskTriggers = flow.Step{
	ID:     "zendesk.triggers",
	Needs:  []flow.ID{ZendeskSignin.ID},
	Reads:  []world.Fact{world.Triggers, world.Webhooks, world.SalesforceUser},
	Look:   lookAtTriggers,
	Ask:    askTriggers,
	Change: changeTriggers,
}

func lookAtTriggers(w *world.World) flow.Finding {
	triggers, webhooks := w.Triggers(), w.Webhooks()
	openTriggers := adminCenterPage(w, triggersPage, "triggers")
	openWebhooks := adminCenterPage(w, webhooksPage, "webhooks")
	if triggers.Err != nil {
		return flow.NotSeen(triggers).Mend(openTriggers)
	}
	own := triggersOf(w, triggers.Value)
	if len(own) == 0 {
		return flow.NotKnown(flow.Say("zendesk.triggers.none")).
			With(flow.Saw(triggers, flow.Say("fact.no-triggers", "Count", len(triggers.Value)))).
			With(goneTriggers(w, triggers)...).
			Mend(adminCenterPage(w, integrationsPage, "integrations"))
	}
	found := judgeTriggers(w, triggers, own)
	evidence := slices.Concat(found.evidence, othersTriggers(w, triggers))
	if found.off > 0 {
		return flow.Failed(flow.Say("zendesk.triggers.off", "Count", found.off, "All", len(own))).
			With(evidence...).Mend(openTriggers)
	}
	if webhooks.Err != nil {
		return flow.NotSeen(webhooks).With(evidence...).Mend(openWebhooks)
	}
	lines, broken, doubtful := webhookLines(w, own, webhooks)
	evidence = append(evidence, lines...)
	gone := goneTriggers(w, triggers)
	evidence = append(evidence, gone...)
	switch {
	case broken > 0:
		return flow.Failed(flow.Say("zendesk.triggers.webhook-off")).With(evidence...).Mend(openWebhooks)
	case len(gone) > 0:
		return flow.Warned(flow.Say("zendesk.triggers.gone", "Count", len(gone))).With(evidence...).
			Mend(adminCenterPage(w, integrationsPage, "data-sync"))
	case found.wasOff+doubtful > 0:
		return flow.Warned(flow.Say("zendesk.triggers.as-before", "Count", len(own)-found.wasOff-found.duplicates, "Off", found.wasOff)).
			With(evidence...).Mend(openTriggers)
	}
	return flow.Passed(flow.Say("zendesk.triggers.on", "Count", len(own)-found.duplicates)).With(evidence...)
}

// judged is how an org's triggers stand.
type judged struct {
	evidence                []flow.Evidence
	off, wasOff, duplicates int
}

func judgeTriggers(w *world.World, triggers world.Seen[[]zendesk.Trigger], own []zendesk.Trigger) judged {
	var found judged
	for _, trigger := range own {
		name := []any{"Title", trigger.Title, "ID", number(trigger.ID)}
		switch {
		case trigger.Active:
			found.evidence = append(found.evidence, flow.SawGood(triggers, flow.Say("fact.trigger-on", name...)))
		case isOn(w, trigger, own):
			found.off++
			found.evidence = append(found.evidence, flow.SawBad(triggers, flow.Say("fact.trigger-off", name...)))
		case wasOff(w, trigger):
			found.wasOff++
			found.evidence = append(found.evidence, flow.SawDoubtful(triggers, flow.Say("fact.trigger-was-off", append(name, "Time", flow.Moment(w.Memory().Before.At))...)))
		default:
			found.duplicates++
			found.evidence = append(found.evidence, flow.Saw(triggers, flow.Say("fact.trigger-duplicate", name...)))
		}
	}
	return found
}

// isOn tells that an inactive trigger of this org is to be active: it was, when a snapshot was taken of what worked;
// or, where none tells, it is no duplicate of another.
func isOn(w *world.World, trigger zendesk.Trigger, own []zendesk.Trigger) bool {
	if past, known := w.Memory().Before.Trigger(trigger.ID); known {
		return past.Active
	}
	return !isDuplicate(w, trigger, own)
}

func wasOff(w *world.World, trigger zendesk.Trigger) bool {
	past, known := w.Memory().Before.Trigger(trigger.ID)
	return known && !past.Active
}

// isDuplicate tells that another trigger of the org does the same at the same moments, and is the one to have on:
// the one that a snapshot knows to have been on, or that is on, or else the one that was switched last.
func isDuplicate(w *world.World, trigger zendesk.Trigger, own []zendesk.Trigger) bool {
	for _, other := range own {
		if other.ID == trigger.ID || other.Title != trigger.Title || !sameContent(other.Conditions, trigger.Conditions) {
			continue
		}
		past, known := w.Memory().Before.Trigger(other.ID)
		switch {
		case other.Active, known && past.Active:
			return true
		case known:
		case other.UpdatedAt.After(trigger.UpdatedAt), other.UpdatedAt.Equal(trigger.UpdatedAt) && other.ID < trigger.ID:
			return true
		}
	}
	return false
}

// goneTriggers are those that were on, by the last snapshot, and are no longer there.
func goneTriggers(w *world.World, triggers world.Seen[[]zendesk.Trigger]) []flow.Evidence {
	var gone []flow.Evidence
	user := w.SalesforceUser()
	for _, past := range w.Memory().Before.Triggers {
		isOwn := user.Err != nil || past.OrgID == "" || salesforce.SameID(past.OrgID, user.Value.OrganizationID)
		if !past.Active || !isOwn || findTrigger(triggers.Value, past.ID) {
			continue
		}
		gone = append(gone, flow.SawBad(triggers, flow.Say("fact.trigger-gone", "Title", past.Title, "ID", number(past.ID), "Time", flow.Moment(w.Memory().Before.At))))
	}
	return gone
}

func findTrigger(triggers []zendesk.Trigger, id int64) bool {
	for _, trigger := range triggers {
		if trigger.ID == id {
			return true
		}
	}
	return false
}

// othersTriggers are those of other orgs: named, and left alone.
func othersTriggers(w *world.World, triggers world.Seen[[]zendesk.Trigger]) []flow.Evidence {
	var lines []flow.Evidence
	for _, trigger := range integrationTriggers(triggers.Value) {
		if isOwnTrigger(w, trigger) {
			continue
		}
		words := "fact.trigger-of-other-off"
		if trigger.Active {
			words = "fact.trigger-of-other-on"
		}
		lines = append(lines, flow.Saw(triggers, flow.Say(words, "Title", trigger.Title, "ID", number(trigger.ID), "Org", orgOf(trigger))))
	}
	return lines
}

// triggersOf are the integration's triggers for the signed-in org; all of them where no org is known,
// or where they name none.
func triggersOf(w *world.World, triggers []zendesk.Trigger) []zendesk.Trigger {
	var own []zendesk.Trigger
	for _, trigger := range integrationTriggers(triggers) {
		if isOwnTrigger(w, trigger) {
			own = append(own, trigger)
		}
	}
	return own
}

func isOwnTrigger(w *world.World, trigger zendesk.Trigger) bool {
	user, org := w.SalesforceUser(), orgOf(trigger)
	return user.Err != nil || org == "" || salesforce.SameID(org, user.Value.OrganizationID)
}

func webhookLines(w *world.World, triggers []zendesk.Trigger, webhooks world.Seen[[]zendesk.Webhook]) (lines []flow.Evidence, broken, doubtful int) {
	seen := map[string]bool{}
	for _, trigger := range triggers {
		id := trigger.WebhookID()
		if id == "" || seen[id] {
			continue
		}
		seen[id] = true
		webhook, ok := findWebhook(webhooks.Value, id)
		past, known := w.Memory().Before.Webhook(id)
		switch {
		case !ok:
			broken++
			lines = append(lines, flow.SawBad(webhooks, flow.Say("fact.webhook-gone", "ID", id)))
			continue
		case webhook.Status != "active" && known && !past.Active:
			doubtful++
			lines = append(lines, flow.SawDoubtful(webhooks, flow.Say("fact.webhook-was-off", "Name", webhook.Name, "Time", flow.Moment(w.Memory().Before.At))))
		case webhook.Status != "active":
			broken++
			lines = append(lines, flow.SawBad(webhooks, flow.Say("fact.webhook-off", "Name", webhook.Name)))
		default:
			lines = append(lines, flow.SawGood(webhooks, flow.Say("fact.webhook-on", "Name", webhook.Name)))
		}
		if known && past.Name != webhook.Name {
			doubtful++
			lines = append(lines, flow.SawDoubtful(webhooks, flow.Say("fact.webhook-renamed", "Name", webhook.Name, "Was", past.Name)))
		}
	}
	return lines, broken, doubtful
}

func findWebhook(webhooks []zendesk.Webhook, id string) (zendesk.Webhook, bool) {
	for _, webhook := range webhooks {
		if webhook.ID == id {
			return webhook, true
		}
	}
	return zendesk.Webhook{}, false
}
