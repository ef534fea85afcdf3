package costs

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Default quotas of AWS for London and of GOV.UK Notify for a live service. AWS's were compared with the pages named in
// November 2026, GOV.UK Notify's emails a day are from memory: look up the current ones.
const (
	// NotifyADay and NotifyAMinute are how many emails GOV.UK Notify takes.
	// https://www.notifications.service.gov.uk/using-notify/api-documentation
	NotifyADay    = 250_000
	NotifyAMinute = 3_000

	// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
	gatewayASecond = 10_000 // requests, of an account and region

	// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html and lambda-concurrency.html
	functionsAtOnce = 1_000 // of an account and region
	callsOfFunction = 10    // a second, of each that may run at once

	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html and ServiceQuotas.html;
	// units a second of a table on demand, and of each index of it
	NewTableWrites = 4_000 // from the start; they double in 30 minutes
	newTableReads  = 12_000
	tableUnits     = 40_000 // reads, and as many writes
	// Of one partition, and so of one value of the key of a table or an index.
	partitionReads  = 3_000
	partitionWrites = 1_000

	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
	queueCalls     = 4_500   // a second of each kind, a FIFO queue of high throughput, without batches
	groupMessages  = 300     // a second, a group of messages
	queueInFlight  = 120_000 // messages that were received and are not deleted
	parametersRead = 40      // a second, of Parameter Store, https://docs.aws.amazon.com/general/latest/gr/ssm.html
)

// Assumed, because only a real deployment can tell.
const (
	RequestTime = 30 * time.Millisecond  // of a request in the function
	UnlockTime  = 100 * time.Millisecond // of a batch, its messages side by side
	EmailTime   = 300 * time.Millisecond // of a batch, most of it waiting for GOV.UK Notify

	providerUnits = 12.5 // of reading the providers' names: a thousand of a hundred bytes
)

// What the functions read again, and after how many seconds.
const (
	lookupSecrets   = 2 // of each lookup function: identity key and cookie keys
	secretSeconds   = 5 * 60
	switchSeconds   = 15
	providerSeconds = 10 * 60
)

const (
	day   = 24 * 60 * 60
	month = 30 * day
)

// Rates are the numbers of lookups a second for which the README says what they take.
var Rates = []float64{1, 10, 100, 1_000, 10_000}

// Deployment are the limits that the template sets.
type Deployment struct {
	RequestsPerSecond, LookupConcurrency int
	UnlockBatches, EmailBatches, Batch   int
	VisibilitySeconds                    float64
	Report                               ReportSettings
}

// ReportSettings are the settings of the function that makes the nightly report.
type ReportSettings struct {
	Seconds, MB, TemporaryMB float64
}

// What the report of a million items takes at the most: `make bench` measures it, and fails if it takes more.
const (
	ReportFilesMB          = 450 // temporary ones and its own
	ReportProcessorSeconds = 20
)

// wholeProcessorMB is the memory setting with which a function has a whole processor.
const wholeProcessorMB = 1_769

// itemsOfLookup is how many exported items a lookup comes to: itself and its mailbox.
const itemsOfLookup = 2

// Limit is a limit that a growing number of lookups reaches.
type Limit struct {
	Name     string
	PerLooks float64 // lookups a second from which it is met, sustained
	Answer   string  // what the design, or who runs it, does then
}

// Met returns the first of Rates that meets the limit, or 0 if none does.
func (l Limit) Met() float64 {
	for _, rate := range Rates {
		if rate > l.PerLooks {
			return rate
		}
	}
	return 0
}

// CallsASecond returns how many calls a second Lambda takes for each function that may run at once, if a call takes so long.
func CallsASecond(each time.Duration) float64 { return min(1/each.Seconds(), callsOfFunction) }

// Load is what a number of lookups a second takes.
type Load struct {
	PerSecond     float64
	Requests      float64 // to the gateway a second, styles, script and pictures included
	Functions     float64 // at once
	Writes, Reads float64 // units a second of the table that takes most
	WritesOf      string  // its name, as in Units.Written
	ReadsOf       string
	EmailsADay    float64
	ReportItems   float64 // in the exports of each night, in time
	Parameters    float64 // read a second
	Dollars       float64 // a month, sustained, without the optional parts
}

// Take returns what a number of lookups a second takes with a register of a number of teachers.
func Take(u Units, perSecond float64, teachers int) Load {
	u = u.In(teachers)
	l := Load{PerSecond: perSecond, Requests: perSecond * float64(u.Requests+Assets), EmailsADay: perSecond * Emails * day,
		ReportItems: perSecond * month * monthsKept * itemsOfLookup}
	const batch = 10
	lookup, receipts := l.Requests/CallsASecond(RequestTime), perSecond*Emails/CallsASecond(RequestTime)
	unlock, notify := perSecond/batch/CallsASecond(UnlockTime), perSecond*Emails/batch/CallsASecond(EmailTime)
	l.Functions = lookup + receipts + unlock + notify
	l.Parameters = (lookup*lookupSecrets+receipts+unlock+notify)/secretSeconds + unlock/switchSeconds
	l.ReadsOf, l.WritesOf = busiest(u.Read), busiest(u.Written)
	l.Reads, l.Writes = perSecond*u.Read[l.ReadsOf], perSecond*u.Written[l.WritesOf]
	for _, line := range Lines(u, teachers) {
		if !line.Optional {
			l.Dollars += line.Of(perSecond * month)
		}
	}
	return l
}

