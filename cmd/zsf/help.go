package main

import (
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"zsf/ui/locale"
)

// helpInWords makes help speak the person's language. It is plain text: a library that colours it
// would ask the terminal for its background first, and the answer can end up in the shell.
func (p *program) helpInWords(root *cobra.Command) {
	heading := func(id string) string { return p.words.T("help." + id) }
	root.SetUsageTemplate(heading("usage") + `
{{if .Runnable}}  {{.UseLine}}
{{end}}{{if .HasAvailableSubCommands}}  {{.CommandPath}} COMMAND
{{end}}{{if .HasExample}}
` + heading("examples") + `
{{.Example}}
{{end}}{{if .HasAvailableSubCommands}}
` + heading("commands") + `
{{range .Commands}}{{if .IsAvailableCommand}}  {{rpad .Name .NamePadding}} {{.Short}}
{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}
` + heading("flags") + `
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}
{{end}}{{if .HasAvailableInheritedFlags}}
` + heading("global-flags") + `
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}
{{end}}`)
	root.SetHelpTemplate(`{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}

{{end}}{{.UsageString}}`)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, command := range append(root.Commands(), root) {
		switch command.Name() {
		case "help":
			command.Short = p.words.T("help.help")
		case "completion":
			command.Short = p.words.T("help.completion")
		}
		command.InitDefaultHelpFlag()
		if flag := command.Flags().Lookup("help"); flag != nil {
			flag.Usage = p.words.T("flag.help")
		}
	}
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: p.words.T("cli.version.short"),
		Args:  p.noArgs,
		RunE: func(*cobra.Command, []string) error {
			return p.print("zsf " + version() + "\n")
		},
	}
}

// version is what the build knows of itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return strings.TrimPrefix(info.Main.Version, "(devel)") + " " + setting.Value[:12]
		}
	}
	return info.Main.Version
}

// languageOf is --lang where it is given, else what the environment says. It is read before the
// flags are, as their help is in words too.
func languageOf(args []string, getenv func(string) string) string {
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			return value
		}
		if arg == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return locale.Detect(getenv)
}
