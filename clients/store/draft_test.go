package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/store"
)

func init() {
	children["drafts"] = childKeepsDrafts
	children["draft-killed"] = childIsKilledTyping
}

const account = "https://acme.zendesk.com"

func draftOf(id string, at time.Time, body string) store.Draft {
	return store.Draft{ID: id, Profile: "acme", Account: account, Ticket: 7, SavedAt: at, Body: json.RawMessage(body)}
}

func keepDraft(t *testing.T, kept store.Store, drafts ...store.Draft) {
	t.Helper()
	for _, draft := range drafts {
		if err := kept.KeepDraft(t.Context(), draft); err != nil {
			t.Fatal(err)
		}
	}
}

func draftsOf(t *testing.T, kept store.Store, profile, account string) []store.Draft {
	t.Helper()
	drafts, err := kept.Drafts(t.Context(), profile, account)
	if err != nil {
		t.Fatal(err)
	}
	return drafts
}

// A draft is kept until it is dropped, letter by letter, though it has a secret in it: a person typed it.
func TestADraftComesBackAsItWasTyped(t *testing.T) {
	kept, _ := open(t)
	first := draftOf("a", noon, `{"comment":"Bearer 00D000000000000!secret \u202e '' \"\n"}`)
	second := draftOf("b", noon.Add(time.Second), `{}`)
	other := first
	other.Profile = "other"
	keepDraft(t, kept, first, second, other)
	if diff := cmp.Diff([]store.Draft{second, first}, draftsOf(t, kept, "acme", account)); diff != "" {
		t.Error(diff)
	}
	if drafts := draftsOf(t, kept, "acme", "https://another.zendesk.com"); len(drafts) != 0 {
		t.Errorf("another account's: %+v", drafts)
	}
	if err := errors.Join(kept.DropDraft(t.Context(), "acme", "a"), kept.DropDraft(t.Context(), "acme", "nothing")); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]store.Draft{second}, draftsOf(t, kept, "acme", account)); diff != "" {
		t.Error(diff)
	}
	if len(draftsOf(t, kept, "other", account)) != 1 {
		t.Error("another profile's draft went, too")
	}
}

// Saves go out while a person types on: an older one may come last.
func TestAnOlderSaveDoesNotGoOverANewerOne(t *testing.T) {
	kept, _ := open(t)
	keepDraft(t, kept, draftOf("a", noon.Add(time.Second), `"newer"`), draftOf("a", noon, `"older"`))
	if drafts := draftsOf(t, kept, "acme", account); len(drafts) != 1 || string(drafts[0].Body) != `"newer"` {
		t.Errorf("%+v", drafts)
	}
}

