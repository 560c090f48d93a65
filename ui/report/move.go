package report

import (
	"encoding/json"
	"fmt"
	"io"

	"zsf/flows/flow"
	"zsf/flows/move"
	"zsf/ui/locale"
)

type moveRow struct {
	ID   string       `json:"id"`
	What string       `json:"what"`
	From string       `json:"from"`
	To   string       `json:"to"`
	Mark flow.Verdict `json:"mark"` // fail, warn, or empty
}

// WriteMove writes two profiles side by side, and the plan from one to the other, as one JSON document; of a dry run,
// with where each walk that is left stands.
func WriteMove(w io.Writer, words *locale.Locale, from, to string, rows []move.Row, plan []move.Stage, rehearsed []Status) error {
	doc := struct {
		Schema int              `json:"schema"`
		From   string           `json:"from"`
		To     string           `json:"to"`
		Rows   []moveRow        `json:"rows"`
		Plan   []move.Stage     `json:"plan"`
		Walks  []statusDocument `json:"walks,omitempty"` // of a dry run only
	}{Schema: Schema, From: from, To: to, Rows: []moveRow{}, Plan: plan}
	for _, status := range rehearsed {
		doc.Walks = append(doc.Walks, statusOf(words, status))
	}
	for _, row := range rows {
		doc.Rows = append(doc.Rows, moveRow{ID: row.ID, What: words.Say(row.What), From: words.Say(row.From), To: words.Say(row.To), Mark: row.Mark})
	}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the move: %w", err)
	}
	return nil
}
