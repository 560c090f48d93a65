package zendesk

import (
	"embed"
	"html/template"
	"net/http"
	"strings"

	"zsf/clients/sandbox/webform"
)

// The pages load nothing from elsewhere, and follow the browser's light or dark.
//
//go:embed pages
var pageFiles embed.FS

var pageTemplates = template.Must(template.Must(template.New("").Parse(webform.Templates)).ParseFS(pageFiles, "pages/*.html"))

func show(w http.ResponseWriter, status int, name string, data any) {
	var b strings.Builder
	if err := pageTemplates.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", webform.Security)
	w.Header().Set("Referrer-Policy", "same-origin")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(b.String())) // a browser that went away is no trouble of the account's
}

// A place is a page of the account that is not the API.
type place struct {
	Crumbs   []string
	Org      string // the connected Salesforce org, empty when there is none
	Triggers []placeTrigger
	Ordinary int
	URL      string
	Known    bool // a place of the console, not just any path
}

type placeTrigger struct {
	Title, Webhook string
	Active         bool
}

// consoleWords are the parts of Admin Center's addresses whose names are not just the part in capitals.
var consoleWords = map[string]string{
	"objects-rules":     "Objects and rules",
	"rules":             "Business rules",
	"apps-integrations": "Apps and integrations",
	"actions-webhooks":  "Actions and webhooks",
	"apis":              "APIs",
	"zendesk-api":       "Zendesk API",
	"oauth_clients":     "OAuth clients",
	"salesforce":        "Salesforce",
	"people":            "People",
	"account":           "Account",
	"team":              "Team",
	"members":           "Team members",
}

func crumbs(path string) []string {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if len(parts) == 0 {
		return []string{"Support"}
	}
	first := map[string]string{"admin": "Admin Center", "agent": "Support"}[parts[0]]
	if first == "" {
		return nil
	}
	names := []string{first}
	for _, part := range parts[1:] {
		name := consoleWords[part]
		if name == "" {
			name = strings.ReplaceAll(strings.ReplaceAll(part, "-", " "), "_", " ")
			name = strings.ToUpper(name[:1]) + name[1:]
		}
		if len(names) < 2 || names[len(names)-1] != name || name == "Integrations" {
			names = append(names, name)
		}
	}
	return names
}

// showPlace says what the place is, and what is known of it now. Nothing can be changed from it.
func (a *Account) showPlace(w http.ResponseWriter, r *http.Request) {
	p := place{Crumbs: crumbs(r.URL.Path), URL: a.url}
	if p.Crumbs == nil || r.Method != http.MethodGet && r.Method != http.MethodHead {
		p.Crumbs = []string{"Page not found"}
		show(w, http.StatusNotFound, "place.html", p)
		return
	}
	p.Known = true
	a.mu.Lock()
	if a.integration.live != nil {
		p.Org = a.integration.live.OrgID
	}
	for _, t := range a.triggers.those(func(trigger) bool { return true }) {
		if !ofSalesforce(t.Title) {
			p.Ordinary++
			continue
		}
		p.Triggers = append(p.Triggers, placeTrigger{t.Title, a.webhookState(t), t.Active})
	}
	a.mu.Unlock()
	show(w, http.StatusOK, "place.html", p)
}

// webhookState is in words, for the webhook that a trigger notifies.
func (a *Account) webhookState(t trigger) string {
	for _, does := range t.Actions {
		if does.Field != "notification_webhook" {
			continue
		}
		switch value := does.Value.(type) {
		case []string:
			return stateWords(a.webhooks.active(value[0]))
		case []any:
			if len(value) > 0 {
				id, _ := value[0].(string)
				return stateWords(a.webhooks.active(id))
			}
		}
	}
	return "none"
}

func stateWords(active bool) string {
	if active {
		return "active"
	}
	return "inactive"
}
