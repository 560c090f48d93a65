// Package symptoms is what an admin sees when the integration or a sign-in goes wrong: its cause, its fix,
// and the steps that look for the cause.
package symptoms

import (
	"strings"

	"zsf/clients/oauth"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// Known is how surely a symptom's cause and fix are known.
type Known string

// How surely it is known.
const (
	Documented Known = "documented" // a vendor's documentation says so
	Reported   Known = "reported"   // others have seen it; no vendor says it
	Recalled   Known = "recalled"   // from memory, and nowhere read again
)

// A Symptom is one thing that goes wrong, as an admin sees it. Its words are in ui/locale, below symptom.<ID>:
// sees, cause, fix, what else people call it (words), and, where Also is set, also.
type Symptom struct {
	ID     string    // what zsf explain takes
	Codes  []string  // what a service shows, letter by letter
	Steps  []flow.ID // those that look for the cause
	Help   string    // oauth.HelpFor's name for a code of a sign-in, whose cause and fix are said in its words
	Also   bool      // there is more to say
	Known  Known
	Source string // the page that says so
}

// Sees is what an admin sees.
func (s Symptom) Sees() flow.Text {
	if s.Help != "" {
		return flow.Say("explain.code", "Codes", strings.Join(s.Codes, " · "))
	}
	return s.text("sees")
}

// Cause is why.
func (s Symptom) Cause() flow.Text {
	if s.Help != "" {
		return flow.Say("oauth.help." + s.Help + ".cause")
	}
	return s.text("cause")
}

// Fix is the way out.
func (s Symptom) Fix() flow.Text {
	if s.Help != "" {
		return flow.Say("oauth.help." + s.Help + ".way_out")
	}
	return s.text("fix")
}

// More is what else there is to say; empty where there is nothing.
func (s Symptom) More() flow.Text {
	if !s.Also {
		return flow.Text{}
	}
	return s.text("also")
}

// Words are other words for it, for a search.
func (s Symptom) Words() flow.Text {
	if s.Help != "" {
		return flow.Text{}
	}
	return s.text("words")
}

// Sureness says how surely it is known.
func (s Symptom) Sureness() flow.Text { return flow.Say("explain.known." + string(s.Known)) }

func (s Symptom) text(part string) flow.Text { return flow.Say("symptom." + s.ID + "." + part) }

// Command looks for the cause; empty where no step does.
func (s Symptom) Command() string {
	if len(s.Steps) == 0 {
		return ""
	}
	names := make([]string, len(s.Steps))
	for i, step := range s.Steps {
		names[i] = string(step)
	}
	return "zsf check --only " + strings.Join(names, ",")
}

// All are the symptoms: those of the integration, then the codes of a sign-in.
func All() []Symptom {
	all := append([]Symptom{}, table...)
	for _, name := range oauth.HelpNames() {
		if name == "unknown" {
			continue
		}
		code := Symptom{
			ID: strings.ReplaceAll(name, "_", "-"), Help: name, Codes: oauth.HelpCodes(name),
			Known: Documented, Source: flowErrors,
		}
		if more, ok := ofCodes[code.ID]; ok {
			code.Also, code.Steps, code.Known, code.Source = more.Also, more.Steps, more.Known, more.Source
		}
		all = append(all, code)
	}
	return all
}

// Find is the symptom of that name.
func Find(id string) (Symptom, bool) {
	for _, symptom := range All() {
		if symptom.ID == id {
			return symptom, true
		}
	}
	return Symptom{}, false
}

// leads are the symptoms that a finding leads to, by its step, or by its summary where the step's findings differ.
var leads = map[string]string{
	"salesforce.edition":           "api-disabled",
	"zendesk.admin":                "stops-after-staff-change",
	"salesforce.connecting-user":   "cannot-connect-as-this-user",
	"salesforce.session-lock":      "disconnects-by-itself",
	"salesforce.pkce-policy":       "stops-weeks-later",
	"salesforce.streaming":         "nothing-syncs",
	"salesforce.api-room":          "daily-limit",
	"salesforce.my-domain":         "not-in-app-builder",
	"environment.one-org":          "external-id-taken",
	"setup.package":                "some-see-no-tickets",
	"setup.connect.not-installed":  "app-not-installed",
	"setup.connect.no-token":       "old-connection-dies",
	"access.profiles":              "some-see-no-tickets",
	"access.pages":                 "page-without-tickets",
	"tickets.sample.unmatched":     "empty-list",
	"zendesk.triggers.off":         "ticket-to-case-fails",
	"zendesk.triggers.webhook-off": "webhook-stops",
}

// LeadsTo is the symptom that an admin will see if the finding stays so. Only a warning or a failure leads to one.
func LeadsTo(finding flow.Finding) (Symptom, bool) {
	if finding.Verdict != flow.Fail && finding.Verdict != flow.Warn {
		return Symptom{}, false
	}
	for _, from := range []string{finding.Summary.ID, string(finding.Step)} {
		if id, ok := leads[from]; ok {
			return Find(id)
		}
	}
	return Symptom{}, false
}

// Named is the flow, each of whose findings names the symptom that it leads to, last of its remedies.
func Named(about flow.Flow) flow.Flow {
	return about.Each(naming)
}

func naming(step flow.Step) flow.Step {
	look := step.Look
	step.Look = func(w *world.World) flow.Finding {
		finding := look(w)
		finding.Step = step.ID
		if symptom, ok := LeadsTo(finding); ok {
			return finding.Mend(flow.Run("zsf explain "+symptom.ID, flow.Say("remedy.explain")))
		}
		return finding
	}
	return step
}
