// The requests of the screen, and their answers.

package signin

import (
	"context"
	"errors"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/oauth"
	"zsf/clients/settings"
	"zsf/clients/sfcli"
	"zsf/clients/transport"
	flow "zsf/flows/signin"
	"zsf/ui/parts"
)

// The messages that come back. Each travels in a parts.Reply.
type (
	loaded struct {
		known settings.Account
		err   error
	}
	listed struct {
		orgs []sfcli.Org
		err  error
	}
	checked struct{ err error }
	opened  struct {
		store flow.Store
		err   error
	}
	begun struct {
		attempt Attempt
		err     error
	}
	browsed  struct{ err error } // to sign in
	consoled struct{ err error } // to make the client
	pasted   struct{ err error }
	finished struct {
		done flow.Done
		err  error
	}
	ticked struct{}
)

func (m *Model) call() parts.Call {
	m.number++
	return parts.Call{Screen: Screen(m.options.Service), Number: m.number}
}

// ask makes a request that the stage waits for.
func (m *Model) ask(work func() tea.Msg) tea.Cmd {
	call := m.call()
	m.asked = call.Number
	return parts.Do(call, work)
}

func (m *Model) load() tea.Cmd {
	ctx, login := m.ctx, m.options.Login
	return m.ask(func() tea.Msg {
		known, err := login.Known(ctx)
		return loaded{known, err}
	})
}

// listOrgs asks the sf CLI, which takes seconds; nobody has to wait for it.
func (m *Model) listOrgs() tea.Cmd {
	ctx, login := m.ctx, m.options.Login
	m.work = "signin.asking-sf"
	return m.ask(func() tea.Msg {
		orgs, err := login.Orgs(ctx)
		return listed{orgs, err}
	})
}

// answer takes what a request came to, unless nothing waits for it any more.
func (m *Model) answer(reply parts.Reply) tea.Cmd {
	if reply.Number <= m.born {
		return nil
	}
	awaited := reply.Number == m.asked
	switch message := reply.Message.(type) {
	case ticked:
		if reply.Number == m.ticking {
			m.ticking = 0
		}
	case checked:
		return m.checkedField(reply.Number, message.err)
	case browsed:
		if reply.Number == m.attempt.opened {
			m.attempt.opened, m.attempt.failed = 0, message.err
		}
	case consoled:
		m.form.noConsole = message.err
		if message.err != nil {
			m.toast = parts.Toast{} // it said that the page opens
		}
	case pasted:
		if reply.Number == m.attempt.trying { // not the answer to a sign-in that this one took the place of
			m.tried(message)
		}
	case begun:
		return m.begun(awaited, message)
	case parts.Failed:
		return m.fail(message.Err, forming, nil)
	default:
		if awaited {
			return m.awaited(message)
		}
	}
	return nil
}

func (m *Model) awaited(message tea.Msg) tea.Cmd {
	switch message := message.(type) {
	case loaded:
		return m.start(message)
	case listed:
		return m.offer(message)
	case opened:
		return m.unlocked(message)
	case finished:
		if message.err != nil {
			return m.finishFailed(message.err)
		}
		m.endAttempt()
		m.stage, m.finished = done, message.done
	}
	return nil
}

// start takes what the profile knows. A browser's sign-in is made anew in the form.
func (m *Model) start(message loaded) tea.Cmd {
	if message.err != nil {
		return m.fail(message.err, forming, m.again)
	}
	m.known = message.known
	m.fill()
	if m.options.Service == transport.Salesforce && m.known.Source != settings.Browser {
		return m.listOrgs()
	}
	return m.toForm()
}

// offer shows the sf CLI's orgs, or the form where there are none.
func (m *Model) offer(message listed) tea.Cmd {
	m.orgs = message.orgs
	if len(m.orgs) > 0 {
		m.stage = choosing
		m.list.Fit(len(m.orgs)+1, m.listHeight(), nil)
		m.list.Select(max(slices.IndexFunc(m.orgs, func(org sfcli.Org) bool { return org.Username == m.known.SFUsername }), 0))
		return nil
	}
	if message.err != nil && !errors.Is(message.err, sfcli.ErrNotInstalled) {
		m.say("signin.no-sf", "Reason", message.err)
	}
	return m.toForm()
}

