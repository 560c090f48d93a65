package salesforce

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/transport"
)

const soapPath = "/services/Soap/m/68.0"

func envelope(body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
		xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:sf="urn:fault.metadata.soap.sforce.com"
		xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>` + body + `</soapenv:Body></soapenv:Envelope>`
}

func answered(records string) string {
	return envelope(`<readMetadataResponse><result>` + records + `</result></readMetadataResponse>`)
}

func TestReadSecuritySettings(t *testing.T) {
	o := newOrg(t, map[string]http.HandlerFunc{soapPath: func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("SOAPAction") == "" || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/xml") {
			t.Errorf("%v", r.Header)
		}
		say(200, answered(`<records xsi:type="SecuritySettings"><fullName>Security</fullName>
			<networkAccess><ipRanges><start>10.0.0.1</start></ipRanges></networkAccess>
			<sessionSettings><lockSessionsToIp>true</lockSessionsToIp><sessionTimeout>TwoHours</sessionTimeout><logoutURL>a&amp;b&#x1b;</logoutURL><none xsi:nil="true"/></sessionSettings></records>`))(w, r)
	}})
	// XML cannot hold &#x1b; at all: the whole document is refused.
	if _, err := o.ReadSecuritySettings(t.Context()); transport.KindOf(err) != transport.Garbled {
		t.Errorf("%v", err)
	}
	locked := true
	good := newOrg(t, map[string]http.HandlerFunc{soapPath: say(200, answered(`<records><sessionSettings>
		<lockSessionsToIp> true </lockSessionsToIp><sessionTimeout>TwoHours</sessionTimeout><logoutURL>a&amp;b`+"\u202e"+`</logoutURL>
		<none xsi:nil="true"/></sessionSettings></records>`))})
	settings, err := good.ReadSecuritySettings(t.Context())
	want := SecuritySettings{
		LockSessionsToIP: &locked, Session: map[string]string{"lockSessionsToIp": "true", "sessionTimeout": "TwoHours", "logoutURL": "a&b"},
		Document: Settings{Kind: "SecuritySettings", FullName: "Security", At: settings.Document.At, Values: map[string][]string{
			"sessionSettings.lockSessionsToIp": {"true"}, "sessionSettings.sessionTimeout": {"TwoHours"}, "sessionSettings.logoutURL": {"a&b"},
		}},
	}
	if diff := cmp.Diff(want, settings); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, part := range []string{"<met:sessionId>" + token + "<", "<met:type>SecuritySettings<", "<met:fullNames>Security<"} {
		if !strings.Contains(good.bodies[0], part) {
			t.Errorf("%s is not in %s", part, good.bodies[0])
		}
	}
}

func TestReadOauthOidcSettings(t *testing.T) {
	o := newOrg(t, map[string]http.HandlerFunc{soapPath: say(200, answered(`<records xsi:type="OauthOidcSettings"><fullName>OauthOidc</fullName>
		<blockOAuthUnPwFlow>true</blockOAuthUnPwFlow><isPkceRequired>false</isPkceRequired></records>`))})
	settings, err := o.ReadOauthOidcSettings(t.Context())
	if err != nil || settings.IsPkceRequired == nil || *settings.IsPkceRequired || settings.All["blockOAuthUnPwFlow"] != "true" ||
		len(settings.Document.Values["isPkceRequired"]) != 1 || settings.Document.At.IsZero() {
		t.Errorf("%+v %v", settings, err)
	}
}

func TestAnOrgThatDoesNotSay(t *testing.T) {
	for _, records := range []string{``, `<records/>`, `<records xsi:nil="true"/>`, `<records><fullName>Security</fullName></records>`, `<records><sessionSettings><lockSessionsToIp>perhaps</lockSessionsToIp></sessionSettings></records>`} {
		o := newOrg(t, map[string]http.HandlerFunc{soapPath: say(200, answered(records))})
		if settings, err := o.ReadSecuritySettings(t.Context()); err != nil || settings.LockSessionsToIP != nil {
			t.Errorf("%s: %+v %v", records, settings, err)
		}
		if settings, err := o.ReadOauthOidcSettings(t.Context()); err != nil || settings.IsPkceRequired != nil {
			t.Errorf("%s: %+v %v", records, settings, err)
		}
	}
}

