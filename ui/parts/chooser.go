// A list to choose from that grows shorter with every letter typed: one of it, or several.

package parts

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/ui/locale"
)

// An Option can be chosen. Its words may come from elsewhere: they are cleaned when they are drawn.
type Option struct{ Value, Words, Note string }

// A Chooser is a list, what was typed to find a row of it, and what is chosen.
type Chooser struct {
	Many    bool
	Nothing string // the text's ID where nothing fits what was typed; empty: the usual
	Options []Option
	Given   []string // the values that are chosen
	filter  Field
	list    List
	shown   []int // the options that fit what was typed, by their number
	begun   bool
}

// An Outcome is what a key press came to.
type Outcome int

// A choice goes on, is made, or was given up.
const (
	GoesOn Outcome = iota
	Made
	GivenUp
)

// Fit brings the list to height rows.
func (c *Chooser) Fit(height int) {
	if !c.begun {
		c.begun = true
		c.search()
		for i, option := range c.Options {
			if slices.Contains(c.Given, option.Value) {
				c.list.Fit(len(c.shown), height, nil)
				c.list.Select(i)
				break
			}
		}
	}
	c.list.Fit(len(c.shown), height, nil)
}

// search finds the options that have all the words typed, in their own words, in their note, or in their value, which
// is the same in every language.
func (c *Chooser) search() {
	words := strings.Fields(strings.ToLower(c.filter.Value()))
	c.shown = c.shown[:0]
	for i, option := range c.Options {
		text := strings.ToLower(option.Words + " " + option.Note + " " + option.Value)
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			c.shown = append(c.shown, i)
		}
	}
}

// Replace takes other options, as they are found while one types.
func (c *Chooser) Replace(options []Option) {
	c.Options = options
	c.search()
	c.list.Fit(len(c.shown), max(c.list.height, 1), nil)
}

// Typed is what was typed to find a row.
func (c *Chooser) Typed() string { return c.filter.Value() }

// Marked is the option under the cursor; false where nothing fits what was typed.
func (c *Chooser) Marked() (Option, bool) {
	if at := c.list.Cursor(); at >= 0 && at < len(c.shown) {
		return c.Options[c.shown[at]], true
	}
	return Option{}, false
}

// Insert types text to find a row.
func (c *Chooser) Insert(text string) {
	c.filter.Insert(text)
	c.search()
	c.list.Fit(len(c.shown), max(c.list.height, 1), nil)
	c.list.Home()
}

// Press moves, ticks, types, and takes what is marked.
func (c *Chooser) Press(press tea.KeyPressMsg) Outcome {
	switch key := press.String(); {
	case key == "enter":
		return c.take()
	case key == "esc" && c.filter.Value() != "":
		c.filter.Set("")
		c.Insert("")
	case key == "esc":
		return GivenUp
	case (key == "space" || key == "tab") && c.Many:
		c.tick()
	case c.scroll(key):
	case c.filter.Press(press):
		c.Insert("")
	}
	return GoesOn
}

func (c *Chooser) take() Outcome {
	option, ok := c.Marked()
	switch {
	case c.Many:
		return Made
	case !ok:
		return GoesOn
	}
	c.Given = []string{option.Value}
	return Made
}

// tick chooses the marked option, or takes the choice back.
func (c *Chooser) tick() {
	option, ok := c.Marked()
	switch {
	case !ok:
	case slices.Contains(c.Given, option.Value):
		c.Given = slices.DeleteFunc(slices.Clone(c.Given), func(value string) bool { return value == option.Value })
	default:
		c.Given = append(slices.Clone(c.Given), option.Value)
	}
}

func (c *Chooser) scroll(key string) bool {
	switch key {
	case "up", "ctrl+p":
		c.list.Move(-1)
	case "down", "ctrl+n":
		c.list.Move(1)
	case "pgup":
		c.list.Page(-1)
	case "pgdown":
		c.list.Page(1)
	case "ctrl+home":
		c.list.Home()
	case "ctrl+end":
		c.list.End()
	default:
		return false
	}
	return true
}

// Lines draw it in a place of that size: what was typed, and the options that are in view.
func (c *Chooser) Lines(frame Frame, width, height int) []string {
	view := *c // drawing changes nothing
	view.shown = slices.Clone(c.shown)
	view.Fit(height - chooserHead)
	counter := frame.Words.T("chooser.count", "Count", len(view.shown), "All", len(c.Options))
	if c.Many {
		counter = frame.Words.T("chooser.ticked", "Ticked", len(c.Given), "Count", len(view.shown), "All", len(c.Options))
	}
	typed := frame.Theme.Accent.Render("/") + " " + view.filter.View(frame, max(width-Width(counter)-4, 8), true, frame.Words.T("chooser.hint"))
	lines := []string{frame.Spread(typed, frame.Theme.Quiet.Render(counter), width), ""}
	from, to := view.list.Window()
	column := 0
	for i := from; i < to; i++ {
		column = max(column, Width(locale.Clean(c.Options[view.shown[i]].Words)))
	}
	column = min(column, max(width*2/3, 12))
	for i := from; i < to; i++ {
		lines = append(lines, c.row(frame, c.Options[view.shown[i]], i == view.list.Cursor(), column, width))
	}
	if len(view.shown) == 0 {
		lines = append(lines, frame.Theme.Quiet.Render(frame.Cut(frame.Words.T(cmp.Or(c.Nothing, "chooser.none")), width)))
	}
	return lines
}

// chooserHead is how many lines stand above the options.
const chooserHead = 2

func (c *Chooser) row(frame Frame, option Option, marked bool, column, width int) string {
	style := frame.Theme
	cursor, box, name := " ", "", frame.Fit(locale.Clean(option.Words), column)
	given := slices.Contains(c.Given, option.Value)
	switch {
	case c.Many && given:
		box = "[x] "
	case c.Many:
		box = "[ ] "
	case given:
		name = style.Accent.Render(name)
	}
	if marked {
		cursor, name = style.Accent.Render(style.Icons.Cursor), style.Strong.Render(name)
	}
	return frame.Cut(cursor+" "+box+name+"  "+style.Quiet.Render(locale.Clean(option.Note)), width)
}
