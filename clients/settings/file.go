// The file of the settings: read strictly, changed under a lock, written whole or not at all.

package settings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"zsf/clients/vault/private"
)

const (
	fileName  = "config.toml"
	fileLimit = 64 << 10
	preface   = "# Written by zsf. A change by hand is welcome; a comment is lost when zsf writes the next time.\n" +
		"# Secrets are kept in the vault, never here.\n\n"
)

// A File is where settings are kept: $XDG_CONFIG_HOME/zsf/config.toml, else ~/.config/zsf/config.toml.
type File struct{ folder string }

// ErrNoFolder means that the environment names no place for the settings.
var ErrNoFolder = errors.New("neither XDG_CONFIG_HOME nor HOME is set")

// Open names the file. Nothing is made until something is changed.
func Open(getenv func(string) string) (File, error) {
	if config := getenv("XDG_CONFIG_HOME"); filepath.IsAbs(config) {
		return File{folder: filepath.Join(config, "zsf")}, nil
	}
	home := getenv("HOME")
	if home == "" {
		home = getenv("USERPROFILE") // Windows
	}
	if home == "" {
		return File{}, ErrNoFolder
	}
	return File{folder: filepath.Join(home, ".config", "zsf")}, nil
}

// Path is where the file is, or will be.
func (f File) Path() string { return filepath.Join(f.folder, fileName) }

// Load reads the settings; without a file, those of a first start. What the file should not say is a *Mistake.
func (f File) Load() (Settings, error) {
	text, err := private.Read(f.folder, fileName, fileLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, nil
	}
	if err != nil {
		return Settings{}, fmt.Errorf("read the settings: %w", err)
	}
	read, err := parse(string(text))
	if mistake := (*Mistake)(nil); errors.As(err, &mistake) {
		mistake.Path = f.Path()
	}
	return read, err
}

// Change loads the settings, lets edit change them, and writes them, under a lock that holds across processes.
// When edit fails, or what it made may not be written, the file stays as it is.
func (f File) Change(ctx context.Context, edit func(*Settings) error) (err error) {
	unlock, err := private.Lock(ctx, f.folder, "config")
	if err != nil {
		return fmt.Errorf("change the settings: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	changed, err := f.Load()
	if err != nil {
		return err
	}
	if err := edit(&changed); err != nil {
		return err
	}
	if mistake := check(changed); mistake != nil {
		return fmt.Errorf("change the settings: %w", mistake)
	}
	text, err := format(changed)
	if err != nil {
		return fmt.Errorf("change the settings: %w", err)
	}
	if err := private.Write(f.folder, fileName, text); err != nil {
		return fmt.Errorf("change the settings: %w", err)
	}
	return nil
}

func format(s Settings) ([]byte, error) {
	text := bytes.NewBufferString(preface)
	encoder := toml.NewEncoder(text)
	encoder.Indent = ""
	if err := encoder.Encode(s); err != nil {
		return nil, fmt.Errorf("write as TOML: %w", err)
	}
	return text.Bytes(), nil
}

// parse reads strictly: what it does not know it refuses, as the next change would lose it. Its errors repeat
// no value, since people paste tokens into the wrong places.
func parse(text string) (Settings, error) {
	var anything map[string]any
	meta, err := toml.Decode(text, &anything)
	if bad := (toml.ParseError{}); errors.As(err, &bad) {
		return Settings{}, &Mistake{Line: bad.Position.Line, What: "this is not TOML"}
	}
	if err != nil {
		return Settings{}, &Mistake{What: "this is not TOML"}
	}
	for _, key := range meta.Keys() {
		if !known(key) {
			return Settings{}, &Mistake{Line: LineOf(text, key), Key: key.String(), What: unknown(key)}
		}
	}
	if _, table := anything["profiles"].(map[string]any); meta.IsDefined("profiles") && !table {
		key := toml.Key{"profiles"} // the library takes anything else for an empty table
		return Settings{}, &Mistake{Line: LineOf(text, key), Key: key.String(), What: "it is a table, as in [profiles.NAME.zendesk]"}
	}
	var read Settings
	if _, err := toml.Decode(text, &read); err != nil {
		mistake := &Mistake{What: "the value is of the wrong type"}
		_, _ = fmt.Sscanf(err.Error(), "toml: line %d", &mistake.Line) // the library has the line in its words only
		return Settings{}, mistake
	}
	if len(read.Profiles) == 0 {
		read.Profiles = nil
	}
	if mistake := check(read); mistake != nil {
		mistake.Line = LineOf(text, mistake.key)
		return Settings{}, mistake
	}
	return read, nil
}

// LineOf is the line on which a key's value ends: the shortest beginning of the file that is TOML and has the key.
// 0 when there is none.
func LineOf(text string, key toml.Key) int {
	if len(key) == 0 {
		return 0
	}
	last := key[len(key)-1]
	end, seen := 0, false
	for number := 1; end < len(text); number++ {
		line := text[end:]
		if length := strings.IndexByte(line, '\n'); length >= 0 {
			line = line[:length+1]
		}
		end += len(line)
		seen = seen || strings.Contains(line, last) || strings.Contains(line, `\`) // a key may be written with escapes
		if !seen {
			continue
		}
		var beginning map[string]any
		meta, err := toml.Decode(text[:end], &beginning)
		if err == nil && meta.IsDefined(key...) {
			return number
		}
	}
	return 0
}
