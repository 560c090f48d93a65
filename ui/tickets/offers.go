// What the pane offers to choose from: orders, filters, ways to match, links, files.

package tickets

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/flows/tickets"
	"zsf/ui/locale"
	"zsf/ui/parts"
)

// offer does what a key opens, or what it does with the chosen ticket.
func (m *Model) offer(do string) tea.Cmd {
	switch do {
	case "pane-sort":
		return m.offerSorts()
	case "pane-facets":
		return parts.Open(newFilters(m))
	case "pane-all":
		if m.list.view.All {
			m.say("pane.closed-hidden")
		} else {
			m.say("pane.closed-shown")
		}
		return m.changeView(func(view *View) { view.All = !view.All })
	case "pane-match":
		return m.offerMatches()
	case "pane-agent":
		return m.openPage(m.agentPage(m.list.current().id))
	case "pane-salesforce":
		return m.openPage(m.about.record.URL)
	case "pane-copy":
		return m.copies(m.agentPage(m.list.current().id))
	case "pane-copy-number":
		return m.copies(strconv.FormatInt(m.list.current().id, 10))
	case "pane-links":
		return m.offerLinks()
	case "pane-files":
		return m.offerFiles()
	}
	return nil
}

// agentPage is where agents see a ticket.
func (m *Model) agentPage(id int64) string {
	return m.options.Account + "/agent/tickets/" + strconv.FormatInt(id, 10)
}

// pick lays a list over the pane; each choice does something.
func (m *Model) pick(title, current string, names, words []string, do func(i int) tea.Cmd) tea.Cmd {
	picker := &parts.Picker{Title: title, Current: current}
	for i, name := range names {
		picker.Choices = append(picker.Choices, parts.Choice{Name: name, Words: words[i]})
	}
	picker.Chosen = func(name string) tea.Cmd {
		at := slices.Index(names, name)
		return m.do(func() tea.Cmd { return do(at) })
	}
	return parts.Open(picker)
}

func (m *Model) offerSorts() tea.Cmd {
	words := m.frame.Words
	var names, about []string
	var ways []View
	current := ""
	for _, sort := range tickets.Sorts {
		for _, reversed := range []bool{false, true} {
			id := "pane-sort." + string(sort)
			if reversed {
				id += "-reversed"
			}
			if sort == m.sort() && reversed == m.list.view.Reversed {
				current = words.T(id)
			}
			names, about, ways = append(names, words.T(id)), append(about, ""), append(ways, View{Sort: sort, Reversed: reversed})
		}
	}
	return m.pick("pane-sort.title", current, names, about, func(i int) tea.Cmd {
		return m.changeView(func(view *View) { view.Sort, view.Reversed = ways[i].Sort, ways[i].Reversed })
	})
}

// sort is what the list is ordered by.
func (m *Model) sort() tickets.Sort {
	if m.list.view.Sort == "" {
		return tickets.ByUpdated
	}
	return m.list.view.Sort
}

// offerMatches lists the ways in which the record can be matched, and of several organizations or users each.
func (m *Model) offerMatches() tea.Cmd {
	words := m.frame.Words
	var names, about []string
	var do []func() tea.Cmd
	add := func(name, words string, what func() tea.Cmd) {
		names, about, do = append(names, name), append(about, words), append(do, what)
	}
	current := words.T("pane-match.integration")
	add(current, words.T("pane-match.integration-about"), func() tea.Cmd { return m.matchBy(tickets.AsIntegration) })
	for _, way := range m.about.record.Ways() {
		name := words.T("ticket-by." + string(way))
		if way == m.about.asked {
			current = name
		}
		about := words.T("pane-match.untold")
		switch {
		case way == m.about.match.By:
			about = words.T("pane-match.found", "Count", len(m.about.all))
		case slices.Contains(m.about.match.Others, way):
			about = words.T("pane-match.may")
		}
		add(name, about, func() tea.Cmd { return m.matchBy(way) })
	}
	if len(m.about.all) > 1 {
		add(words.T("pane-match.every", "Count", len(m.about.all)), "", func() tea.Cmd { return m.only(m.about.all) })
		for _, target := range m.about.all {
			add(words.T("pane-match.only", "Name", m.targetName(target)), "", func() tea.Cmd { return m.only([]tickets.Target{target}) })
		}
	}
	for _, kin := range m.about.record.MayWith() {
		name, change := "pane-match.with-", append(slices.Clone(m.about.with), kin)
		if slices.Contains(m.about.with, kin) {
			name, change = "pane-match.without-", slices.DeleteFunc(slices.Clone(m.about.with), func(one string) bool { return one == kin })
		}
		add(words.T(name+kin), m.reach(kin), func() tea.Cmd {
			m.about.with = change
			return m.openAgain()
		})
	}
	return m.pick("pane-match.title", current, names, about, func(i int) tea.Cmd { return do[i]() })
}

