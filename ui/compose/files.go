// Files that go along with a comment, and the person's own editor for long text.

package compose

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// The messages of requests about files.
type (
	fileFound struct {
		file tickets.File
		err  error
	}
	pathsFound  struct{ paths []string }
	editorReady struct {
		path string
		row  string
		err  error
	}
	editorClosed struct {
		path string
		row  string
		err  error
	}
	textBack struct {
		row   string
		text  string
		saved bool   // there is a text to take
		left  string // the file that the text is still in, as it did not fit
		err   error
	}
)

// attach looks at the file that was named. An empty line goes on to the next row.
func (m *Model) attach() tea.Cmd {
	path := strings.TrimSpace(m.path.Value())
	if path == "" {
		m.moveRow(1)
		return nil
	}
	files := m.options.Files
	return parts.Do(m.call(), func() tea.Msg {
		file, err := files.Look(path)
		return fileFound{file, err}
	})
}

func (m *Model) attached(message fileFound) {
	if message.err != nil {
		m.fileNote = note{"compose.no-file", []any{"Reason", message.err}}
		return
	}
	if message.file.Size > tickets.MostFileBytes {
		m.fileNote = note{"ticket-problem.file-size", []any{"Name", message.file.Name, "Most", strconv.Itoa(tickets.MostFileBytes >> 20)}}
		return
	}
	if slices.ContainsFunc(m.draft.Files, func(one tickets.File) bool { return one.Path == message.file.Path }) {
		m.fileNote = note{"compose.file-twice", []any{"Name", message.file.Name}}
		return
	}
	m.draft.Files = append(slices.Clone(m.draft.Files), message.file)
	m.path.Set("")
	m.fileNote = note{}
	m.changed(filesRow)
}

// detach takes the last file away again; the file itself stays where it is.
func (m *Model) detach() {
	m.draft.Files = slices.Clone(m.draft.Files[:len(m.draft.Files)-1])
	m.changed(filesRow)
}

// complete finds how the path could go on.
func (m *Model) complete() tea.Cmd {
	path, files := m.path.Value(), m.options.Files
	return parts.Do(m.call(), func() tea.Msg { return pathsFound{files.Complete(path)} })
}

// completed types what all of the paths have in common, and names them where they are several.
func (m *Model) completed(message pathsFound) {
	if len(message.paths) == 0 {
		m.fileNote = note{"compose.no-path", nil}
		return
	}
	common := message.paths[0]
	for _, path := range message.paths[1:] {
		for !strings.HasPrefix(path, common) {
			common = common[:len(common)-1]
		}
	}
	if common = strings.ToValidUTF8(common, ""); len(common) > len(m.path.Value()) {
		m.path.Set(common)
	}
	m.fileNote = note{}
	if len(message.paths) > 1 {
		var names []string
		for _, path := range message.paths[:min(len(message.paths), 12)] {
			name := filepath.Base(path)
			if strings.HasSuffix(path, string(filepath.Separator)) {
				name += string(filepath.Separator)
			}
			names = append(names, name)
		}
		m.fileNote = note{"compose.paths", []any{"Count", len(message.paths), "Names", strings.Join(names, "  ")}}
	}
}

// edit opens the text of the row with the cursor in the person's own editor, or else the comment.
func (m *Model) edit() tea.Cmd {
	of := m.current()
	area := m.area(of)
	if area == nil {
		m.at = commentRow
		of, area = row{key: commentRow}, &m.comment
	}
	text, key := area.Value(), of.key
	return parts.Do(m.call(), func() tea.Msg {
		path, err := putAside(text)
		return editorReady{path, key, err}
	})
}

// putAside writes a text into a folder that nobody else may look into.
func putAside(text string) (string, error) {
	folder, err := os.MkdirTemp("", "zsf-")
	if err != nil {
		return "", fmt.Errorf("a file for the editor: %w", err)
	}
	path := filepath.Join(folder, "ticket.txt")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		_ = os.RemoveAll(folder)
		return "", fmt.Errorf("a file for the editor: %w", err)
	}
	return path, nil
}

func (m *Model) openEditor(message editorReady) tea.Cmd {
	if message.err != nil {
		m.say("compose.editor-failed", "Reason", message.err)
		return nil
	}
	call := m.call()
	return m.options.Editor(message.path, func(err error) tea.Msg {
		return parts.Reply{Call: call, Message: editorClosed{message.path, message.row, err}}
	})
}

// readBack fetches the text, whatever became of the editor.
func (m *Model) readBack(message editorClosed) tea.Cmd {
	return parts.Do(m.call(), func() tea.Msg { return takeBack(message) })
}

// errTooLong tells of a text that is longer than a ticket's.
var errTooLong = errors.New("the text is longer than a ticket takes")

func takeBack(closed editorClosed) textBack {
	back := textBack{row: closed.row, err: closed.err}
	content, err := os.ReadFile(closed.path)
	switch {
	case err != nil:
		back.err = errors.Join(closed.err, err)
	case len(content) > parts.MaxText:
		back.left, back.err = closed.path, errTooLong
		return back // the only copy stays where it is
	case closed.err == nil || len(content) > 0: // an editor that broke may have emptied the file
		back.text, back.saved = strings.TrimRight(string(content), "\r\n"), true
	}
	_ = os.RemoveAll(filepath.Dir(closed.path))
	return back
}

func (m *Model) tookText(message textBack) {
	switch {
	case message.left != "":
		m.say("compose.editor-too-long", "Path", message.left, "Most", parts.MaxText>>10)
	case message.err != nil:
		m.say("compose.editor-failed", "Reason", message.err)
	}
	if !message.saved {
		return
	}
	for _, of := range append([]row{{key: commentRow}}, m.rows()...) {
		if area := m.area(of); of.key == message.row && area != nil {
			area.Set(message.text)
			m.typed(of)
			return
		}
	}
}
