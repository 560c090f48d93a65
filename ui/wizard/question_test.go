package wizard

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/ui/uitest"
)

func TestProfilesAreTicked(t *testing.T) {
	storyOf(t, connected(), nil, func(s *stage) {
		s.done()
		s.at("access.profiles")
		s.Press("c")
		s.Sees("Which profiles may see tickets?", "2 of 12 ticked", "[x] System Administrator", "[ ] Standard User")
		s.Press("space")
		s.Sees("This one stays ticked: the guide requires it", "[x] System Administrator")
		s.Press("/")
		s.types("sq영업") // letters are letters while one types
		s.Sees("Nothing has these letters.")
		s.Press("esc", "/")
		s.types("sales")
		s.Press("enter", "space")
		s.SeesNot("Standard User")
		s.Sees("3 of 12 ticked", "▸ [x] Sales User")
		for _, size := range [][2]int{{60, 16}, {200, 50}, {80, 24}, {120, 40}} {
			s.resize(size[0], size[1])
			s.fits()
			s.Sees("▸ [x] Sales User")
		}
		s.Press("esc") // to the step, with everything kept
		s.Press("p", "n", "c")
		s.Sees("3 of 12 ticked", "▸ [x] Sales User")
		s.Press("enter")
		s.Pass(2 * time.Second)
		s.Sees("92 people gain access.", "8 people lose access.", "may not use it → may use it")
		s.called(`answer access.profiles ["System Administrator" "Support User" "Sales User"]`, "prepare access.profiles")
		s.Press("esc", "c")
		s.Sees("3 of 12 ticked")
	})
}

func TestALinkIsPastedCheckedAndKept(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.done()
		s.at("setup.package")
		s.Press("c")
		s.types("q?cv s")
		s.Press("backspace", "enter")
		s.Sees("q?cv ", `"q?cv" is no install link`)
		s.resize(60, 16)
		s.fits()
		s.Sees("q?cv ", "no install link")
		s.resize(120, 40)
		s.Press("ctrl+u", "enter")
		s.Sees("has no answer yet")
		s.Send(tea.PasteMsg{Content: "https://login.salesforce.com/packaging/installPackage.apexp?p0=04t5g000000ABCD"})
		s.SeesNot("has no answer yet")
		s.run.Prepares = func(flow.ID) (flow.Change, error) { return flow.Change{}, errAway }
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("Nothing was done: Salesforce is not working")
		s.run.Prepares = uitest.Prepared
		s.Press("c")
		s.Sees("installPackage.apexp?p0=04t5g000000ABCD") // kept through the failure
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("not installed → package version")
	})
}

func TestTheInstanceIsChosenByAWord(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.done()
		s.at("setup.instance")
		s.Press("enter")
		s.Sees("Which Salesforce org do you connect?", "▸ Sandbox")
		s.Press("enter")
		s.Pass(2 * time.Second)
		s.called(`answer setup.instance ["sandbox"]`, "confirm setup.instance by jpark")
		s.Sees("◦ Instance", "▸ ✗ Package", "Instance: confirmed by jpark.")
	})
}

// Where nobody knows who sits at the machine, a name is asked for, and nothing that is none is offered.
func TestNobodyVouchesWithoutAName(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.done()
		s.model.by = s.model.frame.Words.T("walk.somebody")
		s.at("setup.terms")
		s.Press("v")
		s.SeesNot("somebody")
		s.Press("enter")
		s.Sees("A name is needed")
	})
}

func TestAPersonVouchesWithAName(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.done()
		s.Press("v")
		s.Sees("A service's API tells about this step")
		s.at("setup.terms")
		s.Press("v")
		s.Sees("You vouch for it", "Your name:  jpark")
		s.Press("ctrl+u", "enter")
		s.Sees("A name is needed")
		s.types("J. Vq")
		s.run.Notes = errNotes
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("Nothing was done: the disk is full", "J. Vq")
		s.resize(60, 16)
		s.Sees("J. Vq")
		s.resize(120, 40)
		s.run.Notes = nil
		s.Press("enter", "enter")
		s.Pass(time.Second)
		s.Sees("▸ ✗ Connect and Allow", "◦ Terms of use", "Terms of use: confirmed by J. Vq.")
		s.called("confirm setup.terms by J. Vq", "confirm setup.terms by J. Vq")
		s.at("setup.instance")
		s.Press("v")
		s.Sees("Your name:  J. Vq")
		s.Press("esc")
		s.at("setup.terms")
		s.Sees("confirmed by you: J. Vq said so", "V Take the word back")
		s.Press("V")
		s.Pass(time.Second)
		s.Sees("▸ ? Terms of use", "the word is taken back")
	})
}
