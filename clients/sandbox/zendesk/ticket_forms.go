package zendesk

import (
	"slices"
	"strconv"
	"time"
)

// A ticketFormRecord is a form: which fields, in which order, and which of them depend on others.
type ticketFormRecord struct {
	URL                string          `json:"url"`
	ID                 int64           `json:"id"`
	Name               string          `json:"name"`
	RawName            string          `json:"raw_name"`
	DisplayName        string          `json:"display_name"`
	RawDisplayName     string          `json:"raw_display_name"`
	EndUserVisible     bool            `json:"end_user_visible"`
	Position           int             `json:"position"`
	TicketFieldIDs     []int64         `json:"ticket_field_ids"`
	Active             bool            `json:"active"`
	Default            bool            `json:"default"`
	CreatedAt          time.Time       `json:"created_at"`
	UpdatedAt          time.Time       `json:"updated_at"`
	InAllBrands        bool            `json:"in_all_brands"`
	RestrictedBrandIDs []int64         `json:"restricted_brand_ids"`
	EndUserConditions  []formCondition `json:"end_user_conditions"`
	AgentConditions    []formCondition `json:"agent_conditions"`
}

// A formCondition shows fields when another one has a value.
type formCondition struct {
	ParentFieldID int64        `json:"parent_field_id"`
	Value         any          `json:"value"`
	ChildFields   []childField `json:"child_fields"`
}

type childField struct {
	ID         int64    `json:"id"`
	IsRequired bool     `json:"is_required"`
	Required   required `json:"required_on_statuses"`
}

type required struct {
	Type     string   `json:"type"`
	Statuses []string `json:"statuses,omitempty"`
}

func formID(n int) int64 { return ticketForm + int64(n)*idStep }

// formOf is the form of ticket n of the seed.
func formOf(n int) int64 {
	if n%11 == 4 {
		return formID(1)
	}
	return ticketForm
}

func (a *Account) ticketForms() []ticketFormRecord {
	ids := func(rows ...int) []int64 {
		all := make([]int64, len(rows))
		for i, row := range rows {
			all[i] = fieldID(row)
		}
		return all
	}
	name := func(english, korean string) string {
		if a.korean() {
			return korean
		}
		return english
	}
	every := make([]int64, 0, reasonField+1)
	for row := range reasonField {
		every = append(every, fieldID(row))
	}
	every = append(every, fieldID(managerField))
	all := []ticketFormRecord{
		{Name: name("Default Ticket Form", "기본 티켓 양식"), TicketFieldIDs: every, Active: true, Default: true, EndUserVisible: true},
		{
			Name: name("Refund", "환불"), TicketFieldIDs: ids(0, 1, 2, 3, 4, 5, 6, orderField, productField, vipField, amountField, reasonField), Active: true, EndUserVisible: true,
			AgentConditions: []formCondition{{fieldID(productField), "product_device", []childField{
				{fieldID(reasonField), true, required{"SOME_STATUSES", []string{"solved"}}},
				{fieldID(amountField), false, required{Type: "NO_STATUSES"}},
			}}},
		},
		{Name: name("Old web form", "이전 웹 양식"), TicketFieldIDs: ids(0, 1, 2, 5, 6)},
		{
			Name: name("Return of a device", "기기 반품"), Active: true, EndUserVisible: true,
			TicketFieldIDs: ids(0, 1, 2, priorityField, 3, 5, 6, serialField, productField, vipField, managerField, dateField, stepsField, amountField, seatsField, regionField, orderField),
			AgentConditions: []formCondition{
				{fieldID(vipField), true, []childField{{fieldID(managerField), true, required{Type: "ALL_STATUSES"}}}},
				{fieldID(productField), "product_device", []childField{
					{fieldID(dateField), true, required{"SOME_STATUSES", []string{"pending", "hold", "solved"}}},
					{fieldID(amountField), false, required{Type: "NO_STATUSES"}},
				}},
				{fieldID(priorityField), "urgent", []childField{{fieldID(stepsField), true, required{"SOME_STATUSES", []string{"solved"}}}}},
			},
		},
	}
	for n := range all {
		f := &all[n]
		f.ID, f.Position, f.InAllBrands, f.RestrictedBrandIDs = formID(n), n+1, true, []int64{}
		f.RawName, f.DisplayName, f.RawDisplayName = f.Name, f.Name, f.Name
		f.CreatedAt, f.UpdatedAt, f.URL = a.opened, a.opened, a.resource("ticket_forms", f.ID)
		f.EndUserConditions = []formCondition{}
		if f.AgentConditions == nil {
			f.AgentConditions = []formCondition{}
		}
	}
	return all
}

// listTicketForms filters by active and end_user_visible.
func (a *Account) listTicketForms(c *call) answer {
	query := c.query()
	differs := func(name string, is bool) bool {
		asked, err := strconv.ParseBool(query.Get(name))
		return err == nil && asked != is
	}
	all := slices.DeleteFunc(a.ticketForms(), func(f ticketFormRecord) bool {
		return differs("active", f.Active) || differs("end_user_visible", f.EndUserVisible)
	})
	at := func(f ticketFormRecord) position { return position{f.ID} }
	return page(a, c, wholeList("ticket_forms", "ticket_forms", "id", all, at, whole[ticketFormRecord]))
}
