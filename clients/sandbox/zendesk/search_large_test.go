package zendesk

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"zsf/clients/sandbox/seed"
)

// With 100,000 tickets of one organization, what a list of them costs: a search, its count, a page of an export.
func BenchmarkSearchOf100000(b *testing.B) {
	a := New(Options{Setup: Ready(testOrg), Seed: seed.New(1, 1, 100_000, "en", today), URL: "http://zendesk.test", Clock: func() time.Time { return today }})
	var organizationID int64
	a.organizations.scan(0, false, func(o organization) bool { organizationID = o.ID; return false })
	of := url.QueryEscape("organization_id:" + idText(organizationID))
	for _, path := range []string{
		"search?query=type:ticket+" + of + "+status%3Cclosed&sort_by=updated_at&sort_order=desc",
		"search/count?query=type:ticket+" + of + "+status:closed",
		"search/export?page[size]=1000&filter[type]=ticket&query=" + of,
		"organizations/" + idText(organizationID) + "/tickets?page[size]=100&sort=-updated_at",
	} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, "/api/v2/"+path, http.NoBody)
				r.Header.Set("Authorization", "Bearer "+givenAccessToken)
				w := httptest.NewRecorder()
				a.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}
