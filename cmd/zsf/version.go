package main

import (
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"zsf/ui/report"
)

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: p.words.T("cli.version.short"),
		Args:  p.noArgs,
		RunE:  func(*cobra.Command, []string) error { return p.runVersion() },
	}
}

func (p *program) runVersion() error {
	if p.json {
		return report.WriteVersion(p.Stdout, version())
	}
	return p.print("zsf " + version() + "\n")
}

// version is what the build knows of itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	name := strings.Trim(info.Main.Version, "()")
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 && !strings.Contains(name, setting.Value[:12]) {
			name += " " + setting.Value[:12]
		}
	}
	return name
}
