// Package memory reads from the journal what steps want to know of a profile's past, and keeps snapshots as changes.
package memory

import (
	"slices"

	"zsf/clients/salesforce"
	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/snapshot"
	"zsf/flows/world"
)

// Kinds are the entries of the journal that a memory is made from.
var Kinds = []store.Kind{store.RunStarted, store.Snapshot, store.Looked}

// Of is what a profile's entries, the oldest first, tell a run.
func Of(entries []store.Entry, run string) world.Memory {
	var memory world.Memory
	begun := false
	for _, entry := range slices.Backward(entries) {
		switch {
		case entry.Kind == store.RunStarted && entry.Run == run:
			begun = true
		case entry.Kind == store.Looked && entry.Step == "disconnect.done" && flow.Verdict(entry.Verdict).Holds():
			if memory.Disconnected.IsZero() {
				memory.Disconnected = entry.At
			}
		case entry.Kind == store.Snapshot:
			takeIn(&memory, entry, !begun && run != "")
		}
	}
	if !begun {
		memory.Taken = world.Past{} // the run has not begun: nothing was taken in it
	}
	return memory
}

// takeIn takes in a snapshot, the newest first.
func takeIn(memory *world.Memory, entry store.Entry, ofThisRun bool) {
	if memory.Before.ID != 0 && (!ofThisRun || memory.Taken.ID != 0) {
		return
	}
	taken, err := snapshot.Parse(entry.Data)
	if err != nil {
		return // one that another zsf wrote otherwise
	}
	past := pastOf(entry, taken)
	if ofThisRun && memory.Taken.ID == 0 {
		memory.Taken = past
	}
	if memory.Before.ID == 0 && wasAtWork(past) {
		memory.Before = past
	}
}

// wasAtWork tells that a snapshot says what was on. After a disconnect everything is off, whatever it was before; a copy
// that somebody made, and that names no org, stays on, and tells nothing where there are triggers that name this one.
func wasAtWork(past world.Past) bool {
	of := func(org string) []world.PastTrigger {
		return slices.DeleteFunc(slices.Clone(past.Triggers), func(trigger world.PastTrigger) bool {
			return org == "" && trigger.OrgID != "" || org != "" && !salesforce.SameID(trigger.OrgID, org)
		})
	}
	own := of(past.OrgID)
	if len(own) == 0 {
		own = of("")
	}
	return past.Told && slices.ContainsFunc(own, func(trigger world.PastTrigger) bool { return trigger.Active })
}

func pastOf(entry store.Entry, taken snapshot.Snapshot) world.Past {
	past := world.Past{ID: entry.ID, At: taken.TakenAt, Answers: map[string][]string{}}
	if org := taken.Salesforce.Org.Value; org != nil {
		past.OrgID = org.ID
	}
	if connections := taken.Salesforce.Connections.Value; connections != nil {
		for _, connection := range *connections {
			if connection.Since.After(past.Since) {
				past.Since, past.User = connection.Since, connection.User
			}
		}
	}
	if triggers := taken.Zendesk.Triggers.Value; triggers != nil {
		past.Told = true
		for _, trigger := range *triggers {
			past.Triggers = append(past.Triggers, world.PastTrigger{ID: trigger.ID, Title: trigger.Title, OrgID: trigger.Org, Active: trigger.Active})
		}
	}
	if webhooks := taken.Zendesk.Webhooks.Value; webhooks != nil {
		for _, webhook := range *webhooks {
			past.Webhooks = append(past.Webhooks, world.PastWebhook{ID: webhook.ID, Name: webhook.Name, Active: webhook.Status == "active"})
		}
	}
	for question, answer := range taken.Said.Answers {
		if answer.Unknown == nil {
			past.Answers[question] = answer.Value
		}
	}
	return past
}
