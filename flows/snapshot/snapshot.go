// Package snapshot writes down all that both services show at one moment, reads it back, and compares two moments.
package snapshot

import (
	"errors"
	"time"

	"zsf/clients/transport"
	"zsf/flows/flow"
)

// Schema is the number of the JSON's form; it grows when a field changes its meaning.
const Schema = 1

// A Snapshot is all that both services show of the integration, and what a person said of the rest.
type Snapshot struct {
	Schema     int        `json:"schema"`
	Label      string     `json:"label"`
	Profile    string     `json:"profile"`
	TakenAt    time.Time  `json:"taken_at"`
	Salesforce Salesforce `json:"salesforce"`
	Zendesk    Zendesk    `json:"zendesk"`
	Said       Said       `json:"said"`
	Redacted   []string   `json:"redacted"` // the paths of values that looked like secrets, and are not kept
}

// A Part is one thing that was read, or why it could not be.
type Part[T any] struct {
	Source  string    `json:"source"` // the API's own name
	ReadAt  time.Time `json:"read_at,omitzero"`
	Value   *T        `json:"value,omitempty"`
	Unknown *Reason   `json:"unknown,omitempty"`
}

// Salesforce is the org's side.
type Salesforce struct {
	InstanceURL      string               `json:"instance_url"` // empty: no sign-in
	Org              Part[Org]            `json:"org"`
	Connections      Part[[]Connection]   `json:"connections"`
	Apps             Part[[]App]          `json:"apps"`
	Profiles         Part[[]Access]       `json:"profiles"`
	Packages         Part[[]Package]      `json:"packages"`
	PackageProfiles  Part[[]Access]       `json:"package_profiles"`
	VisualforcePages Part[[]string]       `json:"visualforce_pages"`
	Components       Part[[]string]       `json:"components"`
	RecordPages      Part[[]RecordPage]   `json:"record_pages"`
	SecuritySettings Part[SettingsValues] `json:"security_settings"`
	OauthSettings    Part[SettingsValues] `json:"oauth_oidc_settings"`
}

// An Org is the Salesforce org itself.
type Org struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Edition string `json:"edition"`
	Sandbox bool   `json:"sandbox"`
}

// A Connection is who an app is connected as, by its live tokens.
type Connection struct {
	App       string    `json:"app"`
	User      string    `json:"user"`
	Installed bool      `json:"installed"` // false: the app is used, but not installed
	Tokens    int       `json:"tokens"`
	Since     time.Time `json:"since,omitzero"` // of the newest
}

// An App is the integration's connected app.
type App struct {
	ID                string `json:"id"`
	Name              string `json:"name"`
	AdminApprovedOnly *bool  `json:"admin_approved_users_only"` // Permitted Users; null: not told
}

// An Access is who may use something: a profile, by the permission set that it owns, or a permission set alone.
type Access struct {
	Profile       string `json:"profile"`
	PermissionSet string `json:"permission_set_id"`
}

// A Package is the managed package.
type Package struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	Version   string `json:"version"`
	VersionID string `json:"version_id"`
}

// A RecordPage is a Lightning record page that shows tickets.
type RecordPage struct {
	Object     string   `json:"object"`
	Page       string   `json:"page"`
	Label      string   `json:"label"`
	Components []string `json:"components"` // those of the ticket view
}

// SettingsValues are all values of a settings document, by path.
type SettingsValues map[string][]string

// Zendesk is the account's side.
type Zendesk struct {
	URL                 string          `json:"url"` // empty: no sign-in
	Triggers            Part[[]Trigger] `json:"triggers"`
	Webhooks            Part[[]Webhook] `json:"webhooks"`
	LinkedOrganizations Part[Count]     `json:"organizations_with_salesforce_id"`
	LinkedUsers         Part[Count]     `json:"users_with_salesforce_id"`
}

// A Trigger is one of the integration's, with its whole definition.
type Trigger struct {
	ID          int64   `json:"id"`
	Org         string  `json:"org_id"` // that it names; empty: none
	Title       string  `json:"title"`
	Active      bool    `json:"active"`
	Description string  `json:"description"`
	CategoryID  string  `json:"category_id"`
	Position    int     `json:"position"`
	Default     bool    `json:"default"`
	Conditions  Content `json:"conditions"`
	Actions     Content `json:"actions"`
}

