// The people who work in the org.

package salesforce

import (
	_ "embed" // for the table of users
	"strings"
)

//go:embed data/users.txt
var userTable string

// A colleague is a line of the table of users.
type colleague struct {
	handle, first, last, koreanFirst, koreanLast, profile, title, locale string
	inactive                                                             bool
}

func readUsers() []colleague {
	var all []colleague
	for line := range strings.Lines(userTable) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		c := cells(line, 9)
		all = append(all, colleague{
			handle: c[0], first: c[1], last: c[2], koreanFirst: c[3], koreanLast: c[4],
			profile: c[5], title: c[6], locale: c[7], inactive: strings.Contains(c[8], "off"),
		})
	}
	return all
}

func (o *Org) addUsers(all []colleague) {
	for i, c := range all {
		first, last := o.word(c.first, c.koreanFirst), o.word(c.last, c.koreanLast)
		zone, language := zoneOf(c.locale)
		email := c.handle + "@larkspur.example"
		username := email
		if !o.setup.Production {
			username += ".uat"
		}
		joined := o.cast.founded.AddDate(0, i, i%27)
		row := values{
			"Username": username, "FirstName": first, "LastName": last, "Name": fullName(first, last), "Email": email,
			"CompanyName": o.companyName(), "Title": c.title, "Alias": alias(c.handle), "CommunityNickname": c.handle,
			"IsActive": !c.inactive, "ProfileId": o.cast.profiles[c.profile], "UserType": "Standard",
			"TimeZoneSidKey": zone, "LocaleSidKey": c.locale, "LanguageLocaleKey": language, "EmailEncodingKey": "UTF-8",
			"UserPermissionsSupportUser": c.profile == "agent" || c.profile == "lead", "NumberOfFailedLogins": int64(0),
			"CreatedDate": joined, "LastModifiedDate": joined, "SystemModstamp": joined,
		}
		if !c.inactive {
			row["LastLoginDate"] = o.now().Add(-hours(i*5 + 2))
		}
		id := o.furniture("User", row)
		o.cast.users[c.handle] = id
		o.assign(id, o.cast.sets[c.profile])
	}
	o.cast.connecting = o.cast.users[connectingHandle]
	o.cast.signedIn = o.cast.users[o.signedInHandle()]
	user, _, _ := o.tables["User"].find(o.cast.signedIn)
	o.cast.username, _ = user.Value("Username").(string)
}

func (o *Org) signedInHandle() string {
	switch o.setup.User {
	case NotAdmin:
		return notAdminHandle
	case APIOnlyUser:
		return apiOnlyUserHandle
	default:
		return connectingHandle
	}
}

// alias is at most eight characters, as the service has it: the first letter and the start of the last name.
func alias(handle string) string {
	first, last, _ := strings.Cut(handle, ".")
	a := first[:1] + last
	return a[:min(len(a), 8)]
}

func zoneOf(locale string) (zone, language string) {
	switch locale {
	case "de_DE":
		return "Europe/Berlin", "de"
	case "en_GB":
		return "Europe/London", "en_US"
	case "ja_JP":
		return "Asia/Tokyo", "ja"
	case "ko_KR":
		return "Asia/Seoul", "ko"
	case "ar_AE":
		return "Asia/Dubai", "ar"
	}
	return "America/Los_Angeles", "en_US"
}
