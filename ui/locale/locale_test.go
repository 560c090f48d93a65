package locale

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"

	"zsf/clients/transport"
	"zsf/flows/flow"
)

func open(t *testing.T, tag string) *Locale {
	t.Helper()
	words, err := New(tag)
	if err != nil {
		t.Fatal(err)
	}
	words.Zone = time.UTC
	return words
}

// messages are all of a language's messages by ID. A message that is there twice fails the test.
func messages(t *testing.T, tag string) map[string]*i18n.Message {
	t.Helper()
	all := map[string]*i18n.Message{}
	names, err := fs.Glob(embedded, tag+"/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(embedded, name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := i18n.ParseMessageFileBytes(content, tag+".toml", map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, message := range file.Messages {
			if all[message.ID] != nil {
				t.Errorf("%s is there twice in %s", message.ID, tag)
			}
			all[message.ID] = message
		}
	}
	return all
}

var placeholder = regexp.MustCompile(`\.([A-Z]\w*)`)

// placeholders are the names that a message fills in.
func placeholders(message *i18n.Message) []string {
	var names []string
	for _, action := range regexp.MustCompile(`{{.*?}}`).FindAllString(message.One+message.Other, -1) {
		for _, match := range placeholder.FindAllStringSubmatch(action, -1) {
			names = append(names, match[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestEveryMessageIsThereInBothLanguages(t *testing.T) {
	english, korean := messages(t, "en"), messages(t, "ko")
	for id, message := range english {
		other, ok := korean[id]
		if !ok {
			t.Errorf("%s is missing in Korean", id)
			continue
		}
		if in, ko := placeholders(message), placeholders(other); !slices.Equal(in, ko) {
			t.Errorf("%s fills in %v in English, %v in Korean", id, in, ko)
		}
		if message.Other == "" || other.Other == "" {
			t.Errorf("%s has no words", id)
		}
	}
	for id := range korean {
		if english[id] == nil {
			t.Errorf("%s is missing in English", id)
		}
	}
}

// One voice asks for things, the friendlier one, and neither language shouts.
func TestTheVoiceIsOne(t *testing.T) {
	for tag, wrong := range map[string]*regexp.Regexp{"en": regexp.MustCompile(`Oops|!( |$)`), "ko": regexp.MustCompile(`십시오|!( |$)`)} {
		for id, message := range messages(t, tag) {
			if found := wrong.FindString(message.One + message.Other); found != "" {
				t.Errorf("%s: %q: %s", id, found, message.Other)
			}
		}
	}
}

// A particle after a placeholder must not depend on whether the word before it ends in a consonant.
func TestKoreanParticlesFitEveryWord(t *testing.T) {
	wrong := regexp.MustCompile(`}}(은|는|이|가|을|를|과|와|으로|로|이나|나|이라|라)([^가-힣]|$)`)
	for id, message := range messages(t, "ko") {
		if found := wrong.FindString(message.Other); found != "" {
			t.Errorf("%s: %q breaks after some words: %s", id, found, message.Other)
		}
	}
}

func TestEveryKindOfFailureHasWords(t *testing.T) {
	for _, tag := range Languages {
		words := open(t, tag)
		for kind, id := range kinds {
			if !words.Has("error." + id) {
				t.Errorf("%s: no words for the kind %q", tag, kind)
			}
			for _, service := range []transport.Service{transport.Salesforce, transport.Zendesk} {
				err := &transport.Error{Service: service, Host: "acme.example", Call: "GET /x", Kind: kind}
				if said := words.Error(err); strings.Contains(said, "<no value>") || strings.HasPrefix(said, "error.") {
					t.Errorf("%s: %s: %q", tag, kind, said)
				}
				if kind == transport.Canceled || service == transport.Salesforce && kind == transport.Anonymous {
					continue
				}
				if hint := words.Hint(err); hint == "" || strings.Contains(hint, "<no value>") {
					t.Errorf("%s: %s: the hint is %q", tag, kind, hint)
				}
			}
		}
	}
}

func TestErrorsSayWhatHappenedToWhatAndWhy(t *testing.T) {
	disabled := &transport.Error{
		Service: transport.Salesforce, Host: "acme.my.salesforce.com", Call: "GET /services/data/v68.0/query", Kind: transport.APIDisabled,
		Status: 403, Code: "API_DISABLED_FOR_ORG", Message: "The REST API is not enabled for this Organization.",
	}
	limited := &transport.Error{Service: transport.Zendesk, Call: "GET /api/v2/triggers", Kind: transport.RateLimited, Status: 429, RetryAfter: 93 * time.Second}
	cases := []struct {
		name, tag string
		err       error
		said      string
		hint      string
	}{
		{
			"with the service's code", "en", disabled,
			"Salesforce has the API switched off, for the org or for this user (403 API_DISABLED_FOR_ORG: The REST API is not enabled for this Organization)",
			"See the edition and its API add-on",
		},
		{"in Korean", "ko", disabled, "Salesforce에서 이 조직 또는 이 사용자의 API가 꺼져 있습니다 (403 API_DISABLED_FOR_ORG", "에디션"},
		{"wrapped", "en", fmt.Errorf("read: %w", limited), "Zendesk asks to slow down, and did not take GET /api/v2/triggers (429)", "Look again in 2 min."},
		{"a plain error", "en", errors.New("disk full"), "disk full", ""},
		{"interrupted", "en", fmt.Errorf("x: %w", context.Canceled), "interrupted", ""},
		{"none", "en", nil, "", ""},
		{"with a token in it", "en", errors.New("Authorization: Bearer abcdefghijklmnop"), "[redacted]", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			words := open(t, c.tag)
			if said := words.Error(c.err); !strings.Contains(said, c.said) || c.said == "" && said != "" {
				t.Errorf("said %q, want %q", said, c.said)
			}
			if hint := words.Hint(c.err); !strings.Contains(hint, c.hint) || c.hint == "" && hint != "" {
				t.Errorf("hint %q, want %q", hint, c.hint)
			}
		})
	}
}

func TestSayFillsInEveryKindOfValue(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 2, 11, 0, time.UTC)
	cases := []struct {
		name, tag string
		text      flow.Text
		want      string
	}{
		{"nothing", "en", flow.Text{}, ""},
		{"raw words", "en", flow.Raw("J. Park"), "J. Park"},
		{"an unknown ID", "en", flow.Say("no.such.words"), "no.such.words"},
		{"a text in a text", "en", flow.Say("checklist.seen-at", "Summary", flow.Raw("locked"), "Time", at), "10:02:11 · locked"},
		{"one", "en", flow.Say("total.warn", "Count", 1), "1 warning"},
		{"several", "en", flow.Say("total.warn", "Count", 3), "3 warnings"},
		{"none", "en", flow.Say("total.warn", "Count", 0), "0 warnings"},
		{"a list", "en", flow.Say("off", "X", 1), "off"},
		{"a long number", "en", flow.Say("total.pass", "Count", 100000), "100,000 passed"},
		{"a span", "ko", flow.Say("span.ago", "Span", 4*time.Minute), "4분 전"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := open(t, c.tag).Say(c.text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestListsAreJoinedInTheLanguagesWay(t *testing.T) {
	for tag, want := range map[string]string{"en": "Account, Lead and Contact", "ko": "Account, Lead, Contact"} {
		if got := open(t, tag).Join([]string{"Account", "Lead", "Contact"}); got != want {
			t.Errorf("%s: got %q, want %q", tag, got, want)
		}
	}
	if got := open(t, "en").Join([]string{"Account"}); got != "Account" {
		t.Errorf("got %q", got)
	}
}

func TestSpansReadAsOneWouldSayThem(t *testing.T) {
	cases := map[time.Duration]string{
		0: "0 s", 40 * time.Millisecond: "40 ms", 412 * time.Millisecond: "0.4 s", 2 * time.Second: "2 s", 12 * time.Second: "12 s",
		89 * time.Second: "89 s", 4 * time.Minute: "4 min", 3 * time.Hour: "3 h", 50 * time.Hour: "2 d", -time.Second: "0 s",
	}
	words := open(t, "en")
	for span, want := range cases {
		if got := words.Span(span); got != want {
			t.Errorf("%v: got %q, want %q", span, got, want)
		}
	}
	for left, want := range map[time.Duration]string{84 * time.Second: "1:24", 500 * time.Millisecond: "0:01", -time.Second: "0:00"} {
		if got := Countdown(left); got != want {
			t.Errorf("%v: got %q, want %q", left, got, want)
		}
	}
}

func TestLanguageComesFromTheEnvironment(t *testing.T) {
	cases := []struct {
		name string
		env  map[string]string
		want string
	}{
		{"nothing is set", nil, "en"},
		{"LANG", map[string]string{"LANG": "ko_KR.UTF-8"}, "ko"},
		{"LC_ALL goes before LANG", map[string]string{"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}, "en"},
		{"ZSF_LANG goes before all", map[string]string{"LC_ALL": "en_US.UTF-8", "ZSF_LANG": "ko"}, "ko"},
		{"a language that zsf does not speak", map[string]string{"LANG": "de_DE.UTF-8"}, "en"},
		{"with a modifier", map[string]string{"LC_MESSAGES": "ko_KR@hanja"}, "ko"},
		{"nonsense", map[string]string{"LANG": "\x1b[31m!"}, "en"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Detect(func(name string) string { return c.env[name] }); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestALanguageThatNobodySpeaksIsAnError(t *testing.T) {
	var unknown *UnknownLanguageError
	if _, err := New("de"); !errors.As(err, &unknown) || !strings.Contains(err.Error(), "en and ko") {
		t.Errorf("got %v", err)
	}
}

func FuzzNoValueSteersTheTerminal(f *testing.F) {
	f.Add("\x1b[31mred\x07")
	f.Add("a\u202eb\u0085c\x00")
	f.Fuzz(func(t *testing.T, hostile string) {
		words := open(t, "en")
		said := words.T("checklist.seen-at", "Summary", hostile, "Time", time.Unix(0, 0))
		said += words.Say(flow.Raw(hostile)) + words.Join([]string{hostile, hostile}) + words.Error(errors.New(hostile)) + words.T(hostile)
		for _, r := range said {
			if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				t.Fatalf("%q lets %U through", hostile, r)
			}
		}
	})
}

// A message that no code asks for is a leftover. Code asks for it by its ID, or by the ID's beginning and what follows.
func TestEveryMessageIsAskedFor(t *testing.T) {
	literal := regexp.MustCompile("\"(?:[^\"\\\\\n]|\\\\.)*\"|`[^`]*`")
	asked := map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, found := range literal.FindAllString(string(source), -1) {
			asked[found[1:len(found)-1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for id := range messages(t, "en") {
		whole := asked[id]
		for at := range id {
			whole = whole || at > 1 && asked[id[:at]] && (strings.ContainsAny(id[at-1:at], ".-") || strings.Contains(id[:at], "."))
		}
		if !whole {
			t.Errorf("nobody asks for %s", id)
		}
	}
}
