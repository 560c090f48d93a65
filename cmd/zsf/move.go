package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"zsf/clients/store"
	"zsf/flows"
	"zsf/flows/answers"
	"zsf/flows/flow"
	"zsf/flows/move"
	runs "zsf/flows/run"
	"zsf/flows/snapshot"
	"zsf/flows/steps"
	"zsf/flows/world"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// A moveRequest is what zsf move was asked for.
type moveRequest struct {
	walkRequest
	from, to string
}

// A moveSide is one of the two profiles, as it was just looked at.
type moveSide struct {
	profile string
	move.Side
	before  world.Past // the last snapshot of what worked
	written bool       // nothing is other now than that snapshot says
	ended   bool       // zsf saw its connection end after that
	left    []flow.Finding
}

func (p *program) moveCommand() *cobra.Command {
	request := moveRequest{walkRequest: walkRequest{about: flows.Move}}
	command := &cobra.Command{
		Use:   "move --from PROFILE --to PROFILE",
		Short: p.words.T("cli.move.short"),
		Long:  p.words.T("cli.move.long"),
		Example: "  zsf move --from sandbox --to production --status\n  zsf move --from sandbox --to production --dry-run\n" +
			"  zsf move --from sandbox --to production --print > guide.txt\n  zsf move --from sandbox --to production",
		Args: p.noArgs,
		RunE: func(command *cobra.Command, _ []string) error { return p.runMove(command.Context(), request) },
	}
	flags := command.Flags()
	flags.StringVar(&request.from, "from", "", p.words.T("flag-move.from"))
	flags.StringVar(&request.to, "to", "", p.words.T("flag-move.to"))
	flags.BoolVar(&request.status, "status", false, p.words.T("flag-move.status"))
	flags.BoolVar(&request.print, "print", false, p.words.T("flag-move.print"))
	flags.BoolVar(&request.dryRun, "dry-run", false, p.words.T("flag-move.dry-run"))
	flags.StringVar(&request.file, "answers", "", p.words.T("flag-walk.answers"))
	flags.StringArrayVar(&request.said, "answer", nil, p.words.T("flag-walk.answer"))
	flags.StringVar(&request.layout, "layout", "", p.words.T("flag-walk.layout"))
	flags.BoolVar(&request.yes, "yes", false, p.words.T("flag-walk.yes"))
	flags.StringVar(&request.who, "who", "", p.words.T("flag-walk.who"))
	flags.DurationVar(&request.longest, "wait", longestBrowser, p.words.T("flag-walk.wait"))
	return command
}

// runMove shows both profiles side by side and the plan, and carries out what is left of it.
func (p *program) runMove(ctx context.Context, request moveRequest) error {
	if err := p.canMove(request); err != nil {
		return err
	}
	if err := p.read(&request.walkRequest); err != nil {
		return err
	}
	request.command = "zsf move --from " + request.from + " --to " + request.to
	if request.print {
		return p.printMoveGuide(ctx, request)
	}
	from, err := p.lookForMove(ctx, request.from, func(world.Layout) flow.Flow { return flows.MoveFrom(false) })
	if err != nil {
		return err
	}
	to, err := p.lookForMove(ctx, request.to, flows.MoveTo)
	if err != nil {
		return err
	}
	plan := planOf(from, to)
	switch {
	case request.dryRun:
		return p.rehearseMove(ctx, request, from, to, plan)
	case request.status || p.json:
		return p.printMove(from, to, plan, nil)
	}
	if err := p.printMove(from, to, plan, nil); err != nil {
		return err
	}
	return p.carryMove(ctx, request, from, to, plan)
}

// canMove refuses what is no move: one profile, or sign-ins that go for every profile.
func (p *program) canMove(request moveRequest) error {
	switch {
	case p.demo:
		return p.usage("usage-move.demo")
	case request.from == "" || request.to == "" || request.from == request.to:
		return p.usage("usage-move.profiles")
	}
	for _, name := range []string{envSalesforceToken, envZendeskToken} {
		if p.Getenv(name) != "" {
			return p.usage("usage-move.environment", "Name", name)
		}
	}
	return nil
}

