package zendesk

import (
	"zsf/clients/sandbox/webform"
)

// The tabs of a connection, and the lists of triggers and webhooks.

func (v *visit) tabs(c *connection, here string) []webform.Link {
	at := integrationPath + "/" + c.OrgID
	return []webform.Link{
		{Label: v.word("Ticket view", "티켓 보기"), URL: at + "/ticket-view", Here: here == "ticket-view"},
		{Label: v.word("Data sync", "데이터 동기화"), URL: at + "/data-sync", Here: here == "data-sync"},
	}
}

func (v *visit) save() []webform.Button {
	return []webform.Button{{Value: "save", Label: v.word("Save", "저장"), Main: true}}
}

// ticketView is the first tab: on or off, and Map fields.
func (v *visit) ticketView() outcome {
	c := v.connected()
	if c == nil {
		return v.gone()
	}
	at := integrationPath + "/" + c.OrgID + "/ticket-view"
	choices := []webform.Option{
		{Value: "organization_name", Label: v.word("Requester's organization name", "요청자의 조직 이름")},
		{Value: "requester_email", Label: v.word("Ticket requester email", "티켓 요청자 이메일")},
	}
	if v.sent != nil {
		c.TicketView = v.sent.Get("ticket_view") != ""
		for _, m := range mapped {
			for _, choice := range choices {
				if v.sent.Get("map_"+m.object) == choice.Value {
					c.Maps[m.object] = choice.Value
				}
			}
		}
		return sentTo(at + "?saved=1")
	}
	p := v.newPage(v.trail("Salesforce", c.Name)...)
	p.Tabs = v.tabs(c, "ticket-view")
	fields := []webform.Field{
		{Kind: "check", Name: "ticket_view", Value: "1", Label: v.word("Turn on Zendesk ticket view for Salesforce", "Salesforce용 Zendesk 티켓 보기 켜기"), On: c.TicketView},
		{Kind: "heading", Label: v.word("Map fields", "필드 매핑")},
	}
	for _, m := range mapped {
		field := webform.Field{Kind: "select", Name: "map_" + m.object, Label: v.objectName(m.object)}
		for _, choice := range choices {
			choice.On = c.Maps[m.object] == choice.Value
			field.Options = append(field.Options, choice)
		}
		fields = append(fields, field)
	}
	p.Forms = []webform.Form{{Action: at, Fields: fields, Buttons: v.save()}}
	return page200(p)
}

func (v *visit) objectName(object string) string {
	korean := map[string]string{"Account": "계정", "Contact": "연락처", "Lead": "리드", "Opportunity": "기회"}
	return v.word(object, korean[object])
}

// dataSync is the second tab, with a form for each sync.
func (v *visit) dataSync() outcome {
	c := v.connected()
	if c == nil {
		return v.gone()
	}
	at := integrationPath + "/" + c.OrgID + "/data-sync"
	if v.sent != nil {
		on := v.sent.Get("enable") != ""
		switch v.sent.Get("sync") {
		case "accounts":
			c.AccountSync = on
		case "users":
			c.UserSync = on
			if from := v.sent.Get("from"); from == "Contact" || from == "Lead" {
				c.UsersFrom = from
			}
		case "tickets":
			v.syncTickets(on)
		}
		return sentTo(at + "?saved=1")
	}
	p := v.newPage(v.trail("Salesforce", c.Name)...)
	p.Tabs = v.tabs(c, "data-sync")
	form := func(sync, title, label string, on bool, more ...webform.Field) webform.Form {
		fields := append([]webform.Field{{Kind: "hidden", Name: "sync", Value: sync}}, more...)
		fields = append(fields, webform.Field{Kind: "check", Name: "enable", Value: "1", Label: label, On: on})
		return webform.Form{Title: title, Action: at, Fields: fields, Buttons: v.save()}
	}
	enable := v.word("Enable syncing", "동기화 사용")
	p.Forms = []webform.Form{
		form("accounts", v.word("Accounts to organizations", "계정에서 조직으로"), enable, c.AccountSync),
		form("users", v.word("Contacts or leads to users", "연락처 또는 리드에서 사용자로"), enable, c.UserSync, webform.Field{
			Kind: "select", Name: "from", Label: v.word("Sync type", "동기화 유형"), Options: []webform.Option{
				{Value: "Contact", Label: v.word("Contacts", "연락처"), On: c.UsersFrom == "Contact"}, {Value: "Lead", Label: v.word("Leads", "리드"), On: c.UsersFrom == "Lead"},
			},
		}),
		form("tickets", v.word("Tickets to cases", "티켓에서 사례로"), v.word("Enable ticket sync", "티켓 동기화 사용"), c.TicketSync),
	}
	p.Note = v.word("The first save of ticket sync makes a webhook and triggers. After a reconnect, activate the triggers again on their own page.",
		"티켓 동기화를 처음 저장하면 웹후크와 트리거가 만들어집니다. 다시 연결한 뒤에는 트리거 페이지에서 트리거를 다시 활성화하세요.")
	p.Links = []webform.Link{{Label: v.word("Triggers", "트리거"), URL: triggersPath}}
	return page200(p)
}

