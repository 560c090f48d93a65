// Tables: an object's rows, made from the seed when asked for, with what was changed since laid over them.

package salesforce

import "maps"

// values is one stored row. Booleans that are missing are false, all else that is missing is null.
type values map[string]any

// A source makes the rows of a business object from the seed.
type source interface {
	len() int
	row(n int) businessRow
	index(id string) (n int, ok bool)
}

// A businessRow answers for one field of a row made from the seed.
type businessRow interface{ Value(field string) any }

// A stored row is one that was added, or a made one that was changed.
type stored struct {
	values  values
	deleted bool
}

// A table is an object's rows in the order of their ids.
type table struct {
	prefix  string
	serial  int // how many rows were ever added
	made    source
	changed map[int]*stored // of the made rows, by their number
	added   []*stored
	byID    map[string]*stored // of the added ones
}

// A transaction remembers how to take back what was written in it.
type transaction struct{ undo []func() }

func (t *transaction) rollback() {
	for i := len(t.undo) - 1; i >= 0; i-- {
		t.undo[i]()
	}
	t.undo = nil
}

func newTable(prefix string, made source) *table {
	return &table{prefix: prefix, made: made, changed: map[int]*stored{}, byID: map[string]*stored{}}
}

// add stores a row under its Id, or under the next one when it has none, and tells the id.
func (t *table) add(row values) string {
	t.serial++
	id, ok := row["Id"].(string)
	if !ok {
		id = newID(t.prefix, t.serial)
		row["Id"] = id
	}
	s := &stored{values: row}
	t.added = append(t.added, s)
	t.byID[id] = s
	return id
}

// insert is an add that can be taken back.
func (t *table) insert(tx *transaction, row values) string {
	id := t.add(row)
	tx.undo = append(tx.undo, func() {
		t.added = t.added[:len(t.added)-1]
		delete(t.byID, id)
	})
	return id
}

// find gives the row with that 18-character id, stored or made; deleted tells whether it is in the recycle bin.
func (t *table) find(id string) (row fieldReader, deleted, ok bool) {
	if s, ok := t.byID[id]; ok {
		return s.values, s.deleted, true
	}
	n, ok := t.number(id)
	if !ok {
		return nil, false, false
	}
	if s, ok := t.changed[n]; ok {
		return s.values, s.deleted, true
	}
	return t.made.row(n), false, true
}

func (t *table) number(id string) (int, bool) {
	if t.made == nil {
		return 0, false
	}
	return t.made.index(id)
}

// A fieldReader is a row, stored or made.
type fieldReader interface{ Value(field string) any }

// Value makes values a fieldReader.
func (v values) Value(field string) any { return v[field] }

// change sets fields of a row. The row must exist.
func (t *table) change(tx *transaction, id string, columns []column, fields values) {
	s := t.store(tx, id, columns)
	before := s.values
	s.values = maps.Clone(before)
	maps.Copy(s.values, fields)
	tx.undo = append(tx.undo, func() { s.values = before })
}

// remove puts a row in the recycle bin, or takes it away where its object has none.
func (t *table) remove(tx *transaction, id string, columns []column, bin bool) {
	s := t.store(tx, id, columns)
	if !bin {
		t.drop(tx, id, s)
		return
	}
	before := s.values
	s.deleted, s.values = true, maps.Clone(before)
	s.values["IsDeleted"] = true
	tx.undo = append(tx.undo, func() { s.deleted, s.values = false, before })
}

func (t *table) drop(tx *transaction, id string, s *stored) {
	before := t.added
	kept := make([]*stored, 0, len(before))
	for _, other := range before {
		if other != s {
			kept = append(kept, other)
		}
	}
	t.added = kept
	delete(t.byID, id)
	tx.undo = append(tx.undo, func() { t.added, t.byID[id] = before, s })
}

// store gives the stored form of a row, which for a made one is a copy that covers it from now on.
func (t *table) store(tx *transaction, id string, columns []column) *stored {
	if s, ok := t.byID[id]; ok {
		return s
	}
	n, _ := t.number(id)
	if s, ok := t.changed[n]; ok {
		return s
	}
	made := t.made.row(n)
	s := &stored{values: values{}}
	for _, c := range columns {
		if v := made.Value(c.Name); v != nil {
			s.values[c.Name] = v
		}
	}
	t.changed[n] = s
	tx.undo = append(tx.undo, func() { delete(t.changed, n) })
	return s
}

// scan visits the rows in id order until yield returns false.
func (t *table) scan(deleted bool, yield func(fieldReader) bool) {
	if t.made != nil {
		for n := range t.made.len() {
			var row fieldReader
			if s, ok := t.changed[n]; !ok {
				row = t.made.row(n)
			} else if s.deleted && !deleted {
				continue
			} else {
				row = s.values
			}
			if !yield(row) {
				return
			}
		}
	}
	for _, s := range t.added {
		if s.deleted && !deleted {
			continue
		}
		if !yield(s.values) {
			return
		}
	}
}

// each visits the stored rows that are not deleted.
func (t *table) each(visit func(values)) {
	for _, s := range t.added {
		if !s.deleted {
			visit(s.values)
		}
	}
}

// first finds a stored row by a field.
func (t *table) first(field string, value any) (values, bool) {
	for _, s := range t.added {
		if !s.deleted && s.values[field] == value {
			return s.values, true
		}
	}
	return nil, false
}