// lookForMove looks at a profile: all that a snapshot has, and what its part of the move has left.
func (p *program) lookForMove(ctx context.Context, profile string, about func(world.Layout) flow.Flow) (moveSide, error) {
	side := moveSide{profile: profile}
	err := p.inProfile(ctx, profile, func(s *session) error {
		run, err := p.watching(ctx, s, about(s.profile.Layout))
		if err != nil {
			return err
		}
		run.Look(ctx, nil, p.tellWaits)
		if err := ctx.Err(); err != nil {
			return err //nolint:wrapcheck // the caller's own end
		}
		s.world.Load(ctx, steps.SalesforceConnectingUser.Reads...)
		s.world.Wait(steps.SalesforceConnectingUser.Reads...)
		side.Fields = steps.SalesforceConnectingUser.Look(s.world)
		if side.Taken, err = p.take(ctx, s, snapshot.Options{Uncounted: true}); err != nil {
			return err
		}
		for _, known := range s.world.Profiles().Value {
			side.Profiles = append(side.Profiles, known.Name)
		}
		for _, finding := range run.Findings() {
			if !finding.Verdict.Settled() {
				side.left = append(side.left, finding)
			}
		}
		past := s.world.Memory()
		side.before, side.ended = past.Before, past.Disconnected.After(past.Before.At)
		side.written, err = p.isWritten(ctx, s, side)
		return err
	})
	return side, err
}

// isWritten tells that the last snapshot says how the profile stands, as far as that can be read: an older one of
// other things would be compared with in vain.
func (p *program) isWritten(ctx context.Context, s *session, side moveSide) (bool, error) {
	if side.before.ID == 0 {
		return false, nil
	}
	journal, err := s.openJournal(ctx)
	if err != nil {
		return false, err
	}
	kept, err := snapshot.Load(ctx, journal, side.before.ID)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(snapshot.Compare(kept.Snapshot, side.Taken), func(change snapshot.Change) bool {
		return change.Differs() && !change.Unread()
	}), nil
}

// inProfile opens a session of another profile, and closes it after.
func (p *program) inProfile(ctx context.Context, profile string, do func(*session) error) error {
	chosen, words := p.profile, p.words
	p.profile = profile
	defer func() { p.profile, p.words = chosen, words }()
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return do(s)
}

// planOf is what a move does, in order, and what of it is done.
func planOf(from, to moveSide) []move.Stage {
	same := move.SameAccount(from.Side, to.Side)
	connected, told := move.IsConnected(from.Side)
	ended := from.ended && told && !connected
	plan := []move.Stage{{ID: "snapshot", Profile: from.profile, Done: from.written || ended}}
	if same {
		plan = append(plan, move.Stage{ID: "disconnect", Profile: from.profile, Done: ended})
	}
	isLeft := func(groups ...string) bool {
		about := flows.MoveTo(world.GuideLayout)
		return slices.ContainsFunc(about.Groups, func(group flow.Group) bool {
			return slices.Contains(groups, group.ID) && slices.ContainsFunc(group.Steps, func(step flow.Step) bool {
				return slices.ContainsFunc(to.left, func(finding flow.Finding) bool { return finding.Step == step.ID })
			})
		})
	}
	return append(plan,
		move.Stage{ID: "sign-in", Profile: to.profile, Done: !isLeft("sign-in")},
		move.Stage{ID: "set-up", Profile: to.profile, Done: !isLeft("admins", "settings", "instance", "connect")},
		move.Stage{ID: "access", Profile: to.profile, Done: !isLeft("visible")},
		move.Stage{ID: "on-again", Profile: to.profile, Done: !isLeft("on-again")},
		move.Stage{ID: "compare", Profile: to.profile, Done: false},
	)
}

func (p *program) printMove(from, to moveSide, plan []move.Stage, rehearsed []report.Status) error {
	rows := move.Rows(from.Side, to.Side)
	if p.json {
		return report.WriteMove(p.Stdout, p.words, from.profile, to.profile, rows, plan, rehearsed)
	}
	return p.print(plain.Move(p.words, from.profile, to.profile, rows, plan))
}

// carryMove walks what is left: first the profile that is left, then the one that is gone to, then the comparison.
func (p *program) carryMove(ctx context.Context, request moveRequest, from, to moveSide, plan []move.Stage) error {
	if stage, left := request.leaving(from, to, plan); left {
		if err := p.inProfile(ctx, request.from, func(s *session) error { return p.walkStage(ctx, s, stage) }); err != nil {
			return err
		}
		again, err := p.lookForMove(ctx, request.from, func(world.Layout) flow.Flow { return flows.MoveFrom(false) })
		if err != nil {
			return err
		}
		from.before = again.before
	}
	before, err := p.snapshotBefore(ctx, request.from, from.before.ID)
	if err != nil {
		return err
	}
	stage := request.stage(flows.MoveTo)
	return p.inProfile(ctx, request.to, func(s *session) error {
		if err := p.offer(ctx, s, move.Side{Taken: before}, to.Side); err != nil {
			return err
		}
		if err := p.walkStage(ctx, s, stage); err != nil {
			return err
		}
		return p.compareMove(ctx, s, before)
	})
}

