// What a person is doing at a step. It stays while they look at others.

package wizard

import (
	"errors"
	"time"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/parts"
)

// A mode is what the step's side of the screen shows.
type mode int

const (
	atStep     mode = iota // the step itself
	asking                 // its questions
	preparing              // a change is being prepared, or what a change was is being read
	previewing             // a change, or its taking back, before it is made
	making                 // it is being made
	vouching               // the name of who vouches
	leaving                // whether to leave the step for later
	waiting                // for a person in the browser, or for a service at work
)

// A place is what a person is doing at a step.
type place struct {
	mode    mode
	since   time.Time // of what is under way
	number  int       // of the request that is under way; 0 when none is
	form    *form
	name    *parts.Field
	change  flow.Change
	moved   []flow.Difference // since the change was prepared
	undo    *run.Recorded     // the change that is to be taken back; nil: it is to be made
	result  *result
	trouble error // why the last thing that was asked for did not come about
	wait    wait
	page    int // the chosen one of the step's pages

	passedBy bool // a person went on from it as it is
	tried    bool // its change was begun without asking
	spoken   bool // a person said something of it during the look that runs
}

// A wait is what is watched while somebody else acts.
type wait struct {
	since    time.Time
	last     time.Time // of the last look that came to an end
	next     time.Time // of the next one
	underway bool      // a service is at work, not a person
	warned   bool      // it held when the wait began, though not as it should
}

// A result is what became of a change, or that a wait came to its end.
type result struct {
	run.Result
	back bool  // it was to be taken back
	done bool  // no change: what was waited for has happened
	err  error // what became of it is not known, or not written down
}

// abandon drops what was under way: its answer will not come.
func (p *place) abandon() {
	p.number = 0
	switch p.mode {
	case preparing, making:
		p.mode = atStep
	case asking, previewing, vouching, leaving, waiting, atStep:
	}
}

// back leaves what is being done, and keeps what was typed.
func (p *place) back() { p.mode, p.trouble = atStep, nil }

// fresh drops what earlier actions came to.
func (p *place) fresh() { p.result, p.trouble, p.moved = nil, nil, nil }

func (i *item) isUnderWay() bool { return i.number != 0 }

func (i *item) settled() bool { return i.Seen && i.Finding.Verdict.Settled() }

// canBeDone tells that an API can do the step, or that there is a question to answer.
func (i *item) canBeDone() bool { return i.Step.Change != nil || len(i.questions) > 0 }

// service is the one that nobody is signed in to, where that is what the step lacks.
func (i *item) service() transport.Service {
	var failed *transport.Error
	if errors.As(i.Finding.Err, &failed) {
		switch failed.Kind {
		case transport.SignInMissing, transport.SignInExpired, transport.Anonymous:
			return failed.Service
		}
	}
	switch i.Step.ID {
	case "salesforce.signin":
		return transport.Salesforce
	case "zendesk.signin":
		return transport.Zendesk
	}
	return ""
}

// isUnseen tells that the step lacks a sign-in.
func (i *item) isUnseen() bool {
	return i.Finding.Unseen || i.Seen && !i.Finding.Verdict.Holds() && transport.KindOf(i.Finding.Err) == transport.SignInMissing
}

// isUnread tells that what the step would change could not be read: there is nothing to show before it is changed.
func (i *item) isUnread() bool {
	return i.Step.Change != nil && i.Finding.Verdict == flow.Unknown && i.Finding.Err != nil
}

// onlyAPerson tells that no look will ever tell whether the step holds.
func (i *item) onlyAPerson() bool {
	return i.Finding.CanBeVouchedFor() && i.Finding.Err == nil && len(i.Step.Reads) == 0
}
