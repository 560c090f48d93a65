// Whose token it is: userinfo and the identity URL, which answer even where the API does not.

package salesforce

import (
	"net/http"
	"time"

	"zsf/clients/sandbox/soql"
)

// identify answers userinfo, and with a path the identity URL. A refusal is one word of plain text with 403.
func (o *Org) identify(w http.ResponseWriter, r *http.Request, path string) {
	token, sent := bearer(r.Header.Get("Authorization"))
	if !sent {
		token = r.URL.Query().Get("oauth_token")
		if token == "" {
			token = r.URL.Query().Get("access_token")
		}
	}
	if token == "" {
		plainRefusal(w, "Missing_OAuth_Token")
		return
	}
	id := o.sessionByToken(token)
	if id == "" {
		plainRefusal(w, "Bad_OAuth_Token")
		return
	}
	o.mu.RLock()
	defer o.mu.RUnlock()
	user, _, _ := o.tables["User"].find(id)
	if path == "" {
		o.write(w, r, ok(o.userinfo(id, user)), false)
		return
	}
	parts := segments(path)
	switch {
	case !soql.SameID(parts[1], o.id):
		plainRefusal(w, "Wrong_Org")
	case !soql.SameID(parts[2], id):
		plainRefusal(w, "Bad_Id")
	default:
		o.write(w, r, ok(o.identity(id, user)), false)
	}
}

func plainRefusal(w http.ResponseWriter, word string) {
	w.Header().Set("Content-Type", "text/html;charset=UTF-8")
	w.WriteHeader(http.StatusForbidden)
	_, _ = w.Write([]byte(word))
}

func (o *Org) userinfo(id string, user fieldReader) document {
	zone := str(user.Value("TimeZoneSidKey"))
	return document{
		{"sub", o.identityURL(id)},
		{"user_id", id},
		{"organization_id", o.id},
		{"preferred_username", user.Value("Username")},
		{"nickname", user.Value("CommunityNickname")},
		{"name", user.Value("Name")},
		{"email", user.Value("Email")},
		{"email_verified", true},
		{"given_name", user.Value("FirstName")},
		{"family_name", user.Value("LastName")},
		{"zoneinfo", zone},
		{"photos", o.photos()},
		{"profile", o.base + "/" + id},
		{"picture", o.base + "/profilephoto/005/F"},
		{"address", document{{"country", user.Value("Country")}}},
		{"urls", o.urls(id)},
		{"active", user.Value("IsActive")},
		{"user_type", "STANDARD"},
		{"language", user.Value("LanguageLocaleKey")},
		{"locale", user.Value("LocaleSidKey")},
		{"utcOffset", o.offset(zone)},
		{"updated_at", user.Value("LastModifiedDate")},
		{"is_app_installed", true},
	}
}

func (o *Org) identity(id string, user fieldReader) document {
	zone := str(user.Value("TimeZoneSidKey"))
	return document{
		{"id", o.identityURL(id)},
		{"asserted_user", true},
		{"user_id", id},
		{"organization_id", o.id},
		{"username", user.Value("Username")},
		{"nick_name", user.Value("CommunityNickname")},
		{"display_name", user.Value("Name")},
		{"email", user.Value("Email")},
		{"email_verified", true},
		{"first_name", user.Value("FirstName")},
		{"last_name", user.Value("LastName")},
		{"timezone", zone},
		{"photos", o.photos()},
		{"addr_street", nil},
		{"addr_city", user.Value("City")},
		{"addr_state", nil},
		{"addr_country", user.Value("Country")},
		{"addr_zip", nil},
		{"mobile_phone", user.Value("MobilePhone")},
		{"mobile_phone_verified", false},
		{"is_lightning_login_user", false},
		{"status", document{{"created_date", nil}, {"body", nil}}},
		{"urls", o.urls(id)},
		{"active", user.Value("IsActive")},
		{"user_type", "STANDARD"},
		{"language", user.Value("LanguageLocaleKey")},
		{"locale", user.Value("LocaleSidKey")},
		{"utcOffset", o.offset(zone)},
		{"last_modified_date", user.Value("LastModifiedDate")},
		{"is_app_installed", true},
	}
}

func (o *Org) photos() document {
	return document{{"picture", o.base + "/profilephoto/005/F"}, {"thumbnail", o.base + "/profilephoto/005/T"}}
}

func (o *Org) urls(id string) document {
	data, soap := o.base+"/services/data/v{version}/", o.base+"/services/Soap/"
	return document{
		{"enterprise", soap + "c/{version}/" + o.id},
		{"metadata", soap + "m/{version}/" + o.id},
		{"partner", soap + "u/{version}/" + o.id},
		{"rest", data},
		{"sobjects", data + "sobjects/"},
		{"search", data + "search/"},
		{"query", data + "query/"},
		{"recent", data + "recent/"},
		{"tooling_soap", soap + "T/{version}/" + o.id},
		{"tooling_rest", data + "tooling/"},
		{"profile", o.base + "/" + id},
		{"feeds", data + "chatter/feeds"},
		{"groups", data + "chatter/groups"},
		{"users", data + "chatter/users"},
		{"feed_items", data + "chatter/feed-items"},
		{"feed_elements", data + "chatter/feed-elements"},
		{"custom_domain", o.base},
	}
}

// offset is a zone's distance from UTC in milliseconds, without summer time, as the service tells it.
func (o *Org) offset(zone string) int {
	at, err := time.LoadLocation(zone)
	if err != nil {
		return 0
	}
	_, seconds := time.Date(o.now().Year(), time.January, 1, 12, 0, 0, 0, at).Zone()
	return seconds * 1000
}
