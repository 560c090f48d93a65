package wizard

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/exp/golden"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// at leads to a step by its number in the flow.
func (s *stage) at(id flow.ID) *stage {
	s.T.Helper()
	at, ok := s.model.find(id)
	if !ok {
		s.T.Fatalf("no step %s", id)
	}
	key := "right"
	if s.model.at > at {
		key = "left"
	}
	for range max(at-s.model.at, s.model.at-at) {
		s.Press(key)
	}
	if s.model.at != at {
		s.T.Fatalf("the keys do not lead to %s", id)
	}
	s.Pass(6 * time.Second) // no toast, no key
	return s
}

// A scene is a state of the wizard to look at.
type scene struct {
	name   string
	report func() flow.Report
	set    func(*stage, *Options)
	play   func(*stage)
}

func fresh() flow.Report { return uitest.Fresh() }

// connected is Fresh after the connection, before the people are chosen.
func connected() flow.Report {
	report := uitest.Mended(uitest.Fresh(), "salesforce.session-lock", "setup.instance", "setup.package", "setup.connect", "access.pages")
	self := flow.Failed(flow.Say("access.permitted-users.self")).With(uitest.Bad(flow.Say("fact.self-authorize"), "ConnectedApplication"))
	self.Step, self.ReadAt = "access.permitted-users", uitest.Read
	remedy := flow.Open(uitest.Instance+"/lightning/setup/ConnectedApplication/home", flow.Say("trail.permitted-users"))
	remedy.Clicks = flow.Say("clicks.permitted-users")
	uitest.Replace(&report, self.Mend(remedy))
	profiles := flow.Failed(flow.Say("access.profiles.no-admin", "Admin", "System Administrator")).
		With(uitest.Bad(flow.Say("fact.profile-missing", "Profile", "System Administrator"), "SetupEntityAccess"))
	profiles.Step, profiles.ReadAt = "access.profiles", uitest.Read
	uitest.Replace(&report, profiles)
	return report
}

var errAway = &transport.Error{Service: transport.Salesforce, Kind: transport.Unavailable, Host: "acme--dev.sandbox.my.salesforce.com", Call: "POST /services/Soap/m/65.0", Status: 503}

