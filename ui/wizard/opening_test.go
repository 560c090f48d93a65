// Where the wizard opens, what it offers there, and how it ends.

package wizard

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/ui/uitest"
)

func TestItOpensAtTheFirstStepThatDoesNotHold(t *testing.T) {
	story(t, func(s *stage, _ *Options) { s.run.Pause = 50 * time.Millisecond }, func(s *stage) {
		s.Sees("1 of 19", "Salesforce sign-in")
		s.Pass(370 * time.Millisecond) // the seventh finding; the others are still to come
		s.Sees("7 of 19", "▸ ✗ Session settings", "looking…")
		s.done()
		s.Sees("▸ ✗ Session settings", "✓ Salesforce edition")
	})
	storyOf(t, uitest.Well(), nil, func(s *stage) {
		s.done()
		s.Sees("▸ ? Terms of use")
	})
	storyOf(t, connected(), nil, func(s *stage) { // only a person can tell of the terms, and what comes after them holds
		s.done()
		s.Sees("? Terms of use", "▸ ✗ Permitted users")
	})
	warned := uitest.Well()
	admins := flow.Warned(flow.Say("setup.package.admins-only", "Version", "4.12"))
	admins.Step = "setup.package"
	uitest.Replace(&warned, admins)
	storyOf(t, warned, nil, func(s *stage) {
		s.done()
		s.Sees("▸ ! Package")
		s.run.Finds(warned)
		s.Press("enter") // what holds is gone on from
		s.Sees("▸ ? Terms of use")
	})
	storyOf(t, uitest.Fresh(), func(s *stage, _ *Options) {
		report := uitest.Mended(uitest.Fresh(), "salesforce.session-lock")
		untold := flow.NotKnown(flow.Say("only-a-person"))
		untold.Step = "environment.one-org"
		uitest.Replace(&report, untold)
		s.run.Finds(report)
	}, func(s *stage) {
		s.done()
		s.Sees("▸ ? Instance") // nothing after it holds yet
	})
	// That some ticket is found is so before anything is set up.
	sampled := func(report flow.Report) (flow.Report, func(*stage, *Options)) {
		sample := flow.Passed(flow.Raw("Acme (Account) shows a ticket"))
		sample.Step = "tickets.sample"
		uitest.Replace(&report, sample)
		untold := flow.NotKnown(flow.Say("only-a-person"))
		untold.Step = "environment.one-org"
		uitest.Replace(&report, untold)
		return report, func(s *stage, _ *Options) {
			groups := slices.Clone(s.run.Steps.Groups)
			last := &groups[len(groups)-1]
			last.Steps = append(slices.Clone(last.Steps), flow.Step{ID: "tickets.sample"})
			s.run.Steps.Groups = groups
		}
	}
	report, change := sampled(uitest.Mended(uitest.Fresh(), "salesforce.session-lock"))
	storyOf(t, report, change, func(s *stage) {
		s.done()
		s.Sees("▸ ? Instance")
	})
	report, change = sampled(uitest.Mended(uitest.Fresh(), "salesforce.session-lock", "setup.package"))
	storyOf(t, report, change, func(s *stage) {
		s.done()
		s.Sees("▸ ✗ Connect and Allow")
	})
}

// A step that was asked for is there from the first frame on, whatever keys come before the first answer.
func TestAStepThatWasAskedForIsWhereItOpens(t *testing.T) {
	story(t, func(_ *stage, o *Options) { o.Start = "setup.package" }, func(s *stage) {
		if at := New(s.model.options, false).current(); at == nil || at.Step.ID != "setup.package" {
			t.Errorf("it begins at %+v", at)
		}
		s.done()
		s.Sees("▸ ✗ Package")
	})
}

// What could not be read is nothing that zsf could change: what helps comes first.
func TestWhatCouldNotBeReadIsNotOfferedToBeChanged(t *testing.T) {
	gone := &transport.Error{Service: transport.Salesforce, Kind: transport.SignInExpired, Status: 401, Code: "INVALID_SESSION_ID"}
	report := uitest.Fresh()
	finding := flow.NotKnown(flow.Say("unseen", "Reason", error(gone))).Because(gone)
	finding.Step = "salesforce.session-lock"
	uitest.Replace(&report, finding)
	asked := transport.Service("")
	storyOf(t, report, func(_ *stage, o *Options) {
		o.SignIn = func(service transport.Service) tea.Cmd {
			asked = service
			return nil
		}
	}, func(s *stage) {
		s.done()
		s.at("salesforce.session-lock")
		s.Sees("l Sign in to Salesforce")
		s.SeesNot("Turn it off for you", "c do it")
		s.Press("enter")
		if asked != transport.Salesforce {
			t.Errorf("enter leads to the sign-in of %q", asked)
		}
	})
}

// The answer to a step's question is the person's word: there is no second way to say it.
func TestAnAnswerIsAWord(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.done()
		s.at("setup.instance")
		s.Sees("c Which Salesforce org do you connect?")
		s.SeesNot("v Confirm", "v confirm")
	})
}

// What is not as it should be is said at the end, and there is nothing to see yet where no page shows tickets.
func TestTheEndSaysWhatIsNotAsItShouldBe(t *testing.T) {
	report := uitest.Well()
	pages := flow.Warned(flow.Say("access.pages.without", "Objects", []string{"Account", "Contact", "Lead", "Opportunity"})).
		Mend(flow.Open(uitest.Instance+"/lightning/setup/FlexiPageList/home", flow.Say("trail.app-builder")))
	pages.Step = "access.pages"
	uitest.Replace(&report, pages)
	storyOf(t, report, nil, func(s *stage) {
		s.done()
		s.at("setup.terms")
		s.Press("v", "enter")
		s.Pass(time.Second)
		s.at("access.pages")
		screen := strings.Join(s.lines(), "\n")
		if open, on := strings.Index(screen, " o Setup"), strings.Index(screen, " enter Leave it as it is"); open < 0 || on < open {
			t.Errorf("to leave it is not the last thing to do:\n%s", screen)
		}
		s.Press("enter")
		s.Sees("Everything is settled, though one step is not as it should be.", "Not as it should be (1)", "check --watch")
		s.SeesNot("see its tickets")
	})
}
