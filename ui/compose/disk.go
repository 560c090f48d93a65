// The machine's own files and editor.

package compose

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/tickets"
)

// Disk are the machine's own files. Home is the person's folder, for which ~ stands.
type Disk struct{ Home string }

// Look finds a file that a path names, as a person types it or as a terminal gives one that was dropped on it.
func (d Disk) Look(path string) (tickets.File, error) {
	return tickets.Attach(d.path(path))
}

// path takes off what a shell or a file manager puts on.
func (d Disk) path(typed string) string {
	typed = strings.TrimSpace(typed)
	if address, err := url.Parse(typed); err == nil && address.Scheme == "file" {
		return address.Path
	}
	if _, err := os.Lstat(typed); err == nil {
		return typed
	}
	if len(typed) > 1 && (typed[0] == '\'' || typed[0] == '"') && typed[len(typed)-1] == typed[0] {
		typed = typed[1 : len(typed)-1]
	} else if filepath.Separator == '/' {
		typed = strings.ReplaceAll(typed, `\ `, " ")
	}
	if rest, ok := strings.CutPrefix(typed, "~"); ok && (rest == "" || os.IsPathSeparator(rest[0])) {
		return d.Home + rest
	}
	return typed
}

// mostPaths is how many ways a path can go on; more help nobody.
const mostPaths = 200

// Complete finds how a path could go on; folders end in a separator. What is hidden is found by its dot only.
func (d Disk) Complete(typed string) []string {
	folder, begun := filepath.Split(typed)
	place := d.path(folder)
	if place == "" {
		place = "."
	}
	entries, err := os.ReadDir(place)
	if err != nil {
		return nil
	}
	var paths []string
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, begun) || strings.HasPrefix(name, ".") && begun == "" || len(paths) == mostPaths {
			continue
		}
		path := folder + name
		if info, err := os.Stat(filepath.Join(place, name)); err == nil && info.IsDir() {
			path += string(filepath.Separator)
		}
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// OwnEditor is the editor that VISUAL or EDITOR names, with its own options; nil where neither does.
func OwnEditor(getenv func(string) string) func(path string, done func(error) tea.Msg) tea.Cmd {
	var words []string
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if words = strings.Fields(getenv(name)); len(words) > 0 {
			break
		}
	}
	if len(words) == 0 {
		return nil
	}
	return func(path string, done func(error) tea.Msg) tea.Cmd {
		editor := exec.Command(words[0], append(words[1:len(words):len(words)], path)...) //nolint:gosec,noctx // the person's own; it ends when the person ends it
		return tea.ExecProcess(editor, done)
	}
}
