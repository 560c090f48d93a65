package zendesk

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
)

// A position is where a record stands in an ordering: numbers and texts, the id last.
type position []any

// The service's cursors, as recorded, are base64 of {"o":"id","v":"…"}: the name of the ordering, and
// base64 of the position, numbers as i + 8 bytes and texts as s + 4 bytes of length + the text,
// the lowest byte first.

var errCursor = errors.New("not a cursor of this list")

func (p position) cursor(order string) string {
	var packed []byte
	for _, part := range p {
		switch part := part.(type) {
		case int64:
			packed = append(packed, 'i')
			packed = binary.LittleEndian.AppendUint64(packed, uint64(part)) //nolint:gosec // its bits
		case string:
			packed = append(packed, 's')
			packed = binary.LittleEndian.AppendUint32(packed, uint32(len(part))) //nolint:gosec // a title
			packed = append(packed, part...)
		}
	}
	inner := base64.StdEncoding.EncodeToString(packed)
	return base64.StdEncoding.EncodeToString([]byte(`{"o":"` + order + `","v":"` + inner + `"}`))
}

// positionOf reads a cursor that was made for that ordering.
func positionOf(cursor, order string) (position, error) {
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return nil, errCursor
	}
	var outer struct {
		Order  string `json:"o"`
		Packed []byte `json:"v"`
	}
	if err := json.Unmarshal(raw, &outer); err != nil || outer.Order != order {
		return nil, errCursor
	}
	var p position
	for rest := outer.Packed; len(rest) > 0; {
		switch {
		case rest[0] == 'i' && len(rest) >= 9:
			p = append(p, int64(binary.LittleEndian.Uint64(rest[1:]))) //nolint:gosec // its bits
			rest = rest[9:]
		case rest[0] == 's' && len(rest) >= 5:
			length := int64(binary.LittleEndian.Uint32(rest[1:]))
			if int64(len(rest)) < 5+length {
				return nil, errCursor
			}
			p = append(p, string(rest[5:5+length]))
			rest = rest[5+length:]
		default:
			return nil, errCursor
		}
	}
	if len(p) == 0 {
		return nil, errCursor
	}
	return p, nil
}

// compare orders positions of one ordering; those of different ones are equal, and their lists go on anywhere.
func (p position) compare(q position) int {
	for i := range min(len(p), len(q)) {
		order := 0
		switch mine := p[i].(type) {
		case int64:
			if theirs, ok := q[i].(int64); ok {
				order = cmp.Compare(mine, theirs)
			}
		case string:
			if theirs, ok := q[i].(string); ok {
				order = strings.Compare(mine, theirs)
			}
		}
		if order != 0 {
			return order
		}
	}
	return 0
}

// id is the last part of the position.
func (p position) id() int64 {
	id, _ := p[len(p)-1].(int64)
	return id
}
