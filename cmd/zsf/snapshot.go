package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/snapshot"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// sideNow is the side of a comparison that is taken just now.
const sideNow = "now"

func (p *program) snapshotCommand() *cobra.Command {
	var label string
	var answers []string
	command := &cobra.Command{
		Use:   "snapshot",
		Short: p.words.T("cli.snapshot.short"),
		Long:  p.words.T("cli.snapshot.long", "Questions", strings.Join(questionNames(), " · ")),
		Example: "  zsf snapshot --label \"before the move\" --say syncs.accounts=on\n" +
			"  zsf snapshot --json > before.json\n  zsf diff before.json now",
		Args: p.noArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return p.runSnapshot(command.Context(), label, answers)
		},
	}
	command.Flags().StringVar(&label, "label", "", p.words.T("flag-snapshot.label"))
	command.Flags().StringArrayVar(&answers, "say", nil, p.words.T("flag-snapshot.say"))
	command.AddCommand(&cobra.Command{
		Use:   "list",
		Short: p.words.T("cli.snapshot-list.short"),
		Args:  p.noArgs,
		RunE:  func(command *cobra.Command, _ []string) error { return p.listSnapshots(command.Context()) },
	})
	return command
}

func (p *program) diffCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "diff A B",
		Short:   p.words.T("cli.diff.short"),
		Long:    p.words.T("cli.diff.long"),
		Example: "  zsf diff 12 now\n  zsf diff before.json after.json --json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 || args[0] == sideStdin && args[1] == sideStdin {
				return p.usage("usage.arguments", "Use", "zsf diff A B")
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			return p.runDiff(command.Context(), args[0], args[1])
		},
	}
}

func questionNames() []string {
	var names []string
	for _, question := range snapshot.Questions {
		names = append(names, question.ID)
	}
	return names
}

// A saying is an answer from the command line.
type saying struct {
	question flow.Question
	answer   string
}

// sayings are the answers of --say, all of them fit to be written down.
func (p *program) sayings(given []string) ([]saying, error) {
	var all []saying
	for _, one := range given {
		name, answer, _ := strings.Cut(one, "=")
		question, known := snapshot.Question(strings.TrimSpace(name))
		if !known {
			return nil, p.usage("usage-snapshot.say", "Questions", questionNames())
		}
		answer = strings.TrimSpace(answer)
		if _, err := question.Fit([]string{answer}); err != nil {
			var options []string
			for _, option := range question.Options {
				options = append(options, option.Value)
			}
			var reason any = err
			if len(options) > 0 {
				reason = flow.Say("usage-snapshot.say-choices", "Options", options)
			}
			return nil, p.usage("usage-snapshot.say-wrong", "Question", question.ID, "Reason", reason)
		}
		all = append(all, saying{question, answer})
	}
	return all, nil
}

func (p *program) runSnapshot(ctx context.Context, label string, given []string) error {
	said, err := p.sayings(given)
	if err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	journal, err := p.journalOf(ctx, s)
	if err != nil {
		return err
	}
	if journal == nil && len(said) > 0 {
		return p.usage("usage-snapshot.demo")
	}
	for _, one := range said {
		entry := store.Entry{Profile: s.profile.Name, At: p.Now(), Who: p.user()}
		if err := snapshot.Say(ctx, journal, entry, one.question, []string{one.answer}); err != nil {
			return err
		}
	}
	taken, err := p.take(ctx, s, snapshot.Options{Label: label, Journal: journal})
	if err != nil {
		return err
	}
	var id int64
	if journal != nil {
		if id, err = snapshot.Keep(ctx, journal, taken, p.user()); err != nil {
			return err
		}
	}
	if err := p.printSnapshot(id, taken); err != nil {
		return err
	}
	return reached(taken)
}

