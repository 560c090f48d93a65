// A move that is only shown: its guide, and what its two walks would do.

package main

import (
	"context"
	"fmt"
	"io"
	"maps"

	"zsf/flows"
	"zsf/flows/flow"
	"zsf/flows/move"
	"zsf/flows/snapshot"
	"zsf/flows/steps"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// printMoveGuide writes the guide of both profiles, one after the other. It asks no service anything.
func (p *program) printMoveGuide(ctx context.Context, request moveRequest) error {
	if p.json {
		return p.usage("usage.print-json")
	}
	p.plain = true // nothing to unlock: no sign-in is used that needs a passphrase
	var sides [2]move.Side
	var parts [2]plain.GuidePart
	for i, profile := range []string{request.from, request.to} {
		err := p.inProfile(ctx, profile, func(s *session) error {
			if err := p.lay(ctx, s, request.walkRequest); err != nil {
				return err
			}
			sides[i].Taken.Zendesk = snapshot.Zendesk{URL: s.world.ZendeskURL()}
			parts[i] = plain.GuidePart{
				About: flows.MoveTo(s.profile.Layout), Profile: profile,
				Remedies: func(id flow.ID) []flow.Remedy { return steps.Guide(id, s.world) },
				Command:  func(flow.ID) string { return request.command },
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	parts[0].About = flows.MoveFrom(move.SameAccount(sides[0], sides[1]))
	return plain.Printer{Out: p.Stdout, Words: p.words}.Guide(request.command, parts[:]...)
}

// rehearseMove shows both profiles side by side, the plan, and what is left of both walks. It writes nothing anywhere.
func (p *program) rehearseMove(ctx context.Context, request moveRequest, from, to moveSide, plan []move.Stage) error {
	out := p.Stdout
	if p.json {
		out = p.Stderr
	} else if err := p.printMove(from, to, plan, nil); err != nil {
		return err
	}
	say := func(text string) error {
		if _, err := io.WriteString(out, text); err != nil {
			return fmt.Errorf("write: %w", err)
		}
		return nil
	}
	if err := say("\n" + p.words.T("move.rehearsed", "From", from.profile, "To", to.profile) + "\n"); err != nil {
		return err
	}
	var rehearsed []report.Status
	rehearse := func(stage walkRequest, answers flow.Answers) func(*session) error {
		return func(s *session) error {
			if err := p.lay(ctx, s, stage); err != nil {
				return err
			}
			if err := say("\n"); err != nil {
				return err
			}
			status, err := p.showWalk(ctx, s, stage.about(s.profile.Layout), stage, answers, (*plain.Walk).Would)
			rehearsed = append(rehearsed, status)
			return err
		}
	}
	if stage, left := request.leaving(from, to, plan); left {
		if err := p.inProfile(ctx, request.from, rehearse(stage, nil)); err != nil {
			return err
		}
	}
	before, err := p.snapshotBefore(ctx, request.from, from.before.ID)
	if err != nil {
		return err
	}
	supposed := flow.Answers{}
	for _, answers := range offered(move.Side{Taken: before}, to.Side) {
		maps.Copy(supposed, answers)
	}
	if err := p.inProfile(ctx, request.to, rehearse(request.stage(flows.MoveTo), supposed)); err != nil {
		return err
	}
	if p.json {
		if err := p.printMove(from, to, plan, rehearsed); err != nil {
			return err
		}
	}
	return say("\n" + p.words.T("rehearse.end") + "\n")
}
