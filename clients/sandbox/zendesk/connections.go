package zendesk

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"

	"zsf/clients/sandbox/webform"
)

// The Salesforce page in both layouts, and the way to a connection and back.

// salesforcePage is the guide's single page, or the newer list.
func (v *visit) salesforcePage() outcome {
	if v.sent != nil {
		return v.beginConnect()
	}
	if v.layout() == NewerLayout {
		return page200(v.connectionList())
	}
	return page200(v.guidePage())
}

// guidePage has the package first, then the terms and Connect.
func (v *visit) guidePage() *consolePage {
	p := v.newPage(v.trail("Salesforce")...)
	p.Links = v.installLinks()
	p.Text = []string{v.word("Install the managed package in Salesforce first. Then agree to the terms and connect.", "먼저 Salesforce에 관리 패키지를 설치하세요. 그런 다음 약관에 동의하고 연결하세요.")}
	p.Wrong = v.problem()
	if c := v.integration.live; c != nil {
		p.Text = nil
		p.Facts = v.connectionFacts(c)
		p.Links = append(p.Links, v.connectionLinks(c)...)
		return p
	}
	p.Forms = []webform.Form{v.connectForm()}
	return p
}

// installLinks lead to the org that is connected, or to each that can be: the production org first.
func (v *visit) installLinks() []webform.Link {
	i, label := v.integration, v.word("Install managed package", "관리 패키지 설치")
	if i.live != nil {
		return []webform.Link{{Label: label, URL: i.org(i.live.Production).InstallURL()}}
	}
	links := []webform.Link{{Label: label, URL: i.org(true).InstallURL()}}
	if other := i.org(false).InstallURL(); other != links[0].URL {
		links = append(links, webform.Link{Label: label + " (" + v.environment(false) + ")", URL: other})
	}
	return links
}

func (v *visit) connectionFacts(c *connection) []webform.Fact {
	return []webform.Fact{
		{Name: v.word("Organization name", "조직 이름"), Value: c.Name},
		{Name: v.word("Organization ID", "조직 ID"), Value: c.OrgID},
		{Name: v.word("Environment", "환경"), Value: v.environment(c.Production)},
		{Name: v.word("Connected by", "연결한 사용자"), Value: c.User},
		{Name: v.word("Active features", "활성 기능"), Value: v.featuresOf(c)},
	}
}

func (v *visit) connectionLinks(c *connection) []webform.Link {
	at := integrationPath + "/" + c.OrgID
	return []webform.Link{
		{Label: v.word("Configure", "구성"), URL: at + "/ticket-view"},
		{Label: v.word("Edit", "편집"), URL: at + "/edit"},
		{Label: v.word("Disconnect", "연결 해제"), URL: at + "/disconnect"},
	}
}

func (v *visit) environment(production bool) string {
	if production {
		return v.word("Production", "프로덕션")
	}
	return v.word("Sandbox", "샌드박스")
}

func (v *visit) featuresOf(c *connection) string {
	names := map[string]string{
		"ticket view": v.word("Ticket view", "티켓 보기"), "accounts": v.word("Accounts to organizations", "계정에서 조직으로"),
		"users": v.word("Contacts or leads to users", "연락처 또는 리드에서 사용자로"), "tickets": v.word("Tickets to cases", "티켓에서 사례로"),
	}
	var on []string
	for _, feature := range c.features() {
		on = append(on, names[feature])
	}
	if on == nil {
		return v.word("none", "없음")
	}
	return strings.Join(on, ", ")
}

func (v *visit) connectForm() webform.Form {
	return webform.Form{
		Action: integrationPath,
		Fields: []webform.Field{
			{Kind: "radio", Name: "environment", Value: "production", Label: v.environment(true), On: true},
			{Kind: "radio", Name: "environment", Value: "sandbox", Label: v.environment(false)},
			{Kind: "check", Name: "terms", Value: "1", Label: v.word("I agree to the Built by Zendesk Terms of Use", "Built by Zendesk 이용 약관에 동의합니다")},
		},
		Buttons: []webform.Button{{Value: "connect", Label: v.word("Connect Salesforce", "Salesforce 연결"), Main: true}},
	}
}

// connectionList is the newer layout's: each org with a menu of what can be done with it.
func (v *visit) connectionList() *consolePage {
	p := v.newPage(v.trail("Salesforce")...)
	p.Wrong = v.problem()
	list := webform.Table{
		Heads: []string{v.word("Organization name", "조직 이름"), v.word("Environment", "환경"), v.word("Active features", "활성 기능"), ""},
		Empty: v.word("No Salesforce organization is connected yet.", "아직 연결된 Salesforce 조직이 없습니다."),
	}
	if c := v.integration.live; c != nil {
		links := v.connectionLinks(c)
		install := v.installLinks()[0]
		list.Rows = [][]webform.Cell{{
			webform.Text(c.Name), webform.Text(v.environment(c.Production)), webform.Text(v.featuresOf(c)),
			{Menu: v.word("Options", "옵션"), Links: []webform.Link{links[0], install, links[1], links[2]}},
		}}
	}
	p.Tables = []webform.Table{list}
	p.Links = []webform.Link{{Label: v.word("Add connection", "연결 추가"), URL: integrationPath + "/new"}}
	return p
}

