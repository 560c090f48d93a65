package zendesk

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A macro is a set of changes that an agent can look at and then make.
type macro struct {
	URL         string        `json:"url"`
	ID          int64         `json:"id"`
	Title       string        `json:"title"`
	Active      bool          `json:"active"`
	UpdatedAt   time.Time     `json:"updated_at"`
	CreatedAt   time.Time     `json:"created_at"`
	Default     bool          `json:"default"`
	Position    int           `json:"position"`
	Description nullable      `json:"description"`
	Actions     []macroAction `json:"actions"`
	Restriction *struct{}     `json:"restriction"`
}

type macroAction struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

const macroIDs idRange = 20_811_930_446_874

var macroRows = []struct {
	title, korean, description string
	inactive                   bool
	actions                    []macroAction
	said, saidKorean           string // the comment's words
}{
	{
		title: "Answered::Thank and solve", korean: "답변 완료::감사 인사 후 해결", description: "Thanks the customer and solves the ticket",
		actions:    []macroAction{{"status", "solved"}, {"assignee_id", "current_user"}, {"comment_mode_is_public", "true"}},
		said:       "Hello {{ticket.requester.first_name}},\n\nthank you for your patience. This is mended now.\n\nTicket {{ticket.id}}",
		saidKorean: "{{ticket.requester.name}} 님, 안녕하세요.\n\n기다려 주셔서 감사합니다. 조치를 마쳤습니다.\n\n티켓 {{ticket.id}}",
	},
	{
		title: "Escalate to engineering", korean: "개발팀에 전달",
		actions: []macroAction{
			{"custom_status_id", strconv.FormatInt(statusBase+defaultStatuses*idStep, 10)},
			{"priority", "urgent"},
			{"type", "problem"},
			{"group_id", strconv.FormatInt(int64(agentGroup)+2*idStep, 10)},
			{"current_tags", "escalated engineering"},
			{"comment_mode_is_public", "false"},
		},
		said: "Please look at this one first.", saidKorean: "이 건을 먼저 확인 부탁드립니다.",
	},
	{
		title: "Ask for the serial number", korean: "일련번호 요청", actions: []macroAction{{"status", "pending"}, {"comment_mode_is_public", "true"}},
		said: "Could you tell us the serial number? It is on the back of the device.", saidKorean: "제품 뒷면의 일련번호를 알려 주시겠어요?",
	},
	{
		title: "Refund of a device", korean: "기기 환불",
		actions: []macroAction{{"ticket_form_id", strconv.Itoa(ticketForm + idStep)}, {"custom_fields_product", "product_device"}, {"custom_fields_reason", "refund_damaged"}, {"priority", "normal"}, {"remove_tags", "escalated"}},
	},
	{title: "Old greeting", korean: "이전 인사말", inactive: true, actions: []macroAction{{"status", "open"}}},
}

func (a *Account) macros() []macro {
	all := make([]macro, len(macroRows))
	for n, row := range macroRows {
		m := macro{
			ID: macroIDs.id(n), Title: row.title, Active: !row.inactive, CreatedAt: a.opened, UpdatedAt: a.opened, Position: n + 1,
			Description: nullable(row.description), Actions: []macroAction{},
		}
		said := row.said
		if a.korean() {
			m.Title, said = row.korean, row.saidKorean
		}
		for _, action := range row.actions {
			if name, own := strings.CutPrefix(action.Field, "custom_fields_"); own {
				action.Field = "custom_fields_" + idText(fieldID(map[string]int{"product": productField, "reason": reasonField}[name]))
			}
			m.Actions = append(m.Actions, action)
		}
		if said != "" {
			m.Actions = append(m.Actions, macroAction{"comment_value", said})
		}
		m.URL = a.resource("macros", m.ID)
		all[n] = m
	}
	return all
}

func (a *Account) macroEndpoints() []endpoint {
	const r = "macros"
	return []endpoint{
		{pattern: "GET /api/v2/macros", action: "macros/index", resource: r, do: func(c *call) answer { return a.listMacros(c, "macros") }},
		{pattern: "GET /api/v2/macros/active", action: "macros/active", resource: r, do: func(c *call) answer { return a.listMacros(c, "macros/active") }},
		{pattern: "GET /api/v2/macros/{id}", action: "macros/show", resource: r, do: func(c *call) answer {
			return showOf(c, "macro", a.macros(), func(m macro) int64 { return m.ID })
		}},
		{pattern: "GET /api/v2/macros/{id}/apply", action: "macros/apply", resource: r, do: a.showMacroChanges},
		{pattern: "GET /api/v2/tickets/{id}/macros/{macro}/apply", action: "macros/apply", resource: r, do: a.withTicket(a.showTicketAfter)},
	}
}