// A Webhook is one that bears the integration's name or is called by one of its triggers. Secrets are not read.
type Webhook struct {
	ID                     string   `json:"id"`
	Name                   string   `json:"name"`
	Status                 string   `json:"status"`
	Endpoint               string   `json:"endpoint"`
	Method                 string   `json:"http_method"`
	Format                 string   `json:"request_format"`
	Description            string   `json:"description"`
	Subscriptions          []string `json:"subscriptions"`
	AuthenticationType     string   `json:"authentication_type"`
	AuthenticationPosition string   `json:"authentication_position"`
	HeaderNames            []string `json:"header_names"`
}

// A Count is how many records carry a Salesforce id as their external id.
type Count struct {
	ByPrefix map[string]int `json:"by_prefix"` // of the id: 001 an account's, 003 a contact's, 00Q a lead's
	LookedAt int            `json:"looked_at"`
	Exact    bool           `json:"exact"` // all records were looked at; else only the first
}

// Said is what a person said, as the journal has it: no API tells.
type Said struct {
	Answers map[string]Answer `json:"answers"` // by question
	Vouched []Vouched         `json:"vouched"`
}

// An Answer is a person's, or why there is none.
type Answer struct {
	Value   []string  `json:"value,omitempty"`
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Unknown *Reason   `json:"unknown,omitempty"`
}

// A Vouched is a step that somebody vouched for.
type Vouched struct {
	Step string    `json:"step"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// A Reason is why something is not known.
type Reason struct {
	Kind    string `json:"kind"` // a transport.Kind, or one of those below
	Service string `json:"service,omitempty"`
	Host    string `json:"host,omitempty"`
	Call    string `json:"call,omitempty"`
	Status  int    `json:"status,omitempty"`
	Code    string `json:"code,omitempty"`
	Words   string `json:"words,omitempty"`
}

// The kinds of reason that are no service's.
const (
	OwnOnly   = "own only"   // the signed-in user sees only his own
	NotAsked  = "not asked"  // on purpose
	Untold    = "untold"     // no person has been asked
	NoJournal = "no journal" // where answers would be
	Other     = "other"      // see Words
)

// reasonOf keeps an error so that it can be said in another language, another day.
func reasonOf(err error) *Reason {
	var failed *transport.Error
	if errors.As(err, &failed) {
		return &Reason{
			Kind: string(failed.Kind), Service: string(failed.Service), Host: failed.Host, Call: failed.Call,
			Status: failed.Status, Code: failed.Code, Words: failed.Message,
		}
	}
	return &Reason{Kind: Other, Words: transport.Redact(err.Error())}
}

// Err is the error that the reason was made from; nil where it was none.
func (r Reason) Err() error {
	switch r.Kind {
	case OwnOnly, NotAsked, Untold, NoJournal:
		return nil
	case Other:
		return errors.New(transport.Redact(r.Words))
	}
	return &transport.Error{
		Service: transport.Service(r.Service), Host: r.Host, Call: r.Call, Kind: transport.Kind(r.Kind),
		Status: r.Status, Code: r.Code, Message: r.Words,
	}
}

// A Gap is what could not be read of the services, and why, in words.
type Gap struct {
	What, Reason flow.Text
}

// Gaps are what could not be read of the services.
func (s Snapshot) Gaps() []Gap {
	var gaps []Gap
	for _, section := range s.unread() {
		gaps = append(gaps, Gap{section.what, section.unknown.text()})
	}
	return gaps
}

// Unread are the reasons why parts of the services could not be read.
func (s Snapshot) Unread() []Reason {
	var reasons []Reason
	for _, section := range s.unread() {
		reasons = append(reasons, *section.unknown)
	}
	return reasons
}

func (s Snapshot) unread() []section {
	var found []section
	for _, section := range sectionsOf(s) {
		if section.unknown != nil && !section.said && !skips(section.unknown) {
			found = append(found, section)
		}
	}
	return found
}
