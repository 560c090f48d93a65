package store_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/store"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 123_456_789, time.UTC)

func open(t *testing.T) (kept store.Store, folder string) {
	t.Helper()
	folder = t.TempDir()
	return in(t, folder), folder
}

func in(t *testing.T, folder string) store.Store {
	t.Helper()
	kept, err := store.Open(func(name string) string {
		return map[string]string{"XDG_STATE_HOME": folder}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func journal(t *testing.T, kept store.Store) *store.Journal {
	t.Helper()
	opened, err := kept.Journal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	return opened
}

func add(t *testing.T, to *store.Journal, entry store.Entry) store.Entry {
	t.Helper()
	entry, err := to.Append(t.Context(), entry)
	if err != nil {
		t.Fatal(err)
	}
	return entry
}

func TestAnEntryComesBackAsItWasKept(t *testing.T) {
	kept, folder := open(t)
	seoul := time.FixedZone("KST", 9*60*60)
	entries := []store.Entry{
		{
			Run: "r1", Profile: "acme", At: noon.In(seoul), Who: "김민준", Kind: store.ChangeMade, Step: "salesforce.session-lock",
			Verdict: "pass", Data: json.RawMessage(`{"before":"true", "after":"false","rest":[1,2.50,null]}`),
		},
		{Profile: "../acme'; DROP TABLE entry;--", At: noon, Kind: store.Opened},
	}
	first := journal(t, kept)
	for i := range entries {
		entries[i] = add(t, first, entries[i])
		if entries[i].ID == 0 || entries[i].At.Location() != time.UTC {
			t.Errorf("%+v", entries[i])
		}
	}
	again := journal(t, kept)
	got, err := again.Entries(t.Context(), store.Filter{})
	if diff := cmp.Diff(entries, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	one, err := again.Entry(t.Context(), entries[1].ID)
	if diff := cmp.Diff(entries[1], one); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if _, err := again.Entry(t.Context(), 99); !errors.Is(err, store.ErrNoEntry) {
		t.Error(err)
	}
	for path, want := range map[string]os.FileMode{"zsf": 0o700, "zsf/journal.db": 0o600, "zsf/journal.db-wal": 0o600, "zsf/journal.db-shm": 0o600} {
		info, err := os.Stat(filepath.Join(folder, path))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", path, info.Mode().Perm(), want)
		}
	}
}

func TestAFilterNarrows(t *testing.T) {
	kept, _ := open(t)
	to := journal(t, kept)
	for _, entry := range []store.Entry{
		{Profile: "a", Run: "1", Kind: store.RunStarted},                                 // 1
		{Profile: "a", Run: "1", Kind: store.Looked, Step: "setup.package"},              // 2
		{Profile: "b", Run: "2", Kind: store.RunStarted},                                 // 3
		{Profile: "a", Run: "1", Kind: store.Confirmed, Step: "setup.terms"},             // 4
		{Profile: "a", Run: "3", Kind: store.RunStarted},                                 // 5
		{Profile: "a", Run: "3", Kind: store.Looked, Step: "setup.terms", Verdict: "ok"}, // 6
	} {
		entry.At = noon
		add(t, to, entry)
	}
	tests := map[string]struct {
		filter store.Filter
		want   []int64
	}{
		"nothing":               {store.Filter{}, []int64{1, 2, 3, 4, 5, 6}},
		"a profile":             {store.Filter{Profile: "a"}, []int64{1, 2, 4, 5, 6}},
		"a run":                 {store.Filter{Run: "1"}, []int64{1, 2, 4}},
		"kinds":                 {store.Filter{Kinds: []store.Kind{store.RunStarted, store.Confirmed}}, []int64{1, 3, 4, 5}},
		"a step":                {store.Filter{Step: "setup.terms"}, []int64{4, 6}},
		"after an entry":        {store.Filter{After: 4}, []int64{5, 6}},
		"the newest, in order":  {store.Filter{Limit: 2}, []int64{5, 6}},
		"all together":          {store.Filter{Profile: "a", Run: "3", Step: "setup.terms", Kinds: []store.Kind{store.Looked}, After: 1, Limit: 9}, []int64{6}},
		"a profile's newest":    {store.Filter{Profile: "b", Limit: 1}, []int64{3}},
		"a profile without any": {store.Filter{Profile: "c"}, nil},
	}
	for name, test := range tests {
		entries, err := to.Entries(t.Context(), test.filter)
		if err != nil {
			t.Fatal(name, err)
		}
		var got []int64
		for _, entry := range entries {
			got = append(got, entry.ID)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Error(name, diff)
		}
	}
}

func TestASecretDoesNotGoIntoTheJournal(t *testing.T) {
	kept, folder := open(t)
	to := journal(t, kept)
	session := "00D000000000001!AQ.secret_of-the.test"
	escaped := `{"note":"\u0030\u0030D000000000001\u0021AQ.secret_of-the.test"}`
	secrets := map[string]store.Entry{
		"data":               {Data: json.RawMessage(`{"answer":{"headers":["Authorization: Bearer abcdefghijklmnop"]}}`)},
		"a session":          {Data: json.RawMessage(`["` + session + `"]`)},
		"an escaped session": {Data: json.RawMessage(escaped)},
		"a link's password":  {Data: json.RawMessage(`{"link":"https://x.example/p?p0=04t\u0026password=hunter2"}`)},
		"a name in data":     {Data: json.RawMessage(`{"` + session + `":1}`)},
		"a field of a form":  {Data: json.RawMessage(`{"access_token":"abc"}`)},
		"who":                {Who: session},
		"step":               {Step: session},
		"verdict":            {Verdict: session},
		"run":                {Run: session},
	}
	for name, entry := range secrets {
		if entry.Step == "" {
			entry.Step = "setup.package"
		}
		entry.Profile, entry.At, entry.Kind = "a", noon, store.Looked
		_, err := to.Append(t.Context(), entry)
		if !errors.Is(err, store.ErrSecret) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := to.Append(t.Context(), store.Entry{Profile: session, Kind: store.Looked, At: noon}); !errors.Is(err, store.ErrSecret) {
		t.Error(err)
	}
	// What was redacted before is no secret, nor are ids and settings.
	add(t, to, store.Entry{Profile: "a", At: noon, Kind: store.Looked, Data: json.RawMessage(
		`{"call":"password=[redacted]","org":"00D000000000001EAA","version":"04tWs000000abcDIAY","sessionSettings.sessionTimeout":"TwoHours"}`)})
	entries, err := to.Entries(t.Context(), store.Filter{})
	if err != nil || len(entries) != 1 {
		t.Errorf("%v %v", entries, err)
	}
	for _, name := range []string{"journal.db", "journal.db-wal"} {
		text, err := os.ReadFile(filepath.Join(folder, "zsf", name))
		if err != nil {
			t.Fatal(err)
		}
		if holds(text, "secret_of-the.test", "hunter2", "abcdefghijklmnop") {
			t.Errorf("a secret is in %s", name)
		}
	}
}

func TestAnEntryThatSaysTooLittleIsRefused(t *testing.T) {
	kept, _ := open(t)
	to := journal(t, kept)
	whole := store.Entry{Profile: "a", Kind: store.Looked, At: noon}
	for _, spoil := range []func(*store.Entry){
		func(e *store.Entry) { e.Profile = "" },
		func(e *store.Entry) { e.Kind = "" },
		func(e *store.Entry) { e.At = time.Time{} },
		func(e *store.Entry) { e.Data = json.RawMessage(`{"half":`) },
	} {
		entry := whole
		spoil(&entry)
		if _, err := to.Append(t.Context(), entry); err == nil {
			t.Errorf("%+v was taken", entry)
		}
	}
	if entries, err := to.Entries(t.Context(), store.Filter{}); err != nil || len(entries) != 0 {
		t.Errorf("%v %v", entries, err)
	}
}

func FuzzSecretsStayOut(f *testing.F) {
	f.Add(`{"a":"b"}`, "hunter2")
	f.Add(`["\u0070assword=x"]`, "00D000000000001!AQ")
	f.Fuzz(func(t *testing.T, data, text string) {
		if err := store.RefuseSecrets(store.Entry{Data: json.RawMessage(data)}); err != nil && !errors.Is(err, store.ErrSecret) {
			t.Fatal(err)
		}
		// However a string is written in JSON, it is refused where the string alone would be.
		written, err := json.Marshal(map[string]any{"deep": []string{text}})
		if err != nil {
			t.Fatal(err)
		}
		alone := store.RefuseSecrets(store.Entry{Who: text})
		if within := store.RefuseSecrets(store.Entry{Data: written}); alone != nil && within == nil {
			t.Fatalf("%q goes in", text)
		}
	})
}
