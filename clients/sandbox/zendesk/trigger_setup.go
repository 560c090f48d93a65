package zendesk

import (
	"strconv"
	"strings"
	"time"
)

// salesforceTitle is what the integration calls its triggers and its webhook,
// as seen in live accounts: GitLab's public trigger inventory.
func salesforceTitle(org string) string {
	return "(Salesforce Integration) Sync tickets to Salesforce (" + org + ")"
}

// salesforceBody must be exactly this (support.zendesk.com article 4408828449050).
func salesforceBody(org string) string {
	return `{"ticket_id": {{ticket.id}}, "salesforce_org_id": "` + org + `"}`
}

// An ordinary trigger is one of the business's own.
type ordinary struct {
	title, korean string
	category      int
	inactive      bool
	when          string // field operator value, several by ;
	field         string // of the action
	value         any
}

var categoryNames = []struct{ name, korean string }{{"Notifications", "알림"}, {"Routing", "배정"}, {"Integrations", "연동"}}

var ordinaryTriggers = []ordinary{
	{"Notify requester and CCs of received request", "요청자 및 참조인에게 접수 알림", 0, false, "update_type is Create;status is_not solved", "notification_user", []string{"requester_and_ccs", "[Request received]", "Your request ({{ticket.id}}) has been received and is being reviewed by our support staff."}},
	{"Notify requester and CCs of comment update", "요청자 및 참조인에게 댓글 알림", 0, false, "update_type is Change;comment_is_public is true", "notification_user", []string{"requester_and_ccs", "[{{ticket.account}}] Re: {{ticket.title}}", "{{ticket.latest_comment_html}}"}},
	{"Notify assignee of comment update", "담당자에게 댓글 알림", 0, false, "comment_is_public is not_relevant;assignee_id is_not current_user", "notification_user", []string{"assignee_id", "[{{ticket.account}}] Re: {{ticket.title}}", "{{ticket.latest_comment_html}}"}},
	{"Notify assignee of assignment", "담당자에게 배정 알림", 0, false, "assignee_id changed;assignee_id is_not current_user", "notification_user", []string{"assignee_id", "[{{ticket.account}}] Assignment: {{ticket.title}}", "You have been assigned to this ticket (#{{ticket.id}})."}},
	{"Notify assignee of reopened ticket", "재개된 티켓 담당자 알림", 0, false, "status value_previous solved;status is_not closed", "notification_user", []string{"assignee_id", "[{{ticket.account}}] Re: {{ticket.title}}", "This ticket (#{{ticket.id}}) has been reopened."}},
	{"Notify group of assignment", "그룹에 배정 알림", 0, true, "group_id changed;assignee_id is -", "notification_group", []string{"group_id", "[{{ticket.account}}] Assignment: {{ticket.title}}", "This ticket (#{{ticket.id}}) has been assigned to {{ticket.group.name}}."}},
	{"Notify all agents of received request", "모든 상담원에게 접수 알림", 0, true, "update_type is Create", "notification_user", []string{"all_agents", "[{{ticket.account}}] {{ticket.title}}", "A ticket (#{{ticket.id}}) has been received. It is unassigned."}},
	{"Notify requester of new proactive ticket", "상담원이 만든 티켓 알림", 0, false, "update_type is Create;role is agent", "notification_user", []string{"requester_and_ccs", "{{ticket.title}}", "This ticket was created on your behalf."}},
	{"Ask for a rating 24 hours after solved", "해결 24시간 후 만족도 요청", 0, true, "status value solved;satisfaction_score is unoffered", "satisfaction_score", "offered"},
	{"Urgent: page the duty manager", "긴급: 당직 관리자 호출", 1, false, "priority value urgent;status less_than solved", "set_tags", "duty_paged"},
	{"VIP organizations get high priority", "VIP 고객사 우선순위 높음", 1, false, "update_type is Create;organization_tags includes vip", "priority", "high"},
	{"Billing words go to Finance", "청구 관련 문의는 재무팀으로", 1, false, "update_type is Create;subject_includes_word includes invoice billing refund", "group_id", "20701338816666"},
	{"Korean tickets go to the Seoul team", "한국어 문의는 서울팀으로", 1, false, "update_type is Create;locale_id is 69", "set_tags", "seoul"},
	{"Out of office: solve", "부재중 자동 응답 해결 처리", 1, true, "update_type is Create;subject_includes_string is Out of office", "status", "solved"},
	{"Tag tickets without an organization", "고객사 없는 티켓 태그", 1, false, "update_type is Create;organization_id is -", "set_tags", "no_organization"},
	{"Set type to question when empty", "유형이 없으면 질문으로", 1, true, "update_type is Create;type is -", "type", "question"},
	{"Tell #support-alerts about urgent tickets", "긴급 티켓을 #support-alerts 에 알림", 2, false, "priority value urgent", "notification_webhook", 0},
	{"Send solved tickets to the data warehouse", "해결된 티켓을 데이터 웨어하우스로", 2, false, "status value solved", "notification_webhook", 1},
	{"Update status page on incident", "장애 발생 시 상태 페이지 갱신", 2, true, "type is incident;set_tags includes outage", "notification_webhook", 2},
	{"Jira: comment when linked issue closes", "연결된 Jira 이슈 종료 시 댓글", 2, true, "current_tags includes jira_done", "set_tags", "jira_synced"},
}

