// What a person said of the steps: vouched for, skipped, answered.

package run

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"zsf/clients/store"
	"zsf/flows/flow"
)

// marks are what people said, as the journal has it: a word holds for the profile, a skip for one run.
type marks struct {
	vouched map[flow.ID]flow.Vouched
	skipped map[flow.ID]flow.Vouched
	answers flow.Answers
}

// vouching is the data of an entry in which somebody vouches for a step.
type vouching struct {
	By string `json:"by"`
}

// answering is the data of an entry with an answer.
type answering struct {
	Question string   `json:"question"`
	Answer   []string `json:"answer"`
	Once     bool     `json:"once,omitempty"` // for this run only
}

func marksOf(entries []store.Entry, run string) marks {
	m := marks{vouched: map[flow.ID]flow.Vouched{}, skipped: map[flow.ID]flow.Vouched{}, answers: flow.Answers{}}
	for _, entry := range entries {
		m.take(entry, run)
	}
	return m
}

func (m marks) take(entry store.Entry, run string) {
	step := flow.ID(entry.Step)
	switch entry.Kind {
	case store.Confirmed:
		var said vouching
		if json.Unmarshal(entry.Data, &said) == nil {
			m.vouched[step] = flow.Vouched{By: said.By, At: entry.At}
		}
	case store.Unconfirmed:
		delete(m.vouched, step)
	case store.Skipped:
		if entry.Run == run {
			m.skipped[step] = flow.Vouched{By: entry.Who, At: entry.At}
		}
	case store.Unskipped:
		if entry.Run == run {
			delete(m.skipped, step)
		}
	case store.Answered:
		var said answering
		if json.Unmarshal(entry.Data, &said) == nil && (!said.Once || entry.Run == run) {
			m.answers[said.Question] = said.Answer
		}
	}
}

// apply makes of a finding what people said of its step. A look goes before a word: what an API
// answered stays, and a word that it contradicts is named.
func (m marks) apply(step flow.Step, finding flow.Finding) flow.Finding {
	finding = m.withParts(step, finding)
	word, vouched := m.word(step)
	skip, skipped := m.skipped[finding.Step]
	switch {
	case finding.Verdict == flow.Pass || finding.Verdict == flow.Confirmed || finding.Verdict == flow.Skipped:
	case vouched && finding.CanBeVouchedFor():
		finding.Verdict, finding.Vouched = flow.Confirmed, word
		finding.Summary = flow.Say("confirmed-by", "Name", word.By, "Time", flow.Moment(word.At))
	case vouched && finding.Verdict == flow.Fail:
		finding = finding.With(flow.Evidence{
			Fact: flow.Say("fact.contradicts", "Name", word.By, "Time", flow.Moment(word.At)), Mark: flow.Warn,
			Source: "journal", ReadAt: word.At,
		})
		finding.Vouched = word
	}
	if skipped && !finding.Verdict.Holds() {
		finding.Verdict = flow.Skipped
		finding.Summary = flow.Say("skipped-by", "Name", skip.By, "Time", flow.Moment(skip.At), "Was", finding.Summary)
	}
	return finding
}

// word is a person's word for a step, or for all of its parts; the newest of these.
func (m marks) word(step flow.Step) (flow.Vouched, bool) {
	word, vouched := m.vouched[step.ID]
	if vouched || len(step.Parts) == 0 {
		return word, vouched
	}
	for _, part := range step.Parts {
		one, there := m.vouched[part]
		if !there {
			return flow.Vouched{}, false
		}
		if one.At.After(word.At) {
			word = one
		}
	}
	return word, true
}

// withParts adds what people said of a step's parts.
func (m marks) withParts(step flow.Step, finding flow.Finding) flow.Finding {
	for _, part := range step.Parts {
		if word, there := m.vouched[part]; there {
			finding = finding.With(flow.Evidence{
				Fact:   flow.Say("fact.vouched-part", "Part", flow.Step{ID: part}.Title(), "Name", word.By, "Time", flow.Moment(word.At)),
				Source: "journal", ReadAt: word.At,
			})
		}
	}
	return finding
}

// Confirm keeps that somebody vouches for a step.
func (r *Run) Confirm(ctx context.Context, step flow.ID, by string) error {
	return r.say(ctx, store.Confirmed, step, vouching{By: by})
}

// TakeBackWord drops what somebody vouched for.
func (r *Run) TakeBackWord(ctx context.Context, step flow.ID) error {
	return r.say(ctx, store.Unconfirmed, step, struct{}{})
}

// Skip leaves a step for later; it stays so for this run.
func (r *Run) Skip(ctx context.Context, step flow.ID) error {
	return r.say(ctx, store.Skipped, step, struct{}{})
}

// Unskip takes a step up again.
func (r *Run) Unskip(ctx context.Context, step flow.ID) error {
	return r.say(ctx, store.Unskipped, step, struct{}{})
}

// Opened keeps that a page was opened for a step.
func (r *Run) Opened(ctx context.Context, step flow.ID, url string) error {
	return r.write(ctx, store.Opened, step, map[string]string{"url": url})
}

// Answer keeps the answer to a question of a step.
func (r *Run) Answer(ctx context.Context, step flow.ID, question flow.Question, answer []string) error {
	fitted, err := question.Fit(answer)
	if err != nil {
		return err
	}
	return r.say(ctx, store.Answered, step, answering{Question: question.ID, Answer: fitted, Once: question.Once})
}

// Answers are all that was answered by now.
func (r *Run) Answers() flow.Answers {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.marks.answers)
}

// Answered is the answer to a question, or what it offers where there is none that fits.
func (r *Run) Answered(question flow.Question) []string {
	r.mu.Lock()
	given, answered := r.marks.answers[question.ID]
	r.mu.Unlock()
	if fitted, err := question.Fit(given); err == nil && answered {
		return slices.Clone(fitted)
	}
	return question.Default
}

// Questions are what a step asks just now.
func (r *Run) Questions(id flow.ID) []flow.Question {
	step, ok := r.options.Runner.Flow.Step(id)
	if !ok || step.Ask == nil {
		return nil
	}
	return step.Ask(r.options.Runner.World)
}

// say writes down what a person said, and lets it hold at once: only what is written down holds.
func (r *Run) say(ctx context.Context, kind store.Kind, step flow.ID, data any) error {
	entry, err := r.append(ctx, kind, step, data)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.marks.take(entry, r.id)
	r.mu.Unlock()
	return r.remember(ctx)
}