func TestWhatIsNoDraftIsRefused(t *testing.T) {
	kept, folder := open(t)
	for name, draft := range map[string]store.Draft{
		"no id":      {Profile: "acme", SavedAt: noon, Body: json.RawMessage(`1`)},
		"no profile": {ID: "a", SavedAt: noon, Body: json.RawMessage(`1`)},
		"no time":    {ID: "a", Profile: "acme", Body: json.RawMessage(`1`)},
		"no JSON":    {ID: "a", Profile: "acme", SavedAt: noon, Body: json.RawMessage(`{`)},
	} {
		if kept.KeepDraft(t.Context(), draft) == nil {
			t.Error(name)
		}
	}
	if len(draftsOf(t, kept, "acme", account)) != 0 || kept.DropDraft(t.Context(), "acme", "a") != nil {
		t.Error("something is there")
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 0 {
		t.Errorf("the disk was touched: %v %v", files, err)
	}
}

// Whoever types is told that it cannot be kept: nothing is overwritten.
func TestADraftThatCannotBeKeptIsSaid(t *testing.T) {
	folder := t.TempDir()
	path := databaseFile(t, folder)
	if err := os.WriteFile(path, []byte("this is no database, but somebody's words, longer than a header of a database is"), 0o600); err != nil {
		t.Fatal(err)
	}
	var failed *store.Error
	if err := in(t, folder).KeepDraft(t.Context(), draftOf("a", noon, `1`)); !errors.As(err, &failed) || failed.Problem != store.Damaged || failed.Path != path {
		t.Error(err)
	}
	if _, err := in(t, folder).Drafts(t.Context(), "acme", account); !errors.As(err, &failed) {
		t.Error(err)
	}
}

func TestAProfileTakesItsDraftsToItsNewName(t *testing.T) {
	kept, _ := open(t)
	keepDraft(t, kept, draftOf("a", noon, `1`))
	if err := errors.Join(
		kept.KeepView(t.Context(), "acme", "tickets", json.RawMessage(`{"sort":"priority"}`)),
		kept.KeepLastCheck(t.Context(), "acme", store.LastCheck{Looked: 3}),
		kept.RenameProfile(t.Context(), "acme", "anvil"),
	); err != nil {
		t.Fatal(err)
	}
	view, err := kept.View(t.Context(), "anvil", "tickets")
	if err != nil || string(view) != `{"sort":"priority"}` || len(draftsOf(t, kept, "anvil", account)) != 1 || len(draftsOf(t, kept, "acme", account)) != 0 {
		t.Errorf("%s %v", view, err)
	}
	if last, err := kept.LastCheck(t.Context(), "anvil"); err != nil || last.Looked != 3 {
		t.Errorf("%+v %v", last, err)
	}
}

func TestAProfileIsRenamedWhollyOrNotAtAll(t *testing.T) {
	kept, folder := open(t)
	keepDraft(t, kept, draftOf("a", noon, `1`))
	if err := kept.KeepLastCheck(t.Context(), "acme", store.LastCheck{Looked: 3}); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", databaseFile(t, folder))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), "CREATE TRIGGER broken BEFORE UPDATE ON last_check BEGIN SELECT RAISE(ABORT, 'broken'); END"); err != nil {
		t.Fatal(err)
	}
	if err := kept.RenameProfile(t.Context(), "acme", "anvil"); err == nil {
		t.Error("the last check was renamed")
	}
	if before, after := len(draftsOf(t, kept, "acme", account)), len(draftsOf(t, kept, "anvil", account)); before != 1 || after != 0 {
		t.Errorf("%d drafts under the old name, %d under the new one", before, after)
	}
}

