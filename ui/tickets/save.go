// An attachment is saved where a person says, and never over a file that is there.

package tickets

import (
	"context"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// saving is an attachment that is about to be saved.
type saving struct {
	file    tickets.Attachment
	field   parts.Field
	running bool
	err     error
}

type saved struct {
	path string
	err  error
}

// askWhere asks for the place, and offers one.
func (m *Model) askWhere(file tickets.Attachment) tea.Cmd {
	m.saving = &saving{file: file}
	m.saving.field.Set(filepath.Join(m.options.Folder, tickets.FileName(file.FileName)))
	return nil
}

// saveFile saves the attachment where the field says.
func (m *Model) saveFile() tea.Cmd {
	path := strings.TrimSpace(m.saving.field.Value())
	if path == "" || m.saving.running || m.options.Save == nil {
		return nil
	}
	m.saving.running, m.saving.err = true, nil
	ctx, save, file := m.ctx, m.options.Save, m.saving.file
	return parts.Do(m.call(), func() tea.Msg { return keep(ctx, save, file, path) })
}

func keep(ctx context.Context, save func(context.Context, tickets.Attachment, string) (string, error), file tickets.Attachment, path string) saved {
	written, err := save(ctx, file, path)
	return saved{written, err}
}

func (m *Model) savedFile(message saved) tea.Cmd {
	switch {
	case message.err == nil:
		m.saving = nil
		m.say("pane-file.saved", "Path", message.path)
	case m.saving != nil:
		m.saving.running, m.saving.err = false, message.err
	default:
		m.say("pane-file.not-saved", "Reason", message.err)
	}
	return nil
}
