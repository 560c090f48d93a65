package uitest

import (
	"context"
	"sync"
	"time"

	"zsf/flows/flow"
)

// A Checker finds what a report says, one step after the other.
type Checker struct {
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	Pause time.Duration // before each finding
	Wait  flow.Waiting  // told before the findings, when it has a service

	mu     sync.Mutex
	report flow.Report
	looks  []flow.ID // what was asked to look at again; empty IDs are whole looks
}

// Finds sets what it will find from now on.
func (c *Checker) Finds(report flow.Report) *Checker {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.report = report
	return c
}

// Looks are the looks that were asked for, in order: a step's ID, or "" for all.
func (c *Checker) Looks() []flow.ID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]flow.ID(nil), c.looks...)
}

// Look finds everything that is asked for.
func (c *Checker) Look(ctx context.Context, only []flow.ID, emit func(flow.Event)) flow.Report {
	return c.look(ctx, "", only, emit)
}

// Again finds one step.
func (c *Checker) Again(ctx context.Context, id flow.ID, emit func(flow.Event)) flow.Report {
	return c.look(ctx, id, []flow.ID{id}, emit)
}

func (c *Checker) look(ctx context.Context, asked flow.ID, only []flow.ID, emit func(flow.Event)) flow.Report {
	c.mu.Lock()
	c.looks = append(c.looks, asked)
	report := c.report
	c.mu.Unlock()

	report.StartedAt = c.Now()
	var found []flow.Finding
	for _, finding := range report.Findings {
		if len(only) == 0 || contains(only, finding.Step) {
			found = append(found, finding)
			emit(flow.Looking{Step: finding.Step})
		}
	}
	if c.Wait.Service != "" {
		emit(c.Wait)
	}
	for _, finding := range found {
		select {
		case <-c.After(c.Pause):
		case <-ctx.Done():
			return report
		}
		emit(flow.Found{Finding: finding})
	}
	return report
}

func contains(ids []flow.ID, id flow.ID) bool {
	for _, one := range ids {
		if one == id {
			return true
		}
	}
	return false
}
