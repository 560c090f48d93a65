package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"zsf/flows"
	"zsf/flows/answers"
	"zsf/flows/flow"
	"zsf/flows/steps"
	"zsf/flows/world"
	"zsf/ui/plain"
)

// A walkRequest is what a wizard was asked for.
type walkRequest struct {
	command string // as a person types it: zsf setup
	about   func(world.Layout) flow.Flow

	status       bool
	print        bool
	file         string
	said         []string // --answer KEY=VALUE
	printAnswers bool
	only         []string
	layout       string
	yes          bool
	dryRun       bool
	who          string
	longest      time.Duration

	steps []flow.ID
	given answers.Given
}

func (p *program) setupCommand() *cobra.Command {
	return p.walkCommand("setup", flows.Setup, "  zsf setup\n  zsf setup --only salesforce.session-lock\n  zsf setup --answers answers.toml --dry-run\n"+
		"  zsf setup --status --json\n  zsf setup --print > guide.txt\n  zsf --demo setup")
}

func (p *program) disconnectCommand() *cobra.Command {
	return p.walkCommand("disconnect", flows.Disconnect, "  zsf disconnect\n  zsf disconnect --dry-run\n  zsf disconnect --print\n"+
		"  zsf disconnect --answer syncs.accounts=on --answer syncs.users=contacts --answer syncs.tickets=on --answer disconnect.done=wait")
}

func (p *program) reconnectCommand() *cobra.Command {
	return p.walkCommand("reconnect", flows.Reconnect,
		"  zsf reconnect\n  zsf reconnect --status --json\n  zsf reconnect --only zendesk.triggers --dry-run\n  zsf reconnect --print > guide.txt")
}

// walkCommand walks a flow that has a command of its name.
func (p *program) walkCommand(name string, about func(world.Layout) flow.Flow, example string) *cobra.Command {
	request := walkRequest{command: "zsf " + name, about: about}
	command := &cobra.Command{
		Use: name, Short: p.words.T("cli." + name + ".short"), Long: p.words.T("cli." + name + ".long"), Example: example, Args: p.noArgs,
		RunE: func(command *cobra.Command, _ []string) error { return p.runWalk(command.Context(), request) },
	}
	p.walkFlags(command, &request)
	return command
}

func (p *program) walkFlags(command *cobra.Command, request *walkRequest) {
	flags := command.Flags()
	flags.BoolVar(&request.status, "status", false, p.words.T("flag-walk.status"))
	flags.BoolVar(&request.print, "print", false, p.words.T("flag-walk.print"))
	flags.StringVar(&request.file, "answers", "", p.words.T("flag-walk.answers"))
	flags.StringArrayVar(&request.said, "answer", nil, p.words.T("flag-walk.answer"))
	flags.BoolVar(&request.printAnswers, "print-answers", false, p.words.T("flag-walk.print-answers"))
	flags.StringSliceVar(&request.only, "only", nil, p.words.T("flag-walk.only"))
	flags.StringVar(&request.layout, "layout", "", p.words.T("flag-walk.layout"))
	flags.BoolVar(&request.yes, "yes", false, p.words.T("flag-walk.yes"))
	flags.BoolVar(&request.dryRun, "dry-run", false, p.words.T("flag-walk.dry-run"))
	flags.StringVar(&request.who, "who", "", p.words.T("flag-walk.who"))
	flags.DurationVar(&request.longest, "wait", longestBrowser, p.words.T("flag-walk.wait"))
}

// longestBrowser is how long somebody in the browser is waited for where nobody can be asked.
const longestBrowser = 30 * time.Minute