func (m *Model) targetName(target tickets.Target) string {
	return m.frame.Words.T("ticket-target."+target.Kind, "Name", target.Name, "ID", strconv.FormatInt(target.ID, 10))
}

// reach says how far the look for contacts or child accounts went.
func (m *Model) reach(kin string) string {
	for _, reach := range m.about.match.With {
		if reach.What == kin {
			return m.frame.Words.Say(reach.Texts()[0])
		}
	}
	return ""
}

// matchBy matches the record in another way.
func (m *Model) matchBy(way tickets.By) tea.Cmd {
	m.about.asked = way
	return m.openAgain()
}

// openAgain finds and matches the record that is shown once more, and begins its list anew.
func (m *Model) openAgain() tea.Cmd {
	m.enterList()
	return m.open(m.about.record.ID)
}

// only shows the tickets of some of what was matched.
func (m *Model) only(targets []tickets.Target) tea.Cmd {
	m.about.match.Targets = targets
	m.enterList()
	return m.load(fewest, false)
}

func (m *Model) offerLinks() tea.Cmd {
	links := slices.Clone(m.talk.links)
	return m.pick("pane-link.title", "", links, make([]string, len(links)), func(i int) tea.Cmd {
		return m.askLink(links[i])
	})
}

// askLink shows an address whole before anything is done with it.
func (m *Model) askLink(address string) tea.Cmd {
	return parts.Open(&link{
		address: address,
		open:    func() tea.Cmd { return m.do(func() tea.Cmd { return m.openPage(address) }) },
		copied:  func() tea.Cmd { return m.do(func() tea.Cmd { return m.copies(address) }) },
	})
}

// copies sends words to the terminal's clipboard. Whether it takes them, nobody can know.
func (m *Model) copies(words string) tea.Cmd {
	m.say("checklist.sent-to-clipboard")
	return tea.SetClipboard(words)
}

func (m *Model) offerFiles() tea.Cmd {
	files := slices.Clone(m.talk.files)
	var names, about []string
	for i, file := range files {
		names = append(names, strconv.Itoa(i+1)+"  "+locale.Clean(file.FileName))
		about = append(about, locale.Clean(file.ContentType)+" "+m.frame.Theme.Icons.Dot+" "+size(file.Size))
	}
	return m.pick("pane-file.title", "", names, about, func(i int) tea.Cmd { return m.offerFile(files[i]) })
}

// offerFile asks what to do with a file.
func (m *Model) offerFile(file tickets.Attachment) tea.Cmd {
	words := m.frame.Words
	names, about := []string{words.T("pane-file.save")}, []string{words.T("pane-file.save-about")}
	if isLink(file.ContentURL) {
		names, about = append(names, words.T("pane-file.open")), append(about, words.T("pane-file.open-about"))
	}
	return m.pick("pane-file.title", "", names, about, func(i int) tea.Cmd {
		if i == 0 {
			return m.askWhere(file)
		}
		return m.askLink(file.ContentURL)
	})
}

// wantsSignIn tells whether signing in would mend an error, and to what.
func wantsSignIn(err error) (transport.Service, bool) {
	switch transport.KindOf(err) {
	case transport.SignInExpired, transport.SignInMissing, transport.Anonymous:
		return serviceOf(err), true
	default:
		return "", false
	}
}

func contains(all []string, one string) bool { return slices.Contains(all, one) }

// size is a file's size as one would say it.
func size(bytes int64) string {
	const step = 1024
	switch {
	case bytes < step:
		return strconv.FormatInt(bytes, 10) + " B"
	case bytes < step*step:
		return strconv.FormatInt((bytes+step/2)/step, 10) + " KB"
	}
	return strings.TrimSuffix(strconv.FormatFloat(float64(bytes)/(step*step), 'f', 1, 64), ".0") + " MB"
}
