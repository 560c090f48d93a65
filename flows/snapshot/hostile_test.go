package snapshot_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/snapshot"
	"zsf/ui/locale"
)

func TestWhatIsNoSnapshotIsRefused(t *testing.T) {
	good := string(encoded(t, serve(t, "ready").take(nil)))
	swap := func(was, is string) string {
		if !strings.Contains(good, was) {
			t.Fatalf("%s is not in the snapshot", was)
		}
		return strings.Replace(good, was, is, 1)
	}
	var schema *snapshot.SchemaError
	if _, err := snapshot.Parse([]byte(swap(`"schema": 1`, `"schema": 2`))); !errors.As(err, &schema) || schema.Schema != 2 {
		t.Errorf("a later schema: %v", err)
	}
	for name, text := range map[string]string{
		"nothing":          "",
		"no JSON":          "{",
		"a list":           "[]",
		"null":             "null",
		"another document": `{"schema":1,"checks":[]}`,
		"no schema":        swap(`"schema": 1,`, ``),
		"an unknown field": swap(`"label"`, `"surprise": 1, "label"`),
		"nobody's":         swap(`"profile": "acme"`, `"profile": ""`),
		"two documents":    good + good,
		"no value":         swap(`"value"`, `"unknown": {"kind": "x"}, "value"`),
		"too large":        strings.Repeat(" ", snapshot.MaxSize+1),
		"too deep":         strings.Repeat("[", 100000),
		"a wrong type":     swap(`"active": true`, `"active": "yes"`),
	} {
		var unreadable *snapshot.UnreadableError
		if _, err := snapshot.Read(strings.NewReader(text)); !errors.As(err, &unreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nobody asks for a secret, but a trigger's body can hold one, and so can a label.
func TestNoSecretIsInASnapshot(t *testing.T) {
	p := serve(t, "ready")
	const secret = "s3cr3t-of-acme-incorporated"
	definition, err := json.Marshal(map[string]any{"trigger": map[string]any{
		"conditions": map[string]any{"all": []any{map[string]any{"field": "status", "operator": "is", "value": "open"}}},
		"actions": []any{
			map[string]any{"field": "notification_webhook", "value": []any{"1", `{"password":"` + secret + `","ticket":7}`}},
			map[string]any{"field": "notification_user", "value": []any{"all_agents", "Authorization: Bearer " + secret}},
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	p.call("PUT", "/api/v2/triggers/"+strconv.FormatInt(p.trigger().ID, 10), string(definition))
	taken := p.take(nil)
	text := string(encoded(t, taken))
	info := p.Info()
	for _, hidden := range []string{
		secret, info.Salesforce.AccessToken, info.Salesforce.RefreshToken, info.Zendesk.AccessToken, info.Zendesk.RefreshToken,
	} {
		if strings.Contains(text, hidden) {
			t.Errorf("%s is in the snapshot:\n%s", hidden, text)
		}
	}
	if len(taken.Redacted) != 2 || !strings.Contains(text, `\"ticket\":7`) {
		t.Errorf("taken out: %q", taken.Redacted)
	}
	if _, err := snapshot.Keep(t.Context(), openJournal(t), taken, "jpark"); err != nil {
		t.Error(err)
	}
	// What was taken out on both sides cannot be compared, and that is said.
	changes := snapshot.Compare(taken, p.take(nil))
	if len(changes) != 2 || snapshot.Differ(changes) || changes[0].Kind != snapshot.NotRead {
		t.Errorf("%+v", changes)
	}
}

// Nothing in a snapshot can steer a terminal, and it is the same text all the same.
func TestInvisibleCharactersAreWrittenAsEscapes(t *testing.T) {
	taken := serve(t, "ready").take(nil)
	hostile := "a\x1b[31m\u202eb\u0085\u200b\U000e0041\x7f\u2028c 한글 é \"<&>"
	(*taken.Zendesk.Triggers.Value)[0].Description = hostile
	text := encoded(t, taken)
	for _, r := range string(text) {
		if r != '\n' && (r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x202e || r == 0x200b || r == 0xe0041) {
			t.Fatalf("%U is in the text", r)
		}
	}
	if !strings.Contains(string(text), `한글 é \"<&>`) {
		t.Errorf("%s", text)
	}
	read, err := snapshot.Parse(text)
	if err != nil || (*read.Zendesk.Triggers.Value)[0].Description != hostile {
		t.Errorf("%v %q", err, (*read.Zendesk.Triggers.Value)[0].Description)
	}
}

func TestWithoutASignInEverythingIsUnknownWithItsReason(t *testing.T) {
	p := serve(t, "ready")
	whole := p.take(nil)
	p.account = nil
	half := p.take(nil)
	if half.Zendesk.Triggers.Unknown.Kind != "sign-in missing" || half.Salesforce.Org.Value == nil {
		t.Fatalf("%s", encoded(t, half))
	}
	if _, err := snapshot.Parse(encoded(t, half)); err != nil {
		t.Error(err)
	}
	for _, change := range snapshot.Compare(whole, half) {
		if change.Kind != snapshot.Lost || !strings.HasPrefix(change.Path, "zendesk.") {
			t.Errorf("%+v", change)
		}
	}
	if changes := snapshot.Compare(half, half); snapshot.Differ(changes) || len(changes) != 4 {
		t.Errorf("what was read on neither side: %+v", changes)
	}
}

func TestSnapshotsAreKeptAndListed(t *testing.T) {
	p, journal := serve(t, "ready"), openJournal(t)
	question, _ := snapshot.Question("syncs.accounts")
	said := store.Entry{Profile: "acme", At: time.Now(), Who: "jpark"}
	if err := snapshot.Say(t.Context(), journal, said, question, []string{"perhaps"}); !errors.Is(err, flow.ErrNoOption) {
		t.Errorf("%v", err)
	}
	if err := snapshot.Say(t.Context(), journal, said, question, []string{"on"}); err != nil {
		t.Fatal(err)
	}
	taken := p.take(journal)
	if answer := taken.Said.Answers["syncs.accounts"]; len(answer.Value) != 1 || answer.Value[0] != "on" || answer.By != "jpark" {
		t.Errorf("%+v", answer)
	}
	id, err := snapshot.Keep(t.Context(), journal, taken, "jpark")
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := snapshot.Load(t.Context(), journal, id)
	if err != nil || !bytes.Equal(encoded(t, loaded.Snapshot), encoded(t, taken)) {
		t.Errorf("%v", err)
	}
	if list, err := snapshot.List(t.Context(), journal, "acme"); err != nil || len(list) != 1 || list[0].ID != id || list[0].Label != "before" {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := snapshot.List(t.Context(), journal, "other"); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := snapshot.Load(t.Context(), journal, id-1); !errors.Is(err, snapshot.ErrNotOne) {
		t.Errorf("%v", err)
	}
	if _, err := snapshot.Load(t.Context(), journal, 99); !errors.Is(err, store.ErrNoEntry) {
		t.Errorf("%v", err)
	}
	// An answer that changes is a difference; one that was not there before is none.
	if err := snapshot.Say(t.Context(), journal, said, question, []string{"off"}); err != nil {
		t.Fatal(err)
	}
	if changes := snapshot.Compare(taken, p.take(journal)); len(changes) != 1 || !changes[0].Differs() {
		t.Errorf("%+v", changes)
	}
	if changes := snapshot.Compare(p.take(nil), taken); len(changes) != 1 || changes[0].Differs() {
		t.Errorf("%+v", changes)
	}
}

// Titles may be there twice, ids may be new: each trigger is compared with its own.
func TestATriggerIsFoundAgain(t *testing.T) {
	taken := serve(t, "ready").take(nil)
	text := string(encoded(t, taken))
	triggers := *taken.Zendesk.Triggers.Value
	again := text
	for i, trigger := range triggers {
		again = strings.ReplaceAll(again, strconv.FormatInt(trigger.ID, 10), strconv.Itoa(100+i))
	}
	anew, err := snapshot.Parse([]byte(again))
	if err != nil {
		t.Fatal(err)
	}
	if changes := snapshot.Compare(taken, anew); len(changes) != 0 {
		t.Errorf("two of one title with new ids: %+v", changes)
	}
	swapped, err := snapshot.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	both := *swapped.Zendesk.Triggers.Value
	both[0], both[1] = both[1], both[0]
	if changes := snapshot.Compare(taken, swapped); len(changes) != 0 {
		t.Errorf("in another order: %+v", changes)
	}
}

// The order of conditions, of keys and the spacing of a body are no difference; the order of actions is.
func TestContentIsComparedByWhatItSays(t *testing.T) {
	parse := func(text string) snapshot.Content {
		var content snapshot.Content
		if err := json.Unmarshal([]byte(text), &content); err != nil {
			t.Fatal(err)
		}
		return content
	}
	long := strings.Repeat("x", 400)
	for name, test := range map[string]struct{ before, after, want string }{
		"order of keys":    {`[{"field":"a","value":1}]`, `[{"value":1,"field":"a"}]`, ``},
		"spacing of JSON":  {`[{"field":"a","value":"{\"b\": 1}"}]`, `[{"field":"a","value":"{\"b\":1}"}]`, ``},
		"order":            {`[{"field":"a","value":1},{"field":"b","value":1}]`, `[{"field":"b","value":1},{"field":"a","value":1}]`, `in one order → in another order`},
		"a number":         {`[{"field":"a","value":1}]`, `[{"field":"a","value":"1"}]`, ``},
		"inside a body":    {`[{"field":"a","value":["1","{\"k\":\"` + long + `\",\"n\":1}"]}]`, `[{"field":"a","value":["1","{\"k\":\"` + long + `\",\"n\":2}"]}]`, `1 → 2`},
		"in a long text":   {`[{"field":"a","value":"` + long + ` one"}]`, `[{"field":"a","value":"` + long + ` two"}]`, `…xxxxxxxxxxxxxxxxxxxxxxx one → …xxxxxxxxxxxxxxxxxxxxxxx two`},
		"twice":            {`[{"field":"a"},{"field":"a"}]`, `[{"field":"a"}]`, `gone (was a)`},
		"another shape":    {`[{"field":"a"}]`, `"none"`, `[{"field":"a"}] → none`},
		"nothing to begin": {`null`, `[]`, `new ([])`},
	} {
		a, b := serveNothing(parse(test.before)), serveNothing(parse(test.after))
		var said []string
		words, err := locale.New("en")
		if err != nil {
			t.Fatal(err)
		}
		for _, change := range snapshot.Compare(a, b) {
			if change.Kind != snapshot.NotRead {
				_, what, _ := strings.Cut(words.Say(change.Words()), ": ")
				said = append(said, what)
			}
		}
		if test.want == "" && name == "a number" {
			test.want = "a 1 → a 1" // the type differs, though it reads the same
		}
		if got := strings.Join(said, "\n"); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// serveNothing is a snapshot with one trigger that has these actions.
func serveNothing(actions snapshot.Content) snapshot.Snapshot {
	triggers := []snapshot.Trigger{{ID: 1, Title: "T", Actions: actions}}
	return snapshot.Snapshot{Zendesk: snapshot.Zendesk{Triggers: snapshot.Part[[]snapshot.Trigger]{Value: &triggers}}}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"schema":1}`))
	f.Add([]byte(`{"schema":1,"profile":"a","taken_at":"2026-11-25T10:00:00Z","said":{"answers":{"x":{"value":["on"],"at":"2026-11-25T10:00:00Z"}}}}`))
	f.Add(minimal())
	f.Fuzz(func(t *testing.T, text []byte) {
		read, err := snapshot.Parse(text)
		if err != nil {
			return
		}
		again, err := read.Encode()
		if err != nil {
			t.Fatal(err)
		}
		twice, err := snapshot.Parse(again)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, again)
		}
		if changes := snapshot.Compare(read, twice); snapshot.Differ(changes) {
			t.Fatalf("%+v\n%s", changes, again)
		}
		words, err := locale.New("en")
		if err != nil {
			t.Fatal(err)
		}
		for _, change := range snapshot.Compare(read, serveNothing(snapshot.Content{})) {
			for _, r := range words.Say(change.Words()) {
				if r < 0x20 && r != '\n' || r == 0x202e || r >= 0x7f && r < 0xa0 {
					t.Fatalf("%U in %q", r, words.Say(change.Words()))
				}
			}
		}
	})
}

// minimal is a whole snapshot in which nothing could be read but two triggers.
func minimal() []byte {
	unread := `{"source":"x","unknown":{"kind":"other","words":"\u202e"}}`
	const at = `"read_at":"2026-11-25T10:00:00Z"`
	return fmt.Appendf(nil, `{"schema":1,"profile":"a","taken_at":"2026-11-25T10:00:00Z","salesforce":{"org":%[1]s,"connections":%[1]s,"apps":%[1]s,
		"profiles":%[1]s,"packages":%[1]s,"package_profiles":%[1]s,"visualforce_pages":%[1]s,"components":%[1]s,"record_pages":%[1]s,
		"security_settings":{%[2]s,"value":{"a.b":["1"]}},"oauth_oidc_settings":%[1]s},"zendesk":{"triggers":{%[2]s,"value":[{"id":1,"title":"t",
		"conditions":{"all":[{"field":"a","operator":"is","value":["\u001b[31m"]}]},"actions":[{"field":"x","value":["1","{\"a\":[]}"]}]},{"id":1}]},
		"webhooks":%[1]s,"organizations_with_salesforce_id":%[1]s,"users_with_salesforce_id":%[1]s},"said":{"answers":{}}}`, unread, at)
}