func (p *program) printSnapshot(id int64, taken snapshot.Snapshot) error {
	at := flow.Moment(taken.TakenAt)
	line := p.words.T("snapshot.not-kept", "Profile", taken.Profile, "Time", at)
	number := strconv.FormatInt(id, 10)
	switch {
	case id != 0 && taken.Label != "":
		line = p.words.T("snapshot.taken-label", "ID", number, "Profile", taken.Profile, "Time", at, "Label", taken.Label)
	case id != 0:
		line = p.words.T("snapshot.taken", "ID", number, "Profile", taken.Profile, "Time", at)
	}
	lines := []string{line}
	for _, unread := range taken.Gaps() {
		lines = append(lines, p.words.T("snapshot.unread", "What", unread.What, "Reason", unread.Reason))
	}
	for _, path := range taken.Redacted {
		lines = append(lines, p.words.T("snapshot.redacted-value", "Path", path))
	}
	if id != 0 {
		lines = append(lines, p.words.T("snapshot.next", "ID", number))
	}
	about := strings.Join(lines, "\n") + "\n"
	if !p.json {
		return p.print(about)
	}
	text, err := taken.Encode()
	if err != nil {
		return err
	}
	_, _ = io.WriteString(p.Stderr, about)
	return p.print(string(text))
}

// take takes a snapshot of a session. What people said is unknown where the journal cannot be had, and stops nothing.
func (p *program) take(ctx context.Context, s *session, options snapshot.Options) (snapshot.Snapshot, error) {
	options.Now = p.Now
	if options.Journal == nil {
		journal, err := p.journalOf(ctx, s)
		if err != nil {
			_, _ = io.WriteString(p.Stderr, "zsf: "+p.words.Error(err)+"\n")
		} else {
			options.Journal = journal
		}
	}
	return snapshot.Take(ctx, s.runner.World, options)
}

// journalOf is the journal of a session; nil in a rehearsal, which leaves no trace.
func (p *program) journalOf(ctx context.Context, s *session) (snapshot.Journal, error) {
	if s.sandbox != nil {
		return nil, nil //nolint:nilnil // none is an answer
	}
	return s.openJournal(ctx)
}

// reached is the exit of a snapshot: nothing that could not be read passes for a whole one.
func reached(taken snapshot.Snapshot) error {
	code := exitOK
	for _, reason := range taken.Unread() {
		switch kind := transport.Kind(reason.Kind); {
		case kind == transport.SignInMissing, kind == transport.SignInExpired, kind == transport.Anonymous:
			return said(exitSignIn)
		case isAway(kind):
			code = exitUnreachable
		}
	}
	return said(code)
}

