package flows

import (
	"errors"

	"zsf/flows/flow"
	"zsf/flows/world"
)

// mendable is the flow, each of whose failed findings says first which command makes the change, where an API can.
func mendable(about flow.Flow) flow.Flow {
	return about.Each(offering)
}

func offering(step flow.Step) flow.Step {
	look := step.Look
	if step.Change == nil {
		return step
	}
	step.Look = func(w *world.World) flow.Finding {
		finding := look(w)
		if finding.Verdict != flow.Fail || finding.Unseen || !canChange(step, w) {
			return finding
		}
		command := "zsf reconnect --only " + string(step.ID)
		if _, ok := Setup(world.GuideLayout).Step(step.ID); ok {
			command = "zsf setup --only " + string(step.ID)
		}
		ways := finding.Remedies
		finding.Remedies = nil
		return finding.Mend(flow.Remedy{Kind: flow.ByChange, Command: command, Title: flow.Say("remedy.change")}).Mend(ways...)
	}
	return step
}

// canChange tells whether there is a change to make, as far as a look has read: it may want an answer, or more reading.
func canChange(step flow.Step, w *world.World) bool {
	_, err := step.Change(w, flow.Answers{})
	return err == nil || errors.Is(err, flow.ErrUnanswered) || len(step.ChangeReads) > 0
}