func scenes() []scene {
	press := func(keys ...string) func(*stage) {
		return func(s *stage) {
			s.Press(keys...)
			s.Pass(time.Second)
		}
	}
	return []scene{
		{name: "looking", report: fresh, set: func(s *stage, _ *Options) { s.run.Pause = 300 * time.Millisecond }, play: nil},
		{name: "step", report: fresh, play: func(*stage) {}},
		{name: "holds", report: fresh, play: func(s *stage) { s.at("salesforce.edition") }},
		{name: "blocked", report: fresh, play: func(s *stage) { s.at("access.profiles") }},
		{name: "preview", report: fresh, play: press("c")},
		{name: "making", report: fresh, set: func(s *stage, _ *Options) { s.run.Takes = 3 * time.Second }, play: func(s *stage) {
			s.Press("c")
			s.Pass(4 * time.Second)
			s.Press("D")
			s.Pass(2100 * time.Millisecond)
		}},
		{name: "made", report: fresh, play: func(s *stage) {
			s.Press("c")
			s.Pass(time.Second)
			s.run.Finds(uitest.Mended(fresh(), "salesforce.session-lock"))
			s.Press("D")
			s.Pass(time.Second)
		}},
		{name: "made-moved", report: fresh, set: func(s *stage, _ *Options) {
			s.run.Makes = uitest.MadeAs(flow.Made, flow.Difference{Path: "sessionSettings.sessionTimeout", Before: "TwoHours", After: "FourHours"})
		}, play: func(s *stage) {
			s.Press("c")
			s.Pass(time.Second)
			s.run.Finds(uitest.Mended(fresh(), "salesforce.session-lock"))
			s.Press("D")
			s.Pass(time.Second)
		}},
		{name: "not-made", report: fresh, set: func(s *stage, _ *Options) {
			s.run.Makes = func(change flow.Change) (run.Result, error) {
				return run.Result{Change: change, Entry: 12, Outcome: flow.NotMade, Err: &transport.Error{
					Service: transport.Salesforce, Kind: transport.Forbidden, Host: "acme", Call: "updateMetadata", Status: 500,
					Code: "INSUFFICIENT_ACCESS", Message: "You do not have the Modify Metadata permission",
				}}, nil
			}
		}, play: func(s *stage) {
			s.Press("c")
			s.Pass(time.Second)
			s.Press("D")
			s.Pass(time.Second)
		}},
		{name: "moved-meanwhile", report: fresh, set: func(s *stage, _ *Options) {
			s.run.Makes = func(flow.Change) (run.Result, error) {
				return run.Result{}, fmt.Errorf("lock: %w", &run.MovedError{Differences: []flow.Difference{{Path: "passwordPolicies.minimumPasswordLength", Before: "8", After: "12"}}})
			}
		}, play: func(s *stage) {
			s.Press("c")
			s.Pass(time.Second)
			s.Press("D")
			s.Pass(2 * time.Second)
		}},
		{name: "unknown-end", report: fresh, set: func(s *stage, _ *Options) {
			s.run.Makes = func(change flow.Change) (run.Result, error) {
				return run.Result{Change: change, Entry: 12}, fmt.Errorf("read again: %w", errAway)
			}
		}, play: func(s *stage) {
			s.Press("c")
			s.Pass(time.Second)
			s.Press("D")
			s.Pass(time.Second)
		}},
		{name: "take-back", report: fresh, set: func(s *stage, _ *Options) {
			s.run.Keep(run.Recorded{Entry: 12, At: uitest.Read, Who: "jpark", Change: uitest.LockChange(), Outcome: flow.Made})
		}, play: press("u")},
		{name: "waiting", report: connected, play: func(s *stage) {
			s.at("access.permitted-users")
			s.Press("o")
			s.Pass(83 * time.Second)
		}},
		{name: "waiting-person", report: fresh, play: func(s *stage) {
			s.at("setup.terms")
			s.Press("o")
			s.Pass(10 * time.Second)
		}},
		{name: "waiting-service", report: fresh, set: func(s *stage, _ *Options) { s.run.Makes = uitest.MadeAs(flow.Underway) }, play: func(s *stage) {
			s.at("setup.package")
			s.Press("c")
			s.Send(tea.PasteMsg{Content: "https://login.salesforce.com/packaging/installPackage.apexp?p0=04t5g000000ABCDEAA"})
			s.Press("enter")
			s.Pass(time.Second)
			s.run.Finds(uitest.Installing())
			s.Press("D")
			s.Pass(7 * time.Minute)
		}},
		{name: "done", report: connected, play: func(s *stage) {
			s.at("access.permitted-users")
			s.Press("o")
			s.Pass(10 * time.Second)
			s.run.Finds(uitest.Mended(connected(), "access.permitted-users"))
			s.Pass(1500 * time.Millisecond)
		}},
		{name: "away", report: connected, play: func(s *stage) {
			s.at("access.permitted-users")
			s.Press("o")
			report := connected()
			away := flow.NotKnown(flow.Say("unseen", "Reason", error(errAway))).Because(errAway).
				Mend(flow.Open(uitest.Instance+"/lightning/setup/ConnectedApplication/home", flow.Say("trail.permitted-users")))
			away.Step, away.ReadAt = "access.permitted-users", uitest.Read
			uitest.Replace(&report, away)
			s.run.Finds(report)
			s.Pass(10 * time.Second)
		}},
		{name: "profiles", report: connected, play: func(s *stage) {
			s.at("access.profiles")
			s.Press("c", "down", "down", "space")
		}},
		{name: "profiles-filter", report: connected, play: func(s *stage) {
			s.at("access.profiles")
			s.Press("c", "/", "u", "s", "e", "r")
		}},
		{name: "profiles-preview", report: connected, play: func(s *stage) {
			s.at("access.profiles")
			s.Press("c", "enter")
			s.Pass(time.Second)
		}},
		{name: "link", report: fresh, play: func(s *stage) {
			s.at("setup.package")
			s.Press("c")
			s.types("04t")
			s.Press("enter")
		}},
		{name: "instance", report: fresh, play: func(s *stage) {
			s.at("setup.instance")
			s.Press("c")
		}},
		{name: "vouch", report: fresh, play: func(s *stage) {
			s.at("setup.terms")
			s.Press("v")
		}},
		{name: "vouched", report: fresh, play: func(s *stage) {
			s.at("setup.terms")
			s.Press("v", "enter")
			s.Pass(time.Second)
			s.at("setup.terms")
		}},
		{name: "leave", report: fresh, play: press("s")},
		{name: "skipped", report: fresh, play: func(s *stage) {
			s.Press("s", "s")
			s.Pass(time.Second)
			s.at("salesforce.session-lock")
		}},
		{name: "trouble", report: fresh, set: func(s *stage, _ *Options) {
			s.run.Prepares = func(flow.ID) (flow.Change, error) { return flow.Change{}, errAway }
		}, play: press("c")},
		{name: "unseen", report: unseen, set: func(_ *stage, o *Options) { o.SignIn = func(transport.Service) tea.Cmd { return nil } }, play: func(*stage) {}},
		{name: "watching", report: fresh, set: func(s *stage, _ *Options) { s.run.Watching = true }, play: press("c")},
		{name: "recovered", report: fresh, set: func(s *stage, _ *Options) {
			s.run.Left = []run.Result{{Change: uitest.LockChange(), Entry: 12, Outcome: flow.NotMade, Err: run.ErrNotMade}}
		}, play: func(*stage) {}},
		{name: "end", report: uitest.Well, set: func(s *stage, _ *Options) {
			s.run.Keep(run.Recorded{Entry: 12, At: uitest.Read, Who: "jpark", Change: uitest.LockChange(), Outcome: flow.Made})
		}, play: func(s *stage) {
			s.Press("v", "enter")
			s.Pass(6 * time.Second)
		}},
		{name: "end-open", report: fresh, play: func(s *stage) {
			s.Press("s", "s")
			s.Pass(time.Second)
			for range 20 {
				s.Press("right")
			}
			s.Pass(6 * time.Second)
		}},
		{name: "help", report: fresh, play: press("?")},
	}
}

