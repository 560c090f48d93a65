// The snapshot as readable JSON: always the same for the same content. A file that comes back is not trusted.

package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"zsf/clients/transport"
)

// MaxSize is how large a snapshot's JSON may be, in bytes.
const MaxSize = 8 << 20

// maxDepth is how deep its values may be nested; a trigger's conditions take four.
const maxDepth = 64

// ErrTooLarge is the error of a file that cannot be a snapshot by its size alone.
var ErrTooLarge = fmt.Errorf("it is larger than a snapshot can be (%d MiB)", MaxSize>>20)

// An UnreadableError says why something is no snapshot.
type UnreadableError struct{ Err error }

func (e *UnreadableError) Error() string { return "it is not a snapshot: " + e.Err.Error() }
func (e *UnreadableError) Unwrap() error { return e.Err }

// A SchemaError is the error of a snapshot that another zsf has written.
type SchemaError struct{ Schema int }

func (e *SchemaError) Error() string {
	return fmt.Sprintf("it is a snapshot of schema %d, and this zsf reads schema %d", e.Schema, Schema)
}

// Content is JSON as a service sent it, compared by what it says rather than by how it is written.
type Content struct{ Value any }

// UnmarshalJSON keeps numbers as they are written.
func (c *Content) UnmarshalJSON(text []byte) error {
	value, err := parseValue(text)
	if err != nil {
		return err
	}
	c.Value = value
	return nil
}

// MarshalJSON writes objects with their keys in order.
func (c Content) MarshalJSON() ([]byte, error) { return marshal(c.Value) }

func parseValue(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errTrailing
	}
	return value, nil
}

var errTrailing = errors.New("there is more after its end")

func marshal(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Encode writes a snapshot as readable JSON. Characters that could steer a terminal are written as escapes.
func (s Snapshot) Encode() ([]byte, error) {
	text, err := marshal(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	b.WriteByte('\n')
	return visible(b.Bytes()), nil
}

// visible escapes what shows nothing, or turns text round. Outside of strings JSON has none of it.
func visible(text []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch shown := string(text[:size]); {
		case r == '\n' || r < utf8.RuneSelf && r >= 0x20 && r != 0x7f || transport.Clean(shown) == shown:
			b.WriteString(shown)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		text = text[size:]
	}
	return b.Bytes()
}

// Read reads a snapshot's JSON from a file that may be anything.
func Read(from io.Reader) (Snapshot, error) {
	text, err := io.ReadAll(io.LimitReader(from, MaxSize+1))
	if err != nil {
		return Snapshot{}, fmt.Errorf("read a snapshot: %w", err)
	}
	return Parse(bytes.TrimPrefix(text, []byte("\ufeff"))) // which an editor may have put there
}

// Parse reads a snapshot's JSON. What is no snapshot is an *UnreadableError, another schema's a *SchemaError.
func Parse(text []byte) (Snapshot, error) {
	switch {
	case len(text) > MaxSize:
		return Snapshot{}, &UnreadableError{ErrTooLarge}
	case tooDeep(text):
		return Snapshot{}, &UnreadableError{errTooDeep}
	}
	var form struct {
		Schema *int `json:"schema"`
	}
	switch err := json.Unmarshal(text, &form); {
	case err != nil:
		return Snapshot{}, &UnreadableError{err}
	case form.Schema == nil:
		return Snapshot{}, &UnreadableError{errNoSchema}
	case *form.Schema != Schema:
		return Snapshot{}, &SchemaError{*form.Schema}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var read Snapshot
	if err := decoder.Decode(&read); err != nil {
		return Snapshot{}, &UnreadableError{err}
	}
	if err := read.validate(); err != nil {
		return Snapshot{}, &UnreadableError{err}
	}
	return read, nil
}

var (
	errNoSchema = errors.New("it names no schema")
	errTooDeep  = errors.New("its values are nested too deeply")
)

// tooDeep counts brackets outside of strings.
func tooDeep(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// validate refuses what Take would never write.
func (s Snapshot) validate() error {
	if strings.TrimSpace(s.Profile) == "" || s.TakenAt.IsZero() {
		return errNobodys
	}
	org, account := s.Salesforce, s.Zendesk
	return errors.Join(
		org.Org.validate("org"), org.Connections.validate("connections"), org.Apps.validate("apps"),
		org.Profiles.validate("profiles"), org.Packages.validate("packages"), org.PackageProfiles.validate("package_profiles"),
		org.VisualforcePages.validate("visualforce_pages"), org.Components.validate("components"),
		org.RecordPages.validate("record_pages"), org.SecuritySettings.validate("security_settings"),
		org.OauthSettings.validate("oauth_oidc_settings"), account.Triggers.validate("triggers"),
		account.Webhooks.validate("webhooks"), account.LinkedOrganizations.validate("organizations_with_salesforce_id"),
		account.LinkedUsers.validate("users_with_salesforce_id"), s.Said.validate(),
	)
}

var errNobodys = errors.New("it does not say whose it is, or when it was taken")

func (p Part[T]) validate(name string) error {
	switch {
	case (p.Value == nil) == (p.Unknown == nil):
		return fmt.Errorf("%s: either a value or a reason why there is none is needed", name)
	case p.Value != nil && p.ReadAt.IsZero():
		return fmt.Errorf("%s: it does not say when it was read", name)
	}
	return p.Unknown.validate(name)
}

func (r *Reason) validate(name string) error {
	if r != nil && r.Kind == "" {
		return fmt.Errorf("%s: its reason is of no kind", name)
	}
	return nil
}

func (s Said) validate() error {
	for name, answer := range s.Answers {
		if (len(answer.Value) == 0) == (answer.Unknown == nil) {
			return fmt.Errorf("said: %s: either an answer or a reason why there is none is needed", name)
		}
		if answer.Unknown == nil && answer.At.Equal(time.Time{}) {
			return fmt.Errorf("said: %s: it does not say when it was answered", name)
		}
		if err := answer.Unknown.validate(name); err != nil {
			return err
		}
	}
	return nil
}
