package salesforce

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// soap sends a Metadata API call as the signed-in user.
func (s *served) soap(operation, inner string) reply {
	s.t.Helper()
	return s.envelope("/services/Soap/m/68.0", s.token, `<met:`+operation+`>`+inner+`</met:`+operation+`>`)
}

func (s *served) envelope(path, session, body string) reply {
	s.t.Helper()
	return s.do(http.MethodPost, path, `<?xml version="1.0" encoding="utf-8"?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:met="http://soap.sforce.com/2006/04/metadata"><env:Header><met:SessionHeader><met:sessionId>`+
		session+`</met:sessionId></met:SessionHeader></env:Header><env:Body>`+body+`</env:Body></env:Envelope>`, "Content-Type", "text/xml; charset=UTF-8", "SOAPAction", `""`)
}

func (s *served) security() *element {
	s.t.Helper()
	r := s.soap("readMetadata", `<type>SecuritySettings</type><fullNames>Security</fullNames>`)
	tree, err := parseXML([]byte(r.body))
	if err != nil || r.status != 200 {
		s.t.Fatalf("%d %s: %v", r.status, r.body, err)
	}
	return tree.at("Body", "readMetadataResponse", "result", "records")
}

func update(inner string) string {
	return `<metadata xsi:type="met:SecuritySettings"><fullName>Security</fullName>` + inner + `</metadata>`
}

func TestSettingsAreWholeDocuments(t *testing.T) {
	s := serve(t, Setup{SessionsLocked: true, PKCERequired: true})
	doc := s.security()
	if doc.child("fullName").value() != "Security" || doc.at("sessionSettings", "lockSessionsToIp").value() != "true" ||
		len(doc.at("networkAccess").all("ipRanges")) != 3 || doc.at("passwordPolicies", "historyRestriction").value() != "3" || len(doc.child("sessionSettings").children) < 50 {
		t.Errorf("got %+v", doc)
	}
	r := s.soap("readMetadata", `<type>OauthOidcSettings</type><fullNames>OauthOidc</fullNames>`)
	if !strings.Contains(r.body, `<records xsi:type="OauthOidcSettings"><fullName>OauthOidc</fullName>`) || !strings.Contains(r.body, "<isPkceRequired>true</isPkceRequired>") {
		t.Errorf("got %s", r.body)
	}
}

func TestAnUpdateChangesWhatItNames(t *testing.T) {
	s := serve(t, Setup{SessionsLocked: true})
	var before bytes.Buffer
	s.security().writeTo(&before)
	r := s.soap("updateMetadata", update(`<sessionSettings><lockSessionsToIp>false</lockSessionsToIp></sessionSettings>`))
	if !strings.Contains(r.body, "<result><fullName>Security</fullName><success>true</success></result>") {
		t.Fatalf("got %s", r.body)
	}
	var after bytes.Buffer
	s.security().writeTo(&after)
	want := strings.Replace(before.String(), "<lockSessionsToIp>true<", "<lockSessionsToIp>false<", 1)
	if after.String() != want {
		t.Errorf("more than the lock changed:\n%s\n%s", want, after.String())
	}
	if row := s.toolingRows("SELECT OrgValueRaw FROM SecurityHealthCheckRisks WHERE DurableId = 'SessionSettings.lockSessionsToIp'")[0]; row["OrgValueRaw"] != "false" {
		t.Errorf("Health Check still says %v", row)
	}
	if rows := s.rows("SELECT Display FROM SetupAuditTrail WHERE Action = 'lockSessionsToIp' ORDER BY CreatedDate DESC LIMIT 1"); !strings.Contains(rows[0]["Display"].(string), "from true to false") {
		t.Errorf("the audit trail says %v", rows)
	}
}

