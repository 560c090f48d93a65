package persona

import (
	"context"
	"slices"
	"strings"
)

// What a person does on each page, known by the fields and buttons that it has.

// act does what there is to do on a page, and on those that it leads to.
func (p *Person) act(ctx context.Context, at *page) error {
	for _, known := range []struct {
		here bool
		do   func(context.Context, *page) error
	}{
		{at.with("login") != nil, p.logIn},
		{at.with("allow") != nil, p.allow},
		{at.with("lockSessionsToIp") != nil, p.box("lockSessionsToIp", false, UnlockSessions)},
		{at.with("isPkceRequired") != nil, p.box("isPkceRequired", false, AllowNoPKCE)},
		{at.with("enableStreamingApi") != nil, p.box("enableStreamingApi", true, SwitchStreams)},
		{at.with("security") != nil, p.install},
		{at.with("permittedUsers") != nil, p.permittedUsers},
		{at.with("profile") != nil, p.profiles},
		{strings.HasSuffix(at.at.Path, "/FlexiPageList/home"), p.recordPages},
		{strings.HasSuffix(at.at.Path, "/appBuilder.app"), p.component},
		{strings.HasSuffix(at.at.Path, "/ConnectedAppsUsage/home"), p.usage},
		{strings.Contains(at.at.Path, "/ConnectedApplication/"), p.app},
		{strings.HasSuffix(at.at.Path, "/rules/triggers"), p.activate},
		{strings.HasSuffix(at.at.Path, "/webhooks/webhooks"), p.activate},
		{strings.HasSuffix(at.at.Path, "/integrations/integrations"), p.integrations},
		{strings.Contains(at.at.Path, "/integrations/salesforce"), p.integration},
	} {
		if known.here {
			return known.do(ctx, at)
		}
	}
	return nil
}

// then presses a button and goes on with the page that comes.
func (p *Person) then(ctx context.Context, at *page, f *form, button string) error {
	next, err := p.press(ctx, at, f, button)
	if err != nil {
		return err
	}
	return p.act(ctx, next)
}

// onward follows a link and goes on there.
func (p *Person) onward(ctx context.Context, at *page, href string) error {
	next, err := p.follow(ctx, at, href)
	if err != nil {
		return err
	}
	return p.act(ctx, next)
}

func (p *Person) logIn(ctx context.Context, at *page) error {
	return p.then(ctx, at, at.with("login"), "login")
}

func (p *Person) allow(ctx context.Context, at *page) error {
	return p.then(ctx, at, at.with("allow"), "allow")
}

// box ticks or clears a check box and saves.
func (p *Person) box(name string, on bool, task Task) func(context.Context, *page) error {
	return func(ctx context.Context, at *page) error {
		if !p.wants(task) {
			return nil
		}
		p.done = true
		f := at.with(name)
		if !f.tick(name, on) {
			return nil
		}
		_, err := p.press(ctx, at, f, "save")
		return err
	}
}

// install chooses all users, waits until the package is there, and presses Done.
func (p *Person) install(ctx context.Context, at *page) error {
	if !p.wants(InstallPackage) {
		return nil
	}
	f := at.with("security")
	if f.has("installed") && p.tasks == nil {
		p.done = true
		return nil
	}
	f.choose("security", "all")
	next, err := p.press(ctx, at, f, "install")
	if err != nil {
		return err
	}
	for next.refresh > 0 && next.with("done") == nil {
		if err := p.wait(ctx, next.refresh); err != nil {
			return err
		}
		if next, err = p.get(ctx, next.at.String()); err != nil {
			return err
		}
	}
	if next.refresh > 0 {
		return &Stopped{next.title, strings.Join(next.texts, " ")} // there will be an e-mail
	}
	_, err = p.press(ctx, next, next.with("done"), "done")
	return err
}

const appName = "Salesforce Integration for Zendesk"

// app is the list of connected apps, or the app's own page: from there to its policies, then to its profiles.
func (p *Person) app(ctx context.Context, at *page) error {
	if _, own := at.leadingTo("/profiles"); !own {
		for _, l := range at.links {
			if l.label == appName {
				return p.onward(ctx, at, l.href)
			}
		}
		return &Stopped{at.title, appName + " is not in the list"}
	}
	for _, page := range []struct {
		task Task
		end  string
	}{{PermittedUsers, "/edit"}, {Profiles, "/profiles"}} {
		href, found := at.leadingTo(page.end)
		if !found || !p.wants(page.task) {
			continue
		}
		if err := p.onward(ctx, at, href); err != nil {
			return err
		}
	}
	return nil
}

func (p *Person) permittedUsers(ctx context.Context, at *page) error {
	p.done = true
	f := at.with("permittedUsers")
	if !f.choose("permittedUsers", "admin") {
		return nil
	}
	_, err := p.press(ctx, at, f, "save")
	return err
}

func (p *Person) profiles(ctx context.Context, at *page) error {
	p.done = true
	wanted := p.Profiles
	if wanted == nil {
		wanted = theirProfiles
	}
	f := at.with("profile")
	changed := false
	for i := range f.fields {
		if one := &f.fields[i]; one.kind == "checkbox" && !one.on && slices.Contains(wanted, one.label) {
			one.on, changed = true, true
		}
	}
	if !changed {
		return nil
	}
	_, err := p.press(ctx, at, f, "save")
	return err
}

