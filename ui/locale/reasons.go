// Why the flows could not do something, in words: the errors that are told apart by what they are.

package locale

import (
	"errors"

	"zsf/clients/store"
	"zsf/flows/answers"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/flows/steps"
	"zsf/flows/tickets"
)

// reasons are the errors that have words of their own, below reason.
var reasons = []struct {
	err error
	id  string
}{
	{flow.ErrUnanswered, "unanswered"},
	{flow.ErrNoOption, "no-option"},
	{flow.ErrNoChange, "no-change"},
	{flow.ErrAsItShould, "as-it-should"},
	{flow.ErrUnderway, "under-way"},
	{steps.ErrOtherInstance, "other-instance"},
	{steps.ErrOtherName, "other-name"},
	{run.ErrMoved, "moved"},
	{run.ErrFinal, "final"},
	{run.ErrNotMade, "not-made"},
	{run.ErrTakenBack, "taken-back"},
	{run.ErrNoSuchChange, "no-such-change"},
	{store.ErrNoEntry, "no-such-change"},
	{run.ErrWatching, "watching"},
	{tickets.ErrNothing, "nothing-to-send"},
	{answers.ErrNotTOML, "not-toml"},
	{answers.ErrUnknown, "unknown-key"},
	{answers.ErrAction, "action"},
	{answers.ErrText, "text"},
	{answers.ErrList, "list"},
	{answers.ErrCannot, "cannot"},
}

// reasonOf says why, where zsf has words for it; empty where it has none.
func (l *Locale) reasonOf(err error) string {
	for _, known := range reasons {
		if errors.Is(err, known.err) {
			return l.T("reason." + known.id)
		}
	}
	return ""
}
