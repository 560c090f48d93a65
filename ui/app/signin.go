// The sign-in lies over what is shown, and what it changed is taken into home, the checklist and the wizard.

package app

import (
	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/ui/parts"
	"zsf/ui/signin"
	"zsf/ui/wizard"
)

// offerServices asks which service to sign in to; the cursor stands on the first that nobody is signed in to.
func (m *model) offerServices() tea.Cmd {
	if m.options.SignIn == nil {
		m.notice = m.frame.Words.T("home.sign-in-command")
		return nil
	}
	picker := &parts.Picker{Title: "home.pick.title", Chosen: func(name string) tea.Cmd {
		return parts.Do(m.call(), func() tea.Msg { return chosenService{transport.Service(name)} })
	}}
	salesforce, zendesk := m.home.SignedIn()
	for service, in := range map[transport.Service]bool{transport.Salesforce: salesforce, transport.Zendesk: zendesk} {
		words := "home.pick.out"
		if in {
			words = "home.pick.in"
		}
		choice := parts.Choice{Name: string(service), Words: m.frame.Words.T(words)}
		if service == transport.Salesforce {
			picker.Choices = append([]parts.Choice{choice}, picker.Choices...)
		} else {
			picker.Choices = append(picker.Choices, choice)
		}
	}
	if salesforce && !zendesk {
		picker.Start = string(transport.Zendesk)
	}
	return parts.Open(picker)
}

// toSignIn lays the sign-in over what is shown, which goes on below it.
func (m *model) toSignIn(service transport.Service) tea.Cmd {
	switch {
	case service == "":
		return m.offerServices()
	case m.options.SignIn == nil || m.signin != nil:
		return nil
	}
	begun := m.signins[service]
	if begun == nil {
		options := m.options.SignIn(service)
		if options.Off != "" {
			m.notice = m.frame.Words.T(options.Off)
			return nil
		}
		begun = signin.New(options.Options)
		m.signins[service] = begun
	}
	m.overlays, m.signin = nil, begun
	return begun.Enter(m.ctx, m.frame)
}

// leaveSignIn shows again what lay below. What was typed stays for the next time.
func (m *model) leaveSignIn() {
	m.signin.Leave()
	m.signin, m.overlays = nil, nil
	m.reframe()
}

// signedIn goes back to where the person came from, and reads what holds now.
func (m *model) signedIn(message signin.Done) tea.Cmd {
	if m.signin == nil {
		return nil
	}
	m.leaveSignIn()
	delete(m.signins, message.Service)
	if m.options.SignedIn == nil {
		return nil
	}
	m.notice = m.frame.Words.T("home.signed-in", "Service", string(message.Service), "User", message.User)
	ctx, read := m.ctx, m.options.SignedIn
	return parts.Do(m.call(), func() tea.Msg {
		fresh, err := read(ctx)
		return refreshed{fresh: fresh, err: err}
	})
}

// refresh takes new sign-ins into home and the checklist, which looks again.
func (m *model) refresh(message refreshed) tea.Cmd {
	if message.err != nil {
		m.notice = m.frame.Words.Error(message.err)
		return nil
	}
	m.options.Checklist = message.fresh.Checklist
	if m.home != nil {
		m.home.SetSignIns(message.fresh.Home.Salesforce, message.fresh.Home.Zendesk)
	}
	var looks []tea.Cmd
	if m.wizard != nil && message.fresh.Run != nil {
		looks = append(looks, m.wizard.Update(wizard.Renewed{Run: message.fresh.Run}))
	}
	if m.checklist != nil {
		looks = append(looks, m.checklist.SignedIn(message.fresh.Checklist))
	}
	if m.tickets != nil {
		looks = append(looks, m.tickets.SignedIn(m.options.Tickets(m.ctx)))
	}
	if m.composes() {
		if options, err := m.options.Compose(m.compose.Request()); err == nil {
			looks = append(looks, m.compose.SignedIn(options))
		}
	}
	return tea.Batch(looks...)
}
