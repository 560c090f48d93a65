package zendesk

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A ticketField is one of the service's own or of the account's.
type ticketField struct {
	URL                string         `json:"url"`
	ID                 int64          `json:"id"`
	Type               string         `json:"type"`
	Title              string         `json:"title"`
	RawTitle           string         `json:"raw_title"`
	Description        string         `json:"description"`
	RawDescription     string         `json:"raw_description"`
	Position           int            `json:"position"`
	Active             bool           `json:"active"`
	Required           bool           `json:"required"`
	CollapsedForAgents bool           `json:"collapsed_for_agents"`
	Regexp             nullable       `json:"regexp_for_validation"`
	TitleInPortal      string         `json:"title_in_portal"`
	RawTitleInPortal   string         `json:"raw_title_in_portal"`
	VisibleInPortal    bool           `json:"visible_in_portal"`
	EditableInPortal   bool           `json:"editable_in_portal"`
	RequiredInPortal   bool           `json:"required_in_portal"`
	AgentCanEdit       bool           `json:"agent_can_edit"`
	Target             string         `json:"relationship_target_type,omitempty"`
	Tag                nullable       `json:"tag"`
	CreatedAt          time.Time      `json:"created_at"`
	UpdatedAt          time.Time      `json:"updated_at"`
	Removable          bool           `json:"removable"`
	SystemOptions      []systemOption `json:"system_field_options,omitempty"`
	Options            []fieldOption  `json:"custom_field_options,omitempty"`
	Statuses           []customStatus `json:"custom_statuses,omitempty"`
}

type systemOption struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type fieldOption struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	RawName string `json:"raw_name"`
	Value   string `json:"value"` // a tag that the ticket gets
	Default bool   `json:"default"`
}

const (
	fieldIDs  idRange = 20_702_114_601_498
	optionIDs idRange = 20_709_551_870_746
)

// fieldRows are the service's own first, then one of each type that an account can add.
var fieldRows = []struct {
	kind, title, korean string
	required            bool
	options             []string // "value=name=korean"
	pattern, tag        string
	target              string // of a lookup
	inactive            bool
}{
	{kind: "subject", title: "Subject", korean: "제목", required: true},
	{kind: "description", title: "Description", korean: "설명", required: true},
	{kind: "custom_status", title: "Ticket status", korean: "티켓 상태"},
	{kind: "tickettype", title: "Type", korean: "유형", options: []string{"question=Question=질문", "incident=Incident=인시던트", "problem=Problem=문제", "task=Task=작업"}},
	{kind: "priority", title: "Priority", korean: "우선 순위", options: []string{"low=Low=낮음", "normal=Normal=보통", "high=High=높음", "urgent=Urgent=긴급"}},
	{kind: "group", title: "Group", korean: "그룹", required: true},
	{kind: "assignee", title: "Assignee", korean: "담당자", required: true},
	{kind: "text", title: "Order number", korean: "주문 번호"},
	{kind: "textarea", title: "Steps to reproduce", korean: "재현 방법"},
	{kind: "tagger", title: "Product", korean: "제품", options: []string{"product_app=App=앱", "product_web=Web shop=웹 상점", "product_device=Device=기기"}},
	{kind: "multiselect", title: "Affected regions", korean: "영향 지역", options: []string{"region_kr=Korea=한국", "region_jp=Japan=일본", "region_eu=Europe::West=유럽::서부"}},
	{kind: "checkbox", title: "VIP", korean: "VIP", tag: "vip"},
	{kind: "date", title: "Delivery date", korean: "배송일"},
	{kind: "integer", title: "Seats", korean: "좌석 수"},
	{kind: "decimal", title: "Refund amount", korean: "환불 금액"},
	{kind: "regexp", title: "Serial number", korean: "일련번호", pattern: `\A[A-Z]{2}-\d{6}\z`},
	{kind: "tagger", title: "Refund reason", korean: "환불 사유", required: true, options: []string{"refund_damaged=Damaged=파손", "refund_late=Late=지연"}},
	{kind: "lookup", title: "Account manager", korean: "영업 담당자", target: "zen:user"},
	{kind: "text", title: "Cost centre", korean: "비용 부서"}, // in no form
	{kind: "text", title: "Old reference", korean: "이전 참조 번호", inactive: true},
}

// The rows from here on are the account's own.
const customFields = 7