func unseen() flow.Report {
	report := uitest.Fresh()
	missing := &transport.Error{Service: transport.Salesforce, Kind: transport.SignInMissing}
	finding := flow.Failed(flow.Say("signin.missing")).Because(missing).
		Mend(flow.Run("zsf auth login salesforce", flow.Say("remedy.signin-salesforce")))
	finding.Step, finding.Unseen, finding.ReadAt, finding.LeadsTo = "salesforce.signin", true, uitest.Read, flow.Say("salesforce.signin.leads_to")
	uitest.Replace(&report, finding)
	return report
}

var errNotes = errors.New("the disk is full")

func TestGolden(t *testing.T) {
	coloured := map[string]bool{"step": true, "preview": true}
	for _, scene := range scenes() {
		for _, tag := range []string{"en", "ko"} {
			for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
				for name, terminal := range map[string]theme.Terminal{"colour": {Profile: colorprofile.TrueColor}, "plain": {}} {
					if name == "colour" && !coloured[scene.name] {
						continue
					}
					t.Run(fmt.Sprintf("%s/%s-%dx%d-%s", scene.name, tag, size[0], size[1], name), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							s := set(t, frameOf(t, tag, size[0], size[1], terminal), scene.report(), scene.set)
							defer s.model.Leave()
							if scene.play == nil {
								s.Pass(1310 * time.Millisecond)
							} else {
								s.done()
								scene.play(s)
							}
							s.fits()
							golden.RequireEqual(t, s.Render())
						})
					})
				}
			}
		}
	}
}
