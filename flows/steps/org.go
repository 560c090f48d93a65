package steps

import (
	"net/url"
	"strings"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// SalesforceAPIRoom: API requests and streaming events are left for today.
var SalesforceAPIRoom = flow.Step{
	ID:    "salesforce.api-room",
	Needs: []flow.ID{SalesforceEdition.ID},
	Reads: []world.Fact{world.Limits},
	Look: func(w *world.World) flow.Finding {
		limits := w.Limits()
		advice := flow.Tell(flow.Say("salesforce.api-room.wait"))
		if transport.KindOf(limits.Err) == transport.LimitReached {
			return flow.Failed(flow.Say("salesforce.api-room.used-up")).Because(limits.Err).
				With(flow.SawBad(limits, flow.Say("fact.error", "Reason", limits.Err))).
				Mend(setupPage(w, companyPage, "company"), advice)
		}
		if limits.Err != nil {
			return flow.NotSeen(limits)
		}
		worst := flow.Pass
		var evidence []flow.Evidence
		for _, name := range []string{"DailyApiRequests", "DailyStreamingApiEvents", "DailyDurableStreamingApiEvents"} {
			limit, told := limits.Value[name]
			if !told {
				continue
			}
			line := flow.Saw(limits, flow.Say("fact.limit", "Limit", name, "Remaining", limit.Remaining, "Max", limit.Max))
			line.Mark = roomLeft(limit)
			evidence = append(evidence, line)
			if line.Mark == flow.Fail || worst == flow.Pass {
				worst = line.Mark
			}
		}
		requests, told := limits.Value["DailyApiRequests"]
		left := flow.Say("salesforce.api-room.left", "Remaining", requests.Remaining, "Max", requests.Max)
		switch {
		case worst == flow.Fail:
			return flow.Failed(flow.Say("salesforce.api-room.used-up")).With(evidence...).
				Mend(setupPage(w, companyPage, "company"), advice)
		case !told:
			return flow.NotKnown(flow.Say("salesforce.api-room.untold")).With(evidence...)
		case worst == flow.Warn:
			return flow.Warned(left).With(evidence...).Mend(setupPage(w, companyPage, "company"), advice)
		}
		return flow.Passed(left).With(evidence...)
	},
}

// roomLeft warns below a tenth.
func roomLeft(limit salesforce.Limit) flow.Verdict {
	switch {
	case limit.Max > 0 && limit.Remaining <= 0:
		return flow.Fail
	case limit.Remaining*10 < limit.Max:
		return flow.Warn
	}
	return flow.Pass
}

// SalesforceMyDomain: My Domain is deployed; the Lightning component needs it.
var SalesforceMyDomain = flow.Step{
	ID:    "salesforce.my-domain",
	Needs: []flow.ID{SalesforceSignin.ID},
	Reads: []world.Fact{world.SalesforceUser},
	Look: func(w *world.World) flow.Finding {
		user := w.SalesforceUser()
		if user.Err != nil {
			return flow.NotSeen(user).Mend(setupPage(w, myDomainPage, "my-domain"))
		}
		host := hostOf(w.InstanceURL())
		if user.Value.CustomDomain != "" {
			host = hostOf(user.Value.CustomDomain)
		} else if !strings.HasSuffix(host, ".my.salesforce.com") {
			return flow.Failed(flow.Say("salesforce.my-domain.none", "Host", host)).
				With(flow.SawBad(user, flow.Say("fact.host", "Host", host))).
				Mend(setupPage(w, myDomainPage, "my-domain"))
		}
		return flow.Passed(flow.Raw(host)).With(flow.SawGood(user, flow.Say("fact.host", "Host", host)))
	},
}

func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" {
		return address
	}
	return parsed.Host
}
