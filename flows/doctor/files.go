// The files that zsf keeps: whether it can read its settings and write its state. They are looked at, and left alone.

package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"zsf/clients/settings"
	"zsf/flows/flow"
)

// loaded is what the settings say.
type loaded struct {
	known   settings.Settings
	mode    fs.FileMode // of the file
	missing bool        // there is no file yet
	err     error
	name    string // of the profile that is meant
	none    bool   // a profile was asked for, and there is none of that name
}

func (m Machine) load() loaded {
	read := m.read()
	if read.err != nil {
		read.name = m.Profile
		return read
	}
	name, err := read.known.Choose(m.Profile)
	read.none = err != nil && m.Profile != ""
	if err != nil {
		name = m.Profile
	}
	read.name = name
	return read
}

func (m Machine) read() (read loaded) {
	info, err := os.Lstat(m.SettingsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		read.missing = true
		return read
	case err != nil:
		read.err = fmt.Errorf("look at the settings: %w", err)
		return read
	}
	if info.Mode().IsRegular() && m.OS != "windows" {
		read.mode = info.Mode().Perm()
	}
	if read.open() {
		read.known, read.err = readAsItIs(m.SettingsFile)
		return read
	}
	read.known, read.err = m.LoadSettings()
	return read
}

// open tells whether others may read the file. What everybody may write, zsf refuses to read.
func (l loaded) open() bool { return l.mode&0o077 != 0 && l.mode&0o002 == 0 }

// readAsItIs reads a file that others may read: to load it the usual way would close it to them, and that is
// the person's to do once they have seen it.
func readAsItIs(path string) (known settings.Settings, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return known, fmt.Errorf("read the settings: %w", err)
	}
	if _, err = toml.Decode(string(text), &known); err == nil {
		return known, nil
	}
	mistake := &settings.Mistake{Path: path, What: "this is not TOML, or a value is of the wrong type"}
	if bad := (toml.ParseError{}); errors.As(err, &bad) {
		mistake.Line = bad.Position.Line
	}
	return settings.Settings{}, mistake // the library's own words may repeat a misplaced secret
}

func (m Machine) settings(read loaded) flow.Finding {
	path := fact(flow.Say("doctor.settings.path", "Path", m.SettingsFile))
	var mistake *settings.Mistake
	closeIt := flow.Run("chmod 600 "+quote(m.SettingsFile), flow.Say("doctor.settings.close"))
	mode := fmt.Sprintf("%04o", read.mode)
	switch {
	case read.missing && m.Profile == "":
		return flow.Passed(flow.Say("doctor.settings.none-yet")).With(path)
	case errors.As(read.err, &mistake):
		return flow.Failed(flow.Say("doctor.settings.mistake", "Reason", read.err)).Because(read.err).With(path).
			Mend(flow.Run("${EDITOR:-vi} "+quote(m.SettingsFile), flow.Say("doctor.settings.edit")))
	case read.err != nil && read.mode&0o002 != 0:
		return flow.Failed(flow.Say("doctor.settings.writable", "Mode", mode)).Because(read.err).With(path).Mend(closeIt)
	case read.err != nil:
		return flow.Failed(flow.Say("doctor.settings.unreadable", "Reason", read.err)).Because(read.err).With(path).
			Mend(flow.Run("ls -ld "+quote(filepath.Dir(m.SettingsFile))+" "+quote(m.SettingsFile), flow.Say("doctor.settings.list")))
	case read.none:
		return flow.Failed(flow.Say("doctor.settings.no-profile", "Name", m.Profile)).With(path).
			Mend(flow.Run("zsf profile", flow.Say("doctor.settings.profiles")))
	case read.open():
		return flow.Warned(flow.Say("doctor.settings.open", "Mode", mode)).With(path).Mend(closeIt)
	}
	return flow.Passed(flow.Say("doctor.settings.good", "Path", m.SettingsFile)).With(path)
}

// most is how many files of the state folder are looked at: it holds a handful.
const most = 1000

func (m Machine) state() flow.Finding {
	path := fact(flow.Say("doctor.state.path", "Path", m.StateFolder))
	info, err := os.Lstat(m.StateFolder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return m.stateToCome().With(path)
	case err != nil:
		return m.badState(flow.Say("doctor.state.unreadable", "Reason", err)).Because(err).With(path)
	case info.Mode()&fs.ModeSymlink != 0:
		return m.badState(flow.Say("doctor.state.link")).With(path)
	case !info.IsDir():
		return m.badState(flow.Say("doctor.state.no-folder")).With(path)
	}
	foreign, err := foreignIn(m.StateFolder)
	switch {
	case foreign != "":
		return flow.Failed(flow.Say("doctor.state.foreign", "Path", foreign)).With(path).
			Mend(flow.Run(`sudo chown -R "$(id -un)" `+quote(m.StateFolder), flow.Say("doctor.state.own")))
	case err != nil:
		return m.badState(flow.Say("doctor.state.unreadable", "Reason", err)).Because(err).With(path)
	case !writable(m.StateFolder):
		return flow.Failed(flow.Say("doctor.state.read-only")).With(path).
			Mend(flow.Run("chmod 700 "+quote(m.StateFolder), flow.Say("doctor.state.write")))
	case m.OS != "windows" && info.Mode().Perm()&0o077 != 0:
		return flow.Warned(flow.Say("doctor.state.open", "Mode", fmt.Sprintf("%04o", info.Mode().Perm()))).With(path).
			Mend(flow.Run("chmod 700 "+quote(m.StateFolder), flow.Say("doctor.state.close")))
	}
	return flow.Passed(flow.Say("doctor.state.good", "Path", m.StateFolder)).With(path)
}

// stateToCome tells whether the folder can be made when there is something to keep.
func (m Machine) stateToCome() flow.Finding {
	above := filepath.Dir(m.StateFolder)
	for {
		info, err := os.Stat(above)
		if err == nil {
			if info.IsDir() && writable(above) {
				return flow.Passed(flow.Say("doctor.state.none-yet"))
			}
			return m.badState(flow.Say("doctor.state.cannot-be-made", "Path", above))
		}
		if next := filepath.Dir(above); errors.Is(err, fs.ErrNotExist) && next != above {
			above = next
			continue
		}
		return m.badState(flow.Say("doctor.state.unreadable", "Reason", err)).Because(err)
	}
}

func (m Machine) badState(why flow.Text) flow.Finding {
	return flow.Failed(why).Mend(flow.Run(`export XDG_STATE_HOME="$HOME/.zsf-state"`, flow.Say("doctor.state.elsewhere")))
}

var errEnough = errors.New("enough was looked at")

// foreignIn is the first path in the folder, or the folder itself, that is not this user's own; empty where all are.
func foreignIn(folder string) (foreign string, err error) {
	seen := 0
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		var info fs.FileInfo
		if entry != nil {
			var gone error
			if info, gone = entry.Info(); errors.Is(gone, fs.ErrNotExist) {
				return nil // another zsf put it away meanwhile
			}
		}
		if info != nil && !own(info) {
			foreign = path
			return errEnough
		}
		if seen++; seen > most {
			return errEnough
		}
		return err
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	if err != nil {
		return foreign, fmt.Errorf("look through %s: %w", folder, err)
	}
	return foreign, nil
}

// quote makes a path one word of a shell.
func quote(path string) string {
	if !strings.ContainsFunc(path, func(r rune) bool { return strings.ContainsRune(" \t\n'\"\\$`&|;<>()*?[]#~!{}", r) }) {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
