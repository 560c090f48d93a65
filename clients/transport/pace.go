// Keeps a service's own pace: a steady rate with room for a burst, and a pause when the service says that nothing is left.

package transport

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// rates let a whole check go out at once; long work settles below 400 requests a minute at Zendesk, which all plans
// but the smallest allow (that one's 429 and Retry-After do the rest). Salesforce counts by the day, not by the minute.
var rates = map[Service]struct {
	perSecond rate.Limit
	burst     int
}{
	Salesforce: {perSecond: 20, burst: 100},
	Zendesk:    {perSecond: 6, burst: 60},
}

type pace struct {
	config  Config
	limiter *rate.Limiter

	mu    sync.Mutex
	until time.Time // no request before this: the service has none left for us
}

func newPace(config Config) *pace {
	of, ok := rates[config.Service]
	if !ok {
		of = rates[Zendesk]
	}
	return &pace{config: config, limiter: rate.NewLimiter(of.perSecond, of.burst)}
}

// wait holds a request back until its turn.
func (p *pace) wait(ctx context.Context, call string) error {
	now := p.config.Now()
	turn := p.limiter.ReserveN(now, 1).DelayFrom(now)
	held := p.held(now)
	if held > turn {
		return p.config.pause(ctx, Wait{Call: call, For: held, Why: "no requests left until then"})
	}
	return p.config.pause(ctx, Wait{Call: call, For: turn, Why: "many requests at once"})
}

func (p *pace) held(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return min(p.until.Sub(now), p.config.MaxWait)
}

// heed reads what an answer says of the requests that are left. Only "none" counts:
// a 429 was seen with 400 left, so more than that says nothing.
func (p *pace) heed(resp *http.Response) {
	if resp.StatusCode == http.StatusTooManyRequests {
		return // the retry waits for it
	}
	left, err := strconv.Atoi(strings.TrimSpace(resp.Header.Get("ratelimit-remaining")))
	if err != nil || left > 0 {
		return
	}
	reset, ok := resetSeconds(resp.Header)
	if !ok {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := p.config.Now().Add(reset); until.After(p.until) {
		p.until = until
	}
}

// resetSeconds is when the minute starts anew by Zendesk's ratelimit-reset, which counts in seconds.
func resetSeconds(header http.Header) (time.Duration, bool) {
	seconds, err := strconv.Atoi(strings.TrimSpace(header.Get("ratelimit-reset")))
	if err != nil || seconds <= 0 {
		return 0, false
	}
	return time.Duration(min(seconds, 3600)) * time.Second, true
}
