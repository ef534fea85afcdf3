package costs

import (
	"cmp"
	"slices"
)

// Default quotas of AWS for London and of GOV.UK Notify for a live service, as known in November 2026: look up the
// current ones.
const (
	notifyADay         = 250_000
	notifyAMinute      = 3_000
	gatewayASecond     = 10_000 // requests, of an account and region
	functionsAtOnce    = 1_000  // of an account and region
	newTableWrites     = 4_000  // units a second that a table on demand takes from the start; it doubles in 30 minutes
	tableWrites        = 40_000 // units a second, a table
	partitionReads     = 3_000  // units a second, a partition of a table or an index: a value of its key has one
	queueCalls         = 4_500  // a second of each kind, a FIFO queue of high throughput, without batches
	groupMessages      = 300    // a second, a group of messages
	pageKB             = 1_024  // of an index, at most, in one read
	birthdayPages      = 4      // that a lookup reads of one birthday
	indexKB            = 0.5    // of a record in the index of birthdays
	birthdays          = 60 * 365.25
	requestSeconds     = 0.030 // assumed, of a request in the function
	unlockBatchSeconds = 0.100 // assumed
	emailBatchSeconds  = 0.300 // assumed, most of it waiting for GOV.UK Notify
	day                = 24 * 60 * 60
)

// Deployment are the limits that the template sets.
type Deployment struct {
	RequestsPerSecond, LookupConcurrency int
	UnlockBatches, EmailBatches, Batch   int
}

// Limit is a limit that a growing number of lookups reaches.
type Limit struct {
	Name     string
	PerLooks float64 // lookups a second from which it is met, sustained
	Answer   string  // what the design, or who runs it, does then
}

// Limits returns the limits that growing traffic reaches, the lowest first. The busiest table's write units of one
// lookup are counted, as the other units are.
func Limits(u Units, busiestWrites float64, d Deployment) []Limit {
	requests := float64(u.Requests)
	all := []Limit{
		{"GOV.UK Notify, emails a day", notifyADay / float64(emails) / day, "ask GOV.UK Notify for more; emails wait for up to 25 hours in their queue and are sent in turn"},
		{"the gateway's own rate (`RequestsPerSecond`)", float64(d.RequestsPerSecond) / requests, "raise it with `LookupConcurrency`: it is a bound on what a flood costs, not on what the service can do"},
		{"GOV.UK Notify, emails a minute", notifyAMinute / float64(emails) / 60, "ask for more; the queue evens out a morning"},
		{"the busiest table on demand, at once (`limits`)", newTableWrites / busiestWrites, "it doubles by itself within 30 minutes; before a campaign set the table's warm throughput"},
		{"notify's concurrency (`MaximumConcurrency`)", float64(d.EmailBatches*d.Batch) / emailBatchSeconds / float64(emails), "raise it, up to 1,000; emails wait meanwhile"},
		{"the gateway's quota of the account", gatewayASecond / requests, "ask AWS for more, or put the edge in front: pages' styles, script and pictures are cached there"},
		{"lookup's reserved concurrency", float64(d.LookupConcurrency) / requestSeconds / requests, "raise it within the account's quota"},
		{"unlock's concurrency", float64(d.UnlockBatches*d.Batch) / unlockBatchSeconds, "raise it: each mailbox is a group of its own, so groups never wait for one another"},
		{"the busiest table's quota", tableWrites / busiestWrites, "ask AWS for more: its keys are HMACs and lookup ids, so no partition is hotter than another"},
		{"calls of `emails.fifo`", queueCalls / float64(emails), "ask AWS for more; `matches.fifo` has one message a lookup and half as much to do"},
		{"the functions of the account at once", functionsAtOnce / (requests*requestSeconds + (unlockBatchSeconds+float64(emails)*emailBatchSeconds)/float64(d.Batch)), "ask AWS for more: London gives tens of thousands"},
	}
	slices.SortFunc(all, func(a, b Limit) int { return cmp.Compare(a.PerLooks, b.PerLooks) })
	return all
}

// Register describes the effect of a register's size on lookups.
type Register struct {
	Teachers        int
	GB              float64 // of the table and its indexes
	OneBirthday     float64 // people
	BirthdayUnits   float64 // read units of a lookup that must read them
	BirthdayLookups float64 // a second, of one and the same birthday, until its partition is at its limit
	Storage         float64 // dollars a month, with point-in-time recovery
	BirthdayDollars float64 // for a million lookups, each time that they read a birthday
}

// Growth returns the effect of registers of different sizes. Only the entries of the index of birthdays grow with the
// register, because every other key belongs to one person or a few.
func Growth(teachers ...int) (all []Register) {
	for _, n := range teachers {
		people := float64(n) / birthdays
		kb := min(people*indexKB, birthdayPages*pageKB)
		units := max(kb/8, 0.5) // eventually consistent: 8 KB a unit
		gb := registerGB * float64(n) / 1e6
		all = append(all, Register{n, gb, people, units, partitionReads / units, gb * perGBOfTable, units * perMillionReadUnits})
	}
	return all
}

// OfOneMailbox are the limits on lookups by one mailbox, which no setting raises: its matches are one group of messages.
func OfOneMailbox() []Limit {
	return []Limit{
		{"matches, decided in turn", 1 / unlockBatchSeconds, "`LimitPerEmail` refuses more than a few in an hour; other mailboxes do not wait for this one"},
		{"messages into its group", groupMessages, "the same"},
	}
}
