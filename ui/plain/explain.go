// Symptoms, as lines of text.

package plain

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"zsf/flows/symptoms"
)

// few are so many symptoms that all of them can be told whole.
const few = 3

// Symptoms prints what a search found: a few whole, more of them as a list to choose from.
func (p Printer) Symptoms(found []symptoms.Symptom) error {
	var b strings.Builder
	if len(found) > few {
		p.names(&b, found)
		fmt.Fprintf(&b, "\n%s\n", p.Words.T("explain.several", "Count", len(found)))
		return p.print(b.String())
	}
	for i, symptom := range found {
		if i > 0 {
			b.WriteString("\n")
		}
		p.symptom(&b, symptom)
	}
	return p.print(b.String())
}

// AllSymptoms lists what zsf explain knows: the integration's symptoms, then the codes of a sign-in.
func (p Printer) AllSymptoms(all []symptoms.Symptom) error {
	var integration, codes []symptoms.Symptom
	for _, symptom := range all {
		if symptom.Help == "" {
			integration = append(integration, symptom)
		} else {
			codes = append(codes, symptom)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", p.Words.T("explain.integration"))
	p.names(&b, integration)
	fmt.Fprintf(&b, "\n%s\n", p.Words.T("explain.codes"))
	p.names(&b, codes)
	return p.print(b.String())
}

func (p Printer) names(b *strings.Builder, listed []symptoms.Symptom) {
	wide := 0
	for _, symptom := range listed {
		wide = max(wide, ansi.StringWidth(symptom.ID))
	}
	for _, symptom := range listed {
		fmt.Fprintf(b, "  %s  %s\n", pad(symptom.ID, wide), p.Words.Say(symptom.Sees()))
	}
}

func (p Printer) symptom(b *strings.Builder, symptom symptoms.Symptom) {
	fmt.Fprintf(b, "%s  (%s)\n", p.Words.Say(symptom.Sees()), symptom.ID)
	line := func(id string, args ...any) { fmt.Fprintf(b, "  %s\n", p.Words.T(id, args...)) }
	if symptom.Help == "" && len(symptom.Codes) > 0 {
		line("explain.shows", "Codes", strings.Join(symptom.Codes, " · "))
	}
	line("explain.cause", "What", symptom.Cause())
	line("explain.fix", "What", symptom.Fix())
	if more := symptom.More(); !more.Empty() {
		line("explain.more", "What", more)
	}
	if command := symptom.Command(); command != "" {
		line("explain.look", "Command", command)
	}
	line("explain.sure", "What", symptom.Sureness())
	if symptom.Source != "" {
		line("explain.read", "Source", symptom.Source)
	}
}
