// The pane of a record's tickets as one of the app's screens.

package app

import (
	tea "charm.land/bubbletea/v2"

	"zsf/ui/parts"
	"zsf/ui/tickets"
)

// toTickets shows the pane as it was left, or begins one.
func (m *model) toTickets() tea.Cmd {
	if m.options.Tickets == nil {
		m.notice = m.frame.Words.T("home.tickets-command")
		return nil
	}
	if m.tickets == nil {
		m.tickets = tickets.New(m.options.Tickets(m.ctx), m.home != nil)
	}
	return m.show(m.tickets)
}

// focus tells the pane whether the terminal is in front: one that nobody looks at asks for nothing.
func (m *model) focus(message tea.Msg) tea.Cmd {
	if m.tickets == nil {
		return nil
	}
	return m.tickets.Update(message)
}

// ticketsReply gives the pane an answer, whatever lies over it.
func (m *model) ticketsReply(reply parts.Reply) tea.Cmd {
	if m.tickets == nil {
		return nil
	}
	return m.tickets.Update(reply)
}