const (
	typeField     = 3
	priorityField = 4
	orderField    = 7
	stepsField    = 8
	productField  = 9
	regionField   = 10
	vipField      = 11
	dateField     = 12
	seatsField    = 13
	amountField   = 14
	serialField   = 15
	reasonField   = 16
	managerField  = 17
)

func fieldID(n int) int64 { return fieldIDs.id(n) }

func (a *Account) ticketFields() []ticketField {
	all := make([]ticketField, len(fieldRows))
	for n, row := range fieldRows {
		title, custom := row.title, n >= customFields
		if a.korean() {
			title = row.korean
		}
		f := ticketField{
			ID: fieldID(n), Type: row.kind, Title: title, RawTitle: title, Position: n + 1, Active: !row.inactive, Required: row.required,
			Regexp: nullable(row.pattern), TitleInPortal: title, RawTitleInPortal: title, VisibleInPortal: n < 2, EditableInPortal: n < 2, RequiredInPortal: n < 2,
			AgentCanEdit: true, Target: row.target, Tag: nullable(row.tag), CreatedAt: a.opened, UpdatedAt: a.opened, Removable: custom,
		}
		f.URL = a.resource("ticket_fields", f.ID)
		for i, option := range row.options {
			parts := strings.Split(option, "=")
			name := parts[1]
			if a.korean() {
				name = parts[2]
			}
			if custom {
				f.Options = append(f.Options, fieldOption{ID: optionIDs.id(n*64 + i), Name: name, RawName: name, Value: parts[0]})
			} else {
				f.SystemOptions = append(f.SystemOptions, systemOption{Name: name, Value: parts[0]})
			}
		}
		if row.kind == "custom_status" {
			f.Statuses = a.customStatuses()
		}
		all[n] = f
	}
	return all
}

// A fieldValue is what a ticket has in one of the account's own fields: a text, a bool, an array, or null.
type fieldValue struct {
	ID    int64 `json:"id"`
	Value any   `json:"value"`
}

// fieldValues are those of ticket n of the seed, with the tags that they bring.
func fieldValues(n int) (tags []string, values []any) {
	tags = []string{}
	for row := customFields; row < len(fieldRows); row++ {
		v := fieldValue{ID: fieldID(row)}
		switch {
		case row == orderField && n%3 == 0:
			v.Value = "A-" + strconv.Itoa(10_000+n)
		case row == productField && n%2 == 0:
			product, _, _ := strings.Cut(fieldRows[row].options[n/2%3], "=")
			v.Value, tags = product, append(tags, product)
		case row == regionField && n%5 == 0:
			v.Value, tags = []string{"region_kr", "region_jp"}, append(tags, "region_kr", "region_jp")
		case row == vipField:
			v.Value = n%9 == 0
			if n%9 == 0 {
				tags = append(tags, "vip")
			}
		case row == seatsField && n%6 == 0:
			v.Value = strconv.Itoa(1 + n%40)
		case row == serialField && n%7 == 0:
			v.Value = "KR-" + strconv.Itoa(100_000+n%900_000)
		}
		values = append(values, v)
	}
	slices.Sort(tags)
	return tags, values
}

func (a *Account) ticketSettingEndpoints() []endpoint {
	return []endpoint{
		{pattern: "GET /api/v2/custom_statuses", action: "custom_statuses/index", do: a.listCustomStatuses},
		{pattern: "GET /api/v2/custom_statuses/{id}", action: "custom_statuses/show", do: a.showCustomStatus},
		{pattern: "GET /api/v2/ticket_fields", action: "ticket_fields/index", do: a.listTicketFields},
		{pattern: "GET /api/v2/ticket_fields/{id}", action: "ticket_fields/show", do: func(c *call) answer {
			return showOf(c, "ticket_field", a.ticketFields(), func(f ticketField) int64 { return f.ID })
		}},
		{pattern: "GET /api/v2/ticket_forms", action: "ticket_forms/index", do: a.listTicketForms},
		{pattern: "GET /api/v2/ticket_forms/{id}", action: "ticket_forms/show", do: func(c *call) answer {
			return showOf(c, "ticket_form", a.ticketForms(), func(f ticketFormRecord) int64 { return f.ID })
		}},
	}
}

func (a *Account) listTicketFields(c *call) answer {
	at := func(f ticketField) position { return position{f.ID} }
	return page(a, c, wholeList("ticket_fields", "ticket_fields", "id", a.ticketFields(), at, whole[ticketField]))
}
