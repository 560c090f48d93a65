package zendesk

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A webhook, its members in the order in which the service sends them; empty ones are left out.
type webhook struct {
	ID             string          `json:"id"`
	Name           string          `json:"name"`
	Description    string          `json:"description,omitempty"`
	Status         string          `json:"status"` // active or inactive
	Subscriptions  []string        `json:"subscriptions"`
	CreatedAt      time.Time       `json:"created_at"`
	CreatedBy      string          `json:"created_by"`
	UpdatedAt      *time.Time      `json:"updated_at,omitempty"`
	UpdatedBy      string          `json:"updated_by,omitempty"`
	Endpoint       string          `json:"endpoint"`
	HTTPMethod     string          `json:"http_method"`
	RequestFormat  string          `json:"request_format"`
	Authentication *authentication `json:"authentication,omitempty"`
}

// Authentication is shown without its secret.
type authentication struct {
	Type        string            `json:"type"`
	Data        map[string]string `json:"data,omitempty"`
	AddPosition string            `json:"add_position"`
}

// webhooks are in the order in which they were made.
type webhooks struct{ all []webhook }

var businessWebhooks = []webhook{
	{Name: "Slack #support-alerts", Description: "Urgent tickets", Status: "active", Endpoint: "https://hooks.slack.example/services/T0/B0/x"},
	{Name: "Data warehouse", Status: "active", Endpoint: "https://ingest.warehouse.example/zendesk", Authentication: &authentication{Type: "basic_auth", Data: map[string]string{"username": "zendesk"}, AddPosition: "header"}},
	{Name: "Status page", Description: "Until the move to the new provider", Status: "inactive", Endpoint: "https://status.example/api/incidents"},
}

func newWebhooks(a *Account) webhooks {
	var w webhooks
	for _, one := range businessWebhooks {
		w.insert(a, one)
	}
	if a.setup.TicketSync && a.setup.ConnectedOrg != "" {
		w.insertSalesforce(a, a.setup.ConnectedOrg, !a.setup.WebhookOff, time.Time{})
	}
	if a.setup.OtherOrg {
		w.insertSalesforce(a, OtherOrgID, true, time.Time{})
	}
	return w
}

// insertSalesforce adds the webhook of ticket sync with an org, as of a time, or of long ago.
func (w *webhooks) insertSalesforce(a *Account, org string, active bool, at time.Time) {
	status := "active"
	if !active {
		status = "inactive"
	}
	w.insert(a, webhook{
		Name: salesforceTitle(org), Status: status, Endpoint: "https://salesforce-integration.example/api/v1/ticket_sync",
		Authentication: &authentication{Type: "bearer_token", AddPosition: "header"}, CreatedAt: at,
	})
}

func (w *webhooks) insert(a *Account, one webhook) {
	if one.CreatedAt.IsZero() {
		one.CreatedAt = a.opened.Add(time.Duration(len(w.all)) * 411 * time.Hour)
	}
	one.ID = ulid(one.CreatedAt, one.Name)
	one.CreatedBy = strconv.FormatInt(staffID(owner), 10)
	one.Subscriptions = []string{"conditional_ticket_events"}
	one.HTTPMethod, one.RequestFormat = http.MethodPost, "json"
	w.all = append(w.all, one)
}

// ulid is an id of the kind that webhooks have: 48 bits of milliseconds and 80 that differ, in Crockford's base 32.
func ulid(at time.Time, of string) string {
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	sum := fnv.New128a()
	_, _ = sum.Write([]byte(of))
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(at.UnixMilli())<<16)
	copy(raw[6:], sum.Sum(nil))
	out := make([]byte, 26)
	high, low := binary.BigEndian.Uint64(raw[:8]), binary.BigEndian.Uint64(raw[8:])
	for i := 25; i >= 0; i-- {
		out[i] = letters[low&31]
		low = low>>5 | high<<59
		high >>= 5
	}
	return string(out)
}

func (w *webhooks) ofBusiness(n int) string { return w.all[n].ID }

func (w *webhooks) ofSalesforce(org string) string {
	for _, one := range w.all {
		if one.Name == salesforceTitle(org) {
			return one.ID
		}
	}
	return ""
}

func (w *webhooks) active(id string) bool {
	return slices.ContainsFunc(w.all, func(one webhook) bool { return one.ID == id && one.Status == "active" })
}

// Reading is for every team member here, as the vendor's OpenAPI file does not describe webhooks; changing is for admins.
func (a *Account) webhookEndpoints() []endpoint {
	const r = "webhooks"
	return []endpoint{
		{pattern: "GET /api/v2/webhooks", action: "webhooks/index", resource: r, limit: webhookLimit, do: a.listWebhooks},
		{pattern: "GET /api/v2/webhooks/{id}", action: "webhooks/show", resource: r, limit: webhookLimit, do: a.withWebhook(func(_ *call, w *webhook) answer {
			return ok(object{{"webhook", w}})
		})},
		{pattern: "PATCH /api/v2/webhooks/{id}", action: "webhooks/patch", resource: r, admins: true, limit: webhookLimit, do: a.withWebhook(a.patchWebhook)},
		{pattern: "PUT /api/v2/webhooks/{id}", action: "webhooks/update", resource: r, admins: true, limit: webhookLimit, do: a.withWebhook(a.replaceWebhook)},
	}
}

