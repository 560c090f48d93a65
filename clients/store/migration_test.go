package store_test

import (
	"encoding/json"
	"errors"
	"testing"

	"zsf/clients/store"
)

// The first released form of the journal had neither drafts nor views: what it holds stays, and both can be kept from now on.
func TestTheJournalOfAnEarlierZsfIsTakenOver(t *testing.T) {
	folder := t.TempDir()
	databaseFile(t, folder)
	earlier, err := in(t, folder).Journal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		earlier.Exec(t.Context(), "DROP TABLE draft"), earlier.Exec(t.Context(), "DROP TABLE view"),
		earlier.Exec(t.Context(), "PRAGMA user_version = 1"), earlier.Close(),
	); err != nil {
		t.Fatal(err)
	}
	kept := in(t, folder)
	if len(draftsOf(t, kept, "acme", account)) != 0 {
		t.Error("a draft out of nothing")
	}
	keepDraft(t, kept, draftOf("a", noon, `1`))
	if err := kept.KeepView(t.Context(), "acme", "tickets", json.RawMessage(`{}`)); err != nil {
		t.Error(err)
	}
	if len(draftsOf(t, kept, "acme", account)) != 1 {
		t.Error("the draft is lost")
	}
	journal, err := kept.Journal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = journal.Close() }()
	if entries, err := journal.Entries(t.Context(), store.Filter{}); err != nil || len(entries) != 100 {
		t.Errorf("%d entries of 100 are left: %v", len(entries), err)
	}
	if said, err := journal.Whole(t.Context()); err != nil || said != "ok" {
		t.Error(said, err)
	}
}
