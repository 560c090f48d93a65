package compose

import (
	"fmt"
	"strings"
	"testing"

	"zsf/flows/tickets"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// A large account: five thousand agents, a hundred fields, and a comment as long as one can be.
func BenchmarkKeyInALargeAccount(b *testing.B) {
	catalog := sampleCatalog()
	for i := range 5000 {
		catalog.Agents = append(catalog.Agents, tickets.Person{ID: int64(1000 + i), Name: fmt.Sprint("Agent ", i)})
		catalog.Groups[0].Members = append(catalog.Groups[0].Members, int64(1000+i))
	}
	for i := range 100 {
		catalog.Forms[0].All = append(catalog.Forms[0].All, tickets.Field{Key: tickets.CustomKey(int64(100 + i)), Title: fmt.Sprint("Field ", i), Kind: tickets.TextField})
	}
	m := New(Options{Request: replyTo, Drafts: &tickets.MemoryDrafts{}, Clock: parts.SystemClock()})
	m.frame, m.ctx = frameOf(b, "en", 120, 40, theme.Terminal{}), b.Context()
	m.catalog, m.draft.Base = catalog, sampleBase()
	m.comment.Set(strings.Repeat("lorem ipsum 한글 dolor ", (parts.MaxText-100)/len("lorem ipsum 한글 dolor ")))
	for b.Loop() {
		m.Update(uitest.Key("x"))
		m.Update(uitest.Key("backspace"))
		_ = m.Render()
	}
}
