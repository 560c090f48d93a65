package main

import (
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commandGroups are the commands in the order of help: what one came for first, zsf itself last.
// A command that is in none of them is listed after them.
var commandGroups = []struct {
	id    string
	names []string
}{
	{"connect", []string{"setup", "access", "reconnect", "disconnect", "move"}},
	{"look", []string{"check", "explain", "snapshot", "diff"}},
	{"tickets", []string{"tickets"}},
	{"back", []string{"undo", "journal"}},
	{"signin", []string{"auth", "profile"}},
	{"zsf", []string{"demo", "sandbox", "doctor", "cache", "completion", "version", "help"}},
}

// helpTopics are what help tells beside the commands.
var helpTopics = []string{"exit-codes", "environment"}

// helpInWords makes help speak the person's language. It is plain text: a library that colours it
// would ask the terminal for its background first, and the answer can end up in the shell.
func (p *program) helpInWords(root *cobra.Command) {
	for _, group := range commandGroups {
		root.AddGroup(&cobra.Group{ID: group.id, Title: p.words.T("help.group." + group.id)})
	}
	root.SetHelpFunc(func(command *cobra.Command, _ []string) {
		_, p.unwritten = io.WriteString(p.Stdout, p.helpText(command))
	})
	root.SetHelpCommand(p.helpCommand())
	root.InitDefaultHelpCmd()
	p.completionInWords(root)
	for _, topic := range helpTopics {
		root.AddCommand(&cobra.Command{
			Use: topic, Short: p.words.T("help.topic." + topic + ".short"), Long: p.words.T("help.topic." + topic + ".long"),
		})
	}
	for _, command := range root.Commands() {
		for _, group := range commandGroups {
			if slices.Contains(group.names, command.Name()) {
				command.GroupID = group.id
			}
		}
	}
	p.helpFlags(root)
}

func (p *program) helpFlags(command *cobra.Command) {
	command.InitDefaultHelpFlag()
	command.Flags().Lookup("help").Usage = p.words.T("flag.help")
	for _, below := range command.Commands() {
		p.helpFlags(below)
	}
}

// helpCommand is zsf help COMMAND, the same as zsf COMMAND --help.
func (p *program) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: p.words.T("help.help"),
		ValidArgsFunction: func(command *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			at, _, err := command.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, below := range at.Commands() {
				if below.IsAvailableCommand() || below.IsAdditionalHelpTopicCommand() {
					names = append(names, cobra.CompletionWithDesc(below.Name(), below.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(command *cobra.Command, args []string) error {
			about, rest, err := command.Root().Find(args)
			if err != nil || len(rest) > 0 && about.HasSubCommands() {
				return p.noSuchCommand(about, rest[0])
			}
			return about.Help()
		},
	}
}

// helpText is all that a command says of itself.
func (p *program) helpText(command *cobra.Command) string {
	about := command.Long
	if about == "" {
		about = command.Short
	}
	blocks := []string{strings.TrimRight(about, "\n ")}
	if !command.Runnable() && !command.HasAvailableSubCommands() { // a topic
		return blocks[0] + "\n"
	}
	block := func(title, body string) {
		if body != "" {
			blocks = append(blocks, title+"\n"+body)
		}
	}
	block(p.words.T("help.usage"), p.usageLines(command))
	block(p.words.T("help.examples"), strings.TrimRight(command.Example, "\n"))
	for _, group := range command.Groups() {
		block(group.Title, p.commandLines(command, group.ID))
	}
	block(p.words.T("help.commands"), p.commandLines(command, ""))
	block(p.words.T("help.flags"), p.flagLines(command.Flags(), isOwn))
	block(p.words.T("help.global-flags"), p.flagLines(persistentFlags(command), isGlobal))
	switch command.CommandPath() {
	case "zsf", "zsf demo", "zsf sandbox":
		block(p.words.T("help.sandbox-flags"), p.flagLines(persistentFlags(command), isOfSandbox))
	}
	if !command.HasParent() {
		block(p.words.T("help.topics"), p.topicLines(command))
	}
	return strings.Join(blocks, "\n\n") + "\n"
}

func (p *program) usageLines(command *cobra.Command) string {
	var lines []string
	if command.Runnable() {
		lines = append(lines, "  "+p.useLine(command))
	}
	if command.HasAvailableSubCommands() {
		lines = append(lines, "  "+command.CommandPath()+" "+p.words.T("help.command-word"))
	}
	return strings.Join(lines, "\n")
}

// useLine is how a command is written: zsf diff A B [flags].
func (p *program) useLine(command *cobra.Command) string {
	return strings.TrimSuffix(command.UseLine(), "[flags]") + p.words.T("help.flags-word")
}

// commandLines are the commands of a group, one a line.
func (p *program) commandLines(command *cobra.Command, group string) string {
	var rows [][2]string
	for _, below := range command.Commands() {
		if below.IsAvailableCommand() && below.GroupID == group {
			rows = append(rows, [2]string{below.Name(), below.Short})
		}
	}
	for _, known := range commandGroups {
		if known.id == group {
			slices.SortStableFunc(rows, func(a, b [2]string) int {
				return slices.Index(known.names, a[0]) - slices.Index(known.names, b[0])
			})
		}
	}
	return p.columns(rows, command.NamePadding())
}

func (p *program) topicLines(command *cobra.Command) string {
	var rows [][2]string
	for _, below := range command.Commands() {
		if below.IsAdditionalHelpTopicCommand() {
			rows = append(rows, [2]string{"zsf help " + below.Name(), below.Short})
		}
	}
	return p.columns(append(rows, [2]string{"zsf COMMAND --help", p.words.T("help.more")}), 0)
}

// persistentFlags are those that every command has.
func persistentFlags(command *cobra.Command) *pflag.FlagSet { return command.Root().PersistentFlags() }

func isOwn(flag *pflag.Flag) bool { return !isGlobal(flag) && !isOfSandbox(flag) }

func isGlobal(flag *pflag.Flag) bool {
	return slices.Contains([]string{"demo", "json", "lang", "plain", "profile", "timeout", "trace"}, flag.Name)
}

func isOfSandbox(flag *pflag.Flag) bool { return slices.Contains(sandboxFlags, flag.Name) }

// flagLines are those flags that are meant, one a line, with what follows them and what they are without.
func (p *program) flagLines(flags *pflag.FlagSet, meant func(*pflag.Flag) bool) string {
	var rows [][2]string
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden || !meant(flag) {
			return
		}
		name := "    --" + flag.Name
		if flag.Shorthand != "" {
			name = "-" + flag.Shorthand + ", --" + flag.Name
		}
		if word := placeholder(flag); word != "" {
			name += " " + word
		}
		text := flag.Usage
		if value := strings.Trim(flag.DefValue, "[]"); !slices.Contains([]string{"", "0", "0s", "false"}, value) {
			text += " " + p.words.T("help.default", "Value", strings.Replace(value, "m0s", "m", 1))
		}
		rows = append(rows, [2]string{name, text})
	})
	return p.columns(rows, 0)
}

// placeholders are what follows a flag, where its kind does not tell.
var placeholders = map[string]string{
	"against": "ID|FILE", "answer": "KEY=VALUE", "answers": "FILE", "attach": "FILE", "client-secret-file": "FILE", "comment-file": "FILE",
	"field": "NAME=VALUE", "from": "PROFILE", "html": "FILE", "jwt-key": "FILE", "junit": "FILE", "lang": "en|ko", "layout": "guide|newer",
	"listen": "HOST:PORT", "only": "STEPS", "profile": "NAME", "say": "QUESTION=ANSWER", "scenario": "NAME", "sf": "[ALIAS]",
	"store": "keychain|file", "to": "PROFILE", "trace": "FILE", "url": "ADDRESS", "who": "NAME", "environment": "sandbox|production",
}

// placeholder is what follows a flag; empty where nothing does.
func placeholder(flag *pflag.Flag) string {
	if word := placeholders[flag.Name]; word != "" {
		return word
	}
	switch flag.Value.Type() {
	case "bool":
		return ""
	case "duration":
		return "10s"
	case "int", "uint64":
		return "N"
	case "stringSlice":
		return "A,B"
	}
	return "TEXT"
}

// columns sets rows in two columns; the second one is wrapped between words.
func (p *program) columns(rows [][2]string, first int) string {
	const widest = 30 // a longer name has its line for itself
	for _, row := range rows {
		if width := ansi.StringWidth(row[0]); width <= widest {
			first = max(first, width)
		}
	}
	var lines []string
	for _, row := range rows {
		wrapped := wrapWords(row[1], max(p.helpWidth()-first-4, 20))
		lead := "  " + row[0] + strings.Repeat(" ", max(first-ansi.StringWidth(row[0]), 0)) + "  "
		if ansi.StringWidth(row[0]) > first {
			lines = append(lines, "  "+row[0])
			lead = strings.Repeat(" ", first+4)
		}
		for _, line := range wrapped {
			lines = append(lines, strings.TrimRight(lead+line, " "))
			lead = strings.Repeat(" ", first+4)
		}
	}
	return strings.Join(lines, "\n")
}

// wrapWords breaks text between words, and nowhere else: --dry-run stays whole.
func wrapWords(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case ansi.StringWidth(*last)+1+ansi.StringWidth(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// helpWidth is as wide as the terminal, but not so wide that the eye gets lost.
func (p *program) helpWidth() int {
	file, ok := p.Stdout.(interface{ Fd() uintptr })
	if !p.Terminal || !ok {
		return plainWidth
	}
	width, _, err := term.GetSize(file.Fd())
	if err != nil || width <= 0 {
		return plainWidth
	}
	return min(width, plainWidth)
}