func TestAnUpdateThatSendsTooMuchDoesDamage(t *testing.T) {
	for name, c := range map[string]struct {
		networkAccess string
		left          int
	}{
		"an empty element removes every range": {"<networkAccess/>", 0},
		"a range replaces every range":         {"<networkAccess><ipRanges><end>10.0.0.1</end><start>10.0.0.0</start></ipRanges></networkAccess>", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, Setup{})
			s.soap("updateMetadata", update(c.networkAccess))
			if got := len(s.security().at("networkAccess").all("ipRanges")); got != c.left {
				t.Errorf("%d ranges are left, want %d", got, c.left)
			}
		})
	}
}

func TestSOAPFaults(t *testing.T) {
	read := `<met:readMetadata><met:type>SecuritySettings</met:type><met:fullNames>Security</met:fullNames></met:readMetadata>`
	for _, c := range []struct {
		name, path, session, body string
		setup                     Setup
		want                      string
	}{
		{"no session", "/services/Soap/m/68.0", "", read, Setup{}, "sf:INVALID_SESSION_ID"},
		{"a dead session", "/services/Soap/m/68.0", "given", read, Setup{SessionExpired: true}, "sf:INVALID_SESSION_ID"},
		{"no API", "/services/Soap/m/68.0", "given", read, Setup{API: APIOffForUser}, "sf:API_DISABLED_FOR_ORG"},
		{"an unknown type", "/services/Soap/m/68.0", "given", `<readMetadata><type>X</type><fullNames>x</fullNames></readMetadata>`, Setup{}, "<faultcode>sf:INVALID_TYPE</faultcode><faultstring>INVALID_TYPE: Unknown type:X"},
		{"settings in general", "/services/Soap/m/68.0", "given", `<readMetadata><type>Settings</type><fullNames>Security</fullNames></readMetadata>`, Setup{}, "sf:UNKNOWN_EXCEPTION</faultcode><faultstring>UNKNOWN_EXCEPTION: type is not a valid metadata type for reading"},
		{"an unknown element", "/services/Soap/m/68.0", "given", `<updateMetadata>` + update("<nope>1</nope>") + `</updateMetadata>`, Setup{}, "invalid at this location in type SecuritySettings"},
		{"no boolean", "/services/Soap/m/68.0", "given", `<updateMetadata>` + update("<sessionSettings><lockSessionsToIp>maybe</lockSessionsToIp></sessionSettings>") + `</updateMetadata>`, Setup{}, "is not a valid value for the type xsd:boolean"},
		{"no timeout", "/services/Soap/m/68.0", "given", `<updateMetadata>` + update("<sessionSettings><sessionTimeout>Long</sessionTimeout></sessionSettings>") + `</updateMetadata>`, Setup{}, "is not a valid value for the type tns:SessionTimeout"},
		{"an unknown operation", "/services/Soap/m/68.0", "given", `<met:deploy/>`, Setup{}, "No operation available for request"},
		{"an unknown version", "/services/Soap/m/99.0", "given", read, Setup{}, "UNSUPPORTED_API_VERSION"},
		{"no body", "/services/Soap/m/68.0", "given", ``, Setup{}, "Premature end of file."},
		{"login", "/services/Soap/u/60.0", "", `<login xmlns="urn:partner.soap.sforce.com"><username>a</username></login>`, Setup{}, "INVALID_LOGIN"},
		{"login of late", "/services/Soap/u/68.0", "", `<login/>`, Setup{}, "SOAP API login() is disabled by default in this org."},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, c.setup)
			session := c.session
			if session == "given" {
				session = s.token
			}
			r := s.envelope(c.path, session, c.body)
			if r.status != 500 || !strings.Contains(r.body, c.want) || !strings.Contains(r.body, "<soapenv:Fault>") || !strings.HasPrefix(r.header.Get("Content-Type"), "text/xml") {
				t.Errorf("got %d %s", r.status, r.body)
			}
		})
	}
}

