// A step in full: what we see, what it leads to, what to do, why it is needed.

package parts

import (
	"strconv"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/ui/locale"
)

// A Sheet is lines about a step while they are written.
type Sheet struct {
	Frame Frame
	Width int
	Style lipgloss.Style // of plain text: quiet while zsf looks again
	Lines []string
}

// NewSheet begins a sheet about a step.
func (f Frame) NewSheet(width int, item *Item) *Sheet {
	s := &Sheet{Frame: f, Width: width, Style: f.Theme.Plain}
	if item != nil && item.Looking && item.Seen {
		s.Style = f.Theme.Quiet
	}
	return s
}

// Section begins a part under a heading.
func (s *Sheet) Section(id string, args ...any) {
	s.Blank()
	s.Lines = append(s.Lines, s.Frame.Theme.Strong.Render(s.Frame.Cut(s.Frame.Words.T(id, args...), s.Width)))
}

// Blank parts what follows from what stands there already.
func (s *Sheet) Blank() {
	if len(s.Lines) > 0 {
		s.Lines = append(s.Lines, "")
	}
}

// Add wraps text below lead, which is drawn already.
func (s *Sheet) Add(lead, text string, style lipgloss.Style) {
	indent := Width(lead)
	for i, line := range Wrap(text, s.Width-indent) {
		if i > 0 {
			lead = strings.Repeat(" ", indent)
		}
		s.Lines = append(s.Lines, lead+style.Render(line))
	}
}

// Says tells whether the sheet says something already.
func (s *Sheet) Says(text string) bool {
	squeeze := strings.NewReplacer("\n", "", " ", "")
	return strings.Contains(squeeze.Replace(ansi.Strip(strings.Join(s.Lines, "\n"))), squeeze.Replace(text))
}

// Link writes a URL whole, broken only where the screen ends, so that it can be selected.
func (s *Sheet) Link(url string) {
	if url == "" {
		return
	}
	lead := strings.Repeat(" ", linkIndent)
	for _, line := range Break(locale.Clean(url), s.Width-linkIndent) {
		s.Lines = append(s.Lines, lead+s.Frame.Theme.Quiet.Render(line))
	}
}

// linkIndent is what stands before a link: as much as before the words of its page.
const linkIndent = 4

// Verdict says what a look came to, or that it is under way.
func (s *Sheet) Verdict(item *Item, now time.Time) {
	words, quiet := s.Frame.Words, s.Frame.Theme.Quiet
	mark := s.Frame.Mark(item, now) + " "
	switch {
	case item.Looking && item.Seen:
		s.Add(mark, words.T("details.looking-again", "Span", s.Frame.Elapsed(now.Sub(item.Since)),
			"Time", item.Finding.ReadAt), s.Frame.Theme.Accent)
		s.Add("  ", words.Verdict(item.Finding.Verdict)+": "+words.Say(item.Finding.Summary), quiet)
	case item.Looking:
		s.Add(mark, s.Frame.Summary(item, now), quiet)
	case !item.Seen:
		s.Add(mark, words.T("details.not-yet"), quiet)
	default:
		verdict := s.Frame.Theme.Verdict(item.Finding.Verdict)
		s.Add(mark, words.Verdict(item.Finding.Verdict)+": "+words.Say(item.Finding.Summary), verdict)
	}
}

