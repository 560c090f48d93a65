// The org's settings documents, how an update changes them, and what Health Check makes of them.

package salesforce

import (
	_ "embed" // for the documents
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed data/settings.xml
var settingsDocuments string

// readSettings gives each settings type its document, as the Setup wants it.
func (o *Org) readSettings() map[string]*element {
	source := strings.NewReplacer(
		">lock<", ">"+strconv.FormatBool(o.setup.SessionsLocked)+"<",
		">pkce<", ">"+strconv.FormatBool(o.setup.PKCERequired)+"<",
	).Replace(settingsDocuments)
	all, err := parseXML([]byte(source))
	if err != nil {
		return map[string]*element{} // the documents are the program's own, and a test reads them
	}
	settings := map[string]*element{}
	for _, document := range all.children {
		settings[document.name] = document
	}
	return settings
}

func (o *Org) pkceRequired() bool {
	return o.settings["OauthOidcSettings"].at("isPkceRequired").value() == "true"
}

func (o *Org) streaming() bool {
	return o.settings["EventSettings"].at("enableStreamingApi").value() == "true"
}

// merge changes a settings document as an update does: what the update leaves out stays, but a list
// (networkAccess) is replaced as a whole, so that an empty one empties it.
// It fails for an element that the document does not have, and for a boolean that is none.
func merge(document, update *element) error {
	for _, change := range update.children {
		if change.name == "fullName" {
			continue
		}
		current := document.child(change.name)
		switch {
		case current == nil:
			return fmt.Errorf("element {%s}%s invalid at this location in type %s", metadataNamespace, change.name, document.name)
		case change.name == "networkAccess":
			current.children = change.clone().children
			current.text = ""
		case len(current.children) > 0:
			if err := merge(current, change); err != nil {
				return err
			}
		default:
			if err := assign(current, change.text); err != nil {
				return err
			}
		}
	}
	return nil
}

// assign sets a plain value, if it is one that the element can have.
func assign(current *element, value string) error {
	if current.text == "true" || current.text == "false" {
		switch value {
		case "true", "1":
			current.text = "true"
		case "false", "0":
			current.text = "false"
		default:
			return fmt.Errorf("'%s' is not a valid value for the type xsd:boolean", value)
		}
		return nil
	}
	if choices := enumerations[current.name]; choices != nil && !slices.Contains(choices, value) {
		return fmt.Errorf("'%s' is not a valid value for the type tns:%s%s", value, strings.ToUpper(current.name[:1]), current.name[1:])
	}
	current.text = value
	return nil
}

// enumerations are the values of the elements that are no free text.
var enumerations = map[string][]string{
	"sessionTimeout":      {"TwentyFourHours", "TwelveHours", "EightHours", "FourHours", "TwoHours", "NinetyMinutes", "SixtyMinutes", "ThirtyMinutes", "FifteenMinutes"},
	"complexity":          {"NoRestriction", "AlphaNumeric", "SpecialCharacters", "UpperLowerCaseNumeric", "UpperLowerCaseNumericSpecialCharacters", "Any3UpperLowerCaseNumericSpecialCharacters"},
	"expiration":          {"ThirtyDays", "SixtyDays", "NinetyDays", "SixMonths", "OneYear", "Never"},
	"lockoutInterval":     {"FifteenMinutes", "ThirtyMinutes", "SixtyMinutes", "Forever"},
	"maxLoginAttempts":    {"ThreeAttempts", "FiveAttempts", "TenAttempts", "NoLimit"},
	"questionRestriction": {"None", "DoesNotContainPassword"},
}

// A check is one setting that Health Check looks at: where it stands, and what Salesforce recommends.
type check struct {
	path                     []string
	group, label, korean     string
	koreanGroup              string
	category, risk, standard string
}

var checks = []check{
	{[]string{"sessionSettings", "lockSessionsToDomain"}, "SessionSettings", "Lock sessions to the domain in which they were first used", "세션을 처음 사용한 도메인에 고정", "세션 설정", "HIGH_RISK", "HIGH_RISK", "true"},
	{[]string{"sessionSettings", "enableClickjackSetup"}, "SessionSettings", "Enable clickjack protection for Setup pages", "설정 페이지에 대한 클릭재킹 보호 활성화", "세션 설정", "HIGH_RISK", "HIGH_RISK", "true"},
	{[]string{"sessionSettings", "requireHttpOnly"}, "SessionSettings", "Require HttpOnly attribute", "HttpOnly 특성 필요", "세션 설정", "HIGH_RISK", "HIGH_RISK", "true"},
	{[]string{"sessionSettings", "enableCSRFOnPost"}, "SessionSettings", "Enable CSRF protection on POST requests on non-setup pages", "비설정 페이지의 POST 요청에 대해 CSRF 보호 활성화", "세션 설정", "HIGH_RISK", "HIGH_RISK", "true"},
	{[]string{"sessionSettings", "enforceIpRangesEveryRequest"}, "SessionSettings", "Enforce login IP ranges on every request", "모든 요청에 로그인 IP 범위 적용", "세션 설정", "MEDIUM_RISK", "MEDIUM_RISK", "true"},
	{[]string{"sessionSettings", "forceLogoutOnSessionTimeout"}, "SessionSettings", "Force logout on session timeout", "세션 시간 초과 시 강제 로그아웃", "세션 설정", "LOW_RISK", "LOW_RISK", "true"},
	{[]string{"sessionSettings", "lockSessionsToIp"}, "SessionSettings", "Lock sessions to the IP address from which they originated", "세션이 시작된 IP 주소로 세션 잠금", "세션 설정", "INFORMATIONAL", "INFORMATIONAL", "true"},
	{[]string{"passwordPolicies", "minimumPasswordLifetime"}, "PasswordPolicies", "Require a minimum 1 day password lifetime", "최소 1일의 암호 수명 필요", "암호 정책", "MEDIUM_RISK", "MEDIUM_RISK", "true"},
	{[]string{"passwordPolicies", "obscureSecretAnswer"}, "PasswordPolicies", "Obscure secret answer for password resets", "암호 재설정을 위한 비밀 답변 숨기기", "암호 정책", "LOW_RISK", "LOW_RISK", "true"},
	{[]string{"enableAdminLoginAsAnyUser"}, "LoginAccessPolicies", "Administrators can log in as any user", "관리자가 사용자로 로그인할 수 있음", "로그인 액세스 정책", "MEDIUM_RISK", "MEDIUM_RISK", "false"},
}

// healthCheck makes the rows of SecurityHealthCheckRisks, also for settings that meet the standard.
// The service has no label for the values of the lock to the IP address, and says so in their place.
func (o *Org) healthCheck() []values {
	rows := make([]values, 0, len(checks))
	for _, c := range checks {
		raw := o.settings["SecuritySettings"].at(c.path...).value()
		risk := c.risk
		if raw == c.standard {
			risk = "MEETS_STANDARD"
		}
		setting := c.path[len(c.path)-1]
		told := o.onOff(raw)
		if setting == "lockSessionsToIp" {
			told = "__MISSING LABEL__ PropertyFile - val SessionSettings.lockSessionsToIp" + map[bool]string{true: "Enabled", false: "Disabled"}[raw == "true"] +
				" not found in section Page_SessionSettings"
		}
		rows = append(rows, values{
			"DurableId": c.group + "." + setting, "SecurityHealthCheckId": "0SHWs00000000Xi", "RiskType": risk, "SettingRiskCategory": c.category,
			"Setting": o.word(c.label, c.korean), "SettingGroup": o.word(inWords(c.group), c.koreanGroup),
			"OrgValue": told, "OrgValueRaw": raw, "StandardValue": o.onOff(c.standard), "StandardValueRaw": c.standard,
		})
	}
	return rows
}

func (o *Org) onOff(raw string) string {
	if raw == "true" {
		return o.word("Enabled", "활성화됨")
	}
	return o.word("Disabled", "비활성화됨")
}