// busiest returns the name that has the most units, the first of several.
func busiest(units map[string]float64) (most string) {
	for _, name := range slices.Sorted(maps.Keys(units)) {
		if most == "" || units[name] > units[most] {
			most = name
		}
	}
	return most
}

// Limits returns the limits that growing traffic reaches with a register of a number of teachers, the lowest first.
func Limits(u Units, d Deployment, teachers int) []Limit {
	one := Take(u, 1, teachers)
	requests, batch := one.Requests, float64(d.Batch)
	reportItems := func(items float64) float64 { return items / one.ReportItems }
	processor := d.Report.MB / wholeProcessorMB
	providers := requests / CallsASecond(RequestTime) / providerSeconds * providerUnits
	all := []Limit{
		{"the nightly report's temporary files (`EphemeralStorage`)", reportItems(d.Report.TemporaryMB / ReportFilesMB * 1e6),
			"the setting is the most that Lambda gives; then no report is made, an alarm says so, and `make report EXPORT=folder` makes it on a machine with a larger disk"},
		{"the nightly report's time", reportItems(d.Report.Seconds * processor / ReportProcessorSeconds * 1e6),
			"the same; `MemorySize` 1,769 is a whole processor, and costs no more"},
		{"GOV.UK Notify, emails a day", NotifyADay / one.EmailsADay, "ask GOV.UK Notify for more; emails wait for up to 25 hours in their queue and are sent in turn"},
		{"the gateway's own rate (`RequestsPerSecond`)", float64(d.RequestsPerSecond) / requests, "raise it with `LookupConcurrency`: it is a bound on what a flood costs, not on what the service can do"},
		{"GOV.UK Notify, emails a minute", NotifyAMinute / 60 / float64(Emails), "ask for more; the queue evens out a morning"},
		{"notify's concurrency (`MaximumConcurrency`)", float64(d.EmailBatches) * CallsASecond(EmailTime) * batch / float64(Emails), "raise it, up to 1,000; emails wait meanwhile"},
		{"unlock's concurrency", float64(d.UnlockBatches) * CallsASecond(UnlockTime) * batch, "raise it: each mailbox is a group of its own, so groups never wait for one another"},
		{"messages in flight of `emails.fifo`, while GOV.UK Notify refuses", queueInFlight / d.VisibilitySeconds / float64(Emails), "those behind them wait until `VisibilityTimeout` has passed; none is lost"},
		{"lookup's reserved concurrency", float64(d.LookupConcurrency) * CallsASecond(RequestTime) / requests, "raise it within the account's quota; a function takes ten requests a second, however short they are"},
		{"the functions of the account at once", functionsAtOnce / one.Functions, "ask AWS for more: London gives tens of thousands"},
		{"the gateway's quota of the account", gatewayASecond / requests, "ask AWS for more, or put the edge in front: pages' styles, script and pictures are cached there"},
		{"writes of the busiest table on demand, at once (`" + one.WritesOf + "`)", NewTableWrites / one.Writes, "it doubles by itself within 30 minutes; before a campaign set the table's warm throughput"},
		{"reads of the busiest table on demand, at once (`" + one.ReadsOf + "`)", newTableReads / one.Reads, "the same"},
		{"writes of the busiest table, its quota", tableUnits / one.Writes, "ask AWS for more: its keys are HMACs and lookup ids, so no partition is hotter than another"},
		{"reads of the busiest table, its quota", tableUnits / one.Reads, "ask AWS for more"},
		{"calls of `emails.fifo`", queueCalls / float64(Emails), "ask AWS for more; `matches.fifo` has one message a lookup and half as much to do"},
		{"Parameter Store, secrets read again", parametersRead / one.Parameters, "switch its higher throughput on; until then secrets that were read before stay in use"},
		{"the partition of the providers' names", partitionReads / providers, "keep the names for longer than ten minutes"},
	}
	slices.SortStableFunc(all, func(a, b Limit) int { return cmp.Compare(a.PerLooks, b.PerLooks) })
	return all
}

// Others returns the limits that do not come of the number of lookups, each as how often a second meets it.
func Others(u Units, teachers int) []Limit {
	requests := float64(u.Requests + Assets)
	return []Limit{
		{"lookups by one mailbox, decided in turn", 1 / UnlockTime.Seconds(), "`LimitPerEmail` refuses more than a few in an hour; other mailboxes do not wait for this one"},
		{"messages of one mailbox into its group", groupMessages, "the same"},
		{"requests of one source address that are counted, in one item", partitionWrites, "`LimitPerAddress` refuses more than a few hundred in an hour, and the gateway passes fewer on"},
		{"lookups of one birthday, from one partition of the index", partitionReads / u.In(teachers).Read[BirthdayIndex], "other birthdays do not wait for this one; DynamoDB gives a busy one a partition of its own, and no more"},
		{"lookups more in each second, whose functions read secrets when they start", parametersRead / lookupSecrets * CallsASecond(RequestTime) / requests,
			"who comes faster may be answered with 503 for seconds; before a campaign switch Parameter Store's higher throughput on"},
	}
}
