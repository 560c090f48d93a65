package steps

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// SnapshotKind is the kind of change that writes down all that both services show.
const SnapshotKind = "snapshot"

// DisconnectSnapshot: what is on is written down before it goes, with what only a person can tell.
var DisconnectSnapshot = asking(snapshotStep("disconnect.snapshot", "before-disconnect", flow.Say("change.snapshot-stops"), flow.Say("change.snapshot-stays")))

// MoveSnapshot is the same where nothing goes: the profile that a move leaves keeps its connection.
var MoveSnapshot = asking(snapshotStep("disconnect.snapshot", "before-move", flow.Say("change.snapshot-alone")))

// ReconnectSnapshot: what is there before anything is mended is written down.
var ReconnectSnapshot = snapshotStep("reconnect.snapshot", "before-reconnect", flow.Say("change.snapshot-leaves-off"))

func asking(step flow.Step) flow.Step {
	step.Ask, step.Asks = askSyncs, []string{"syncs.accounts", "syncs.users", "syncs.tickets"}
	return step
}

// snapshotStep holds once a snapshot was taken in this run.
func snapshotStep(id flow.ID, label string, effects ...flow.Text) flow.Step {
	return flow.Step{
		ID:        id,
		Reads:     []world.Fact{world.Triggers, world.SalesforceUser, world.Organization},
		Automatic: true,
		Look: func(w *world.World) flow.Finding {
			taken := w.Memory().Taken
			if taken.ID == 0 {
				return flow.Failed(flow.Say("snapshot-step.none")).With(triggersNow(w)...)
			}
			return flow.Passed(flow.Say("snapshot-step.taken", "ID", number(taken.ID), "Time", flow.Moment(taken.At))).
				With(flow.Evidence{Fact: flow.Say("fact.snapshot", "ID", number(taken.ID)), Source: "journal", ReadAt: taken.At, Mark: flow.Pass}).
				With(saidOfSyncs(taken)...)
		},
		Change: func(w *world.World, _ flow.Answers) (flow.Change, error) {
			if w.Memory().Taken.ID != 0 {
				return flow.Change{}, flow.ErrAsItShould
			}
			return flow.Change{
				Kind: SnapshotKind, Data: json.RawMessage(strconv.Quote(label)), Title: flow.Say("change.snapshot"),
				Lines:   []flow.Line{{What: flow.Say("change.snapshot-what"), Before: flow.Say("change.snapshot-none"), After: flow.Say("change.snapshot-kept")}},
				Effects: effects, Right: flow.Say("change.snapshot-right"), Final: flow.Say("change.snapshot-final"),
			}, nil
		},
	}
}

// triggersNow is how many triggers of this org are active.
func triggersNow(w *world.World) []flow.Evidence {
	triggers := w.Triggers()
	if triggers.Err != nil {
		return nil
	}
	on, own := 0, triggersOf(w, triggers.Value)
	for _, trigger := range own {
		if trigger.Active {
			on++
		}
	}
	return []flow.Evidence{flow.Saw(triggers, flow.Say("fact.triggers-on-now", "Count", on, "All", len(own)))}
}

// syncQuestions are what no API tells of the syncs, and how each is answered; their words are flows/snapshot's.
var syncQuestions = []struct {
	id      string
	options []string
}{
	{"syncs.accounts", []string{"on", "off"}},
	{"syncs.users", []string{"contacts", "leads", "off"}},
	{"syncs.tickets", []string{"on", "off"}},
}

// askSyncs asks which syncs are on, so that the snapshot knows. What was said before is offered again.
func askSyncs(w *world.World) []flow.Question {
	if w.Memory().Taken.ID != 0 {
		return nil
	}
	questions := make([]flow.Question, 0, len(syncQuestions))
	for _, asked := range syncQuestions {
		question := flow.Question{ID: asked.id, Kind: flow.ChooseOne, Default: w.Memory().Answers[asked.id]}
		for _, value := range asked.options {
			question.Options = append(question.Options, flow.Option{Value: value, Words: flow.Say("snapshot.answer." + value)})
		}
		questions = append(questions, question)
	}
	return questions
}

