package main

import (
	"context"
	"fmt"
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

	json      bool
	plain     bool
	lang      string
	timeout   time.Duration
	demo      bool
	profile   string
	events    bool   // under --json, errors are events among others
	shows     bool   // --version
	unwritten error  // why help could not be written
	warned    string // the last trouble with the journal that was said
	traceTo   string
	trace     *transport.Trace // nil where nobody asked for one
	atEnd     []func()         // what must be over before the program ends, the last first
	typed     typed
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
	words, unspoken := locale.New(languageOf(args, m.Getenv))
	if unspoken != nil {
		var err error
		if words, err = locale.New(locale.Detect(m.Getenv)); err != nil {
			_, _ = fmt.Fprintln(m.Stderr, "zsf:", err) // there are no words to say it in
			return exitWrong
		}
	}
	p.words = words
	root := p.root()
	root.SetArgs(args)
	root.SetIn(m.Stdin)
	root.SetOut(m.Stdout)
	root.SetErr(m.Stderr)
	command, err := p.execute(ctx, root, unspoken)
	for _, end := range slices.Backward(p.atEnd) {
		end()
	}
	if err == nil {
		err = p.unwritten
	}
	if err != nil {
		p.json = p.json || slices.Contains(args, "--json") // a wrong flag before it kept it from being read
		return p.fail(err, command.CommandPath())
	}
	return exitOK
}

// execute runs the command that was written, unless it was asked to speak a language that it does not.
func (p *program) execute(ctx context.Context, root *cobra.Command, unspoken error) (*cobra.Command, error) {
	if unspoken != nil {
		return root, &usageError{err: unspoken}
	}
	return root.ExecuteContextC(ctx) //nolint:wrapcheck // it is the command's own error
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
		RunE: func(command *cobra.Command, args []string) error {
			if p.shows {
				return p.runVersion()
			}
			return p.runHome(command, args)
		},

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
	root.Flags().BoolVar(&p.shows, "version", false, p.words.T("flag.version"))
	root.SetFlagErrorFunc(p.flagError)
	root.AddCommand(p.checkCommand(), p.authCommand(), p.profileCommand(), p.demoCommand(), p.sandboxCommand(), p.versionCommand())
	root.AddCommand(p.doctorCommand(), p.explainCommand(), p.setupCommand(), p.accessCommand(), p.disconnectCommand(), p.reconnectCommand(), p.moveCommand(), p.undoCommand(), p.journalCommand())
	root.AddCommand(p.snapshotCommand(), p.diffCommand(), p.ticketsCommand(), p.cacheCommand())
	p.helpInWords(root)
	return root
}

// rehearsalFlags say what the sandbox is; they mean something with --demo, demo and sandbox.
func (p *program) rehearsalFlags(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&p.scenario, "scenario", defaultScenario, p.words.T("flag.scenario"))
	flags.Uint64Var(&p.seed, "seed", sandbox.DefaultSeed, p.words.T("flag.seed"))
	flags.IntVar(&p.accounts, "accounts", sandbox.DefaultAccounts, p.words.T("flag.accounts"))
	flags.IntVar(&p.tickets, "tickets", sandbox.DefaultTickets, p.words.T("flag.tickets"))
	flags.DurationVar(&p.latency, "latency", 0, p.words.T("flag.latency"))
	flags.BoolVar(&p.hostile, "hostile", false, "")
	flags.Lookup("hostile").Hidden = true // for those who work on zsf itself
}

// sandboxFlags say what the sandbox is, and go with it alone.
var sandboxFlags = []string{"scenario", "seed", "accounts", "tickets", "latency", "hostile"}

// sandboxFlagsFit refuses what would be passed over in silence: --scenario ready on a production org.
func (p *program) sandboxFlagsFit(command *cobra.Command) error {
	if p.demo || command.Name() == "demo" || command.Name() == "sandbox" {
		return nil
	}
	for _, name := range sandboxFlags {
		if command.Flags().Changed(name) {
			return p.usage("usage.demo-only", "Flag", name)
		}
	}
	return nil
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