func (p *program) listSnapshots(ctx context.Context) error {
	if p.demo {
		return p.usage("usage-snapshot.demo")
	}
	p.plain = true // it needs no sign-in
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	journal, err := p.journalOf(ctx, s)
	if err != nil {
		return err
	}
	kept, err := snapshot.List(ctx, journal, s.profile.Name)
	if err != nil {
		return err
	}
	if p.json {
		return report.WriteSnapshots(p.Stdout, s.profile.Name, kept)
	}
	if len(kept) == 0 {
		return p.print(p.words.T("snapshot.none", "Profile", s.profile.Name) + "\n")
	}
	var b strings.Builder
	for _, one := range kept {
		id := "snapshot.line"
		if !one.Readable() {
			id = "snapshot.line-unreadable"
		}
		line := p.words.T(id, "ID", strconv.FormatInt(one.ID, 10), "Time", flow.Moment(one.TakenAt), "Who", one.Who, "Label", one.Label)
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return p.print(b.String())
}

// A snapshotSide is one side of a comparison, and how the command named it.
type snapshotSide struct {
	name string
	snapshot.Snapshot
}

func (p *program) runDiff(ctx context.Context, from, to string) error {
	s, err := p.sessionFor(ctx, from, to)
	if err != nil {
		return err
	}
	defer s.close()
	sides := make([]snapshotSide, 2)
	for i, name := range []string{from, to} {
		if sides[i], err = p.side(ctx, s, name); err != nil {
			return err
		}
	}
	changes := snapshot.Compare(sides[0].Snapshot, sides[1].Snapshot)
	if p.json {
		err = report.WriteDiff(p.Stdout, p.words,
			report.Side{Name: from, Taken: sides[0].Snapshot}, report.Side{Name: to, Taken: sides[1].Snapshot}, changes)
	} else {
		err = plain.Printer{Out: p.Stdout, Words: p.words}.Diff(p.sideWords(sides[0]), p.sideWords(sides[1]), changes)
	}
	if err != nil {
		return err
	}
	for _, side := range sides {
		if side.name == sideNow {
			if err := reached(side.Snapshot); err != nil {
				return err
			}
		}
	}
	if snapshot.Differ(changes) {
		return said(exitFailed)
	}
	return nil
}

// sessionFor signs in where a side is now; what is kept needs no sign-in.
func (p *program) sessionFor(ctx context.Context, sides ...string) (*session, error) {
	for _, side := range sides {
		if side == sideNow {
			return p.open(ctx)
		}
	}
	s := &session{}
	s.state, s.noState = store.Open(p.Getenv)
	return s, nil
}

// side is what a side of zsf diff names.
func (p *program) side(ctx context.Context, s *session, name string) (snapshotSide, error) {
	if name != sideNow {
		return p.kept(ctx, s, name)
	}
	taken, err := p.take(ctx, s, snapshot.Options{})
	return snapshotSide{sideNow, taken}, err
}

// kept is a snapshot of the journal, by its id, or one of a file. What cannot be used is wrong usage; a journal
// that cannot be read is not.
func (p *program) kept(ctx context.Context, s *session, name string) (snapshotSide, error) {
	var read snapshot.Snapshot
	id, err := strconv.ParseInt(strings.TrimPrefix(name, "#"), 10, 64)
	switch {
	case name == sideNow:
		return snapshotSide{}, p.usage("usage-snapshot.now")
	case err == nil && (s.sandbox != nil || p.demo):
		return snapshotSide{}, p.usage("usage-snapshot.demo")
	case err == nil:
		read, err = p.loadKept(ctx, s, id)
	default:
		read, err = p.readSide(ctx, name)
	}
	var broken *store.Error
	switch {
	case err == nil:
		return snapshotSide{name, read}, nil
	case errors.As(err, &broken), errors.Is(err, context.Canceled):
		return snapshotSide{}, err
	}
	var reason any = err
	var missing *os.PathError
	switch {
	case errors.As(err, &missing):
		reason = missing.Err
	case errors.Is(err, store.ErrNoEntry):
		reason = flow.Say("usage-snapshot.no-entry")
	}
	return snapshotSide{}, p.usage("usage-snapshot.side", "Side", name, "Reason", reason)
}

func (p *program) loadKept(ctx context.Context, s *session, id int64) (snapshot.Snapshot, error) {
	journal, err := p.journalOf(ctx, s)
	if err != nil {
		return snapshot.Snapshot{}, err
	}
	loaded, err := snapshot.Load(ctx, journal, id)
	return loaded.Snapshot, err
}

// sideStdin is the side that comes on standard input.
const sideStdin = "-"

// readSide reads a file, or standard input. A pipe that nobody writes to is waited for, and given up when ctx ends.
func (p *program) readSide(ctx context.Context, name string) (snapshot.Snapshot, error) {
	type answer struct {
		snapshot.Snapshot
		err error
	}
	answers := make(chan answer, 1)
	go func() {
		var one answer
		if name == sideStdin {
			one.Snapshot, one.err = snapshot.Read(p.Stdin)
		} else {
			one.Snapshot, one.err = readFile(name)
		}
		answers <- one
	}()
	select {
	case one := <-answers:
		return one.Snapshot, one.err
	case <-ctx.Done():
		return snapshot.Snapshot{}, errors.Join(context.Canceled, ctx.Err())
	}
}

func readFile(path string) (snapshot.Snapshot, error) {
	file, err := os.Open(path)
	if err != nil {
		return snapshot.Snapshot{}, err //nolint:wrapcheck // names the file
	}
	defer func() { _ = file.Close() }()
	found, err := file.Stat()
	if err == nil && found.IsDir() {
		return snapshot.Snapshot{}, &os.PathError{Op: "read", Path: path, Err: errors.New("is a directory")}
	}
	return snapshot.Read(io.Reader(file))
}

// sideWords name a side: snapshot 12 · acme · 2026-11-23 10:02 · before the move.
func (p *program) sideWords(side snapshotSide) string {
	name := side.name
	if name == sideNow {
		name = p.words.T("snapshot.now")
	} else if name == sideStdin {
		name = p.words.T("snapshot.stdin")
	} else if id, err := strconv.ParseInt(strings.TrimPrefix(name, "#"), 10, 64); err == nil {
		name = p.words.T("snapshot.by-id", "ID", strconv.FormatInt(id, 10))
	}
	words := "snapshot.side"
	if side.Label != "" {
		words = "snapshot.side-label"
	}
	return p.words.T(words, "Name", name, "Profile", side.Profile, "Time", flow.Moment(side.TakenAt), "Label", side.Label)
}
