package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"runtime"
	"sync"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"zsf/clients/settings"
	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/flows/doctor"
	"zsf/flows/flow"
	"zsf/ui/plain"
	"zsf/ui/report"
)

func (p *program) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "doctor",
		Short:   p.words.T("cli.doctor.short"),
		Long:    p.words.T("cli.doctor.long"),
		Example: "  zsf doctor\n  zsf doctor --json\n  zsf doctor --profile acme",
		Args:    p.noArgs,
		RunE:    func(command *cobra.Command, _ []string) error { return p.runDoctor(command.Context()) },
	}
}

// runDoctor says how zsf itself is; exit code 5 where something fails.
func (p *program) runDoctor(ctx context.Context) error {
	m, err := p.patient()
	if err != nil {
		return err
	}
	if p.demo {
		s, err := p.openSandbox(ctx)
		if err != nil {
			return err
		}
		defer s.close()
		m.Addresses = map[transport.Service]string{transport.Salesforce: s.org.url, transport.Zendesk: s.account.url}
	}
	about, looked := doctor.Look(ctx, m)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("doctor: %w", err)
	}
	if looked.Profile == "" {
		looked.Profile = p.profileName()
	}
	if p.json {
		err = report.WriteJSON(p.Stdout, p.words, looked)
	} else {
		printed := plain.Printer{Out: p.Stdout, Words: p.words, Heading: "doctor.heading"}
		err = printed.Report(about, looked)
	}
	if err != nil {
		return err
	}
	if looked.Count(flow.Fail) > 0 {
		return said(exitFailed)
	}
	return nil
}

// patient is this machine, as the doctor looks at it.
func (p *program) patient() (doctor.Machine, error) {
	file, err := settings.Open(p.Getenv)
	if err != nil {
		return doctor.Machine{}, err
	}
	state, err := store.Open(p.Getenv)
	if err != nil {
		return doctor.Machine{}, err
	}
	folder := state.Folder()
	m := doctor.Machine{
		OS: runtime.GOOS, Getenv: p.Getenv, Now: p.Now,
		Versions: doctor.Versions{ZSF: version(), Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH},
		Terminal: p.terminalFacts(),
		Find: func(name string) error {
			_, err := exec.LookPath(name)
			return err //nolint:wrapcheck // only whether there is one is asked
		},
		Profile: p.profile, Addresses: map[transport.Service]string{},
		SettingsFile: file.Path(), LoadSettings: file.Load, StateFolder: folder,
		Vault: func(ctx context.Context, want vault.Kind) (vault.Opened, error) {
			return vault.Open(ctx, vault.Options{Want: want, Folder: folder, Getenv: p.Getenv})
		},
		HTTP: &http.Client{
			Transport:     p.trace.Around(nil),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		Proxy: http.ProxyFromEnvironment,
	}
	for _, service := range []transport.Service{transport.Salesforce, transport.Zendesk} {
		if in := p.environmentSignIn(service); !in.missing() {
			m.Addresses[service] = in.url
		}
	}
	return m, nil
}

// terminalFacts is nil where nobody sits at a terminal, or it does not tell its size.
func (p *program) terminalFacts() *doctor.Terminal {
	file, ok := p.Stdout.(interface {
		io.Writer
		Fd() uintptr
	})
	if !p.Terminal || !ok {
		return nil
	}
	width, height, err := term.GetSize(file.Fd())
	if err != nil {
		return nil
	}
	colours := map[colorprofile.Profile]doctor.Colours{
		colorprofile.TrueColor: doctor.TrueColour, colorprofile.ANSI256: doctor.Colours256, colorprofile.ANSI: doctor.Colours16,
	}[colorprofile.Env(p.Environ)]
	if colours == "" {
		colours = doctor.NoColours
	}
	terminal := &doctor.Terminal{Width: width, Height: height, Colours: colours}
	if in, ok := p.Stdin.(interface{ Fd() uintptr }); ok && p.interactive() {
		var asking sync.Mutex
		terminal.Cells = func(ctx context.Context) (int, error) {
			asking.Lock()
			defer asking.Unlock()
			return measureWide(ctx, in.Fd(), p.Stdout)
		}
		p.atEnd = append(p.atEnd, asking.Lock) // whatever ends first, the terminal is given back as it was
	}
	return terminal
}
