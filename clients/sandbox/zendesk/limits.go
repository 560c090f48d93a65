package zendesk

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// The account is on a plan with 400 requests a minute (Suite Professional).
const perMinute = 400

// A limit is one that some endpoints have besides the account's, shown in its own header.
type limit struct {
	header string // zendesk-ratelimit-…
	total  int    // a minute
}

var (
	ticketListLimit = &limit{header: "Zendesk-Ratelimit-Tickets-Index", total: 100}
	webhookLimit    = &limit{total: 100} // webhooks are a service of their own, with its own count in the account's headers
)

// perOrganization is how often one organization may be updated in a minute.
const perOrganization = 5

// A window counts the requests of one minute of the clock.
type window struct {
	minute int64
	used   int
}

// spend counts one request; left is negative when it is one too many.
func (a *Account) spend(name string, total int) (left int) {
	w := a.windows[name]
	if w == nil {
		w = &window{}
		a.windows[name] = w
	}
	if minute := a.clock().Unix() / 60; w.minute != minute {
		*w = window{minute: minute}
	}
	w.used++
	return total - w.used
}

func (a *Account) untilNextMinute() int {
	into := time.Duration(a.clock().Unix()%60) * time.Second
	return int((time.Minute - into).Seconds())
}

// throttle counts a call against its limits. The headers tell how many are left;
// the answer is nil unless there were none.
func (a *Account) throttle(e endpoint) (http.Header, *answer) {
	header := http.Header{}
	total, bucket := perMinute, "account"
	if e.limit == webhookLimit {
		total, bucket = webhookLimit.total, "webhooks"
	}
	left := a.spend(bucket, total)
	reset := a.untilNextMinute()
	header.Set("X-Rate-Limit", strconv.Itoa(total))
	header.Set("X-Rate-Limit-Remaining", strconv.Itoa(max(left, 0)))
	header.Set("Ratelimit-Limit", strconv.Itoa(total))
	header.Set("Ratelimit-Remaining", strconv.Itoa(max(left, 0)))
	header.Set("Ratelimit-Reset", strconv.Itoa(reset))
	if e.limit != nil && e.limit.header != "" && left >= 0 {
		left = a.spend(e.limit.header, e.limit.total)
		header.Set(e.limit.header, fmt.Sprintf("total=%d; remaining=%d; resets=%d", e.limit.total, max(left, 0), reset))
	}
	if left >= 0 {
		return header, nil
	}
	header.Set("Retry-After", strconv.Itoa(reset))
	return header, &answer{status: http.StatusTooManyRequests, body: text("Number of allowed API requests per minute exceeded")}
}
