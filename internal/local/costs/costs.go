// Package costs computes what a month of the service costs and which limits its growth meets, from units that a test
// counts, prices, and the quotas that AWS and GOV.UK Notify publish.
package costs

// Units are the units that one lookup by the form uses. They are counted, unless a comment says that they are assumed.
type Units struct {
	Requests              int     // to the gateway, for pages
	SQSRequests           int     // of the functions' code
	ReadUnits, WriteUnits float64 // of DynamoDB
	DynamoDBRequests      int
	LogBytes              int64
	Alarms                int // metrics that alarms watch, of the template

	// Read and Written are the units by table, and by table and index for those of an index.
	Read, Written map[string]float64

	// BirthdayReads is how often the lookup reads everybody who shares the birthday.
	BirthdayReads float64
	PersonKB      float64 // of a person in the index of birthdays
	RecordKB      float64 // stored for a record, with its entries in the indexes
	KeptKB        float64 // stored for a lookup, with its entries in the indexes
	ExportedKB    float64 // of it in the tables that are exported every night
}

// BirthdayIndex is the index of birthdays in Units.Read.
const BirthdayIndex = "teachers/byDateOfBirth"

// birthdays is how many birthdays a register's people are spread over: assumed, sixty years.
const birthdays = 60 * 365.25

// birthdayUnits returns the read units that everybody who shares a birthday takes, read once and eventually consistent,
// in a register of a number of teachers.
func (u Units) birthdayUnits(teachers int) float64 {
	return max(float64(teachers)/birthdays*u.PersonKB/8, 0.5)
}

// In returns the units of a lookup in a register of a number of teachers. Only what is read of a birthday depends on it,
// because every other key belongs to one person or a few.
func (u Units) In(teachers int) Units {
	read := map[string]float64{}
	for resource, units := range u.Read {
		read[resource] = units
	}
	read[BirthdayIndex] = u.BirthdayReads * u.birthdayUnits(teachers)
	u.ReadUnits += read[BirthdayIndex] - u.Read[BirthdayIndex]
	u.Read = read
	return u
}

// Dollars returns what the units of DynamoDB alone cost.
func (u Units) Dollars() float64 {
	return (u.ReadUnits*perMillionReadUnits + u.WriteUnits*perMillionWriteUnits) / 1e6
}

// Prices in US dollars for London, from memory in November 2026 and not checked against AWS's price list: look up the
// current ones.
const (
	perMillionGatewayRequests = 1.16
	perMillionInvocations     = 0.20
	perGBSecond               = 0.0000133334 // arm64
	perMillionReadUnits       = 0.15
	perMillionWriteUnits      = 0.75
	perGBOfTable              = 0.297 + 0.238 // storage, and point-in-time recovery
	perGBExported             = 0.119
	perMillionSQSRequests     = 0.50 // FIFO
	perKey                    = 1.00
	perMillionKeyRequests     = 3.00
	perAlarm                  = 0.10
	perMetric                 = 0.30
	perDashboard              = 3.00
	perGBOfLog                = 0.60
	perGBOfObjects            = 0.024
	perMillionEdgeRequests    = 1.20
	perGBOfEdge               = 0.085
	perACL                    = 5.00
	perRule                   = 1.00
	perMillionACLRequests     = 0.60
	perSecret                 = 0.40
	perMillionDataEvents      = 1.00
)

// Assumed, because only a real deployment can tell.
const (
	Assets          = 6                 // requests for styles, script, typeface and pictures of a first visit
	lookupGBSeconds = 0.020 * 0.5       // of a request
	unlockGBSeconds = 0.050 * 0.5       // of a match
	emailGBSeconds  = 0.300 * 0.25      // of an email, most of it waiting for GOV.UK Notify
	Emails          = 2                 // of a lookup, each with a receipt
	idlePolls       = 15 * 60 * 24 * 30 // receives of an idle queue a month: five pollers, 20 seconds each
	queues          = 2
	keyRequests     = 0.3 // millions a month: data keys are kept for minutes or an hour, whatever the load
	series          = 120 // figures with their dimensions, if each is written in every hour
	monthsKept      = 18
	nights          = 30
	visitMB         = 0.095 // of a first visit through the edge
	objectsGB       = 20
	rules           = 3
)

// Line is a part of the service: what a month costs without a lookup, and what each lookup adds.
type Line struct {
	Part             string
	Month, PerLookup float64
	Optional         bool
}

// Of returns what a month of so many lookups costs.
func (l Line) Of(lookups float64) float64 { return l.Month + l.PerLookup*lookups }

// Lines returns the parts of the service with a register of a number of teachers, the optional parts last.
func Lines(u Units, teachers int) []Line {
	u = u.In(teachers)
	requests := float64(u.Requests + Assets)
	const million, kbPerGB = 1e6, 1 << 20
	// What each lookup a month comes to in time, in GB.
	kept, exported := u.KeptKB/kbPerGB*monthsKept, u.ExportedKB/kbPerGB*monthsKept
	return []Line{
		{"API Gateway", 0, requests * perMillionGatewayRequests / million, false},
		{"Lambda", 0, (requests+1+2*Emails)*perMillionInvocations/million + (requests*lookupGBSeconds+unlockGBSeconds+Emails*emailGBSeconds)*perGBSecond, false},
		{"DynamoDB", u.RegisterGB(teachers) * perGBOfTable, u.Dollars() + kept*perGBOfTable, false},
		{"nightly exports", 0, exported * nights * perGBExported, false},
		{"SQS", queues * idlePolls * perMillionSQSRequests / million, float64(u.SQSRequests+2*(1+Emails)) * perMillionSQSRequests / million, false},
		{"the key", perKey + keyRequests*perMillionKeyRequests, 0, false},
		{"logs", 0, float64(u.LogBytes) / 1e9 * perGBOfLog, false},
		{"alarms, figures and dashboard", float64(u.Alarms)*perAlarm + series*perMetric + perDashboard, 0, false},
		{"S3", objectsGB * perGBOfObjects, 0, false},
		{"the edge, if there is one", perACL + rules*perRule + perSecret, requests*(perMillionEdgeRequests+perMillionACLRequests)/million + visitMB/1e3*perGBOfEdge, true},
		{"CloudTrail's data events, if on", 0, float64(u.DynamoDBRequests) * perMillionDataEvents / million, true},
	}
}

// RegisterGB returns the size of a register of a number of teachers, with its indexes.
func (u Units) RegisterGB(teachers int) float64 {
	const kbPerGB = 1 << 20
	return u.RecordKB * float64(teachers) / kbPerGB
}
