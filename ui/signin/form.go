// The guided set-up: an address, what to make in the service's console, the client's id, and what the org or account is.

package signin

import (
	"slices"

	"zsf/clients/settings"
	flow "zsf/flows/signin"
	"zsf/ui/parts"
)

// A row is one line of the form that the cursor can stand on.
type row int

const (
	addressRow row = iota
	pageRow
	clientRow
	labelRow
	goRow
	firstEntry // and one for each entry of the guide that can be copied
)

// A form is what was typed, and what is known of it.
type form struct {
	address, client           parts.Field
	addressCheck, clientCheck check
	label                     settings.Environment
	labelled                  bool      // a person chose the label
	known                     [2]string // address and client as the profile had them
	at                        row
	noConsole                 error // why no browser opened the console's page
}

// A check is what the service says of a field.
type check struct {
	of     string // what was checked
	number int    // of its request; 0 when none runs
	known  bool   // it has answered
	err    error
}

// rows are those of the form, in order.
func (m *Model) rows() []row {
	rows := []row{addressRow}
	if !m.isFolded() {
		rows = append(rows, pageRow)
		for i, entry := range m.guide().Entries {
			if entry.Value != "" {
				rows = append(rows, firstEntry+row(i))
			}
		}
	}
	return append(rows, clientRow, labelRow, goRow)
}

// isFolded tells that the client is there already: nobody needs to be told how to make it.
func (m *Model) isFolded() bool {
	return m.known.ClientID != "" && m.known.ClientID == m.form.client.Value()
}

func (m *Model) guide() flow.Guide { return m.options.Login.Guide(m.form.address.Value()) }

// copies are the entries that can be copied, as their number keys count them.
func (m *Model) copies() []flow.Entry {
	var copies []flow.Entry
	for _, entry := range m.guide().Entries {
		if entry.Value != "" {
			copies = append(copies, entry)
		}
	}
	return copies
}

// field is the one that the cursor stands in; nil outside of both.
func (m *Model) field() *parts.Field {
	switch m.form.at {
	case addressRow:
		return &m.form.address
	case clientRow:
		return &m.form.client
	default:
		return nil
	}
}

// moveRow goes so many rows down, or up. Tab passes over the guide's values, which only the arrows stop at.
func (m *Model) moveRow(by int, values bool) {
	rows := m.rows()
	if !values {
		at := m.form.at
		rows = slices.DeleteFunc(rows, func(one row) bool { return one >= firstEntry && one != at })
	}
	at := 0
	for i, one := range rows {
		if one == m.form.at {
			at = i
		}
	}
	m.form.at = rows[(at+by+len(rows))%len(rows)]
}

// fill takes into the form what the profile knows, where nothing was typed yet.
func (m *Model) fill() {
	known, f := m.known, &m.form
	if f.address.Value() == "" && f.client.Value() == "" {
		address := known.LoginURL
		if address == "" {
			address = known.URL
		}
		f.address.Set(address)
		f.client.Set(known.ClientID)
	}
	if !f.labelled && known.Environment != "" {
		f.label, f.labelled = known.Environment, true
	}
	f.known = [2]string{f.address.Value(), f.client.Value()}
	f.at = addressRow
	if f.address.Value() != "" {
		f.at = clientRow
	}
	if f.client.Value() != "" {
		f.at = goRow
	}
	m.guess()
}

// isTyped tells that leaving would lose something.
func (m *Model) isTyped() bool {
	return m.form.known != [2]string{m.form.address.Value(), m.form.client.Value()}
}

// guess takes what the address says of its org, until a person says something else.
func (m *Model) guess() {
	if !m.form.labelled {
		m.form.label = m.options.Login.Guess(m.form.address.Value())
	}
}

// turnLabel goes through: not said, sandbox, production.
func (m *Model) turnLabel() {
	next := map[settings.Environment]settings.Environment{"": settings.Sandbox, settings.Sandbox: settings.Production}
	m.form.label, m.form.labelled = next[m.form.label], true
}

// addressFault is what is wrong with the address as it is typed, before any service is asked.
func (m *Model) addressFault() error {
	_, err := m.options.Login.Address(m.form.address.Value())
	return err
}

func (m *Model) clientFault() error {
	return m.options.Login.Client(m.form.address.Value(), m.form.client.Value())
}