func (v *visit) activeCell(active bool) webform.Cell {
	if active {
		return webform.Cell{Text: v.word("Active", "활성"), Good: true}
	}
	return webform.Cell{Text: v.word("Inactive", "비활성"), Bad: true}
}

func (v *visit) switchCell(action string, active bool, id string) webform.Cell {
	if active {
		return webform.Cell{Forms: []webform.Form{webform.Press(action, "deactivate", v.word("Deactivate", "비활성화"), "id", id)}}
	}
	return webform.Cell{Forms: []webform.Form{webform.Press(action, "activate", v.word("Activate", "활성화"), "id", id)}}
}

// triggersPage lists the integration's triggers first, then the business's own.
func (v *visit) triggersPage() outcome {
	if v.sent != nil {
		for id, t := range v.triggers.byID {
			if id == parsedID(v.sent.Get("id")) {
				t.Active, t.UpdatedAt = v.did() == "activate", v.now()
				v.triggers.byID[id] = t
			}
		}
		return sentTo(triggersPath + "?saved=1")
	}
	p := v.newPage(v.word("Objects and rules", "개체 및 규칙"), v.word("Business rules", "비즈니스 규칙"), v.word("Triggers", "트리거"))
	heads := []string{v.word("Trigger name", "트리거 이름"), v.word("Status", "상태"), ""}
	own := webform.Table{Title: "Salesforce", Heads: heads, Empty: v.word("The Salesforce integration has no triggers here.", "Salesforce 연동의 트리거가 없습니다.")}
	others := webform.Table{Title: v.word("Other triggers", "다른 트리거"), Heads: heads}
	for _, t := range v.triggers.those(func(trigger) bool { return true }) {
		row := []webform.Cell{webform.Text(t.Title), v.activeCell(t.Active), v.switchCell(triggersPath, t.Active, idText(t.ID))}
		if ofSalesforce(t.Title) {
			own.Rows = append(own.Rows, row)
		} else {
			others.Rows = append(others.Rows, row)
		}
	}
	p.Tables = []webform.Table{own, others}
	return page200(p)
}

func (v *visit) webhooksPage() outcome {
	if v.sent != nil {
		for i := range v.webhooks.all {
			if hook := &v.webhooks.all[i]; hook.ID == v.sent.Get("id") {
				now := v.now()
				hook.Status, hook.UpdatedAt, hook.UpdatedBy = "inactive", &now, idText(v.who.ID)
				if v.did() == "activate" {
					hook.Status = "active"
				}
			}
		}
		return sentTo(webhooksPath + "?saved=1")
	}
	p := v.newPage(v.word("Apps and integrations", "앱 및 연동 서비스"), v.word("Actions and webhooks", "작업 및 웹후크"), v.word("Webhooks", "웹후크"))
	list := webform.Table{Heads: []string{v.word("Webhook name", "웹후크 이름"), v.word("Status", "상태"), ""}}
	for _, hook := range v.webhooks.all {
		active := hook.Status == "active"
		list.Rows = append(list.Rows, []webform.Cell{webform.Text(hook.Name), v.activeCell(active), v.switchCell(webhooksPath, active, hook.ID)})
	}
	p.Tables = []webform.Table{list}
	return page200(p)
}