// runWalk is zsf setup, and zsf access: one of their faces.
func (p *program) runWalk(ctx context.Context, request walkRequest) error {
	if err := p.read(&request); err != nil {
		return err
	}
	if request.print || request.printAnswers || request.status {
		p.plain = true // nothing to unlock: no sign-in is used that needs a passphrase
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if err := p.lay(ctx, s, request); err != nil {
		return err
	}
	about := request.about(s.profile.Layout)
	switch {
	case request.print:
		return p.printGuide(s, about, request)
	case request.printAnswers:
		return p.printAnswers(ctx, s, about)
	case request.status:
		return p.printStatus(ctx, s, about, request)
	}
	return p.walk(ctx, s, about, request)
}

// read takes in the answers that were given beforehand, flag before file, and the steps that are meant.
func (p *program) read(request *walkRequest) error {
	if request.layout != "" && request.layout != "guide" && request.layout != string(world.NewerLayout) {
		return p.usage("usage.layout", "Value", request.layout)
	}
	if request.longest < 0 {
		return p.usage("usage.wait")
	}
	about := request.about(world.GuideLayout)
	for _, id := range request.only {
		if _, ok := about.Step(flow.ID(id)); !ok {
			return p.usage("usage.step", "Name", id, "Names", namesOf(about))
		}
		request.steps = append(request.steps, flow.ID(id))
	}
	if request.file != "" {
		text, err := os.ReadFile(request.file)
		if err != nil {
			return &usageError{err: err}
		}
		if request.given, err = answers.Parse(string(text), about, steps.Questions); err != nil {
			return p.mistaken(request.file, err)
		}
	}
	for _, said := range request.said {
		given, err := answers.One(said, about, steps.Questions)
		if err != nil {
			return p.mistaken("--answer", err)
		}
		request.given = given.Over(request.given)
	}
	if request.who != "" {
		request.given.Who = request.who
	}
	return nil
}

// mistaken is the usage error of an answer that cannot be read: where, which key, and why.
func (p *program) mistaken(where string, err error) error {
	var wrong *answers.Mistake
	if !errors.As(err, &wrong) {
		return &usageError{err: err}
	}
	if wrong.Line > 0 {
		where = fmt.Sprintf("%s:%d", where, wrong.Line)
	}
	if wrong.Key == "" {
		return p.usage("usage.answers", "Where", where, "Reason", p.words.Error(wrong.What))
	}
	return p.usage("usage.answer", "Where", where, "Key", wrong.Key, "Reason", p.words.Error(wrong.What))
}

// lay takes the layout of Admin Center that was asked for, and keeps it in the profile where something is done.
func (p *program) lay(ctx context.Context, s *session, request walkRequest) error {
	if request.layout == "" {
		return nil
	}
	layout := world.Layout(request.layout)
	if request.layout == "guide" {
		layout = world.GuideLayout
	}
	return p.useLayout(ctx, s, layout, request.print || request.status || request.printAnswers || request.dryRun)
}

func namesOf(about flow.Flow) []string {
	var names []string
	for _, step := range about.Steps() {
		names = append(names, string(step.ID))
	}
	slices.Sort(names)
	return names
}

// printGuide writes the whole guide of the profile, and does nothing.
func (p *program) printGuide(s *session, about flow.Flow, request walkRequest) error {
	if p.json {
		return p.usage("usage.print-json")
	}
	about = onlyOf(about, request.steps)
	printed := plain.Printer{Out: p.Stdout, Words: p.words}
	return printed.Guide("zsf "+about.ID, plain.GuidePart{
		About: about, Profile: s.profile.Name, Remedies: func(id flow.ID) []flow.Remedy { return steps.Guide(id, s.world) },
		Command: func(id flow.ID) string { return "zsf " + about.ID + " --only " + string(id) },
	})
}

// onlyOf is the flow with none but these steps; all where none is named.
func onlyOf(about flow.Flow, only []flow.ID) flow.Flow {
	if len(only) == 0 {
		return about
	}
	narrowed := flow.Flow{ID: about.ID}
	for _, group := range about.Groups {
		group.Steps = slices.DeleteFunc(slices.Clone(group.Steps), func(step flow.Step) bool { return !slices.Contains(only, step.ID) })
		if len(group.Steps) > 0 {
			narrowed.Groups = append(narrowed.Groups, group)
		}
	}
	return narrowed
}

// printAnswers writes what people said and did, as a file that --answers reads.
func (p *program) printAnswers(ctx context.Context, s *session, about flow.Flow) error {
	if p.json {
		return p.usage("usage.print-json")
	}
	run, err := p.watching(ctx, s, about)
	if err != nil {
		return err
	}
	given, err := run.Given(ctx)
	if err != nil {
		return err
	}
	return p.print(given.TOML(about, steps.Questions))
}
