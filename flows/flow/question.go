// What a step asks a person. Every face, and a file of answers, answers the same question.

package flow

import (
	"errors"
	"fmt"
	"slices"
)

// A QuestionKind tells what an answer to a question is.
type QuestionKind string

// The kinds of question.
const (
	ChooseOne QuestionKind = "one"  // one of the options
	PickMany  QuestionKind = "many" // any number of the options
	FreeText  QuestionKind = "text" // a line of text
)

// A Question is what only a person can tell. Its words are in ui/locale: question.<ID>.
type Question struct {
	ID      string // the step's ID, or one below it: setup.package.link
	Kind    QuestionKind
	Options []Option
	Default []string
	Check   func(answer []string) error // beyond what the options allow; nil: nothing more
	Once    bool                        // an answer holds for one run only
}

// Words are the question's own.
func (q Question) Words() Text { return Say("question." + q.ID) }

// An Option is one possible answer.
type Option struct {
	Value  string
	Words  Text
	Notes  []Text // what helps to decide
	Locked bool   // it belongs to every answer
	Why    Text   // it is locked
}

// Answers are what a person said, by the ID of the question.
type Answers map[string][]string

// What is wrong with an answer.
var (
	ErrUnanswered = errors.New("this question has no answer yet")
	ErrNoOption   = errors.New("that is not one of the options")
)

// Fit brings an answer into the question's form: in the options' order, with those that are locked.
// An error says what does not fit, and is ErrUnanswered where there is no answer.
func (q Question) Fit(answer []string) ([]string, error) {
	if q.Kind == FreeText {
		if len(answer) != 1 || answer[0] == "" {
			return nil, fmt.Errorf("%s: %w", q.ID, ErrUnanswered)
		}
		return answer, q.check(answer)
	}
	var fitted []string
	for _, option := range q.Options {
		if option.Locked || slices.Contains(answer, option.Value) {
			fitted = append(fitted, option.Value)
		}
	}
	for _, value := range answer {
		if !slices.Contains(fitted, value) {
			return nil, fmt.Errorf("%s: %w: %q", q.ID, ErrNoOption, value)
		}
	}
	if q.Kind == ChooseOne && len(fitted) != 1 {
		return nil, fmt.Errorf("%s: %w", q.ID, ErrUnanswered)
	}
	return fitted, q.check(fitted)
}

func (q Question) check(answer []string) error {
	if q.Check == nil {
		return nil
	}
	return q.Check(answer)
}
