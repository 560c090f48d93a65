package steps

import (
	"strings"

	"zsf/flows/flow"
	"zsf/flows/world"
)

// The three syncs, one by one: each is off after a new connection, and no API tells that it is on again.
var (
	ReconnectAccounts = syncStep("reconnect.accounts", "syncs.accounts", "sync-accounts")
	ReconnectPeople   = syncStep("reconnect.people", "syncs.users", "sync-people")
	ReconnectTickets  = syncStep("reconnect.tickets", "syncs.tickets", "sync-tickets")
)

// ReconnectSyncs: the syncs are on again where they were; the words for the three together are one for it.
var ReconnectSyncs = flow.Step{
	ID:    "reconnect.syncs",
	Parts: []flow.ID{ReconnectAccounts.ID, ReconnectPeople.ID, ReconnectTickets.ID},
	Look: func(w *world.World) flow.Finding {
		return flow.NotKnown(flow.Say("only-a-person")).With(saidOfSyncs(syncsBefore(w))...).
			Mend(adminCenterPage(w, integrationsPage, "data-sync"), flow.Tell(flow.Say("reconnect.syncs.find-out")))
	},
}

func syncStep(id flow.ID, question, trail string) flow.Step {
	return flow.Step{
		ID:    id,
		Needs: []flow.ID{SetupConnect.ID},
		Look: func(w *world.World) flow.Finding {
			before := syncsBefore(w)
			finding := flow.NotKnown(flow.Say("reconnect.sync.untold"))
			if was, told := wasSync(before, question); told {
				finding = flow.NotKnown(was)
			}
			return finding.With(saidOf(before, question)...).
				Mend(adminCenterPage(w, integrationsPage, trail), flow.Tell(flow.Say("reconnect.syncs.find-out")))
		},
	}
}

// syncsBefore is what was last said of the syncs: in the last snapshot of what worked, or since.
func syncsBefore(w *world.World) world.Past {
	memory := w.Memory()
	before := memory.Before
	if before.ID == 0 {
		before = memory.Taken
	}
	answers := map[string][]string{}
	for _, said := range []map[string][]string{memory.Answers, before.Answers} {
		for question, answer := range said {
			answers[question] = answer
		}
	}
	before.Answers = answers
	return before
}

// wasSync says how a sync was; false where nobody has said.
func wasSync(before world.Past, question string) (flow.Text, bool) {
	answer := strings.Join(before.Answers[question], ", ")
	matching := strings.Join(before.Answers[question+"-matching"], ", ")
	switch {
	case answer == "":
		return flow.Text{}, false
	case answer == "off":
		return flow.Say("reconnect.sync.was-off"), true
	case answer == "contacts" || answer == "leads":
		if matching != "" {
			return flow.Say("reconnect.sync.was-"+answer+"-matching", "Matching", matching), true
		}
		return flow.Say("reconnect.sync.was-" + answer), true
	case matching != "":
		return flow.Say("reconnect.sync.was-on-matching", "Matching", matching), true
	}
	return flow.Say("reconnect.sync.was-on"), true
}

// saidOf is where it was said how a sync was.
func saidOf(before world.Past, question string) []flow.Evidence {
	was, told := wasSync(before, question)
	if !told {
		return nil
	}
	line := flow.Evidence{Fact: flow.Say("fact.sync-was", "Sync", flow.Say("snapshot.said."+question), "Was", was), Source: "journal", ReadAt: before.At}
	if before.ID != 0 {
		line.Fact = flow.Say("fact.sync-was-in", "Sync", flow.Say("snapshot.said."+question), "Was", was, "ID", number(before.ID), "Time", flow.Moment(before.At))
	}
	return []flow.Evidence{line}
}

func saidOfSyncs(before world.Past) []flow.Evidence {
	var lines []flow.Evidence
	for _, asked := range syncQuestions {
		lines = append(lines, saidOf(before, asked.id)...)
	}
	return lines
}

// ReconnectConnect is SetupConnect for a connection that broke: the old one's token does not make it hold. It has the
// same ID, as the same words are a word for it.
var ReconnectConnect = func() flow.Step {
	step := SetupConnect
	step.Reads = append(append([]world.Fact{}, SetupConnect.Reads...), causeFacts...)
	step.Look = func(w *world.World) flow.Finding {
		finding := SetupConnect.Look(w)
		_, broken := probableCause(w)
		if finding.Verdict != flow.Pass || !broken || isNewConnection(w) {
			return finding
		}
		finding.Verdict, finding.Summary = flow.Fail, flow.Say("reconnect.connect.old", "Time", flow.Moment(newestToken(w)))
		return finding.Mend(adminCenterPage(w, integrationsPage, "connect-anew"))
	}
	return step
}()

// ReconnectTriggers is ZendeskTriggers once there is a new connection, as making one switches them off.
var ReconnectTriggers = func() flow.Step {
	step := ZendeskTriggers
	step.Needs = []flow.ID{ZendeskSignin.ID, SetupConnect.ID}
	return step
}()
