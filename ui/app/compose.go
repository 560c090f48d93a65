// The screen that writes tickets lies over the pane, and gives it what was written.

package app

import (
	tea "charm.land/bubbletea/v2"

	"zsf/ui/compose"
	"zsf/ui/parts"
	"zsf/ui/tickets"
)

// kinds are what the pane asks for, and what is written then.
var kinds = map[string]compose.Kind{
	tickets.WriteReply: compose.Reply, tickets.WriteNote: compose.Note, tickets.WriteEdit: compose.Edit,
	tickets.WriteNew: compose.Create, tickets.WriteMany: compose.Several,
}

// write opens the screen that writes; where there is none, it tells the command.
func (m *model) write(asked tickets.Write) tea.Cmd {
	if m.options.Compose == nil {
		command := "zsf tickets new"
		if asked.Kind != tickets.WriteNew {
			command = "zsf tickets edit"
		}
		return m.tickets.Update(tickets.Told{Words: m.frame.Words.T("pane.write-command", "Command", command)})
	}
	options, err := m.options.Compose(requestOf(asked))
	if err != nil {
		return m.tickets.Update(tickets.Told{Words: m.frame.Words.Error(err)})
	}
	m.compose = compose.New(options)
	m.overlays, m.shown = nil, m.compose // the pane goes on below it
	return m.compose.Enter(m.ctx, m.frame)
}

// writeAlone opens the screen that writes with nothing below it.
func (m *model) writeAlone(request compose.Request) tea.Cmd {
	options, err := m.options.Compose(request)
	if err != nil {
		m.err = err
		return tea.Quit
	}
	m.compose = compose.New(options)
	return m.show(m.compose)
}

// requestOf is what the pane asks for, with what it has read.
func requestOf(asked tickets.Write) compose.Request {
	request := compose.Request{Kind: kinds[asked.Kind], Ticket: asked.Ticket, Tickets: asked.IDs, Record: asked.Record}
	if read := asked.Conversation; read != nil {
		request.Subject, request.Requester, request.SeenAt = read.Subject, read.Requester, read.UpdatedAt
		if len(read.Messages) > 0 {
			request.LastComment = read.Messages[len(read.Messages)-1].ID
		}
	}
	return request
}

// composes tells whether the screen that writes is shown.
func (m *model) composes() bool { return m.compose != nil && m.shown == page(m.compose) }

// leaveCompose goes back to the pane. What was written and not sent is a draft.
func (m *model) leaveCompose() tea.Cmd {
	var told tea.Cmd
	if m.options.Write != nil {
		m.result.Kept = m.compose.IsKept()
		return m.quit()
	}
	if m.compose.IsKept() {
		told = m.tickets.Update(tickets.Told{Words: m.frame.Words.T("compose.left-as-draft")})
	}
	m.closeCompose()
	return told
}

func (m *model) closeCompose() {
	m.compose.Leave()
	m.overlays, m.shown = nil, m.tickets
	m.tickets.SetFrame(m.frame)
}

// wrote tells the pane what was written.
func (m *model) wrote(done compose.Done) tea.Cmd {
	if !m.composes() {
		return nil
	}
	if m.options.Write != nil || m.options.EndsWritten {
		m.result.Written = done.Words
		return m.quit()
	}
	m.closeCompose()
	return tea.Batch(m.tickets.Update(tickets.Written{IDs: done.IDs}), m.tickets.Update(tickets.Told{Words: done.Words}))
}

// keepFirst writes down what is being written, before the program ends.
func (m *model) keepFirst(then tea.Cmd) tea.Cmd {
	if !m.composes() {
		return then
	}
	keep := m.compose.Keep()
	if keep == nil {
		return then
	}
	return func() tea.Msg {
		keep()
		return then()
	}
}

func (m *model) composeReply(reply parts.Reply) tea.Cmd {
	if m.compose == nil {
		return nil
	}
	return m.compose.Update(reply)
}
