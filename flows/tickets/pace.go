// How soon to look for news again.

package tickets

import (
	"errors"
	"time"

	"zsf/clients/transport"
)

// A Pace is quick while something happens and slows down while nothing does. The zero Pace is quick.
type Pace struct{ wait time.Duration }

// The bounds of a pace.
const (
	quickest  = 5 * time.Second
	slowest   = time.Minute
	CallsEach = 24 // calls a minute that looking for news makes at most, whatever happens
)

// Next is how long to wait after a look.
func (p *Pace) Next(news News, err error) time.Duration {
	switch {
	case err == nil && news.Happened():
		p.wait = quickest
	case p.wait == 0:
		p.wait = quickest
	default:
		p.wait = min(p.wait*3/2, slowest)
	}
	wait := max(p.wait, Rest(news.Calls))
	var failed *transport.Error
	if errors.As(err, &failed) {
		wait = max(wait, failed.RetryAfter)
	}
	return wait
}

// Hurry makes the next look quick again.
func (p *Pace) Hurry() { p.wait = 0 }

// Rest is how long so many calls have to be apart from the next ones.
func Rest(calls int) time.Duration { return time.Duration(calls) * time.Minute / CallsEach }
