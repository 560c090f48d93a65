package tickets

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"

	"zsf/flows/tickets"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// pieces are what a sender with bad intentions would put together.
var pieces = []string{
	"\x1b]0;owned\x07", "\x1b[2J", "\x1b[31m", "\u009b31m", "\u009d0;x\u009c", "\x1bPq\x1b\\", "\x00", "\x07", "\x08", "\r\n", "\r", "\n", "\t", "\v", "\x7f", "\u0085",
	"\u202e", "\u2066", "\u2069", "\u200b", "\u200d", "\ufeff", "\u2028", "\u00ad", "\U000e0041", "\ufe0f",
	"é", "한글", "日本", "👩‍👩‍👧", "🇰🇷", "a" + strings.Repeat("\u0301", 60), "ﷺ", "༼", "\u0e33", "\xff\xfe", "\xed\xa0\x80",
	strings.Repeat("W", 10_000), strings.Repeat("漢", 3_000), "https://evil.example/\x1b]8;;https://x\x07", "http://ex\u202eample.com/a", "https://ｅｘａｍｐｌｅ.com/",
	"Open", "#1", "{{.Name}}", "%s%d", "│┆▸", " ", "",
}

func hostile(dice *rand.Rand) string {
	var b strings.Builder
	for range 1 + dice.IntN(4) {
		b.WriteString(pieces[dice.IntN(len(pieces))])
	}
	return b.String()
}

// harmless fails the test for every control character but a style's and the line breaks.
func harmless(t *testing.T, screen string) {
	t.Helper()
	for rest := screen; ; {
		at := strings.IndexByte(rest, 0x1b)
		if at < 0 {
			break
		}
		rest = rest[at+1:]
		end := strings.IndexFunc(rest, func(r rune) bool { return r != '[' && r != ';' && (r < '0' || r > '9') })
		if end < 0 || rest[end] != 'm' {
			t.Fatalf("a sequence got through: %q", rest[:min(len(rest), 40)])
		}
	}
	for _, r := range ansi.Strip(screen) {
		if r != '\n' && (r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b || r == 0x2028 || r == 0xfeff) {
			t.Fatalf("%U got through", r)
		}
	}
}

// Whatever a thousand tickets say, nothing of it steers the terminal, and no column moves.
func TestHostileTicketsBreakNothing(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
		synctest.Test(t, func(t *testing.T) {
			dice := rand.New(rand.NewPCG(6, uint64(size[0])))
			s := set(t, frameOf(t, "en", size[0], size[1], theme.Terminal{}), func(options *Options, o *office) {
				onAccount(options, o)
				options.Profile = hostile(dice)
				record := account
				record.Name, record.Hidden = hostile(dice), []string{hostile(dice)}
				o.records[accountID] = record
				o.rows = nil
				for id := range int64(1000) {
					row := ticket(id+1, hostile(dice), hostile(dice), hostile(dice), hostile(dice), hostile(dice), time.Duration(id)*time.Minute)
					row.Label, row.Type, row.Requester.Email = hostile(dice), hostile(dice), hostile(dice)
					if id%3 == 0 {
						row.Status, row.Priority, row.Label = "open", "high", ""
					}
					o.rows = append(o.rows, row)
					message := said(hostile(dice), id%2 == 0, time.Hour, hostile(dice), hostile(dice))
					message.Attachments = []tickets.Attachment{{FileName: hostile(dice), ContentType: hostile(dice), ContentURL: hostile(dice), Size: 1}}
					o.talks[id+1] = []tickets.Message{message}
				}
			})
			defer s.model.Leave()
			s.Pass(time.Second)
			s.Press("G", "G")
			s.Pass(time.Second)
			s.Press("g")
			look := func() {
				t.Helper()
				screen := s.Render()
				harmless(t, screen)
				uitest.Fits(t, screen, size[0], size[1])
			}
			// Each column begins where the one of the first row does.
			column := columnsFor(size[0], s.model.list.table.digits())
			for range 1000 / s.model.listHeight() {
				look()
				from, to := s.model.list.rows.Window()
				for i := from; i < to; i++ {
					r := &s.model.list.table.rows[s.model.list.shown[i]]
					line := ansi.Strip(s.model.rowLine(&column, r, false))
					if width := ansi.StringWidth(line); width > size[0] || !strings.HasPrefix(line, fmt.Sprintf("  #%-*d", column.number-1, r.id)) {
						t.Fatalf("%d cells: %q", width, line)
					}
					if updated := ansi.Cut(line, size[0]-1-gap-column.mark-gap-column.updated, size[0]); !strings.Contains(updated, s.model.since(r.updated)) {
						t.Fatalf("a column moved: %q in %q", updated, line)
					}
				}
				s.Press("pgdown")
			}
			s.Press("enter")
			for range 100 {
				s.Pass(200 * time.Millisecond)
				look()
				s.Press("left")
			}
			for _, key := range []string{"d", "enter", "enter", "esc", "l", "enter", "esc", "esc", "f", "G", "esc", "m", "esc", "?"} {
				s.Press(key)
				look()
			}
		})
	}
}

func TestALineOfTenThousandColumnsIsRead(t *testing.T) {
	story(t, 80, 24, func(options *Options, o *office) {
		onAccount(options, o)
		o.talks[48213] = []tickets.Message{said("R. Osei", true, time.Hour, strings.Repeat("x", 10_000), "the end")}
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("more lines")
		s.Press("G")
		s.Sees("the end")
		uitest.Fits(t, s.Render(), 80, 24)
	})
}

func TestOnlyWebLinksAreOffered(t *testing.T) {
	story(t, 100, 40, func(options *Options, o *office) {
		onAccount(options, o)
		o.talks[48213] = []tickets.Message{said("R. Osei", true, time.Hour,
			"javascript:alert(1) file:///etc/passwd ssh://x (see https://docs.acme.com/a_b?x=1&y=2). http://acme.com/, https:// ftp://x.com",
			"https://user:pw@bank.example@evil.example/login "+"https://xn--pple-43d.com/"+strings.Repeat("a", 300))}
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Press("l")
		s.Sees("https://docs.acme.com/a_b?x=1&y=2 ", "http://acme.com/ ")
		s.SeesNot("javascript:", "file:", "ssh:", "ftp:")
		s.Press("down", "down", "enter")
		s.Sees("It leads to evil.example")
		s.Press("esc", "l", "G", "enter")
		s.Sees(strings.Repeat("a", 60), "It leads to xn--pple-43d.com", "letters that can look like others")
	})
}