// Evidence lists the facts, and the steps that this one waits for, which find knows. Where several facts come
// from one answer, its source stands below the last of them.
func (s *Sheet) Evidence(item *Item, find func(flow.ID) *Item, now time.Time) {
	finding, style := item.Finding, s.Frame.Theme
	trouble := s.Frame.Words.Error(finding.Err)
	if trouble != "" && s.Says(trouble) {
		trouble = ""
	}
	if len(finding.Blocking) > 0 {
		s.Section("details.waits-for")
	}
	for _, need := range finding.Blocking {
		if blocking := find(need); blocking != nil {
			s.Add("  "+s.Frame.Mark(blocking, now)+" ", s.Frame.Words.Say(blocking.Step.Title()), s.Style)
		}
	}
	if len(finding.Evidence) == 0 && trouble == "" {
		return
	}
	s.Section("details.seen")
	for i, evidence := range finding.Evidence {
		mark := " "
		if evidence.Mark != "" {
			mark = style.Verdict(evidence.Mark).Render(style.Icons.Mark(evidence.Mark))
		}
		s.Add("  "+mark+" ", s.Frame.Words.Say(evidence.Fact), s.Style)
		last := i+1 == len(finding.Evidence)
		if source := s.source(evidence); source != "" && (last || s.source(finding.Evidence[i+1]) != source) {
			s.Add("    ", source, style.Quiet)
		}
	}
	if trouble != "" && !s.Says(trouble) {
		s.Add("  "+style.Verdict(flow.Unknown).Render(style.Icons.Mark(flow.Unknown))+" ", trouble, s.Style)
	}
}

func (s *Sheet) source(evidence flow.Evidence) string {
	if evidence.Source == "" || evidence.ReadAt.IsZero() {
		return locale.Clean(evidence.Source)
	}
	return s.Frame.Words.T("details.source", "Source", evidence.Source, "Time", evidence.ReadAt)
}

// LeadsTo says what follows when the step stays as it is.
func (s *Sheet) LeadsTo(item *Item) {
	if words := item.Finding.LeadsTo; s.Frame.Words.Has(words.ID) {
		s.Section("details.leads-to")
		s.Add("  ", s.Frame.Words.Say(words), s.Style)
	}
}

// Why says what the step is for.
func (s *Sheet) Why(item *Item) {
	if why := item.Step.Why(); s.Frame.Words.Has(why.ID) {
		s.Section("details.why")
		s.Add("  ", s.Frame.Words.Say(why), s.Frame.Theme.Quiet)
	}
}

// HasRemedies tells whether the finding names a way to a pass.
func (s *Sheet) HasRemedies(item *Item) bool {
	return len(item.Finding.Remedies) > 0 || s.Frame.Words.Hint(item.Finding.Err) != ""
}

// signInCommand is the remedy that has a screen of its own, and a key that leads to it.
const signInCommand = "zsf auth login "

// Remedies lists the ways to a pass. A page has the key that opens it before it; chosen is one of several.
// signIn tells that a key leads to the sign-in.
func (s *Sheet) Remedies(item *Item, chosen int, signIn bool) {
	page, pages := 0, len(item.Pages())
	for _, remedy := range item.Finding.Remedies {
		title := s.Frame.Words.Say(remedy.Title)
		if remedy.Kind == flow.ByPage {
			s.Add(s.pageLead(page, pages, chosen, item.Looking), title, s.Style)
			s.Link(remedy.URL)
			page++
			continue
		}
		lead, mark := "  ", s.Frame.Theme.Icons.Dot
		if signIn && strings.HasPrefix(remedy.Command, signInCommand) {
			mark = s.Frame.Theme.Accent.Render("l")
		}
		if title != "" {
			s.Add(lead+mark+" ", title, s.Style)
			lead = "    "
		}
		if remedy.Command != "" {
			s.Add(lead+"$ ", s.Frame.Words.Command(remedy.Command), s.Style)
		}
	}
	// Where a key leads to the sign-in, the command for it would only say so again.
	repeats := signIn && transport.KindOf(item.Finding.Err) == transport.SignInMissing
	if hint := s.Frame.Words.Hint(item.Finding.Err); hint != "" && !repeats && !s.Says(hint) {
		s.Add("  "+s.Frame.Theme.Icons.Dot+" ", hint, s.Style)
	}
}

// pageLead is what stands before a page: its key, and where there are several, which one is chosen.
func (s *Sheet) pageLead(page, pages, chosen int, looking bool) string {
	key := s.Frame.Theme.Accent
	if looking {
		key = s.Frame.Theme.Quiet
	}
	switch {
	case pages == 1:
		return "  " + key.Render("o") + " "
	case page == chosen:
		return key.Render(s.Frame.Theme.Icons.Cursor + " " + strconv.Itoa(page+1) + " ")
	}
	return "  " + key.Render(strconv.Itoa(page+1)) + " "
}