func (a *Account) listMacros(c *call, path string) answer {
	active := c.query().Get("active")
	all := slices.DeleteFunc(a.macros(), func(m macro) bool {
		return !m.Active && (path == "macros/active" || active == "true") || m.Active && active == "false"
	})
	at := func(m macro) position { return position{m.ID} }
	return page(a, c, wholeList("macros", path, "id", all, at, whole[macro]))
}

func (a *Account) macroOf(id string) (macro, bool) {
	all := a.macros()
	at := slices.IndexFunc(all, func(m macro) bool { return idText(m.ID) == id })
	if at < 0 {
		return macro{}, false
	}
	return all[at], true
}

// showMacroChanges tells only what the macro would change, of no ticket in particular: its words stay as they are written.
func (a *Account) showMacroChanges(c *call) answer {
	m, found := a.macroOf(c.request.PathValue("id"))
	if !found {
		return recordNotFound()
	}
	return ok(object{{"result", object{{"ticket", a.changes(c, m, ticket{Tags: []string{}})}}}})
}

// showTicketAfter is the whole ticket as it would be. RECALLED: its own fields are in custom_fields; the vendor's file has an
// object "fields" there.
func (a *Account) showTicketAfter(c *call, t ticket) answer {
	m, found := a.macroOf(c.request.PathValue("macro"))
	if !found {
		return recordNotFound()
	}
	after := membersOf(t)
	for _, change := range a.changes(c, m, t) {
		at := slices.IndexFunc(after, func(one member) bool { return one.name == change.name })
		if change.name == "custom_fields" {
			change.value = withValues(t.CustomFields, change.value)
		}
		if at < 0 {
			after = append(after, change)
		} else {
			after[at] = change
		}
	}
	after = slices.DeleteFunc(after, func(one member) bool { return one.name == "fields" })
	return ok(object{{"result", object{{"ticket", after}}}})
}

// withValues are all of a ticket's own fields, some with another value.
func withValues(all []any, changed any) []any {
	all = slices.Clone(all)
	values, _ := changed.([]any)
	for _, value := range values {
		for i, one := range all {
			if one.(fieldValue).ID == value.(fieldValue).ID {
				all[i] = value
			}
		}
	}
	return all
}

// changes are the members of a ticket that a macro gives another value.
func (a *Account) changes(c *call, m macro, t ticket) object {
	var out object
	var own []any
	var said object
	tags := slices.Clone(t.Tags)
	tagged := false
	for _, action := range m.Actions {
		name, value := action.Field, action.Value
		switch id, custom := strings.CutPrefix(name, "custom_fields_"); {
		case custom:
			n, _ := strconv.ParseInt(id, 10, 64)
			own = append(own, fieldValue{n, value})
		case name == "assignee_id" && value == "current_user":
			out = append(out, member{name, c.user.ID})
		case strings.HasSuffix(name, "_id"):
			out = append(out, member{name, json.RawMessage(value)})
		case name == "current_tags":
			tags, tagged = append(tags, strings.Fields(value)...), true
		case name == "remove_tags":
			tags, tagged = slices.DeleteFunc(tags, func(tag string) bool { return slices.Contains(strings.Fields(value), tag) }), true
		case name == "comment_value":
			body := a.filledIn(value, t)
			said = append(object{{"body", body}, {"scoped_body", [][]string{{"channel:all", body}}}}, said...)
		case name == "comment_mode_is_public":
			said = append(said, member{"public", value == "true"})
		default:
			out = append(out, member{name, value})
		}
	}
	if tagged {
		slices.Sort(tags)
		out = append(out, member{"tags", slices.Compact(tags)})
	}
	if own != nil {
		out = append(out, member{"custom_fields", own})
	}
	if said != nil {
		out = append(out, member{"comment", said})
	}
	return out
}

// filledIn puts a ticket's own words into a macro's placeholders. Without a ticket they stay.
func (a *Account) filledIn(words string, t ticket) string {
	if t.ID == 0 {
		return words
	}
	u, _ := a.users.find(t.RequesterID)
	first, _, _ := strings.Cut(u.Name, " ")
	return strings.NewReplacer(
		"{{ticket.requester.first_name}}", cmp.Or(first, u.Name), "{{ticket.requester.name}}", u.Name, "{{ticket.id}}", idText(t.ID), "{{ticket.title}}", t.Subject,
	).Replace(words)
}
