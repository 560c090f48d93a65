// What a walk has to be told, where nobody can be asked.

package plain

import (
	"slices"
	"strings"

	"zsf/clients/transport"
	"zsf/flows/answers"
	"zsf/flows/flow"
	"zsf/flows/steps"
	"zsf/ui/locale"
)

// A Need is an answer that is missing, or that does not fit.
type Need struct {
	Step     flow.ID
	Question string           // empty: which way the step is to go
	Actions  []answers.Action // the ways that it can go
	Err      error            // why what was given does not fit
}

// A MissingError is all that a walk was not told.
type MissingError struct{ Needs []Need }

func (e *MissingError) Error() string {
	var names []string
	for _, need := range e.Needs {
		names = append(names, need.key())
	}
	return "answers are missing: " + strings.Join(names, ", ")
}

func (n Need) key() string {
	if n.Question != "" {
		return n.Question
	}
	return string(n.Step)
}

// Say puts a need into words: the key, and what it takes.
func (n Need) Say(words *locale.Locale) string {
	switch {
	case n.Err != nil && len(n.Actions) > 0:
		return words.T("missing.unfit-action", "Key", n.key(), "Reason", words.Error(n.Err), "Actions", strings.Join(namesOf(n.Actions), ", "))
	case n.Err != nil:
		return words.T("missing.unfit", "Key", n.key(), "Reason", words.Error(n.Err))
	case n.Question != "":
		return words.T("missing.question", "Key", n.key(), "Words", flow.Question{ID: n.Question}.Words())
	}
	return words.T("missing.action", "Key", n.key(), "Actions", strings.Join(namesOf(n.Actions), ", "))
}

func namesOf(actions []answers.Action) []string {
	names := make([]string, len(actions))
	for i, action := range actions {
		names[i] = string(action)
	}
	return names
}

// Missing is what would have to be asked, as things stand. A step that is blocked has to be told, too.
func (w *Walk) Missing() []Need {
	var needs []Need
	for _, step := range w.steps() {
		finding := w.finding(step.ID)
		if finding.Verdict.Settled() {
			continue
		}
		action, given := w.action(step, finding)
		possible := w.possible(step, finding)
		switch {
		case !given:
			needs = append(needs, Need{Step: step.ID, Actions: possible})
		case !slices.Contains(possible, action):
			needs = append(needs, Need{Step: step.ID, Actions: possible, Err: whyNot(action)})
		case action == answers.Change, action == answers.Wait && step.Change == nil:
			needs = append(needs, w.allUnanswered(step)...)
		case action == answers.Confirm:
			if need := w.unanswered(step); need != nil && need.Err != nil {
				needs = append(needs, *need)
			}
		}
	}
	return needs
}

func whyNot(action answers.Action) error {
	switch action {
	case answers.Confirm:
		return errDenied
	case answers.Wait:
		return errUntold
	}
	return flow.ErrNoChange
}

// allUnanswered are the questions of a step that have no answer, or one that does not fit.
func (w *Walk) allUnanswered(step flow.Step) []Need {
	var needs []Need
	for _, question := range w.Run.Questions(step.ID) {
		if need := w.needOf(step, question); need != nil {
			needs = append(needs, *need)
		}
	}
	return needs
}

// unanswered is the first question of a step that has no answer, or one that does not fit.
func (w *Walk) unanswered(step flow.Step) *Need {
	for _, question := range w.Run.Questions(step.ID) {
		if need := w.needOf(step, question); need != nil {
			return need
		}
	}
	return nil
}

// needOf is what a question needs; nil where it has an answer.
func (w *Walk) needOf(step flow.Step, question flow.Question) *Need {
	answer, given := w.Given.Questions[question.ID]
	if !given {
		answer = w.Run.Answered(question)
	}
	if len(answer) == 0 && question.Kind != flow.PickMany {
		return &Need{Step: step.ID, Question: question.ID}
	}
	if _, err := question.Fit(answer); err != nil && given {
		return &Need{Step: step.ID, Question: question.ID, Err: err}
	}
	return nil
}

// possible are the ways that a step can go.
func (w *Walk) possible(step flow.Step, finding flow.Finding) []answers.Action {
	var actions []answers.Action
	if step.Change != nil && w.canChange(finding) {
		actions = append(actions, answers.Change)
	}
	if w.canBeWatched(step, finding) {
		actions = append(actions, answers.Wait)
	}
	if canBeConfirmed(finding) || finding.Verdict == flow.Blocked {
		actions = append(actions, answers.Confirm)
	}
	return append(actions, answers.Skip)
}

// canChange tells that there is a sign-in by which a change could be made.
func (w *Walk) canChange(finding flow.Finding) bool {
	return transport.KindOf(finding.Err) != transport.SignInMissing
}

// canBeWatched tells that a look would see when the step has been done.
func (w *Walk) canBeWatched(step flow.Step, finding flow.Finding) bool {
	return len(step.Reads) > 0 && transport.KindOf(finding.Err) != transport.SignInMissing
}

// canBeConfirmed tells that a person's word is worth something here. A sign-in is there or not.
func canBeConfirmed(finding flow.Finding) bool {
	return finding.CanBeVouchedFor() && finding.Step != steps.SalesforceSignin.ID && finding.Step != steps.ZendeskSignin.ID
}
