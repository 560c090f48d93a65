// Makes what came over the network safe to put on a terminal.

package transport

import (
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxStack is how many combining marks one character keeps. Scripts in use need up to four.
const maxStack = 4

// Clean removes what could steer a terminal or deceive a reader: control characters and escape sequences,
// bidirectional controls, invisible characters, marks stacked high. A line break or a tab becomes a space,
// a byte that is not UTF-8 becomes U+FFFD. Letters of every script and emoji stay (joined emoji come apart).
func Clean(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	marks := 0
	for i := 0; i < len(s); {
		if n := escapeLength(s[i:]); n > 0 {
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r == '\r' && i < len(s) && s[i] == '\n':
			continue // the line feed becomes the space
		case r == '\t' || r == '\n' || r == '\v' || r == '\f' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029:
			r = ' '
		case unicode.IsControl(r) || isInvisible(r):
			continue
		}
		if unicode.In(r, unicode.Mn, unicode.Me) {
			marks++
			if marks > maxStack {
				continue
			}
		} else {
			marks = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// isInvisible tells the characters that show nothing and can hide or turn text: the format characters, but for the Arabic
// number signs, which show; fillers; and what Unicode keeps from being a character, which each terminal gives another width.
func isInvisible(r rune) bool {
	switch {
	case r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
		return true
	case r >= 0x600 && r <= 0x605, r == 0x6dd, r == 0x8e2:
		return false
	case r == 0x34f, r >= 0x115f && r <= 0x1160, r == 0x17b4, r == 0x17b5, r >= 0x180b && r <= 0x180f, r == 0x3164, r == 0xffa0:
		return true
	case r >= 0x2060 && r <= 0x206f, r >= 0xfff0 && r <= 0xfff8, r >= 0xe0000 && r <= 0xe00ff, r >= 0xe01f0 && r <= 0xe0fff:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// The introducers of escape sequences, in their 7-bit (after ESC) and 8-bit (C1) forms.
const (
	esc = 0x1b
	bel = 0x07
)

// escapeLength is the length of the escape sequence that s starts with; 0 when there is none.
// A sequence without its end loses its introducer only: the text after it stays.
func escapeLength(s string) int {
	var introducer rune
	var length int
	switch r, size := utf8.DecodeRuneInString(s); {
	case r == esc && len(s) > 1:
		introducer, length = rune(s[1])+0x40, 2
	case r == esc:
		return 1
	case r >= 0x80 && r <= 0x9f:
		introducer, length = r, size
	default:
		return 0
	}
	switch introducer {
	case 0x9b: // CSI: parameters, then a final byte
		return length + csiLength(s[length:])
	case 0x90, 0x98, 0x9d, 0x9e, 0x9f: // DCS, SOS, OSC, PM, APC: a string and its terminator
		return length + stringLength(s[length:])
	}
	if s[0] == esc {
		return shortEscape(s)
	}
	return 0
}

func csiLength(s string) int {
	for i := range len(s) {
		switch {
		case s[i] >= 0x40 && s[i] <= 0x7e:
			return i + 1
		case s[i] < 0x20 || s[i] > 0x7e:
			return i
		}
	}
	return len(s)
}

func stringLength(s string) int {
	for i := range len(s) {
		switch {
		case s[i] == bel:
			return i + 1
		case s[i] == esc && i+1 < len(s) && s[i+1] == '\\':
			return i + 2
		case strings.HasPrefix(s[i:], "\u009c"):
			return i + 2
		}
	}
	return 0
}

// shortEscape is ESC, intermediate bytes, and one final byte.
func shortEscape(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] >= 0x20 && s[i] <= 0x2f:
			continue
		case s[i] >= 0x30 && s[i] <= 0x7e:
			return i + 1
		}
		return i
	}
	return len(s)
}

// CleanAll cleans every string in the value that v points to: in fields, lists, maps and whatever holds them.
// Raw JSON, bytes and times stay as they are.
func CleanAll(v any) {
	value := reflect.ValueOf(v)
	if value.Kind() == reflect.Pointer && !value.IsNil() {
		cleanValue(value.Elem())
	}
}

var timeType = reflect.TypeFor[time.Time]()

// cleanValue cleans a value that can be set.
func cleanValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); !isPlain(s) {
			v.SetString(Clean(s))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			cleanValue(v.Elem())
		}
	case reflect.Interface:
		if !v.IsNil() {
			v.Set(cleanCopy(v.Elem()))
		}
	case reflect.Struct:
		if v.Type() == timeType {
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				cleanValue(v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			cleanValue(v.Index(i))
		}
	case reflect.Map:
		cleanMap(v)
	default: // no other kind holds text
	}
}

func cleanMap(v reflect.Value) {
	if v.IsNil() {
		return
	}
	cleaned := reflect.MakeMapWithSize(v.Type(), v.Len())
	for entry := v.MapRange(); entry.Next(); {
		cleaned.SetMapIndex(cleanCopy(entry.Key()), cleanCopy(entry.Value()))
	}
	v.Set(cleaned)
}

// cleanCopy is a cleaned copy of a value that cannot be set.
func cleanCopy(v reflect.Value) reflect.Value {
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	cleanValue(copied)
	return copied
}
