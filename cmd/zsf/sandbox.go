package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"zsf/clients/sandbox"
)

func (p *program) sandboxCommand() *cobra.Command {
	var listen string
	command := &cobra.Command{
		Use:     "sandbox",
		Short:   p.words.T("cli.sandbox.short"),
		Long:    p.words.T("cli.sandbox.long"),
		Example: "  zsf sandbox --listen 127.0.0.1:4711 --scenario ready",
		Args:    p.noArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return p.serveSandbox(command.Context(), listen)
		},
	}
	command.Flags().StringVar(&listen, "listen", "127.0.0.1:0", p.words.T("flag.listen"))
	return command
}

// serveSandbox prints how to reach the sandbox, and serves it until it is interrupted.
func (p *program) serveSandbox(ctx context.Context, listen string) error {
	served, err := p.startSandbox(ctx, listen)
	if err != nil {
		return err
	}
	line, err := json.Marshal(served.Info())
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	if err := p.print(string(line) + "\n"); err != nil {
		return errors.Join(err, served.Close())
	}
	<-ctx.Done()
	if err := served.Close(); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	return nil
}

func (p *program) startSandbox(ctx context.Context, listen string) (*sandbox.Sandbox, error) {
	if _, ok := sandbox.FindScenario(p.scenario); !ok {
		return nil, p.usage("usage.scenario", "Name", p.scenario, "Names", scenarioNames())
	}
	if p.accounts < 0 || p.tickets < 0 || p.latency < 0 {
		return nil, p.usage("usage.negative")
	}
	served, err := sandbox.Start(ctx, sandbox.Options{
		Listen: listen, Scenario: p.scenario, Seed: p.seed, Accounts: p.accounts, Tickets: p.tickets,
		Latency: p.latency, Now: p.Now, Hostile: p.hostile,
	})
	if errors.Is(err, sandbox.ErrListen) {
		return nil, p.usage("usage.listen", "Address", listen)
	}
	if err != nil {
		return nil, err
	}
	return served, nil
}

func scenarioNames() []string {
	var names []string
	for _, scenario := range sandbox.Scenarios() {
		names = append(names, scenario.Name)
	}
	return names
}