// DisconnectDone: the connection is gone.
var DisconnectDone = flow.Step{
	ID:    "disconnect.done",
	Needs: []flow.ID{"disconnect.snapshot"},
	Reads: []world.Fact{world.Organization, world.OauthTokens, world.Permissions, world.Logins},
	Ends:  []flow.ID{"setup.terms", "setup.connect", "reconnect.accounts", "reconnect.people", "reconnect.tickets", "reconnect.syncs", "zendesk.triggers"},
	Ask:   askOrgName,
	Look: func(w *world.World) flow.Finding {
		tokens := w.OauthTokens()
		ways := disconnectWays(w)
		if tokens.Err != nil {
			return flow.NotSeen(tokens).Mend(ways...)
		}
		held := tokensOf(tokens.Value)
		switch {
		case len(held) > 0:
			return flow.Failed(flow.Say("disconnect.done.there", "User", held[0].User.Username)).With(orgNamed(w)...).
				With(flow.SawBad(tokens, flow.Say("fact.token", "User", held[0].User.Username, "Count", held[0].UseCount, "Last", flow.Moment(held[0].LastUsedDate.Time)))).
				Mend(ways...)
		case !seesAllTokens(w.Permissions()):
			return flow.NotKnown(flow.Say("setup.connect.own-tokens-only")).With(lastLogin(w.Logins())...).Mend(ways...)
		}
		return flow.Passed(flow.Say("disconnect.done.gone")).
			With(flow.SawGood(tokens, flow.Say("fact.no-token", "App", appName))).With(lastLogin(w.Logins())...)
	},
}

// orgNamed says which production org it is: what is typed is read first.
func orgNamed(w *world.World) []flow.Evidence {
	organization := w.Organization()
	if productionName(w) == "" {
		return nil
	}
	return []flow.Evidence{flow.Saw(organization, flow.Say("fact.production-org", "Name", organization.Value.Name, "ID", organization.Value.ID))}
}

// disconnectWays are the page, once the org's name was typed where that is asked for, and what is kept.
func disconnectWays(w *world.World) []flow.Remedy {
	kept := flow.Tell(flow.Say("disconnect.done.kept"))
	if unnamed(w) {
		return []flow.Remedy{flow.Tell(flow.Say("disconnect.done.name-first")), kept}
	}
	return []flow.Remedy{adminCenterPage(w, integrationsPage, "disconnect"), kept}
}

// orgNameQuestion is asked before a production org is disconnected.
const orgNameQuestion = "disconnect.done.org"

// ErrOtherName is the error of a name that is not the org's.
var ErrOtherName = errors.New("that is not the name of the org")

// askOrgName asks for the org's name where it is a production org, so that nobody disconnects one by mistake.
func askOrgName(w *world.World) []flow.Question {
	name := productionName(w)
	if !unnamed(w) {
		return nil
	}
	return []flow.Question{{ID: orgNameQuestion, Kind: flow.FreeText, Once: true, Check: func(answer []string) error {
		if asTyped(answer[0]) != name {
			return ErrOtherName
		}
		return nil
	}}}
}

// unnamed tells that the org's name has to be typed first.
func unnamed(w *world.World) bool {
	name := productionName(w)
	given := w.Memory().Answers[orgNameQuestion]
	return name != "" && (len(given) != 1 || asTyped(given[0]) != name)
}

// productionName is the name of the signed-in org where it is a production org; empty otherwise.
func productionName(w *world.World) string {
	organization := w.Organization()
	if organization.Err != nil || organization.Value.IsSandbox {
		return ""
	}
	return asTyped(organization.Value.Name)
}

// asTyped is a name without what nobody sees, and so cannot type: how a letter is composed, and which spaces part words.
func asTyped(name string) string {
	return strings.Join(strings.Fields(norm.NFC.String(transport.Clean(name))), " ")
}