func newTriggers(a *Account) triggers {
	t := triggers{byID: map[int64]trigger{}}
	for i, name := range categoryNames {
		title := name.name
		if a.korean() {
			title = name.korean
		}
		at := a.opened.Add(time.Duration(i) * time.Minute)
		t.categories = append(t.categories, category{ID: strconv.FormatInt(categoryIDs.id(i), 10), Name: title, Position: int64(i) + 1, CreatedAt: at, UpdatedAt: at})
	}
	for i, one := range ordinaryTriggers {
		title := one.title
		if a.korean() {
			title = one.korean
		}
		value := one.value
		if hook, isHook := value.(int); isHook {
			value = []string{a.webhooks.ofBusiness(hook), `{"id": "{{ticket.id}}", "priority": "{{ticket.priority}}"}`}
		}
		t.insert(a, trigger{
			Title: title, Active: !one.inactive, CategoryID: t.categories[one.category].ID, Position: int64(i) + 1,
			Conditions: conditions{All: conditionsOf(one.when), Any: []condition{}}, Actions: []action{{one.field, value}},
		})
	}
	if a.setup.TicketSync && a.setup.ConnectedOrg != "" {
		t.insertSalesforce(a, a.setup.ConnectedOrg, 35, !a.setup.TriggersOff, time.Time{})
	}
	if a.setup.OtherOrg {
		t.insertSalesforce(a, OtherOrgID, 37, true, time.Time{})
	}
	return t
}

func (t *triggers) insert(a *Account, one trigger) {
	one.ID = triggerIDs.id(t.made)
	one.URL, one.RawTitle = a.resource("triggers", one.ID), one.Title
	one.UpdatedAt = one.CreatedAt
	if one.CreatedAt.IsZero() {
		one.CreatedAt = a.opened.Add(time.Duration(t.made) * 31 * time.Hour)
		one.UpdatedAt = one.CreatedAt.Add(time.Duration(t.made) * 50 * time.Hour)
	}
	t.byID[one.ID] = one
	t.made++
}

// insertSalesforce adds the two triggers that were seen side by side: one for open tickets, one for closed;
// as of a time, or of long ago.
func (t *triggers) insertSalesforce(a *Account, org string, position int64, active bool, at time.Time) {
	notify := []action{{"notification_webhook", []string{a.webhooks.ofSalesforce(org), salesforceBody(org)}}}
	for i, when := range []string{"update_type is Create;status value solved", "status value closed;current_tags includes closed_by_merge"} {
		t.insert(a, trigger{
			Title: salesforceTitle(org), Active: active, CategoryID: t.categories[2].ID, Position: position + int64(i),
			Conditions: conditions{All: []condition{}, Any: conditionsOf(when)}, Actions: notify, CreatedAt: at,
		})
	}
}

// conditionsOf reads "field operator value; …"; a dash is an empty value, and none is null.
func conditionsOf(when string) []condition {
	var all []condition
	for one := range strings.SplitSeq(when, ";") {
		parts := strings.SplitN(one, " ", 3)
		c := condition{Field: parts[0], Operator: parts[1]}
		if len(parts) == 3 {
			c.Value = strings.TrimSuffix(parts[2], "-")
		}
		all = append(all, c)
	}
	return all
}
