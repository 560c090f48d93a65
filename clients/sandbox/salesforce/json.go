// JSON as the service writes it: compact, keys in order, doubles with a fraction, times with +0000.

package salesforce

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"zsf/clients/sandbox/soql"
)

// A document is a JSON object whose keys keep their order.
type document []member

type member struct {
	key   string
	value any
}

const datetimeLayout = "2006-01-02T15:04:05.000-0700"

// MarshalJSON writes the document.
func (d document) MarshalJSON() ([]byte, error) { return appendJSON(nil, d) }

// encodeJSON writes v. Values that JSON cannot hold are an error.
func encodeJSON(v any) ([]byte, error) { return appendJSON(nil, v) }

func appendJSON(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case float64:
		return append(b, double(v)...), nil
	case time.Time:
		return append(append(append(b, '"'), v.UTC().Format(datetimeLayout)...), '"'), nil
	case soql.Date:
		return appendString(b, string(v))
	case string:
		return appendString(b, v)
	case document:
		return appendMembers(b, v)
	case values:
		return appendMap(b, v)
	case map[string]any:
		return appendMap(b, v)
	case []any:
		return appendList(b, v)
	case []document:
		return appendList(b, v)
	case []values:
		return appendList(b, v)
	}
	return appendOther(b, v)
}

func appendMembers(b []byte, d document) ([]byte, error) {
	var err error
	b = append(b, '{')
	for i, m := range d {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendString(b, m.key); err != nil {
			return nil, err
		}
		b = append(b, ':')
		if b, err = appendJSON(b, m.value); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendMap(b []byte, m map[string]any) ([]byte, error) {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	d := make(document, 0, len(m))
	for _, key := range keys {
		d = append(d, member{key, m[key]})
	}
	return appendMembers(b, d)
}

func appendList[T any](b []byte, list []T) ([]byte, error) {
	var err error
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendJSON(b, v); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendString(b []byte, s string) ([]byte, error) { return appendOther(b, s) }

func appendOther(b []byte, v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding %T: %w", v, err)
	}
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...), nil
}

// double writes whole numbers as 15.0, as the service does.
func double(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