func TestSOAPFailures(t *testing.T) {
	fault := func(code, words string) string {
		return envelope(`<soapenv:Fault><faultcode>` + code + `</faultcode><faultstring>` + words + `</faultstring></soapenv:Fault>`)
	}
	bomb := `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + answered(`<records><fullName>&b;</fullName></records>`)
	tests := []struct {
		name   string
		status int
		body   string
		kind   transport.Kind
		code   string
		words  string
	}{
		{"expired", 500, fault("sf:INVALID_SESSION_ID", "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session "+token), transport.SignInExpired, "INVALID_SESSION_ID", "Invalid Session ID found"},
		{"a right is missing", 500, fault("sf:INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions"), transport.Forbidden, "INSUFFICIENT_ACCESS", "use of the Metadata API"},
		{"API disabled", 500, fault("sf:API_DISABLED_FOR_ORG", "API_DISABLED_FOR_ORG: API is not enabled for this Organization or Partner"), transport.APIDisabled, "API_DISABLED_FOR_ORG", "API is not enabled"},
		{"the day's limit", 500, fault("sf:REQUEST_LIMIT_EXCEEDED", "REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded."), transport.LimitReached, "REQUEST_LIMIT_EXCEEDED", "TotalRequests"},
		{"an unknown type", 500, fault("sf:INVALID_TYPE", "INVALID_TYPE: Unknown type:X"), transport.NotFound, "INVALID_TYPE", "Unknown type:X"},
		{"a fault with 200", 200, fault("sf:UNKNOWN_EXCEPTION", "UNKNOWN_EXCEPTION: type is not a valid metadata type for reading"), transport.Rejected, "UNKNOWN_EXCEPTION", "not a valid metadata type"},
		{"a fault without words", 500, envelope(`<soapenv:Fault/>`), transport.Unavailable, "", ""},
		{"a REST error", 401, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`, transport.SignInExpired, "INVALID_SESSION_ID", "Session expired"},
		{"a page", 200, `<html><head><title>Log in</title></head><body><br></body>`, transport.Garbled, "", "a web page instead of SOAP: Log in"},
		{"a page with 503", 503, `<html><title>Down`, transport.Unavailable, "", "a web page"},
		{"cut XML", 200, answered(`<records>`)[:300], transport.Garbled, "", "the XML is cut off"},
		{"nothing", 200, ``, transport.Garbled, "", "an empty answer"},
		{"JSON", 200, `{}`, transport.Garbled, "", "something other than SOAP"},
		{"an envelope with something else in it", 200, envelope(`<other/>`), transport.Garbled, "", "readMetadataResponse"},
		{"entities", 200, bomb, transport.Garbled, "", ""},
		{"an entity that nobody declared", 200, answered(`<records><fullName>&b;</fullName></records>`), transport.Garbled, "", ""},
		{"too deep", 200, envelope(strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100)), transport.Garbled, "", ""},
		{"too large", 200, answered("<records>" + strings.Repeat("x", MaxXML) + "</records>"), transport.Garbled, "", ""},
		{"another encoding", 200, strings.Replace(answered(""), "UTF-8", "UTF-7", 1), transport.Garbled, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := newOrg(t, map[string]http.HandlerFunc{soapPath: say(test.status, test.body)})
			_, err := o.ReadSecuritySettings(t.Context())
			failed := failureOf(t, err)
			if failed.Kind != test.kind || failed.Code != test.code || !strings.Contains(failed.Message, test.words) {
				t.Errorf("%+v", failed)
			}
			if failed.Call != "POST "+soapPath+" (readMetadata SecuritySettings)" {
				t.Error(failed.Call)
			}
		})
	}
}

func FuzzParseXML(f *testing.F) {
	f.Add([]byte(answered(`<records><sessionSettings><lockSessionsToIp>true</lockSessionsToIp></sessionSettings></records>`)))
	f.Add([]byte(`<a><!-- x --><b xsi:nil="true"/></a>`))
	f.Add([]byte(`<!DOCTYPE x><a/>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		root, err := parseXML(body)
		if (root == nil) == (err == nil) {
			t.Fatal("neither a document nor an error")
		}
		valuesOf(root.child("Body"))
	})
}
