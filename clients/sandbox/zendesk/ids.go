package zendesk

import "slices"

// A kind of record has its own range of 14-digit ids, those of the seed first, then those made since.
type idRange int64

const (
	triggerIDs      idRange = 20_318_442_905_818
	categoryIDs     idRange = 20_407_190_338_074
	clientIDs       idRange = 20_523_616_721_434
	tokenIDs        idRange = 20_688_051_947_290
	organizationIDs idRange = 21_482_913_775_130
	userIDs         idRange = 24_517_006_284_954
	membershipIDs   idRange = 27_361_750_119_706
)

const (
	idStep = 1280              // how far apart two neighbours are
	made   = 1_503_662_190_464 // where in its range the ids of records made since begin
)

// id is that of record n; ids grow with n.
func (r idRange) id(n int) int64 {
	return int64(r) + int64(n)*idStep + int64(n)*48271%idStep
}

// number is the n of an id, and false when no record of the range can have it.
func (r idRange) number(id int64) (n int, ok bool) {
	if id < int64(r) {
		return 0, false
	}
	n = int((id - int64(r)) / idStep)
	return n, r.id(n) == id
}

// A table holds the records of one kind: those of the seed, made when asked for, and what became of them.
type table[T any] struct {
	ids     idRange
	seeded  int                   // the numbers 0 … seeded-1 are the seed's
	make    func(n int) (T, bool) // record n of the seed, and false where it has none
	idOf    func(T) int64         // of a record
	changed map[int64]T           // records that differ from the seed's, or are not its
	gone    map[int64]bool        // records of the seed that were deleted
	extra   []int64               // ids made since, growing
	counted bool                  // count is known
	count   int                   // how many records there are
}

func newTable[T any](ids idRange, seeded int, record func(int) (T, bool), idOf func(T) int64) table[T] {
	return table[T]{ids: ids, seeded: seeded, make: record, idOf: idOf, changed: map[int64]T{}, gone: map[int64]bool{}}
}

func (t *table[T]) find(id int64) (record T, ok bool) {
	if record, ok = t.changed[id]; ok {
		return record, true
	}
	n, ok := t.ids.number(id)
	if !ok || n >= t.seeded || t.gone[id] {
		return record, false
	}
	return t.make(n)
}

// nextID is the id that the next added record gets.
func (t *table[T]) nextID() int64 {
	if len(t.extra) == 0 {
		return (t.ids + made).id(0)
	}
	n, _ := (t.ids + made).number(t.extra[len(t.extra)-1])
	return (t.ids + made).id(n + 1)
}

func (t *table[T]) add(record T) {
	id := t.idOf(record)
	t.changed[id] = record
	t.extra = append(t.extra, id)
	t.count++
}

func (t *table[T]) put(record T) { t.changed[t.idOf(record)] = record }

func (t *table[T]) remove(id int64) {
	if at, found := slices.BinarySearch(t.extra, id); found {
		t.extra = slices.Delete(t.extra, at, at+1)
	} else {
		t.gone[id] = true
	}
	delete(t.changed, id)
	t.count--
}

// scan visits the records in the order of their ids, from the one after that id, or backwards
// from the one before it.
func (t *table[T]) scan(from int64, backwards bool, yield func(T) bool) {
	if backwards {
		t.scanBack(from, yield)
		return
	}
	for n := t.firstAfter(from); n < t.seeded; n++ {
		if !t.visit(t.ids.id(n), yield) {
			return
		}
	}
	at, found := slices.BinarySearch(t.extra, from)
	if found {
		at++
	}
	for _, id := range t.extra[at:] {
		if !yield(t.changed[id]) {
			return
		}
	}
}

func (t *table[T]) scanBack(from int64, yield func(T) bool) {
	at, _ := slices.BinarySearch(t.extra, from)
	for i := at - 1; i >= 0; i-- {
		if !yield(t.changed[t.extra[i]]) {
			return
		}
	}
	n := t.firstAfter(from-1) - 1
	for n = min(n, t.seeded-1); n >= 0; n-- {
		if !t.visit(t.ids.id(n), yield) {
			return
		}
	}
}

func (t *table[T]) visit(id int64, yield func(T) bool) bool {
	record, ok := t.find(id)
	return !ok || yield(record)
}

// firstAfter is the lowest number of the seed whose id comes after that one.
func (t *table[T]) firstAfter(id int64) int {
	if id < int64(t.ids) {
		return 0
	}
	n := int((id - int64(t.ids)) / idStep)
	if t.ids.id(n) <= id {
		n++
	}
	return n
}

// size counts the records, the first time by visiting them all.
func (t *table[T]) size() int {
	if !t.counted {
		t.count = 0
		t.scan(0, false, func(T) bool { t.count++; return true })
		t.counted = true
	}
	return t.count
}