func TestUpdatesThatFailWithoutAFault(t *testing.T) {
	s := serve(t, Setup{User: NotAdmin})
	if doc := s.security(); doc.at("sessionSettings", "lockSessionsToIp").value() != "false" {
		t.Error("Modify Metadata suffices to read")
	}
	lock := `<sessionSettings><lockSessionsToIp>true</lockSessionsToIp></sessionSettings>`
	if r := s.soap("updateMetadata", update(lock)); !strings.Contains(r.body, "<statusCode>INSUFFICIENT_ACCESS_OR_READONLY</statusCode>") || !strings.Contains(r.body, "<success>false</success>") {
		t.Errorf("got %s", r.body)
	}
	if doc := s.security(); doc.at("sessionSettings", "lockSessionsToIp").value() != "false" {
		t.Error("the update was made")
	}
	s = serve(t, Setup{})
	bare := regexp.MustCompile(`<result><fullName>Admin</fullName><success>false</success></result>`)
	if r := s.soap("updateMetadata", `<metadata xsi:type="Profile"><fullName>Admin</fullName></metadata>`); !bare.MatchString(r.body) {
		t.Errorf("got %s", r.body)
	}
	if r := s.soap("updateMetadata", strings.Replace(update(lock), "Security<", "Nope<", 1)); !strings.Contains(r.body, "INVALID_CROSS_REFERENCE_KEY") {
		t.Errorf("got %s", r.body)
	}
}

func TestOtherComponents(t *testing.T) {
	setup := Ready()
	setup.Language = "ko"
	s := serve(t, setup)
	for inner, want := range map[string]string{
		`<type>SecuritySettings</type><fullNames>Nope</fullNames>`:         `<records xsi:nil="true"/>`,
		`<type>FlexiPage</type><fullNames>Account_Record_Page</fullNames>`: `<componentName>Zendesk:Zendesk_Ticket_View</componentName>`,
		`<type>Profile</type><fullNames>Admin</fullNames>`:                 `<userPermissions><enabled>true</enabled><name>CanApproveUninstalledApps</name></userPermissions>`,
		`<type>Profile</type><fullNames>RevOps Administrator</fullNames>`:  `<custom>true</custom>`,
		`<type>ApexClass</type><fullNames>Nope</fullNames>`:                `<records xsi:nil="true"/>`,
		`<type>EventSettings</type><fullNames>Event</fullNames>`:           `<enableStreamingApi>true</enableStreamingApi>`,
	} {
		if r := s.soap("readMetadata", inner); !strings.Contains(r.body, want) {
			t.Errorf("%s got %s", inner, r.body)
		}
	}
	if r := s.soap("listMetadata", `<queries><type>Settings</type></queries>`); !strings.Contains(r.body, "<fullName>OauthOidc</fullName>") {
		t.Errorf("got %s", r.body)
	}
	if r := s.soap("describeMetadata", ""); !strings.Contains(r.body, "<xmlName>FlexiPage</xmlName>") {
		t.Errorf("got %s", r.body)
	}
}

func TestWithoutTheStreamingAPIItsObjectsAreGone(t *testing.T) {
	s := serve(t, Setup{})
	s.get(api+"sobjects/PushTopic/describe").decode(t, 200, &map[string]any{})
	s.soap("updateMetadata", `<metadata xsi:type="EventSettings"><fullName>Event</fullName><enableStreamingApi>0</enableStreamingApi></metadata>`)
	s.get(api+"sobjects/PushTopic/describe").wantError(t, 404, "NOT_FOUND", "")
	s.soql("SELECT Id FROM StreamingChannel").wantError(t, 400, "INVALID_TYPE", "not supported")
}

func FuzzEnvelope(f *testing.F) {
	for _, xml := range []string{"<a/>", "<a><b>1</b></a>", "", "<a", "<!DOCTYPE a><a/>", "<a xmlns:x='y'><x:b x:type='c'/></a>", "<a></b>", strings.Repeat("<a>", 200)} {
		f.Add(xml)
	}
	org := New(Options{})
	f.Fuzz(func(t *testing.T, text string) {
		tree, err := parseXML([]byte(text))
		if err != nil {
			return
		}
		document := org.settings["SecuritySettings"].clone()
		_ = merge(document, tree)
		var b bytes.Buffer
		document.writeTo(&b)
		if _, err := parseXML(b.Bytes()); err != nil {
			t.Errorf("the merged document does not parse: %v", err)
		}
	})
}
