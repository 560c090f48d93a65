package zendesk

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A customStatus is a ticket status as the account names it, within one of the service's five categories.
type customStatus struct {
	URL                   string    `json:"url"`
	ID                    int64     `json:"id"`
	StatusCategory        string    `json:"status_category"`
	AgentLabel            string    `json:"agent_label"`
	EndUserLabel          string    `json:"end_user_label"`
	Description           string    `json:"description"`
	EndUserDescription    string    `json:"end_user_description"`
	Active                bool      `json:"active"`
	Default               bool      `json:"default"`
	CreatedAt             time.Time `json:"created_at"`
	UpdatedAt             time.Time `json:"updated_at"`
	RawAgentLabel         string    `json:"raw_agent_label"`
	RawEndUserLabel       string    `json:"raw_end_user_label"`
	RawDescription        string    `json:"raw_description"`
	RawEndUserDescription string    `json:"raw_end_user_description"`
}

// statusRows are the default of each category, then the account's own. A closed ticket keeps the solved one.
var statusRows = []struct {
	category, label, korean string
	inactive                bool
}{
	{"new", "New", "신규", false},
	{"open", "Open", "진행 중", false},
	{"pending", "Pending", "대기 중", false},
	{"hold", "On-hold", "보류", false},
	{"solved", "Solved", "해결됨", false},
	{"open", "Waiting on engineering", "개발팀 확인 중", false},
	{"pending", "Waiting for payment", "입금 대기", false},
	{"solved", "Merged by hand (old)", "수동 병합(이전)", true},
}

const defaultStatuses = 5

func statusID(n int) int64 { return statusBase + int64(n)*idStep }

// ticketStatus is the custom status of ticket n of the seed: some open and pending ones have one of the account's own.
func ticketStatus(n int, status string) int64 {
	switch {
	case status == "open" && n%4 == 1:
		return statusID(defaultStatuses)
	case status == "pending" && n%4 == 1:
		return statusID(defaultStatuses + 1)
	}
	return statusID(min(slices.Index(statuses, status), defaultStatuses-1))
}

func (a *Account) customStatuses() []customStatus {
	all := make([]customStatus, len(statusRows))
	for n, row := range statusRows {
		label := row.label
		if a.korean() {
			label = row.korean
		}
		s := customStatus{
			ID: statusID(n), StatusCategory: row.category, AgentLabel: label, EndUserLabel: label, Active: !row.inactive, Default: n < defaultStatuses,
			CreatedAt: a.opened, UpdatedAt: a.opened, RawAgentLabel: label, RawEndUserLabel: label,
		}
		s.URL = a.resource("custom_statuses", s.ID)
		all[n] = s
	}
	return all
}

// listCustomStatuses has no pages.
func (a *Account) listCustomStatuses(c *call) answer {
	query := c.query()
	categories := strings.Split(query.Get("status_categories"), ",")
	differs := func(name string, is bool) bool {
		asked, err := strconv.ParseBool(query.Get(name))
		return err == nil && asked != is
	}
	all := slices.DeleteFunc(a.customStatuses(), func(s customStatus) bool {
		return query.Get("status_categories") != "" && !slices.Contains(categories, s.StatusCategory) || differs("active", s.Active) || differs("default", s.Default)
	})
	return ok(object{{"custom_statuses", all}})
}

func (a *Account) showCustomStatus(c *call) answer {
	return showOf(c, "custom_status", a.customStatuses(), func(s customStatus) int64 { return s.ID })
}

// showOf answers with the one of a few records that the path names.
func showOf[T any](c *call, name string, all []T, idOf func(T) int64) answer {
	id, numeric := c.id()
	if !numeric {
		return invalidEndpoint()
	}
	for _, one := range all {
		if idOf(one) == id {
			return ok(object{{name, one}})
		}
	}
	return recordNotFound()
}
