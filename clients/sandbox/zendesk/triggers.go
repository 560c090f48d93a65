package zendesk

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// A trigger, its members in the order in which the service sends them.
type trigger struct {
	URL         string     `json:"url"`
	ID          int64      `json:"id"`
	Title       string     `json:"title"`
	Active      bool       `json:"active"`
	UpdatedAt   time.Time  `json:"updated_at"`
	CreatedAt   time.Time  `json:"created_at"`
	Default     bool       `json:"default"`
	Actions     []action   `json:"actions"`
	Conditions  conditions `json:"conditions"`
	Description nullable   `json:"description"`
	Position    int64      `json:"position"`
	RawTitle    string     `json:"raw_title"`
	CategoryID  string     `json:"category_id"`
}

type conditions struct {
	All []condition `json:"all"`
	Any []condition `json:"any"`
}

type condition struct {
	Field    string `json:"field"`
	Operator string `json:"operator"`
	Value    any    `json:"value"`
}

type action struct {
	Field string `json:"field"`
	Value any    `json:"value"`
}

type category struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Position  int64     `json:"position"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// triggers are few: those that every account begins with, the business's own, and the integration's.
type triggers struct {
	byID       map[int64]trigger
	made       int // how many there ever were
	categories []category
}

func (a *Account) triggerEndpoints() []endpoint {
	const r = "triggers"
	return []endpoint{
		{pattern: "GET /api/v2/triggers", action: "triggers/index", resource: r, do: a.listTriggers},
		{pattern: "GET /api/v2/triggers/active", action: "triggers/active", resource: r, do: a.listActiveTriggers},
		{pattern: "GET /api/v2/triggers/search", action: "triggers/search", resource: r, do: a.searchTriggers},
		{pattern: "GET /api/v2/triggers/{id}", action: "triggers/show", resource: r, do: a.withTrigger(func(_ *call, t trigger) answer {
			return ok(object{{"trigger", t}})
		})},
		{pattern: "POST /api/v2/triggers", action: "triggers/create", resource: r, admins: true, do: a.createTrigger},
		{pattern: "PUT /api/v2/triggers/{id}", action: "triggers/update", resource: r, admins: true, do: a.withTrigger(a.updateTrigger)},
		{pattern: "PUT /api/v2/triggers/update_many", action: "triggers/update_many", resource: r, admins: true, do: a.updateManyTriggers},
		{pattern: "DELETE /api/v2/triggers/{id}", action: "triggers/destroy", resource: r, admins: true, do: a.withTrigger(func(_ *call, t trigger) answer {
			delete(a.triggers.byID, t.ID)
			return noContent()
		})},
		{pattern: "GET /api/v2/trigger_categories", action: "trigger_categories/index", resource: r, do: a.listCategories},
	}
}

func (a *Account) withTrigger(do func(*call, trigger) answer) func(*call) answer {
	return func(c *call) answer {
		id, numeric := c.id()
		if !numeric {
			return invalidEndpoint()
		}
		t, found := a.triggers.byID[id]
		if !found {
			return recordNotFound()
		}
		return do(c, t)
	}
}

// runningOrder is that in which triggers run: by their category's position, their own, their title.
const runningOrder = "position,position,title,id"

func (t *triggers) inOrder(one trigger) position {
	at := int64(slices.IndexFunc(t.categories, func(c category) bool { return c.ID == one.CategoryID })) + 1
	return position{at, one.Position, one.Title, one.ID}
}

func (t *triggers) those(keep func(trigger) bool) []trigger {
	var all []trigger
	for _, one := range t.byID {
		if keep(one) {
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(one, other trigger) int { return t.inOrder(one).compare(t.inOrder(other)) })
	return all
}

// wanted is the filter of a list: active and category_id.
func (c *call) wanted() func(trigger) bool {
	query := c.query()
	return func(t trigger) bool {
		active, inCategory := query.Get("active"), query.Get("category_id")
		return (active == "" || (active == "true") == t.Active) && (inCategory == "" || inCategory == t.CategoryID)
	}
}

func (a *Account) listTriggers(c *call) answer {
	return page(a, c, a.triggerList(c, "triggers", a.triggers.those(c.wanted())))
}

func (a *Account) listActiveTriggers(c *call) answer {
	wanted := c.wanted()
	return page(a, c, a.triggerList(c, "triggers/active", a.triggers.those(func(t trigger) bool { return t.Active && wanted(t) })))
}

// triggerList orders by sort with cursors, by sort_by and sort_order without: alphabetical, created_at, updated_at or position.
func (a *Account) triggerList(c *call, path string, all []trigger) list[trigger] {
	l := wholeList("triggers", path, runningOrder, all, a.triggers.inOrder, whole[trigger])
	l.byCursor = func(sort string) (ordering[trigger], bool) {
		by, down := strings.TrimPrefix(sort, "-"), strings.HasPrefix(sort, "-")
		name, at, found := a.triggerOrder(by)
		order := slices.SortedFunc(slices.Values(all), func(one, other trigger) int { return at(one).compare(at(other)) })
		if down {
			slices.Reverse(order)
			name = "-" + name
		}
		return sorted(name, order, down, at), found
	}
	if by := c.query().Get("sort_by"); by != "" {
		_, at, _ := a.triggerOrder(by)
		slices.SortFunc(all, func(one, other trigger) int { return at(one).compare(at(other)) })
		byTime := by == "created_at" || by == "updated_at"
		if order := c.query().Get("sort_order"); order == "desc" || order == "" && byTime {
			slices.Reverse(all)
		}
	}
	return l
}

func (a *Account) triggerOrder(by string) (name string, at func(trigger) position, found bool) {
	switch by {
	case "", "position":
		return runningOrder, a.triggers.inOrder, true
	case "alphabetical":
		return "title,id", func(t trigger) position { return position{t.Title, t.ID} }, true
	case "created_at":
		return "created_at,id", func(t trigger) position { return position{t.CreatedAt.Unix(), t.ID} }, true
	case "updated_at":
		return "updated_at,id", func(t trigger) position { return position{t.UpdatedAt.Unix(), t.ID} }, true
	}
	return runningOrder, a.triggers.inOrder, false
}

// searchTriggers finds by words of the title, and by the attributes in filter, which is JSON: {"json":{"description":"…"}}.
func (a *Account) searchTriggers(c *call) answer {
	query := c.query()
	var filter struct {
		JSON map[string]any `json:"json"`
	}
	if given := query.Get("filter"); given != "" && json.Unmarshal([]byte(given), &filter) != nil {
		return invalidAttribute("filter", "must be JSON", c.action)
	}
	search, wanted := strings.ToLower(query.Get("query")), c.wanted()
	if search == "" && filter.JSON == nil {
		return missingParameter("query")
	}
	l := a.triggerList(c, "triggers/search", a.triggers.those(func(t trigger) bool {
		return wanted(t) && strings.Contains(strings.ToLower(t.Title), search) && t.has(filter.JSON)
	}))
	l.byCursor = nil
	return page(a, c, l)
}

func (t trigger) has(attributes map[string]any) bool {
	own := map[string]any{"title": t.Title, "description": t.Description.value(), "active": t.Active, "category_id": t.CategoryID, "position": float64(t.Position)}
	for name, value := range attributes {
		if own[name] != value {
			return false
		}
	}
	return true
}

func (a *Account) listCategories(c *call) answer {
	at := func(one category) position { return position{one.Position, one.ID} }
	return page(a, c, wholeList("trigger_categories", "trigger_categories", "position,id", a.triggers.categories, at, whole[category]))
}

var triggerFields = []string{"title", "raw_title", "description", "active", "position", "category_id", "conditions", "all", "any", "actions"}

func (a *Account) createTrigger(c *call) answer {
	sent, refused := c.fields("trigger", triggerFields...)
	if refused != nil {
		return *refused
	}
	now := a.now()
	t := trigger{
		ID: triggerIDs.id(a.triggers.made), Active: true, CreatedAt: now, UpdatedAt: now,
		CategoryID: a.triggers.categories[0].ID, Conditions: conditions{All: []condition{}, Any: []condition{}}, Actions: []action{},
	}
	t.URL = a.resource("triggers", t.ID)
	wrong := a.applyTrigger(&t, sent)
	if len(t.Actions) == 0 {
		wrong.add("actions", "Actions: cannot be blank", "BlankValue")
	}
	if len(t.Conditions.All)+len(t.Conditions.Any) == 0 {
		wrong.add("conditions", "Conditions: cannot be blank", "BlankValue")
	}
	if wrong.any() {
		return wrong.answer()
	}
	if t.Position == 0 {
		t.Position = a.triggers.lastPosition(t.CategoryID) + 1
	}
	a.triggers.made++
	a.triggers.byID[t.ID] = t
	return created(object{{"trigger", t}}, t.URL)
}

func (t *triggers) lastPosition(categoryID string) int64 {
	last := int64(0)
	for _, one := range t.byID {
		if one.CategoryID == categoryID {
			last = max(last, one.Position)
		}
	}
	return last
}

// updateTrigger clears both conditions and actions when either is sent and the other is not.
func (a *Account) updateTrigger(c *call, t trigger) answer {
	sent, refused := c.fields("trigger", triggerFields...)
	if refused != nil {
		return *refused
	}
	if wrong := a.applyTrigger(&t, sent); wrong.any() {
		return wrong.answer()
	}
	t.UpdatedAt = a.now()
	a.triggers.byID[t.ID] = t
	return answer{status: 200, body: object{{"trigger", t}}, location: t.URL} // with a Location, as recorded
}

func (a *Account) applyTrigger(t *trigger, sent fields) *problems {
	wrong := &problems{}
	if set(sent, "title", &t.Title, wrong) || set(sent, "raw_title", &t.Title, wrong) {
		t.RawTitle = t.Title
	}
	set(sent, "description", &t.Description, wrong)
	set(sent, "active", &t.Active, wrong)
	set(sent, "position", &t.Position, wrong)
	if before := t.CategoryID; set(sent, "category_id", &t.CategoryID, wrong) && !a.triggers.hasCategory(t.CategoryID) {
		t.CategoryID = before
		wrong.add("category_id", "Category: is invalid", "InvalidValue")
	}
	whole, when, do := conditions{}, conditions{}, []action(nil)
	set(sent, "conditions", &whole, wrong)
	set(sent, "all", &when.All, wrong)
	set(sent, "any", &when.Any, wrong)
	set(sent, "actions", &do, wrong)
	if sent.hasAny("conditions", "all", "any", "actions") {
		t.Conditions = conditions{All: append([]condition{}, append(whole.All, when.All...)...), Any: append([]condition{}, append(whole.Any, when.Any...)...)}
		t.Actions = append([]action{}, do...)
	}
	if strings.TrimSpace(t.Title) == "" {
		wrong.add("title", "Title: cannot be blank", "BlankValue")
	}
	return wrong
}

func (f fields) hasAny(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { _, found := f[key]; return found })
}

func (t *triggers) hasCategory(id string) bool {
	return slices.ContainsFunc(t.categories, func(c category) bool { return c.ID == id })
}

// updateManyTriggers honours position, active and category_id, and nothing else.
func (a *Account) updateManyTriggers(c *call) answer {
	var body struct {
		Triggers []struct {
			ID         int64   `json:"id"`
			Position   *int64  `json:"position"`
			Active     *bool   `json:"active"`
			CategoryID *string `json:"category_id"`
		} `json:"triggers"`
	}
	if json.Unmarshal(c.body, &body) != nil {
		return unreadableBody()
	}
	switch {
	case body.Triggers == nil:
		return missingParameter("triggers")
	case len(body.Triggers) > pageLimit:
		return tooManyValues()
	}
	changed := []trigger{}
	for _, sent := range body.Triggers {
		t, found := a.triggers.byID[sent.ID]
		if !found || sent.CategoryID != nil && !a.triggers.hasCategory(*sent.CategoryID) {
			return recordNotFound()
		}
		t.Position = *cmp.Or(sent.Position, &t.Position)
		t.Active = *cmp.Or(sent.Active, &t.Active)
		t.CategoryID = *cmp.Or(sent.CategoryID, &t.CategoryID)
		t.UpdatedAt = a.now()
		changed = append(changed, t)
	}
	for _, t := range changed {
		a.triggers.byID[t.ID] = t
	}
	return ok(object{{"triggers", changed}, {"next_page", nil}, {"previous_page", nil}, {"count", len(changed)}})
}
