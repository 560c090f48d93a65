package flow

import (
	"errors"
	"slices"

	"zsf/clients/transport"
	"zsf/flows/world"
)

// Passed is a finding that the step holds. Evidence and remedies are added by the methods below.
func Passed(summary Text) Finding { return Finding{Verdict: Pass, Summary: summary} }

// Warned is a finding that something is not as it should be, though nothing breaks.
func Warned(summary Text) Finding { return Finding{Verdict: Warn, Summary: summary} }

// Failed is a finding that the step does not hold.
func Failed(summary Text) Finding { return Finding{Verdict: Fail, Summary: summary} }

// NotKnown is a finding that no API can tell; the summary says why.
func NotKnown(summary Text) Finding { return Finding{Verdict: Unknown, Summary: summary} }

// NotSeen is the finding of a step whose answer could not be had.
func NotSeen[T any](answer world.Seen[T]) Finding {
	finding := NotKnown(Say("unseen", "Reason", answer.Err)).Because(answer.Err)
	var failed *transport.Error
	if errors.As(answer.Err, &failed) && failed.Kind == transport.SignInMissing {
		finding.Summary = Say("unseen-signed-out", "Service", string(failed.Service))
		return finding
	}
	// Salesforce hides what a user may not see as if it were not there.
	if errors.As(answer.Err, &failed) && (failed.Kind == transport.Forbidden || failed.Code == "NOT_FOUND" || Hides(failed)) {
		line := Saw(answer, Say("fact.error", "Reason", answer.Err))
		line.Mark = Unknown
		finding.Summary = Say("unseen-by-user", "What", answer.Source, "Code", failed.Code)
		return finding.With(line)
	}
	return finding
}

// Hides tells that Salesforce says of an object or a field that it is not there, as it does where a user may not see it.
func Hides(failed *transport.Error) bool {
	return failed.Service == transport.Salesforce && slices.Contains([]string{"INVALID_TYPE", "INVALID_FIELD", "sf:INVALID_TYPE"}, failed.Code)
}

// With adds evidence.
func (f Finding) With(evidence ...Evidence) Finding {
	f.Evidence = append(f.Evidence[:len(f.Evidence):len(f.Evidence)], evidence...)
	return f
}

// Mend adds remedies.
func (f Finding) Mend(remedies ...Remedy) Finding {
	f.Remedies = append(f.Remedies[:len(f.Remedies):len(f.Remedies)], remedies...)
	return f
}

// Because keeps the error that a verdict rests on.
func (f Finding) Because(err error) Finding {
	f.Err = err
	return f
}

// Saw is a plain fact, read from that answer.
func Saw[T any](answer world.Seen[T], fact Text) Evidence {
	return Evidence{Fact: fact, Source: answer.Source, ReadAt: answer.At}
}

// SawGood is a fact that speaks for the step.
func SawGood[T any](answer world.Seen[T], fact Text) Evidence {
	return Saw(answer, fact).marked(Pass)
}

// SawBad is a fact that speaks against the step.
func SawBad[T any](answer world.Seen[T], fact Text) Evidence {
	return Saw(answer, fact).marked(Fail)
}

// SawDoubtful is a fact that a person should look at.
func SawDoubtful[T any](answer world.Seen[T], fact Text) Evidence {
	return Saw(answer, fact).marked(Warn)
}

func (e Evidence) marked(verdict Verdict) Evidence {
	e.Mark = verdict
	return e
}

// Open is the remedy of a page; trail is the way to it in the console's own words.
func Open(url string, trail Text) Remedy { return Remedy{Kind: ByPage, URL: url, Title: trail} }

// Run is the remedy of a shell command.
func Run(command string, title Text) Remedy {
	return Remedy{Kind: ByCommand, Command: command, Title: title}
}

// Tell is the remedy of an advice.
func Tell(advice Text) Remedy { return Remedy{Kind: ByText, Title: advice} }

// Holds tells that a step is as it should be, by an API's word or a person's. What is only not as it
// should be breaks nothing.
func (v Verdict) Holds() bool { return v == Pass || v == Warn || v == Confirmed }

// Settled tells that there is nothing left to do about a step for now.
func (v Verdict) Settled() bool { return v.Holds() || v == Skipped }

// CanBeVouchedFor tells that no API tells whether the step holds, so that a person's word can.
func (f Finding) CanBeVouchedFor() bool {
	return f.Verdict == Unknown || f.Verdict == Fail && f.Unseen
}