// usage presses Install beside the app, where it is not installed.
func (p *Person) usage(ctx context.Context, at *page) error {
	if !p.wants(InstallApp) {
		return nil
	}
	for _, r := range at.rows {
		if len(r.cells) == 0 || r.cells[0] != appName {
			continue
		}
		p.done = true
		for _, f := range r.forms {
			if _, offered := f.button("install"); offered {
				_, err := p.press(ctx, at, f, "install")
				return err
			}
		}
		return nil
	}
	return &Stopped{at.title, appName + " is not in the list"}
}

// recordPages puts the component on each page of an object that ticket view is made for.
func (p *Person) recordPages(ctx context.Context, at *page) error {
	if !p.wants(PlaceComponent) {
		return nil
	}
	for _, r := range at.rows {
		if len(r.cells) < 3 || len(r.links) == 0 || !slices.Contains([]string{"Account", "Contact", "Lead", "Opportunity"}, r.cells[2]) {
			continue
		}
		if err := p.onward(ctx, at, r.links[0].href); err != nil {
			return err
		}
	}
	return nil
}

func (p *Person) component(ctx context.Context, at *page) error {
	f := at.with("component")
	if f == nil {
		return &Stopped{at.title, strings.Join(at.texts, " ")}
	}
	p.done = true
	if !f.tick("component", true) {
		return nil
	}
	_, err := p.press(ctx, at, f, "save")
	return err
}

// activate presses Activate beside all that the integration made.
func (p *Person) activate(ctx context.Context, at *page) error {
	if !p.wants(Activate) {
		return nil
	}
	p.done = true
	for _, r := range at.rows {
		if len(r.cells) == 0 || !strings.HasPrefix(r.cells[0], "(Salesforce Integration)") {
			continue
		}
		for _, f := range r.forms {
			if _, inactive := f.button("activate"); inactive {
				if _, err := p.press(ctx, at, f, "activate"); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (p *Person) integrations(ctx context.Context, at *page) error {
	href, found := at.leadingTo("/integrations/salesforce")
	if !found {
		return &Stopped{at.title, "Salesforce is not in the list"}
	}
	return p.onward(ctx, at, href)
}

// integration walks the Salesforce page in either layout: the package where the page offers it,
// terms and Connect where nothing is connected, and the tabs of the connection.
func (p *Person) integration(ctx context.Context, at *page) error {
	home := at
	install, offered := at.leadingTo("/packaging/installPackage.apexp")
	if offered && p.wants(InstallPackage) {
		if err := p.onward(ctx, at, install); err != nil {
			return err
		}
	}
	if _, connected := home.leadingTo("/disconnect"); !connected {
		if !p.wants(Connect) {
			return nil
		}
		if at.with("terms") == nil {
			add, found := at.leadingTo("/salesforce/new")
			if !found {
				return &Stopped{at.title, "there is nowhere to connect"}
			}
			next, err := p.follow(ctx, at, add)
			if err != nil {
				return err
			}
			at = next
		}
		return p.connect(ctx, at)
	}
	return p.configure(ctx, home)
}

// connect agrees to the terms and goes to Salesforce; Log In and Allow lead back to the integration's page.
func (p *Person) connect(ctx context.Context, at *page) error {
	f := at.with("terms")
	if f == nil {
		return &Stopped{at.title, "there are no terms to agree to"}
	}
	f.tick("terms", true)
	f.choose("environment", map[bool]string{true: "production", false: "sandbox"}[p.Production])
	return p.then(ctx, at, f, "connect")
}

// configure switches on what the person came for, on the tabs of the connection.
func (p *Person) configure(ctx context.Context, home *page) error {
	p.done = true
	if href, found := home.leadingTo("/disconnect"); found && p.wants(Disconnect) {
		next, err := p.follow(ctx, home, href)
		if err != nil {
			return err
		}
		_, err = p.press(ctx, next, next.with("disconnect"), "disconnect")
		return err
	}
	href, found := home.leadingTo("/ticket-view")
	if !found || !p.wants(TicketView) && !p.wants(TicketSync) {
		return nil
	}
	tab, err := p.follow(ctx, home, href)
	if err != nil {
		return err
	}
	if f := tab.with("ticket_view"); f != nil && p.wants(TicketView) && f.tick("ticket_view", true) {
		if tab, err = p.press(ctx, tab, f, "save"); err != nil {
			return err
		}
	}
	if href, found := tab.leadingTo("/data-sync"); found && p.wants(TicketSync) {
		if tab, err = p.follow(ctx, tab, href); err != nil {
			return err
		}
		return p.syncTickets(ctx, tab)
	}
	return nil
}

// syncTickets switches ticket sync on, and then the triggers that an earlier disconnect switched off.
func (p *Person) syncTickets(ctx context.Context, tab *page) error {
	for _, f := range tab.forms {
		if !slices.Contains(f.values(field{})["sync"], "tickets") || !f.tick("enable", true) {
			continue
		}
		next, err := p.press(ctx, tab, f, "save")
		if err != nil {
			return err
		}
		tab = next
		break
	}
	if href, found := tab.leadingTo("/rules/triggers"); found && p.wants(Activate) {
		return p.onward(ctx, tab, href)
	}
	return nil
}