func TestAViewIsKeptForEachProfileAndScreen(t *testing.T) {
	kept, folder := open(t)
	if view, err := kept.View(t.Context(), "acme", "tickets"); view != nil || err != nil {
		t.Error(view, err)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 0 {
		t.Errorf("the disk was touched: %v %v", files, err)
	}
	for _, body := range []string{`1`, `2`} {
		if err := kept.KeepView(t.Context(), "acme", "tickets", json.RawMessage(body)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[[2]string]string{{"acme", "tickets"}: "2", {"acme", "home"}: "", {"other", "tickets"}: ""} {
		if view, err := kept.View(t.Context(), name[0], name[1]); err != nil || string(view) != want {
			t.Error(name, string(view), err)
		}
	}
	if kept.KeepView(t.Context(), "acme", "tickets", json.RawMessage(`{`)) == nil {
		t.Error("what is no JSON was kept")
	}
}

// childKeepsDrafts keeps as many drafts as it is told, each several times.
func childKeepsDrafts(kept store.Store, arguments []string) error {
	count, err := strconv.Atoi(arguments[1])
	if err != nil {
		return err
	}
	for i := range count {
		for save := range 3 {
			draft := draftOf(arguments[0]+strconv.Itoa(i), noon.Add(time.Duration(save)), strconv.Itoa(save))
			if err := kept.KeepDraft(context.Background(), draft); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestProcessesKeepDraftsAtOnceAndLoseNone(t *testing.T) {
	kept, folder := open(t)
	var running []*exec.Cmd
	for _, name := range []string{"one", "two", "three"} {
		cmd := asChild(t, folder, "drafts", name, "5")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
	}
	for _, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	drafts := draftsOf(t, kept, "acme", account)
	if len(drafts) != 15 {
		t.Errorf("%d drafts", len(drafts))
	}
	for _, draft := range drafts {
		if string(draft.Body) != "2" {
			t.Errorf("%+v", draft)
		}
	}
}

// childIsKilledTyping keeps a draft, says so, and goes on until it is killed.
func childIsKilledTyping(kept store.Store, _ []string) error {
	for i := 0; ; i++ {
		if err := kept.KeepDraft(context.Background(), draftOf("a", noon.Add(time.Duration(i)), strconv.Itoa(i))); err != nil {
			return err
		}
		fmt.Println(i)
	}
}

func TestADraftOutlastsAKillWhileTyping(t *testing.T) {
	kept, folder := open(t)
	cmd := asChild(t, folder, "draft-killed")
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := -1
	for last < 5 {
		if _, err := fmt.Fscanln(said, &last); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	drafts := draftsOf(t, kept, "acme", account)
	if len(drafts) != 1 {
		t.Fatalf("%+v", drafts)
	}
	if got, err := strconv.Atoi(string(drafts[0].Body)); err != nil || got < last {
		t.Errorf("%d was said to be kept, and %s is there", last, drafts[0].Body)
	}
	if info, err := os.Stat(filepath.Join(folder, "zsf", "journal.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
}

func TestADraftThatWasSentIsNotKeptAgain(t *testing.T) {
	kept, _ := open(t)
	keepDraft(t, kept, draftOf("a", noon, `"secret words"`))
	if err := kept.DraftDone(t.Context(), "acme", "a"); err != nil {
		t.Fatal(err)
	}
	if err := kept.KeepDraft(t.Context(), draftOf("a", time.Now().Add(time.Hour), `"more"`)); !errors.Is(err, store.ErrDraftDone) {
		t.Error(err)
	}
	if drafts := draftsOf(t, kept, "acme", account); len(drafts) != 0 {
		t.Errorf("%+v", drafts)
	}
	if err := kept.DraftDone(t.Context(), "acme", "nothing"); err != nil {
		t.Error(err)
	}
	keepDraft(t, kept, draftOf("nothing", noon, `1`))
}

// Two windows have one draft. Who took it up last goes on with it; the other one's saves are refused, not put over it.
func TestADraftThatAnotherWriterGoesOnWithStays(t *testing.T) {
	kept, _ := open(t)
	save := func(writer string, takenUp, at time.Time, body string) error {
		draft := draftOf("a", at, body)
		draft.Writer, draft.TakenUp = writer, takenUp
		return kept.KeepDraft(t.Context(), draft)
	}
	tick := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Second) }
	for i, one := range []struct {
		err  error
		want error
	}{
		{save("first", time.Time{}, tick(1), `1`), nil},
		{save("second", tick(1), tick(2), `2`), nil},
		{save("first", time.Time{}, tick(3), `3`), store.ErrDraftTaken},
		{save("first", tick(1), tick(3), `3`), store.ErrDraftTaken},
		{save("second", tick(1), tick(4), `4`), nil},
		{save("third", tick(2), tick(5), `5`), store.ErrDraftTaken}, // it changed after that one had read it
		{save("second", time.Time{}, tick(3), `3`), nil},            // an older one of its own
	} {
		if !errors.Is(one.err, one.want) || one.want == nil && one.err != nil {
			t.Errorf("%d: %v", i, one.err)
		}
	}
	if drafts := draftsOf(t, kept, "acme", account); len(drafts) != 1 || string(drafts[0].Body) != `4` || drafts[0].Writer != "second" {
		t.Errorf("%+v", drafts)
	}
	if err := save("fourth", tick(4), tick(6), `6`); err != nil {
		t.Error(err)
	}
}