func (m *Model) toForm() tea.Cmd {
	m.stage, m.asked = forming, 0
	return m.checkAddress()
}

// again begins the screen from its start.
func (m *Model) again() tea.Cmd {
	m.stage, m.work = starting, "signin.asking-settings"
	return m.load()
}

func (m *Model) reuse(at int) tea.Cmd {
	m.stage, m.work, m.chose = working, "signin.asking-who", at
	ctx, login, org := m.ctx, m.options.Login, m.orgs[at]
	m.from, m.retry = choosing, func() tea.Cmd { return m.reuse(at) }
	return m.ask(func() tea.Msg {
		kept, err := login.Reuse(ctx, org)
		return finished{kept, err}
	})
}

// checkAddress asks the service about the address, once for each that is entered.
func (m *Model) checkAddress() tea.Cmd {
	entered := m.form.address.Value()
	if m.addressFault() != nil || m.form.addressCheck.of == entered {
		return m.checkClient()
	}
	call, ctx, login := m.call(), m.ctx, m.options.Login
	m.form.addressCheck, m.form.clientCheck = check{of: entered, number: call.Number}, check{}
	return parts.Do(call, func() tea.Msg { return checked{login.CheckAddress(ctx, entered)} })
}

// checkClient asks about the client, once the service was found at the address.
func (m *Model) checkClient() tea.Cmd {
	address, clientID := m.form.address.Value(), m.form.client.Value()
	key, found := address+" "+clientID, m.form.addressCheck
	if clientID == "" || m.clientFault() != nil || m.form.clientCheck.of == key || !found.known || found.err != nil || found.of != address {
		return nil
	}
	call, ctx, login := m.call(), m.ctx, m.options.Login
	m.form.clientCheck = check{of: key, number: call.Number}
	return parts.Do(call, func() tea.Msg { return checked{login.CheckClient(ctx, address, clientID)} })
}

func (m *Model) checkedField(number int, err error) tea.Cmd {
	for _, check := range []*check{&m.form.addressCheck, &m.form.clientCheck} {
		if check.number == number {
			check.number, check.known, check.err = 0, true, err
			return m.checkClient()
		}
	}
	return nil
}

// begin is the way to the browser: first the vault, so that no fresh token is lost.
func (m *Model) begin() tea.Cmd {
	switch {
	case m.addressFault() != nil:
		m.form.at = addressRow
		return nil
	case m.clientFault() != nil:
		m.form.at = clientRow
		return nil
	}
	return m.openVault("")
}

func (m *Model) openVault(passphrase string) tea.Cmd {
	m.stage, m.work = working, "signin.opening-vault"
	m.from, m.retry = forming, m.begin
	ctx, login := m.ctx, m.options.Login
	return m.ask(func() tea.Msg {
		store, err := login.OpenVault(ctx, passphrase)
		return opened{store, err}
	})
}

func (m *Model) unlocked(message opened) tea.Cmd {
	var needed *flow.PassphraseError
	if message.store.Where != "" {
		m.unlock.store = message.store
	}
	if errors.As(message.err, &needed) {
		m.stage = unlocking
		m.unlock = unlock{store: m.unlock.store, fresh: needed.New}
		m.unlock.first.Masked, m.unlock.again.Masked = true, true
		if needed.Wrong {
			m.unlock.note = "signin.passphrase-wrong"
		}
		return nil
	}
	m.unlock = unlock{store: m.unlock.store} // what was typed is not kept longer than it must
	if message.err != nil {
		return m.fail(message.err, forming, m.begin)
	}
	return m.listen()
}

// listen begins an attempt in place of the one before, whose port may be the only one.
func (m *Model) listen() tea.Cmd {
	old := m.attempt.Attempt
	m.endAttempt()
	m.stage, m.work = working, "signin.beginning"
	ctx, cancel := context.WithCancel(m.ctx)
	m.attempt = attempt{ctx: ctx, cancel: cancel}
	login, address, clientID, label := m.options.Login, m.form.address.Value(), m.form.client.Value(), m.form.label
	return m.ask(func() tea.Msg {
		if old != nil {
			old.Close()
		}
		under, err := login.Begin(ctx, address, clientID, label)
		return begun{under, err}
	})
}

