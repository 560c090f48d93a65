package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A usageError is a command that cannot be carried out as it was written.
type usageError struct {
	err     error
	nearest string // what was likely meant; empty: nothing is near
	about   string // the command whose help tells more; empty: the one that was run
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func (p *program) usage(id string, args ...any) error {
	return &usageError{err: errors.New(p.words.T(id, args...))}
}

func (p *program) noArgs(command *cobra.Command, args []string) error {
	if len(args) > 0 {
		return p.noSuchCommand(command, args[0])
	}
	return nil
}

// noSuchCommand says what there is instead, where something is near.
func (p *program) noSuchCommand(command *cobra.Command, typed string) error {
	if !command.HasAvailableSubCommands() {
		return p.usage("usage.no-words", "Command", command.CommandPath(), "Word", typed)
	}
	var names []string
	for _, below := range command.Commands() {
		if below.IsAvailableCommand() || below.IsAdditionalHelpTopicCommand() {
			names = append(names, below.Name())
		}
	}
	wrong := &usageError{
		err:   errors.New(p.words.T("usage.unknown-command", "Command", typed, "Path", command.CommandPath())),
		about: command.CommandPath(),
	}
	if near := nearest(typed, names); near != "" {
		wrong.nearest = command.CommandPath() + " " + near
	}
	return wrong
}

// flagError says in the person's language what is wrong with a flag.
func (p *program) flagError(command *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return p.usage("usage.unknown-flag", "Command", command.CommandPath(), "Flag", "-"+unknown.GetSpecifiedName())
	case errors.As(err, &unknown):
		var names []string
		command.Flags().VisitAll(func(flag *pflag.Flag) {
			if !flag.Hidden {
				names = append(names, flag.Name)
			}
		})
		said := &usageError{err: errors.New(p.words.T("usage.unknown-flag", "Command", command.CommandPath(), "Flag", "--"+unknown.GetSpecifiedName()))}
		if near := nearest(unknown.GetSpecifiedName(), names); near != "" {
			said.nearest = "--" + near
		}
		return said
	case errors.As(err, &bare):
		return p.usage("usage.bare-flag", "Flag", "--"+bare.GetFlag().Name, "Takes", placeholder(bare.GetFlag()))
	case errors.As(err, &wrong):
		id := "usage.flag-value"
		if kind := "usage.flag-value-" + wrong.GetFlag().Value.Type(); p.words.Has(kind) {
			id = kind
		}
		return p.usage(id, "Flag", "--"+wrong.GetFlag().Name, "Value", wrong.GetValue())
	}
	return &usageError{err: err}
}

// usageHint is the way out of wrong usage: what was likely meant, and where it is written.
func (p *program) usageHint(err error, path string) string {
	var wrong *usageError
	if !errors.As(err, &wrong) {
		return p.words.T("usage.hint", "Command", path)
	}
	if wrong.about != "" {
		path = wrong.about
	}
	hint := p.words.T("usage.hint", "Command", path)
	if wrong.nearest != "" {
		hint = p.words.T("usage.nearest", "Meant", wrong.nearest) + " " + hint
	}
	return hint
}

// nearest is the name that typed was likely meant to be; empty where none is near.
func nearest(typed string, names []string) string {
	best, least := "", 1+max(len(typed)/3, 1)
	for _, name := range names {
		if strings.HasPrefix(name, strings.ToLower(typed)) && len(typed) > 1 {
			return name
		}
		if apart := distance(strings.ToLower(typed), name); apart < least {
			best, least = name, apart
		}
	}
	return best
}

// distance is how many letters must be put in, taken out, changed or swapped with their neighbour.
func distance(from, to string) int {
	a, b := []rune(from), []rune(to)
	var before, row []int
	next := make([]int, len(b)+1)
	for j := range next {
		next[j] = j
	}
	for i := range a {
		before, row = row, next
		next = slices.Repeat([]int{i + 1}, len(b)+1)
		for j := range b {
			change := row[j]
			if a[i] != b[j] {
				change++
			}
			next[j+1] = min(change, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
	}
	return next[len(b)]
}