// leaving is the walk in the profile that is left; false where it is done with.
func (r moveRequest) leaving(from, to moveSide, plan []move.Stage) (walkRequest, bool) {
	same := move.SameAccount(from.Side, to.Side)
	return r.stage(func(world.Layout) flow.Flow { return flows.MoveFrom(same) }), slices.ContainsFunc(plan, func(stage move.Stage) bool {
		return !stage.Done && (stage.ID == "snapshot" || stage.ID == "disconnect")
	})
}

// stage is the request for one of the two walks of a move, with the answers that are for it.
func (r moveRequest) stage(about func(world.Layout) flow.Flow) walkRequest {
	stage := r.walkRequest
	stage.about = about
	stage.given = answers.Given{Who: r.given.Who, Actions: map[flow.ID]answers.Action{}, Questions: r.given.Questions}
	for id, action := range r.given.Actions {
		if _, ok := about(world.GuideLayout).Step(id); ok {
			stage.given.Actions[id] = action
		}
	}
	return stage
}

func (p *program) walkStage(ctx context.Context, s *session, request walkRequest) error {
	if err := p.lay(ctx, s, request); err != nil {
		return err
	}
	return p.walk(ctx, s, request.about(s.profile.Layout), request)
}

// snapshotBefore is how the profile that is left was, when it worked.
func (p *program) snapshotBefore(ctx context.Context, profile string, id int64) (snapshot.Snapshot, error) {
	var before snapshot.Snapshot
	err := p.inProfile(ctx, profile, func(s *session) error {
		journal, err := s.openJournal(ctx)
		if err != nil {
			return err
		}
		if id == 0 {
			// Nothing was at work there: what it shows is all that there is to compare with.
			before, err = p.take(ctx, s, snapshot.Options{Uncounted: true, Journal: journal})
			return err
		}
		kept, err := snapshot.Load(ctx, journal, id)
		before = kept.Snapshot
		return err
	})
	return before, err
}

// offer lets the walk offer what the other profile had.
func (p *program) offer(ctx context.Context, s *session, from, to move.Side) error {
	journal, err := s.openJournal(ctx)
	if err != nil {
		return err
	}
	return runs.Offer(ctx, journal, store.Entry{Profile: s.profile.Name, At: p.Now(), Who: p.user()}, offered(from, to))
}

// offered is what the other profile had, as answers: the same access by the profiles' names, and the syncs.
func offered(from, to move.Side) map[flow.ID]flow.Answers {
	syncs := flow.Answers{}
	for question, answer := range from.Taken.Said.Answers {
		if answer.Unknown == nil && strings.HasPrefix(question, "syncs.") {
			syncs[question] = answer.Value
		}
	}
	return map[flow.ID]flow.Answers{
		steps.AccessProfiles.ID: {string(steps.AccessProfiles.ID): move.Shared(from, to)},
		steps.ReconnectSyncs.ID: syncs,
	}
}

// compareMove writes down how the new pair stands, and says what is other than it was with the old one.
func (p *program) compareMove(ctx context.Context, s *session, before snapshot.Snapshot) error {
	journal, err := s.openJournal(ctx)
	if err != nil {
		return err
	}
	s.world.Forget(snapshot.Facts...)
	taken, err := p.take(ctx, s, snapshot.Options{Label: "after-move", Uncounted: true, Journal: journal})
	if err != nil {
		return err
	}
	id, err := snapshot.Keep(ctx, journal, taken, p.user())
	if err != nil {
		return fmt.Errorf("compare: %w", err)
	}
	if err := p.print("\n" + p.words.T("move.compared", "From", before.Profile, "To", taken.Profile, "ID", strconv.FormatInt(id, 10)) + "\n"); err != nil {
		return err
	}
	return plain.Printer{Out: p.Stdout, Words: p.words}.Diff(before.Profile, taken.Profile, snapshot.Compare(before, taken))
}
