// Package flow is the vocabulary of zsf: steps, findings and what runs them.
// It knows no screen: what it says are the names of texts, whose words are in ui/locale.
package flow

import (
	"time"

	"zsf/flows/world"
)

// An ID names a step: salesforce.session-lock.
type ID string

// A Verdict is what a look at a step came to.
type Verdict string

// The verdicts. Pass is only ever what an API answered.
const (
	Pass      Verdict = "pass"
	Warn      Verdict = "warn"
	Fail      Verdict = "fail"
	Unknown   Verdict = "unknown"   // no API can tell; the summary says why
	Confirmed Verdict = "confirmed" // a person said so
	Blocked   Verdict = "blocked"   // a step that it needs has failed
	Skipped   Verdict = "skipped"
)

// Verdicts are all verdicts, in the order in which totals name them.
var Verdicts = []Verdict{Pass, Warn, Fail, Unknown, Confirmed, Blocked, Skipped}

// A Text names words in ui/locale, and what goes into them.
// An argument is a string, a number, a time, a Moment, an error, a Text, or a list of strings.
type Text struct {
	ID   string         `json:"id,omitempty"`
	Args map[string]any `json:"args,omitempty"`
}

// Say makes a Text; args are names and values in turn.
func Say(id string, args ...any) Text {
	text := Text{ID: id}
	for i := 0; i+1 < len(args); i += 2 {
		if text.Args == nil {
			text.Args = make(map[string]any, len(args)/2)
		}
		text.Args[args[i].(string)] = args[i+1]
	}
	return text
}

// Raw is text that needs no translation: a name, an API's own word.
func Raw(words string) Text { return Text{ID: RawID, Args: map[string]any{"Words": words}} }

// RawID is the ID of a Text made by Raw.
const RawID = "raw"

// A Moment is a time that may lie days back: it is said with its date.
type Moment time.Time

// Empty tells whether there is nothing to say.
func (t Text) Empty() bool { return t.ID == "" }

// A Step is one thing that must be true for the integration to work. Its words are in ui/locale:
// <ID>.title, <ID>.why, and <ID>.leads_to where something follows when it is not true.
type Step struct {
	ID    ID
	Needs []ID                       // steps without which this one says nothing
	Reads []world.Fact               // what a look asks the services for
	Look  func(*world.World) Finding // judges what was read; makes no calls

	Ask         func(*world.World) []Question               // what only a person can tell; nil: nothing
	Change      func(*world.World, Answers) (Change, error) // from what was read; makes no calls; nil: no API can do it
	ChangeReads []world.Fact                                // what a change needs beyond Reads

	Asks      []string // its questions whose names do not begin with its ID
	Automatic bool     // its change is made without asking: it changes nothing of a service
	Parts     []ID     // steps whose words, all together, are a word for this one
	Ends      []ID     // steps for which a person's word no longer holds once this one does
}

// Title names the step.
func (s Step) Title() Text { return Say(string(s.ID) + ".title") }

// Why says what the step is for.
func (s Step) Why() Text { return Say(string(s.ID) + ".why") }

// A Group is a part of a flow under one heading, whose words are group.<ID>.
type Group struct {
	ID    string
	Steps []Step
}

// Title is the group's heading.
func (g Group) Title() Text { return Say("group." + g.ID) }

// A Flow is an ordered list of steps, in groups.
type Flow struct {
	ID     string
	Groups []Group
	Anew   []ID // steps for which words from before a run do not hold in it
}

// Steps are the flow's steps in order.
func (f Flow) Steps() []Step {
	var steps []Step
	for _, group := range f.Groups {
		steps = append(steps, group.Steps...)
	}
	return steps
}

// Each is the flow with each of its steps changed.
func (f Flow) Each(change func(Step) Step) Flow {
	groups := make([]Group, len(f.Groups))
	for i, group := range f.Groups {
		groups[i] = Group{ID: group.ID, Steps: make([]Step, len(group.Steps))}
		for j, step := range group.Steps {
			groups[i].Steps[j] = change(step)
		}
	}
	f.Groups = groups
	return f
}

// Step finds a step of the flow.
func (f Flow) Step(id ID) (Step, bool) {
	for _, step := range f.Steps() {
		if step.ID == id {
			return step, true
		}
	}
	return Step{}, false
}

// Evidence is one fact and where it was read.
type Evidence struct {
	Fact   Text
	Mark   Verdict // Pass, Warn, Fail or Unknown where the fact alone decides; empty for a plain fact
	Source string  // the API's own name of what was read: SecuritySettings
	ReadAt time.Time
}

// RemedyKind tells what a remedy is.
type RemedyKind string

// The kinds of remedy.
const (
	ByChange  RemedyKind = "change"
	ByPage    RemedyKind = "page"
	ByCommand RemedyKind = "command"
	ByText    RemedyKind = "text"
)

// A Remedy is one way to a pass.
type Remedy struct {
	Kind    RemedyKind
	Title   Text   // for a page, the clicks that lead to it in the console's own words
	Clicks  Text   // what to do on a page, a line a click
	URL     string // of a page
	Command string // what to type in a shell
}

// Vouched is a person's word that a step holds.
type Vouched struct {
	By string
	At time.Time
}

// A Finding is what a look at a step found.
type Finding struct {
	Step     ID
	Verdict  Verdict
	Summary  Text
	Evidence []Evidence
	LeadsTo  Text // what an admin will see if it stays so; empty when all is well
	Remedies []Remedy
	Needs    []ID          // as the step has them
	Blocking []ID          // those of Needs that block it
	Err      error         // why it could not be looked up, where that is the reason
	Unseen   bool          // there is no sign-in, so nothing was looked at
	Underway bool          // a service is at work on it just now
	Vouched  Vouched       // a person's word for it, where there is one
	ReadAt   time.Time     // of the oldest answer it rests on
	Took     time.Duration // from the start of the look to the finding
}
