package main_test

import (
	"testing"
	"time"

	"zsf/clients/sandbox"
)

// late is how long an answer takes where chains of calls are counted: so long that calls which go out together have all
// begun before the first of them ends, on a busy machine, too.
const late = 400 * time.Millisecond

// A whole check is three answers deep at most: who and which version, everything else, and what is
// asked about what was found. With 100 ms an answer that leaves it well under 600 ms.
func TestTheLongestChainOfCallsIsThree(t *testing.T) {
	for _, scenario := range []string{"fresh", "ready", "korean"} {
		served, env := serve(t, sandbox.Options{Scenario: scenario, Latency: late})
		looked := readLook(t, runZSF(t, env, "check", "--json"))
		requests := served.Requests()
		if chain := longestChain(requests); chain > 3 {
			t.Errorf("%s: the longest chain is %d calls", scenario, chain)
		}
		for service, most := range map[string]int{"salesforce": 13, "zendesk": 5} {
			if count := countOf(requests, service); count > most {
				t.Errorf("%s: %d calls to %s, want %d at most: %+v", scenario, count, service, most, requests)
			}
		}
		t.Logf("%s: %d calls, %d ms", scenario, len(requests), looked.DurationMS)
	}
}

// longestChain is how many calls came one after the other, each begun when the one before had ended.
func longestChain(requests []sandbox.Request) int {
	longest := 0
	depth := make([]int, len(requests))
	for i, request := range requests { // in the order in which they ended
		depth[i] = 1
		for j, earlier := range requests[:i] {
			if !earlier.Ended.After(request.Started) {
				depth[i] = max(depth[i], depth[j]+1)
			}
		}
		longest = max(longest, depth[i])
	}
	return longest
}

func countOf(requests []sandbox.Request, service string) int {
	count := 0
	for _, request := range requests {
		if request.Service == service {
			count++
		}
	}
	return count
}
