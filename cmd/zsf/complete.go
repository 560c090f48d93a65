package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zsf/clients/sandbox"
	"zsf/clients/settings"
	"zsf/flows"
	"zsf/flows/flow"
	"zsf/flows/symptoms"
	"zsf/flows/tickets"
	"zsf/flows/world"
	"zsf/ui/faces"
	"zsf/ui/locale"
)

// completionInWords gives the shell what can follow: names of the profiles and what else is known without
// asking a service.
func (p *program) completionInWords(root *cobra.Command) {
	root.InitDefaultCompletionCmd("completion")
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	p.completeBelow(root)
	completion, _, err := root.Find([]string{"completion"})
	if err != nil {
		return
	}
	completion.Short, completion.Long = p.words.T("help.completion.short"), p.words.T("help.completion.long")
	for _, shell := range completion.Commands() {
		shell.Short = p.words.T("help.completion.shell-short", "Shell", shell.Name())
		shell.Long = p.words.T("help.completion." + shell.Name())
		shell.DisableFlagsInUseLine = false
		if flag := shell.Flags().Lookup("no-descriptions"); flag != nil {
			flag.Usage = p.words.T("help.completion.no-descriptions")
		}
	}
}

func (p *program) completeBelow(command *cobra.Command) {
	flags := func(flag *pflag.Flag) {
		values := p.valuesOf(command, flag)
		if values == nil {
			return
		}
		_ = command.RegisterFlagCompletionFunc(flag.Name, values) // fails for one that is registered already
	}
	command.LocalFlags().VisitAll(flags)
	if values := p.wordsOf(command); values != nil {
		command.ValidArgsFunction = values
	}
	for _, below := range command.Commands() {
		p.completeBelow(below)
	}
}

// valuesOf is what can follow a flag; nil: nothing that is known.
func (p *program) valuesOf(command *cobra.Command, flag *pflag.Flag) cobra.CompletionFunc {
	switch placeholder(flag) {
	case "FILE", "ID|FILE":
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault)
	}
	switch flag.Name {
	case "profile", "from", "to":
		return p.profileNames
	case "scenario":
		return p.scenarios
	case "only":
		return p.stepsOf(command)
	case "lang":
		return oneOf(locale.Languages...)
	case "layout":
		return oneOf("guide", string(world.NewerLayout))
	case "store":
		return oneOf("keychain", "file")
	case "environment":
		return oneOf(string(world.Sandbox), string(world.Production))
	case "kind":
		return oneOf(kindNames()...)
	case "match":
		return oneOf(named(tickets.Ways)...)
	case "sort":
		return oneOf(named(tickets.Sorts)...)
	case "status":
		return oneOf(tickets.Statuses...)
	case "priority":
		return oneOf(tickets.Priorities[1:]...)
	case "with":
		return oneOf(tickets.KinKinds...)
	case "fields":
		var names []string
		for _, field := range faces.TicketFields {
			names = append(names, field.Name)
		}
		return oneOf(names...)
	case "say":
		return oneOf(questionNames()...)
	}
	return nil
}

// wordsOf is what can follow a command.
func (p *program) wordsOf(command *cobra.Command) cobra.CompletionFunc {
	switch command.CommandPath() {
	case "zsf profile default", "zsf profile remove", "zsf profile rename":
		return p.profileNames
	case "zsf profile match":
		return oneOf(append(named(tickets.Ways), asTheIntegration)...)
	case "zsf diff":
		return cobra.FixedCompletions([]string{sideNow}, cobra.ShellCompDirectiveDefault)
	case "zsf explain":
		return p.symptomNames
	}
	return nil
}

func oneOf(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

// profileNames reads the settings; where they cannot be read there is nothing to offer.
func (p *program) profileNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if file, err := settings.Open(p.Getenv); err == nil {
		if known, err := file.Load(); err == nil {
			names = known.Names()
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (p *program) scenarios(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, scenario := range sandbox.Scenarios() {
		names = append(names, cobra.CompletionWithDesc(scenario.Name, p.words.T("scenario."+scenario.Name)))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (p *program) symptomNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, symptom := range symptoms.All() {
		names = append(names, symptom.ID)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// stepsOf are the steps of the flow that a command walks.
func (p *program) stepsOf(command *cobra.Command) cobra.CompletionFunc {
	about := map[string]flow.Flow{
		"check": flows.Preflight, "setup": flows.Setup(world.GuideLayout), "access": flows.Access,
		"reconnect": flows.Reconnect(world.GuideLayout), "disconnect": flows.Disconnect(world.GuideLayout),
	}[command.Name()]
	var names []string
	for _, step := range about.Steps() {
		names = append(names, cobra.CompletionWithDesc(string(step.ID), p.words.Say(step.Title())))
	}
	return oneOf(names...)
}
