// What a person said of the syncs and the ticket view: no API of Zendesk tells.

package snapshot

import (
	"context"
	"encoding/json"
	"fmt"

	"zsf/clients/store"
	"zsf/flows/flow"
)

// Questions are what a snapshot wants to know of a person: which syncs are on, by what they match, and what the
// ticket view shows. Defaults are those that the vendor's guides name (support.zendesk.com 4408828539290, 4408834115738).
var Questions = []flow.Question{
	onOrOff("syncs.accounts"),
	matching("syncs.accounts-matching", "Account Name = Organization Name"),
	{ID: "syncs.users", Kind: flow.ChooseOne, Options: options("contacts", "leads", "off")},
	matching("syncs.users-matching", "Email = Email"),
	onOrOff("syncs.tickets"),
	onOrOff("ticket-view.state"),
	matching("ticket-view.matching", "Account Name = Organization Name; Email = Requester Email"),
	{ID: "ticket-view.filters", Kind: flow.FreeText},
}

func onOrOff(id string) flow.Question {
	return flow.Question{ID: id, Kind: flow.ChooseOne, Options: options("on", "off")}
}

func matching(id, usual string) flow.Question {
	return flow.Question{ID: id, Kind: flow.FreeText, Default: []string{usual}}
}

func options(values ...string) []flow.Option {
	var all []flow.Option
	for _, value := range values {
		all = append(all, flow.Option{Value: value, Words: flow.Say("snapshot.answer." + value)})
	}
	return all
}

// Question finds one of them.
func Question(id string) (flow.Question, bool) {
	for _, question := range Questions {
		if question.ID == id {
			return question, true
		}
	}
	return flow.Question{}, false
}

// answered and vouching are what the journal has of an answer and of a person's word, as flows/run writes them.
type answered struct {
	Question string   `json:"question"`
	Answer   []string `json:"answer"`
}

type vouching struct {
	By string `json:"by"`
}

// Say writes down a person's answer to one of the Questions.
func Say(ctx context.Context, journal Journal, entry store.Entry, question flow.Question, answer []string) error {
	fitted, err := question.Fit(answer)
	if err != nil {
		return err
	}
	if entry.Data, err = json.Marshal(answered{Question: question.ID, Answer: fitted}); err != nil {
		return fmt.Errorf("answer %s: %w", question.ID, err)
	}
	entry.Kind, entry.Step = store.Answered, "reconnect.syncs"
	if _, err = journal.Append(ctx, entry); err != nil {
		return fmt.Errorf("answer %s: %w", question.ID, err)
	}
	return nil
}

// saidIn is what people said of a profile by now.
func saidIn(ctx context.Context, journal Journal, profile string) (Said, error) {
	said := Said{Answers: map[string]Answer{}, Vouched: []Vouched{}}
	nobody := Reason{Kind: Untold}
	if journal == nil {
		nobody.Kind = NoJournal
	}
	for _, question := range Questions {
		said.Answers[question.ID] = Answer{Unknown: &nobody}
	}
	if journal == nil {
		return said, nil
	}
	entries, err := journal.Entries(ctx, store.Filter{
		Profile: profile, Kinds: []store.Kind{store.Answered, store.Confirmed, store.Unconfirmed},
	})
	if err != nil {
		return Said{}, fmt.Errorf("read the journal of %s: %w", profile, err)
	}
	vouched := map[string]Vouched{}
	for _, entry := range entries {
		var answer answered
		var word vouching
		switch {
		case entry.Kind == store.Unconfirmed:
			delete(vouched, entry.Step)
		case entry.Kind == store.Confirmed && json.Unmarshal(entry.Data, &word) == nil:
			vouched[entry.Step] = Vouched{Step: entry.Step, By: word.By, At: entry.At}
		case entry.Kind == store.Answered && json.Unmarshal(entry.Data, &answer) == nil:
			if _, asked := said.Answers[answer.Question]; asked && len(answer.Answer) > 0 {
				said.Answers[answer.Question] = Answer{Value: answer.Answer, By: entry.Who, At: entry.At}
			}
		}
	}
	for _, word := range vouched {
		said.Vouched = append(said.Vouched, word)
	}
	sortBy(said.Vouched, func(v Vouched) string { return v.Step })
	return said, nil
}
