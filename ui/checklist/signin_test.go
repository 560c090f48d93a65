package checklist

import (
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// expired is a look at an account whose sign-in has ended.
func expired() flow.Report {
	report := uitest.Well()
	for i, finding := range report.Findings {
		if finding.Step == "zendesk.signin" {
			report.Findings[i] = flow.Failed(flow.Raw("the sign-in has ended")).Mend(flow.Run("zsf auth login zendesk", flow.Raw("Sign in anew")))
			report.Findings[i].Step = "zendesk.signin"
		}
	}
	return report
}

func TestAStepAboutASignInLeadsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signIns := map[flow.ID]SignIn{"zendesk.signin": {Service: transport.Zendesk}, "salesforce.signin": {Off: "off.variable-salesforce"}}
		s := set(t, frameOf(t, "en", 100, 30, theme.Terminal{}), expired(), func(options *Options) { options.SignIns = signIns }).done()
		defer s.model.Leave()
		var asked []parts.SignIn
		update := s.Update
		s.Update = func(message tea.Msg) tea.Cmd {
			if in, ok := message.(parts.SignIn); ok {
				asked = append(asked, in)
				return nil
			}
			return update(message)
		}
		s.Sees("l Sign in anew", "$ zsf auth login zendesk", "l sign in")
		s.Press("l")
		if len(asked) != 1 || asked[0].Service != transport.Zendesk {
			t.Errorf("asked for %v", asked)
		}
		s.model.choose("salesforce.signin")
		s.Press("l")
		s.Sees("ZSF_SALESFORCE_ACCESS_TOKEN is set, and goes before")
		s.model.choose("salesforce.session-lock")
		s.Press("l")
		s.Sees("This step is not about a sign-in.")
		if len(asked) != 1 {
			t.Errorf("asked for %v", asked)
		}

		// Somebody has signed in: everything is looked at again, without a key.
		s.checker.Finds(uitest.Well())
		looks := len(s.checker.Looks())
		s.Do(s.model.SignedIn(s.model.options))
		s.done()
		s.SeesNot("the sign-in has ended")
		if got := s.checker.Looks(); len(got) != looks+1 || got[looks] != "" {
			t.Errorf("looks: %v", got)
		}
	})
}
