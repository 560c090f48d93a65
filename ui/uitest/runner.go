package uitest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/flows/world"
)

// A Runner is a run whose services do what a test says. Its marks are those of a real one.
type Runner struct {
	*Checker
	Steps    flow.Flow
	Watching bool
	Left     []run.Result // what an earlier zsf left in the middle
	Takes    time.Duration
	Keeps    time.Duration // how long a whole look's findings are written down, after words were put to them

	Prepares func(id flow.ID) (flow.Change, error)
	Makes    func(change flow.Change) (run.Result, error)
	Undoes   func(entry int64) (run.Result, error)
	Notes    error // why nothing can be written down

	mu      sync.Mutex
	calls   []string
	vouched map[flow.ID]flow.Vouched
	skipped map[flow.ID]bool
	answers flow.Answers
	changes []run.Recorded
}

// NewRunner makes a run of the sample set-up that finds what a report says.
func NewRunner(report flow.Report) *Runner {
	return &Runner{
		Checker: (&Checker{Now: time.Now, After: time.After, Pause: 20 * time.Millisecond}).Finds(report),
		Steps:   SetupFlow(), Takes: 300 * time.Millisecond,
		vouched: map[flow.ID]flow.Vouched{}, skipped: map[flow.ID]bool{}, answers: flow.Answers{},
	}
}

// Calls are what the run was asked to do, looks apart.
func (r *Runner) Calls() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls)
}

func (r *Runner) call(ctx context.Context, format string, args ...any) {
	r.mu.Lock()
	r.calls = append(r.calls, fmt.Sprintf(format, args...))
	r.mu.Unlock()
	select {
	case <-time.After(r.Takes):
	case <-ctx.Done():
	}
}

// Flow is the sample set-up.
func (r *Runner) Flow() flow.Flow { return r.Steps }

// Who sits at the machine.
func (r *Runner) Who() string { return "jpark" }

// Watches tells that it only looks.
func (r *Runner) Watches() bool { return r.Watching }

// Look finds everything, with what people said.
func (r *Runner) Look(ctx context.Context, only []flow.ID, emit func(flow.Event)) flow.Report {
	report := r.marked(r.Checker.Look(ctx, only, r.marking(emit)))
	select {
	case <-time.After(r.Keeps):
	case <-ctx.Done():
	}
	return report
}

// Again finds one step, with what people said.
func (r *Runner) Again(ctx context.Context, id flow.ID, emit func(flow.Event)) flow.Report {
	return r.marked(r.Checker.Again(ctx, id, r.marking(emit)))
}

func (r *Runner) marking(emit func(flow.Event)) func(flow.Event) {
	return func(event flow.Event) {
		if found, ok := event.(flow.Found); ok {
			event = flow.Found{Finding: r.mark(found.Finding)}
		}
		emit(event)
	}
}

func (r *Runner) marked(report flow.Report) flow.Report {
	findings := make([]flow.Finding, 0, len(report.Findings))
	for _, finding := range report.Findings {
		findings = append(findings, r.mark(finding))
	}
	report.Findings = findings
	return report
}

func (r *Runner) mark(finding flow.Finding) flow.Finding {
	r.mu.Lock()
	defer r.mu.Unlock()
	if word, ok := r.vouched[finding.Step]; ok && finding.CanBeVouchedFor() {
		finding.Verdict, finding.Vouched = flow.Confirmed, word
		finding.Summary = flow.Say("confirmed-by", "Name", word.By, "Time", flow.Moment(word.At))
	}
	if r.skipped[finding.Step] && !finding.Verdict.Holds() {
		finding.Summary = flow.Say("skipped-by", "Name", "jpark", "Time", flow.Moment(Read), "Was", finding.Summary)
		finding.Verdict = flow.Skipped
	}
	return finding
}

// Findings are all of them, with what people said.
func (r *Runner) Findings() []flow.Finding {
	r.Checker.mu.Lock()
	report := r.report
	r.Checker.mu.Unlock()
	return r.marked(report).Findings
}

// Questions are those that the sample's steps ask.
func (r *Runner) Questions(id flow.ID) []flow.Question {
	if step, ok := r.Steps.Step(id); ok && step.Ask != nil {
		return step.Ask(nil)
	}
	return nil
}

// Answered is what was answered, or what the question offers.
func (r *Runner) Answered(question flow.Question) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if given, ok := r.answers[question.ID]; ok {
		return slices.Clone(given)
	}
	return question.Default
}

