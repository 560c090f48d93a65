package main

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"zsf/clients/browser"
	"zsf/clients/sandbox"
	"zsf/clients/transport"
	"zsf/ui/locale"
)

// A machine is what the program runs on, given rather than reached for.
type machine struct {
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Getenv   func(string) string
	Environ  []string
	Terminal bool // a person sits at both ends: stdin and stdout are terminals
	Now      func() time.Time
	Secret   func(context.Context) (string, error) // reads a line that the terminal does not show
	Open     func(context.Context, string) error
}

func system() machine {
	environ := os.Environ()
	known := map[string]string{}
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		known[name] = value
	}
	// A browser that is opened from here is told none of these.
	for _, secret := range []string{envSalesforceToken, envZendeskToken, envZendeskSecret, envPassphrase} {
		_ = os.Unsetenv(secret)
	}
	return machine{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv:   func(name string) string { return known[name] },
		Environ:  environ,
		Terminal: term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stdout.Fd()),
		Now:      time.Now,
		Secret:   readHidden,
		Open:     browser.New().Open,
	}
}

// A program is one run: the machine, the language, and the flags that every command has.
type program struct {
	machine
	words *locale.Locale

	json    bool
	plain   bool
	lang    string
	timeout time.Duration
	demo    bool
	profile string
	events  bool // under --json, errors are events among others
	traceTo string
	trace   *transport.Trace // nil where nobody asked for one
	atEnd   []func()         // what must be over before the program ends, the last first
	typed   typed
	rehearsal
}

// defaultTimeout leaves a whole check within a minute, though a service hangs at each try.
const defaultTimeout = 10 * time.Second

// rehearsal is what the embedded sandbox is asked to be.
type rehearsal struct {
	scenario string
	hostile  bool
	seed     uint64
	accounts int
	tickets  int
	latency  time.Duration
	auto     bool          // the wizard walks by itself, and somebody does the browser's part
	pace     time.Duration // between its keys
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, m machine) int {
	p := &program{machine: m}
	words, err := locale.New(languageOf(args, m.Getenv))
	if err != nil {
		return p.fail(&usageError{err: err})
	}
	p.words = words
	root := p.root()
	root.SetArgs(args)
	root.SetIn(m.Stdin)
	root.SetOut(m.Stdout)
	root.SetErr(m.Stderr)
	err = root.ExecuteContext(ctx)
	for _, end := range slices.Backward(p.atEnd) {
		end()
	}
	if err != nil {
		return p.fail(err)
	}
	return exitOK
}

// interactive tells whether to draw screens: a person is there, and asked for no other face.
func (p *program) interactive() bool {
	return p.Terminal && !p.json && !p.plain &&
		p.Getenv("TERM") != "dumb" && p.Getenv("ZSF_ACCESSIBLE") == "" && p.Getenv("ACCESSIBLE") == ""
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "zsf",
		Short:         p.words.T("cli.short"),
		Long:          p.words.T("cli.long"),
		Args:          p.noArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          p.runHome,

		PersistentPreRunE: func(command *cobra.Command, _ []string) error {
			if err := p.sandboxFlagsFit(command); err != nil {
				return err
			}
			return p.beginTrace()
		},
	}
	flags := root.PersistentFlags()
	flags.BoolVar(&p.json, "json", false, p.words.T("flag.json"))
	flags.BoolVar(&p.plain, "plain", false, p.words.T("flag.plain"))
	flags.StringVar(&p.lang, "lang", "", p.words.T("flag.lang"))
	flags.DurationVar(&p.timeout, "timeout", defaultTimeout, p.words.T("flag.timeout"))
	flags.BoolVar(&p.demo, "demo", false, p.words.T("flag.demo"))
	flags.StringVar(&p.profile, "profile", "", p.words.T("flag-auth.profile"))
	flags.StringVar(&p.traceTo, "trace", p.Getenv(envTrace), p.words.T("trace.flag"))
	p.rehearsalFlags(root)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err: err} })
	root.AddCommand(p.checkCommand(), p.authCommand(), p.profileCommand(), p.demoCommand(), p.sandboxCommand(), p.versionCommand())
	root.AddCommand(p.doctorCommand(), p.explainCommand(), p.setupCommand(), p.accessCommand(), p.disconnectCommand(), p.reconnectCommand(), p.moveCommand(), p.undoCommand(), p.journalCommand())
	root.AddCommand(p.snapshotCommand(), p.diffCommand(), p.ticketsCommand(), p.cacheCommand())
	p.helpInWords(root)
	return root
}

// rehearsalFlags say what the sandbox is; they mean something with --demo, demo and sandbox.
func (p *program) rehearsalFlags(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&p.scenario, "scenario", "fresh", p.words.T("flag.scenario"))
	flags.Uint64Var(&p.seed, "seed", sandbox.DefaultSeed, p.words.T("flag.seed"))
	flags.IntVar(&p.accounts, "accounts", sandbox.DefaultAccounts, p.words.T("flag.accounts"))
	flags.IntVar(&p.tickets, "tickets", sandbox.DefaultTickets, p.words.T("flag.tickets"))
	flags.DurationVar(&p.latency, "latency", 0, p.words.T("flag.latency"))
	flags.BoolVar(&p.hostile, "hostile", false, "")
	flags.Lookup("hostile").Hidden = true // for those who work on zsf itself
}

// sandboxFlagsFit refuses what would be passed over in silence: --scenario ready on a production org.
func (p *program) sandboxFlagsFit(command *cobra.Command) error {
	if p.demo || command.Name() == "demo" || command.Name() == "sandbox" {
		return nil
	}
	for _, name := range []string{"scenario", "seed", "accounts", "tickets", "latency", "hostile"} {
		if command.Flags().Changed(name) {
			return p.usage("usage.demo-only", "Flag", name)
		}
	}
	return nil
}

func (p *program) noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return p.usage("usage.unknown-command", "Command", args[0], "Path", cmd.CommandPath())
	}
	return nil
}