// begun shows the address, tries the browser and waits. An attempt that nobody waits for any more is closed.
func (m *Model) begun(awaited bool, message begun) tea.Cmd {
	if !awaited || m.stage != working {
		return m.close(message.attempt)
	}
	if message.err != nil {
		return m.fail(message.err, forming, m.begin)
	}
	m.stage, m.attempt.Attempt = waiting, message.attempt
	return tea.Batch(m.wait(), m.browse())
}

func (m *Model) close(under Attempt) tea.Cmd {
	if under == nil {
		return nil
	}
	return parts.Do(m.call(), func() tea.Msg {
		under.Close()
		return nil
	})
}

func (m *Model) wait() tea.Cmd {
	ctx, under := m.attempt.ctx, m.attempt.Attempt
	m.from, m.retry = forming, m.begin
	return m.ask(func() tea.Msg {
		kept, err := under.Wait(ctx)
		return finished{kept, err}
	})
}

func (m *Model) browse() tea.Cmd {
	call, ctx, open, address := m.call(), m.attempt.ctx, m.options.Open, m.attempt.URL()
	m.attempt.opened, m.attempt.failed = call.Number, nil
	return parts.Do(call, func() tea.Msg { return browsed{open(ctx, address)} })
}

// usePasted tries what was pasted. The attempt goes on whatever comes of it.
func (m *Model) usePasted() tea.Cmd {
	text := m.attempt.pasted.Value()
	if text == "" || m.attempt.trying != 0 {
		return nil
	}
	call, ctx, under := m.call(), m.attempt.ctx, m.attempt.Attempt
	m.attempt.trying, m.attempt.note = call.Number, note{}
	return parts.Do(call, func() tea.Msg { return pasted{under.Paste(ctx, text)} })
}

// tried says what was wrong with what was pasted. A code that only the browser shows is worth pasting, too.
func (m *Model) tried(message pasted) {
	m.attempt.trying = 0
	if message.err == nil || errors.Is(message.err, oauth.ErrSettled) {
		return
	}
	var explained *flow.ExplainedError
	if errors.As(message.err, &explained) {
		words := m.frame.Words
		m.attempt.note = note{"signin.pasted-code", []any{"Cause", words.T(explained.Cause), "WayOut", words.T(explained.WayOut)}}
		return
	}
	m.attempt.note = note{"signin.pasted-wrong", []any{"Reason", message.err}}
}

// finishFailed shows why there is no sign-in. One that the service gave is kept on trying again, without a browser.
func (m *Model) finishFailed(err error) tea.Cmd {
	var unkept *flow.UnkeptError
	if errors.As(err, &unkept) && m.attempt.Attempt != nil {
		return m.fail(err, forming, func() tea.Cmd {
			m.stage, m.work = working, "signin.asking-who"
			return m.wait()
		})
	}
	return m.fail(err, m.from, m.retry)
}

func (m *Model) fail(err error, from stage, retry func() tea.Cmd) tea.Cmd {
	m.stage, m.failure, m.from, m.retry = failed, err, from, retry
	m.reader.Reset()
	return nil
}

// endAttempt ends what is under way: its sockets close with its context.
func (m *Model) endAttempt() {
	if m.attempt.cancel != nil {
		m.attempt.cancel()
	}
}

// cancel goes from the browser back to the form, with all that was typed.
func (m *Model) cancel() tea.Cmd {
	under := m.attempt.Attempt
	m.endAttempt()
	m.attempt = attempt{}
	m.stage, m.asked, m.form.at = forming, 0, goRow
	m.say("signin.cancelled")
	return m.close(under)
}

// tick lets time pass on the screen, as long as something on it depends on time.
func (m *Model) tick() tea.Cmd {
	pause := time.Second
	switch {
	case m.ticking != 0:
		return nil
	case m.stage == starting || m.stage == working:
		pause = 100 * time.Millisecond
	case m.stage == waiting:
		pause = 250 * time.Millisecond // so that no second of the countdown is passed over
	case m.toast.Words() != "" || m.form.addressCheck.number != 0 || m.form.clientCheck.number != 0:
	default:
		return nil
	}
	call := m.call()
	m.ticking = call.Number
	return m.options.Clock.Wait(m.ctx, call, pause, ticked{})
}