// Answer keeps an answer that fits.
func (r *Runner) Answer(ctx context.Context, _ flow.ID, question flow.Question, answer []string) error {
	r.call(ctx, "answer %s %q", question.ID, answer)
	fitted, err := question.Fit(answer)
	if err != nil || r.Notes != nil {
		return cmpErr(err, r.Notes)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers[question.ID] = fitted
	return nil
}

func cmpErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Confirm keeps a person's word.
func (r *Runner) Confirm(ctx context.Context, step flow.ID, by string) error {
	return r.note(ctx, fmt.Sprintf("confirm %s by %s", step, by), func() { r.vouched[step] = flow.Vouched{By: by, At: Read} })
}

// TakeBackWord drops it.
func (r *Runner) TakeBackWord(ctx context.Context, step flow.ID) error {
	return r.note(ctx, fmt.Sprintf("take back the word for %s", step), func() { delete(r.vouched, step) })
}

// Skip leaves a step for later.
func (r *Runner) Skip(ctx context.Context, step flow.ID) error {
	return r.note(ctx, fmt.Sprintf("skip %s", step), func() { r.skipped[step] = true })
}

// Unskip takes it up again.
func (r *Runner) Unskip(ctx context.Context, step flow.ID) error {
	return r.note(ctx, fmt.Sprintf("unskip %s", step), func() { delete(r.skipped, step) })
}

// Opened keeps that a page was opened.
func (r *Runner) Opened(ctx context.Context, step flow.ID, _ string) error {
	return r.note(ctx, fmt.Sprintf("opened a page of %s", step), func() {})
}

// End closes the run.
func (r *Runner) End(ctx context.Context) error { return r.note(ctx, "end", func() {}) }

func (r *Runner) note(ctx context.Context, what string, keep func()) error {
	r.call(ctx, "%s", what)
	if r.Notes != nil {
		return r.Notes
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	keep()
	return nil
}

// Prepare is what Prepares says.
func (r *Runner) Prepare(ctx context.Context, id flow.ID) (flow.Change, error) {
	r.call(ctx, "prepare %s", id)
	change, err := r.Prepares(id)
	change.Step = id
	return change, err
}

// Make is what Makes says, and is kept among the changes.
func (r *Runner) Make(ctx context.Context, change flow.Change) (run.Result, error) {
	r.call(ctx, "make %s", change.Step)
	result, err := r.Makes(change)
	if result.Entry != 0 {
		r.Keep(run.Recorded{Entry: result.Entry, At: Read, Who: "jpark", Change: change, Outcome: result.Outcome})
	}
	return result, err
}

// Keep puts a change among those of the journal.
func (r *Runner) Keep(recorded run.Recorded) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changes = append(r.changes, recorded)
}

// TakeBack is what Undoes says.
func (r *Runner) TakeBack(ctx context.Context, entry int64) (run.Result, error) {
	r.call(ctx, "take back %d", entry)
	result, err := r.Undoes(entry)
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.changes {
		if r.changes[i].Entry == entry && err == nil && result.Err == nil {
			r.changes[i].TakenBack = true
		}
	}
	return result, err
}

// Recover is what was left in the middle.
func (r *Runner) Recover(ctx context.Context) ([]run.Result, error) {
	r.mu.Lock()
	begun := len(r.calls) > 0 // the first time belongs to every start
	r.mu.Unlock()
	if begun {
		r.call(ctx, "recover")
	}
	return r.Left, nil
}

// Changes are those of the journal.
func (r *Runner) Changes(context.Context) ([]run.Recorded, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.changes), nil
}

// SetupFlow is a sample of the set-up: steps that an API does, that a person does, and that ask.
func SetupFlow() flow.Flow {
	looks := []world.Fact{world.Organization}
	step := func(id flow.ID) flow.Step { return flow.Step{ID: id, Reads: looks} }
	changed := func(id flow.ID) flow.Step {
		return flow.Step{ID: id, Reads: looks, Change: func(*world.World, flow.Answers) (flow.Change, error) { return flow.Change{}, nil }}
	}
	asked := func(of flow.Step, questions ...flow.Question) flow.Step {
		of.Ask = func(*world.World) []flow.Question { return questions }
		return of
	}
	return flow.Flow{ID: "setup", Groups: []flow.Group{
		{ID: "sign-in", Steps: []flow.Step{step("salesforce.signin"), step("zendesk.signin")}},
		{ID: "admins", Steps: []flow.Step{step("salesforce.edition"), step("salesforce.admin"), step("zendesk.admin"), step("salesforce.connecting-user")}},
		{ID: "settings", Steps: []flow.Step{changed("salesforce.session-lock"), changed("salesforce.pkce-policy"), step("salesforce.streaming"), step("salesforce.my-domain")}},
		{ID: "instance", Steps: []flow.Step{step("environment.rehearsal"), asked(step("setup.instance"), instance()), step("environment.one-org")}},
		{ID: "connect", Steps: []flow.Step{asked(changed("setup.package"), packageLink()), {ID: "setup.terms"}, step("setup.connect")}},
		{ID: "visible", Steps: []flow.Step{step("access.permitted-users"), asked(changed("access.profiles"), profiles()), step("access.pages")}},
	}}
}

func instance() flow.Question {
	return flow.Question{ID: "setup.instance", Kind: flow.ChooseOne, Default: []string{"sandbox"}, Options: []flow.Option{
		{Value: "sandbox", Words: flow.Say("setup.instance.sandbox"), Notes: []flow.Text{flow.Say("setup.instance.signed-in", "Org", "Acme 한빛전자")}},
		{Value: "production", Words: flow.Say("setup.instance.production")},
	}}
}

func packageLink() flow.Question {
	return flow.Question{ID: "setup.package.link", Kind: flow.FreeText, Check: func(answer []string) error {
		if len(answer[0]) < 20 {
			return fmt.Errorf("%q is no install link", answer[0])
		}
		return nil
	}}
}

func profiles() flow.Question {
	question := flow.Question{ID: "access.profiles", Kind: flow.PickMany, Default: []string{"System Administrator", "Support User"}}
	for i, name := range []string{
		"System Administrator", "Support User", "Standard User", "Sales User", "Marketing User", "Contract Manager",
		"한국 영업팀", "Read Only", "Solution Manager", "Partner Community User", "Chatter Free User", "Force.com - App Subscription User",
	} {
		option := flow.Option{Value: name, Words: flow.Raw(name), Notes: []flow.Text{
			flow.Raw("Salesforce"), flow.Say("access.profiles.people", "Count", i*i*7+1),
		}}
		if i < 2 {
			option.Notes = append(option.Notes, flow.Say("access.profiles.today"))
		}
		if i == 0 {
			option.Locked, option.Why = true, flow.Say("access.profiles.locked")
		}
		question.Options = append(question.Options, option)
	}
	return question
}
