// Runs the real `sf`: in a cleaned environment, for a bounded time, reading a bounded amount.

package sfcli

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

const (
	runLimit  = 30 * time.Second
	maxStdout = 8 << 20 // bytes; an org takes less than a kilobyte in a list
	maxStderr = 64 << 10
	// pipeLimit is how long a program that was ended may keep its pipes open.
	pipeLimit = time.Second
)

// program is the `sf` on the PATH.
type program struct {
	env   []string
	limit time.Duration
}

func (p program) run(ctx context.Context, args ...string) (stdout, stderr []byte, err error) {
	path, err := exec.LookPath("sf")
	if err != nil {
		return nil, nil, fmt.Errorf("looking for sf: %w", err)
	}
	if runtime.GOOS == "windows" {
		if err := checkForWindows(args); err != nil {
			return nil, nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	out, said := bounded{max: maxStdout, failWhenFull: true}, bounded{max: maxStderr}
	// Without a terminal on its input, sf asks nothing: an unknown command would otherwise offer another.
	command := exec.CommandContext(ctx, path, args...) //nolint:gosec // a fixed program; arguments pass through no shell
	command.Env = p.env
	command.Stdout, command.Stderr = &out, &said
	command.WaitDelay = pipeLimit
	stopWhole(command)
	err = command.Run()
	switch {
	case ctx.Err() != nil:
		return nil, nil, fmt.Errorf("it was ended before it had answered: %w", ctx.Err())
	case out.full:
		return nil, nil, fmt.Errorf("%w: more than %d MiB", ErrUnreadable, maxStdout>>20)
	case err != nil:
		return out.kept.Bytes(), said.kept.Bytes(), fmt.Errorf("running sf: %w", err)
	}
	return out.kept.Bytes(), said.kept.Bytes(), nil
}

// checkForWindows refuses arguments in which cmd.exe, which runs sf.cmd, would read more than text.
func checkForWindows(args []string) error {
	for _, arg := range args {
		if strings.ContainsAny(arg, "\"%&|<>^!\r\n") {
			return fmt.Errorf("%q: %w", say(arg), ErrNotAName)
		}
	}
	return nil
}

// bounded keeps the first max bytes of what is written to it.
type bounded struct {
	kept         bytes.Buffer
	max          int
	failWhenFull bool // and so ends the program that writes
	full         bool
}

func (b *bounded) Write(p []byte) (int, error) {
	room := b.max - b.kept.Len()
	if len(p) <= room {
		return b.kept.Write(p) //nolint:wrapcheck // it never fails
	}
	b.full = true
	b.kept.Write(p[:room])
	if b.failWhenFull {
		return room, ErrUnreadable
	}
	return len(p), nil
}

// dropped are variables that `sf` shall not see: FORCE_COLOR beats NO_COLOR and puts colours into its JSON
// (forcedotcom/salesforce-cdp-connector, pull request 63); the last makes it print secrets.
var dropped = []string{"FORCE_COLOR", "CLICOLOR_FORCE", "NO_COLOR", "SF_AUTOUPDATE_DISABLE", "SF_SKIP_NEW_VERSION_CHECK", "SF_TEMP_SHOW_SECRETS"}

// childEnv is the environment in which `sf` prints plain JSON, and neither updates itself nor says that it could.
// The variables of zsf, some of which are secrets, are none of its business.
func childEnv(environ []string) []string {
	env := make([]string, 0, len(environ)+3)
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		name = strings.ToUpper(name) // Windows does not tell them apart
		if slices.Contains(dropped, name) || strings.HasPrefix(name, "ZSF_") {
			continue
		}
		env = append(env, entry)
	}
	return append(env, "NO_COLOR=1", "SF_AUTOUPDATE_DISABLE=true", "SF_SKIP_NEW_VERSION_CHECK=true")
}
