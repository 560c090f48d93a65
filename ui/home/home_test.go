package home

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

var now = uitest.Read.Add(4 * time.Minute)

func clock() parts.Clock { return parts.Clock{Now: func() time.Time { return now }} }

func signedIn() Data {
	report := uitest.Troubled()
	report.StartedAt = uitest.Read
	return Data{
		Profile:    "acme-sandbox",
		Salesforce: SignIn{Name: "acme--dev.sandbox.my.salesforce.com", User: "jpark@acme.com.dev", From: "ZSF_SALESFORCE_ACCESS_TOKEN"},
		Zendesk:    SignIn{Name: "acme1700.zendesk.com", From: "ZSF_ZENDESK_ACCESS_TOKEN"},
		Last:       CheckOf(report),
	}
}

func TestGolden(t *testing.T) {
	states := map[string]Data{"signed-in": signedIn(), "first-run": {Profile: "default"}}
	for state, data := range states {
		for _, tag := range []string{"en", "ko"} {
			for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
				for name, terminal := range map[string]theme.Terminal{"colour": {Profile: colorprofile.TrueColor}, "plain": {}} {
					t.Run(fmt.Sprintf("%s/%s-%dx%d-%s", state, tag, size[0], size[1], name), func(t *testing.T) {
						m := New(data, clock())
						m.SetFrame(parts.Frame{Width: size[0], Height: size[1], Theme: theme.New(terminal), Words: uitest.Words(t, tag)})
						screen := m.Render("")
						uitest.Fits(t, screen, size[0], size[1])
						if last := m.frame.Words.T("home.rehearse-about"); !strings.Contains(screen, last) {
							t.Errorf("what to do next is not in sight:\n%s", screen)
						}
						golden.RequireEqual(t, screen)
					})
				}
			}
			t.Run(fmt.Sprintf("%s/%s-text", state, tag), func(t *testing.T) {
				text := strings.Join(Text(data, uitest.Words(t, tag), now, 80), "\n") + "\n"
				if ansi.Strip(text) != text {
					t.Errorf("a pipe gets styles: %q", text)
				}
				golden.RequireEqual(t, text)
			})
		}
	}
}

func TestEveryWidthHasItsScreen(t *testing.T) {
	for _, tag := range []string{"en", "ko"} {
		for width := parts.MinWidth; width <= 140; width++ {
			m := New(signedIn(), clock())
			m.SetFrame(parts.Frame{Width: width, Height: 16, Theme: theme.New(theme.Terminal{}), Words: uitest.Words(t, tag)})
			uitest.Fits(t, m.Render("x"), width, 16)
		}
	}
}

func TestKeysChoose(t *testing.T) {
	cases := []struct {
		keys []string
		want any
	}{
		{[]string{"c"}, Chosen{DoCheck}},
		{[]string{"d"}, Chosen{DoRehearse}},
		{[]string{"enter"}, Chosen{DoCheck}},
		{[]string{"s"}, Chosen{DoSetUp}},
		{[]string{"down", "enter"}, Chosen{DoSetUp}},
		{[]string{"t"}, Chosen{DoTickets}},
		{[]string{"down", "down", "down", "down", "enter"}, Chosen{DoRehearse}},
		{[]string{"j", "k", "k", "enter"}, Chosen{DoCheck}},
		{[]string{"q"}, parts.Quit{}},
	}
	for _, c := range cases {
		t.Run(strings.Join(c.keys, " "), func(t *testing.T) {
			m := New(signedIn(), clock())
			for i, key := range c.keys {
				command := m.Update(uitest.Key(key))
				if i < len(c.keys)-1 {
					continue
				}
				if command == nil {
					t.Fatal("the key did nothing")
				}
				if got := command(); got != c.want {
					t.Errorf("got %v, want %v", got, c.want)
				}
			}
		})
	}
}

func TestHostileNamesDoNotReachThePipe(t *testing.T) {
	data := signedIn()
	data.Profile, data.Salesforce.User, data.Zendesk.Name = "p\x1b[2J", "u\x1b]0;x\x07", "z\u202e"
	for _, line := range Text(data, uitest.Words(t, "en"), now, 80) {
		if strings.ContainsAny(line, "\x1b\x07\u202e") {
			t.Errorf("%q", line)
		}
	}
}
