// A service that is at work on what was asked of it.

package wizard

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/ui/uitest"
)

func TestAServiceAtWorkIsWatched(t *testing.T) {
	story(t, func(s *stage, _ *Options) { s.run.Makes = uitest.MadeAs(flow.Underway) }, func(s *stage) {
		s.done()
		s.at("setup.package")
		s.Press("c")
		s.Send(tea.PasteMsg{Content: "  https://login.salesforce.com/packaging/installPackage.apexp?p0=04t5g000000ABCD\n"})
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("No API takes a package away again")
		s.run.Finds(uitest.Installing())
		s.Press("D")
		s.Pass(4 * time.Minute)
		s.Sees("The service is at work on it", "goes on without you", "  We look every few seconds. Last look")
		s.SeesNot("takes longer than usual", "private window")
		s.Pass(2 * time.Minute)
		s.Sees("takes longer than usual", "Admin Center › Apps and integrations")
		s.run.Finds(uitest.Mended(uitest.Fresh(), "setup.package"))
		s.Pass(time.Minute)
		s.Sees("▸ ? Terms of use")
	})
}

// An installation that fails is said at once, with what the service said; what became of it is written down.
func TestAServiceThatFailsIsNotWaitedFor(t *testing.T) {
	story(t, func(s *stage, _ *Options) { s.run.Makes = uitest.MadeAs(flow.Underway) }, func(s *stage) {
		s.done()
		s.at("setup.package")
		s.Press("c")
		s.Send(tea.PasteMsg{Content: "https://login.salesforce.com/packaging/installPackage.apexp?p0=04t5g000000ABCD"})
		s.Press("enter")
		s.Pass(time.Second)
		s.run.Finds(uitest.Installing())
		s.Press("D")
		s.Pass(time.Minute)
		s.Sees("The service is at work on it")
		s.run.Finds(uitest.InstallFailed())
		s.Pass(10 * time.Second)
		s.Sees("It was not made. The page is the other way to do it.", "deployment failed", "c Install it for you")
		s.SeesNot("The service is at work", "has taken it on")
		if calls := s.run.Calls(); calls[len(calls)-1] != "recover" {
			t.Errorf("the run was asked for %q", calls)
		}
	})
}

// What is on the screen of a step is not older than what was seen of it.
func TestWhatWasUnderwayIsNotSaidForEver(t *testing.T) {
	story(t, func(s *stage, _ *Options) { s.run.Makes = uitest.MadeAs(flow.Underway) }, func(s *stage) {
		s.done()
		s.at("setup.package")
		s.Press("c")
		s.Send(tea.PasteMsg{Content: "https://login.salesforce.com/packaging/installPackage.apexp?p0=04t5g000000ABCD"})
		s.Press("enter")
		s.Pass(time.Second)
		s.run.Finds(uitest.Installing())
		s.Press("D")
		s.Pass(time.Minute)
		s.Press("esc")
		s.Sees("has taken it on", "being installed right now")
		s.run.Finds(uitest.InstallFailed())
		s.Press("r")
		s.Pass(10 * time.Second)
		s.Sees("failed: not installed")
		s.SeesNot("has taken it on")
	})
}