func (a *Account) withWebhook(do func(*call, *webhook) answer) func(*call) answer {
	return func(c *call) answer {
		for i := range a.webhooks.all {
			if a.webhooks.all[i].ID == c.request.PathValue("id") {
				return do(c, &a.webhooks.all[i])
			}
		}
		return coded(http.StatusNotFound, "WebhookNotFound", "Webhook not found", "")
	}
}

// listWebhooks has pages by cursor only. Where all fit into one, there are no cursors and no links, as recorded;
// the newest comes first.
func (a *Account) listWebhooks(c *call) answer {
	query := c.query()
	size := pageLimit
	if asked := query.Get("page[size]"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || n < 1 || n > pageLimit {
			return coded(http.StatusBadRequest, "InvalidPaginationParameter", "page[size] must be a number from 1 to 100", "")
		}
		size = n
	}
	var all []webhook
	for _, one := range a.webhooks.all {
		if strings.Contains(one.Name, query.Get("filter[name_contains]")) && (query.Get("filter[status]") == "" || query.Get("filter[status]") == one.Status) {
			all = append(all, one)
		}
	}
	sortWebhooks(all, query.Get("sort"))
	start := slices.IndexFunc(all, func(one webhook) bool { return one.ID == query.Get("page[after]") }) + 1
	if before := slices.IndexFunc(all, func(one webhook) bool { return one.ID == query.Get("page[before]") }); before >= 0 {
		start = max(0, before-size)
	}
	shown := all[start:min(start+size, len(all))]
	more := start+len(shown) < len(all)
	if len(shown) == 0 || start == 0 && !more {
		return ok(object{{"meta", object{{"has_more", false}}}, {"webhooks", append([]webhook{}, shown...)}})
	}
	first, last := shown[0].ID, shown[len(shown)-1].ID
	links := object{}
	if more {
		links = append(links, member{"next", a.link("webhooks", query, "page[after]", last)})
	}
	if start > 0 {
		links = append(links, member{"prev", a.link("webhooks", query, "page[before]", first)})
	}
	return ok(object{{"links", links}, {"meta", object{{"after_cursor", last}, {"before_cursor", first}, {"has_more", more}}}, {"webhooks", shown}})
}

func sortWebhooks(all []webhook, by string) {
	slices.Reverse(all)
	switch strings.TrimPrefix(by, "-") {
	case "name":
		slices.SortStableFunc(all, func(one, other webhook) int { return cmp.Compare(one.Name, other.Name) })
	case "status":
		slices.SortStableFunc(all, func(one, other webhook) int { return cmp.Compare(one.Status, other.Status) })
	}
	if strings.HasPrefix(by, "-") {
		slices.Reverse(all)
	}
}

var webhookFields = []string{"name", "description", "status", "endpoint", "http_method", "request_format", "subscriptions", "authentication"}

// patchWebhook changes what was sent and leaves the rest.
func (a *Account) patchWebhook(c *call, w *webhook) answer {
	sent, refused := c.fields("webhook", webhookFields...)
	if refused != nil {
		return *refused
	}
	return a.applyWebhook(c, w, *w, sent)
}

// replaceWebhook needs all that is mandatory, and clears what was not sent.
func (a *Account) replaceWebhook(c *call, w *webhook) answer {
	sent, refused := c.fields("webhook", webhookFields...)
	if refused != nil {
		return *refused
	}
	for _, mandatory := range []string{"name", "endpoint", "http_method", "request_format", "status"} {
		if !sent.hasAny(mandatory) {
			return coded(http.StatusBadRequest, "InvalidWebhook", mandatory+" is missing", "")
		}
	}
	return a.applyWebhook(c, w, webhook{ID: w.ID, CreatedAt: w.CreatedAt, CreatedBy: w.CreatedBy, Subscriptions: w.Subscriptions}, sent)
}

func (a *Account) applyWebhook(c *call, w *webhook, changed webhook, sent fields) answer {
	wrong := &problems{}
	set(sent, "name", &changed.Name, wrong)
	set(sent, "description", &changed.Description, wrong)
	set(sent, "status", &changed.Status, wrong)
	set(sent, "endpoint", &changed.Endpoint, wrong)
	set(sent, "http_method", &changed.HTTPMethod, wrong)
	set(sent, "request_format", &changed.RequestFormat, wrong)
	set(sent, "subscriptions", &changed.Subscriptions, wrong)
	if set(sent, "authentication", &changed.Authentication, wrong) && changed.Authentication != nil {
		delete(changed.Authentication.Data, "password")
		delete(changed.Authentication.Data, "token")
		delete(changed.Authentication.Data, "value")
	}
	if wrong.any() {
		return coded(http.StatusBadRequest, "InvalidWebhook", wrong.fields[0].description, "")
	}
	switch {
	case changed.Status != "active" && changed.Status != "inactive":
		return coded(http.StatusBadRequest, "InvalidWebhook", "status must be active or inactive", "")
	case changed.Name == "" || changed.Endpoint == "":
		return coded(http.StatusBadRequest, "InvalidWebhook", "name and endpoint cannot be blank", "")
	case !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, changed.HTTPMethod):
		return coded(http.StatusBadRequest, "InvalidWebhook", "http_method must be GET, POST, PUT, PATCH or DELETE", "")
	case !slices.Contains([]string{"json", "xml", "form_encoded"}, changed.RequestFormat):
		return coded(http.StatusBadRequest, "InvalidWebhook", "request_format must be json, xml or form_encoded", "")
	}
	now := a.now()
	changed.UpdatedAt, changed.UpdatedBy = &now, strconv.FormatInt(c.user.ID, 10)
	*w = changed
	return noContent()
}
