package main

import (
	"strings"

	"github.com/spf13/cobra"

	"zsf/flows/flow"
	"zsf/flows/symptoms"
	"zsf/ui/locale"
	"zsf/ui/plain"
	"zsf/ui/report"
)

func (p *program) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [WORDS]",
		Short: p.words.T("cli.explain.short"),
		Long:  p.words.T("cli.explain.long"),
		Example: "  zsf explain\n  zsf explain OAUTH_APPROVAL_ERROR_GENERIC\n" +
			"  zsf explain tickets do not become cases\n  zsf explain disconnects-by-itself --json",
		RunE: func(_ *cobra.Command, args []string) error { return p.runExplain(strings.Join(args, " ")) },
	}
}

// runExplain says what a code, a message or a symptom means; all that it knows where nothing is named.
func (p *program) runExplain(query string) error {
	printed := plain.Printer{Out: p.Stdout, Words: p.words}
	if strings.TrimSpace(query) == "" {
		if p.json {
			return report.WriteSymptoms(p.Stdout, p.words, symptoms.All())
		}
		return printed.AllSymptoms(symptoms.All())
	}
	says, err := everyLanguage()
	if err != nil {
		return err
	}
	found := symptoms.Search(query, says)
	switch {
	case len(found) == 0:
		return &hintedError{
			code: "no-symptom", message: p.words.T("explain.none", "Words", query), hint: p.words.T("explain.none-hint"),
		}
	case p.json:
		return report.WriteSymptoms(p.Stdout, p.words, found)
	}
	return printed.Symptoms(found)
}

// everyLanguage says a text in each language that zsf speaks: people search in theirs, whatever the program's is.
func everyLanguage() (func(flow.Text) []string, error) {
	var spoken []*locale.Locale
	for _, tag := range locale.Languages {
		words, err := locale.New(tag)
		if err != nil {
			return nil, err
		}
		spoken = append(spoken, words)
	}
	return func(text flow.Text) []string {
		said := make([]string, len(spoken))
		for i, words := range spoken {
			said[i] = words.Say(text)
		}
		return said
	}, nil
}