// oneOrg is why a second org cannot be connected.
func (v *visit) oneOrg() string {
	return v.word("This account is connected to ", "이 계정은 다음 조직에 연결되어 있습니다: ") + v.integration.live.Name + " (" + v.integration.live.OrgID + "). " +
		v.word("One Salesforce organization can be connected to it. Disconnect that one first.", "Salesforce 조직은 하나만 연결할 수 있습니다. 먼저 그 연결을 해제하세요.")
}

func (v *visit) addConnection() outcome {
	p := v.newPage(v.trail("Salesforce", v.word("Add connection", "연결 추가"))...)
	if v.sent != nil {
		return v.beginConnect()
	}
	if v.integration.live != nil {
		p.Wrong = v.oneOrg()
		p.Links = []webform.Link{{Label: "Salesforce", URL: integrationPath}}
		return page200(p)
	}
	p.Wrong = v.problem()
	p.Forms = []webform.Form{v.connectForm()}
	return page200(p)
}

// problem is what an earlier press was refused for.
func (v *visit) problem() string {
	switch why := v.query.Get("wrong"); {
	case why == "":
		return ""
	case why == "terms":
		return v.word("Agree to the Built by Zendesk Terms of Use first.", "먼저 Built by Zendesk 이용 약관에 동의하세요.")
	case why == "connected" && v.integration.live != nil:
		return v.oneOrg()
	case why == "access_denied":
		return v.word("Salesforce was not connected: access was denied.", "Salesforce가 연결되지 않았습니다. 액세스가 거부되었습니다.")
	case why == "stale":
		return v.word("Salesforce was not connected: this attempt was not begun here. Try again.", "Salesforce가 연결되지 않았습니다. 여기에서 시작된 시도가 아닙니다. 다시 시도하세요.")
	default:
		return v.word("Salesforce was not connected. It answered: ", "Salesforce가 연결되지 않았습니다. 응답: ") + why
	}
}

func wrong(why string) outcome {
	return sentTo(withQuery(integrationPath, url.Values{"wrong": {why}}))
}

// beginConnect sends the person to Salesforce, once the terms are agreed to.
func (v *visit) beginConnect() outcome {
	i := &v.integration
	switch {
	case i.live != nil:
		return wrong("connected")
	case v.sent.Get("terms") == "":
		return wrong("terms")
	}
	state := derived("connect", rand.Text())
	i.pending[state] = connection{Terms: true, Production: v.sent.Get("environment") != "sandbox"}
	return sentTo(i.org(i.pending[state].Production).ConnectURL(i.pending[state].Production, state))
}

// comeBack is where Salesforce sends the person after Allow or Deny. An attempt counts once.
func (v *visit) comeBack() outcome {
	i := &v.integration
	asked, known := i.pending[v.query.Get("state")]
	delete(i.pending, v.query.Get("state"))
	switch code := v.query.Get("error"); {
	case !known:
		return wrong("stale")
	case i.live != nil:
		return wrong("connected")
	case code == "access_denied":
		return wrong(code)
	case code != "":
		return wrong(code + ": " + v.query.Get("error_description"))
	}
	org, name, user, err := i.org(asked.Production).Connect(v.query.Get("code"))
	if err != nil {
		return wrong(err.Error())
	}
	i.connect(asked, org, name, user)
	return sentTo(integrationPath + "?saved=1")
}

// connected is the live connection if the address is of its org.
func (v *visit) connected() *connection {
	if c := v.integration.live; c != nil && c.OrgID == v.path["org"] {
		return c
	}
	return nil
}

func (v *visit) gone() outcome {
	p := v.newPage(v.trail("Salesforce")...)
	p.Wrong = v.word("This organization is not connected.", "이 조직은 연결되어 있지 않습니다.")
	p.Links = []webform.Link{{Label: "Salesforce", URL: integrationPath}}
	return outcome{page: p, status: http.StatusNotFound}
}

func (v *visit) editConnection() outcome {
	c := v.connected()
	if c == nil {
		return v.gone()
	}
	if v.sent != nil {
		if name := strings.TrimSpace(v.sent.Get("name")); name != "" {
			c.Name = name
		}
		return sentTo(integrationPath + "?saved=1")
	}
	p := v.newPage(v.trail("Salesforce", v.word("Edit", "편집"))...)
	p.Forms = []webform.Form{{
		Action:  integrationPath + "/" + c.OrgID + "/edit",
		Fields:  []webform.Field{{Kind: "text", Name: "name", Value: c.Name, Label: v.word("Organization name", "조직 이름")}},
		Buttons: []webform.Button{{Value: "save", Label: v.word("Save", "저장"), Main: true}},
	}}
	return page200(p)
}

func (v *visit) disconnectPage() outcome {
	c := v.connected()
	if c == nil {
		return v.gone()
	}
	if v.sent != nil {
		v.disconnect()
		return sentTo(integrationPath)
	}
	p := v.newPage(v.trail("Salesforce", v.word("Disconnect", "연결 해제"))...)
	p.Facts = v.connectionFacts(c)
	p.Text = []string{v.word("Ticket view, the syncs and the triggers stop. The configuration is kept, should you connect the same organization again.",
		"티켓 보기, 동기화 및 트리거가 중지됩니다. 같은 조직을 다시 연결할 때를 위해 구성은 유지됩니다.")}
	p.Forms = []webform.Form{webform.Press(integrationPath+"/"+c.OrgID+"/disconnect", "disconnect", v.word("Disconnect", "연결 해제"))}
	p.Links = []webform.Link{{Label: v.word("Cancel", "취소"), URL: integrationPath}}
	return page200(p)
}
