// The org's limits, and the counter of API requests behind them.

package salesforce

import (
	"fmt"
	"net/http"
	"strings"
)

// dailyRequests is how many API requests the org has in 24 hours. Sandboxes have five million;
// the others are the base of the edition and what the licences add.
func (o *Org) dailyRequests() int64 {
	switch {
	case strings.HasPrefix(o.setup.Edition, "Developer"):
		return 15_000
	case !o.setup.Production:
		return 5_000_000
	}
	return 100_000 + 40*1_000 + 10*1_000
}

func (o *Org) startingUse() int64 {
	if o.setup.LimitReached {
		return o.dailyRequests()
	}
	return 4217
}

// spend counts n requests, unless that many are not left.
func (o *Org) spend(n int64) bool {
	if o.used.Load() >= o.dailyRequests() {
		return false
	}
	o.used.Add(n)
	return true
}

func limitExceeded() answer {
	return fail(http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
}

// limitInfo is the header Sforce-Limit-Info.
func (o *Org) limitInfo() string {
	return fmt.Sprintf("api-usage=%d/%d", min(o.used.Load(), o.dailyRequests()), o.dailyRequests())
}

// streamingLimits are the delivered events in 24 hours and the concurrent clients, by edition
// (Streaming API Developer Guide, limits).
func (o *Org) streamingLimits() (events, clients int64) {
	edition := o.setup.Edition
	switch {
	case strings.HasPrefix(edition, "Unlimited"), strings.HasPrefix(edition, "Performance"):
		return 1_000_000, 2000
	case strings.HasPrefix(edition, "Enterprise"), edition == "":
		return 200_000, 1000
	case strings.HasPrefix(edition, "Developer"):
		return 10_000, 20
	}
	return 50_000, 20
}

func (c *call) limits() answer {
	daily := c.org.dailyRequests()
	events, clients := c.org.streamingLimits()
	var rows int64
	for _, name := range []string{"Account", "Contact", "Lead", "Opportunity", "Case"} {
		t := c.org.tables[name]
		rows += int64(t.made.len() + len(t.added))
	}
	storage := max(10_240, rows*2/1024*2)
	limit := func(name string, most, left int64) member {
		return member{name, document{{"Max", most}, {"Remaining", left}}}
	}
	return answer{status: http.StatusOK, free: true, body: document{
		limit("ConcurrentAsyncGetReportInstances", 200, 200),
		limit("ConcurrentSyncReportRuns", 20, 20),
		limit("DailyApiRequests", daily, max(0, daily-c.org.used.Load())),
		limit("DailyAsyncApexExecutions", 250_000, 249_874),
		limit("DailyBulkApiBatches", 15_000, 15_000),
		limit("DailyBulkV2QueryFileStorageMB", 976_562, 976_562),
		limit("DailyBulkV2QueryJobs", 10_000, 10_000),
		limit("DailyDurableStreamingApiEvents", events, events-312),
		limit("DailyGenericStreamingApiEvents", 10_000, 10_000),
		limit("DailyStandardVolumePlatformEvents", 25_000, 25_000),
		limit("DailyStreamingApiEvents", events, events-1204),
		limit("DailyWorkflowEmails", 40_000, 39_950),
		limit("DataStorageMB", storage, storage-rows*2/1024),
		limit("DurableStreamingApiConcurrentClients", clients, clients-1),
		limit("FileStorageMB", 102_400, 101_874),
		limit("HourlyAsyncReportRuns", 1200, 1200),
		limit("HourlyDashboardRefreshes", 200, 200),
		limit("HourlySyncReportRuns", 500, 500),
		limit("HourlyTimeBasedWorkflow", 1000, 1000),
		limit("MassEmail", 5000, 5000),
		limit("MonthlyPlatformEventsUsageEntitlement", 0, 0),
		limit("PermissionSets", 1500, 1500-int64(len(c.org.tables["PermissionSet"].added))),
		limit("SingleEmail", 5000, 4991),
		limit("StreamingApiConcurrentClients", clients, clients-1),
	}}
}
