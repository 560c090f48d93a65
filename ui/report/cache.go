// What is kept of what was last seen, for programs.

package report

import (
	"io"
	"time"

	"zsf/clients/store"
	"zsf/ui/faces"
)

type keptRow struct {
	Profile string      `json:"profile"`
	Shelf   store.Shelf `json:"what"`
	Count   int         `json:"count"`
	Bytes   int64       `json:"bytes"`
	Oldest  time.Time   `json:"oldest_read_at"`
}

// WriteCache writes what is kept as one JSON document on one line.
func WriteCache(w io.Writer, cache faces.Cache) error {
	return encode(w, struct {
		Schema int       `json:"schema"`
		Path   string    `json:"path"`
		Size   int64     `json:"size"`
		Limit  int64     `json:"limit"`
		Kept   []keptRow `json:"kept"`
	}{Schema, cache.Path, cache.Size, cache.Limit, keptRows(cache.Kept)}, "write what is kept")
}

// WriteCleared writes what was removed in the same way.
func WriteCleared(w io.Writer, cache faces.Cache) error {
	return encode(w, struct {
		Schema  int       `json:"schema"`
		Path    string    `json:"path"`
		Size    int64     `json:"size"`
		Removed []keptRow `json:"removed"`
	}{Schema, cache.Path, cache.Size, keptRows(cache.Kept)}, "write what was removed")
}

func keptRows(kept []store.Kept) []keptRow {
	rows := make([]keptRow, len(kept))
	for i, one := range kept {
		rows[i] = keptRow(one)
	}
	return rows
}
