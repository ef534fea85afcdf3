// Package costs computes what a month of the service costs, from units that a test counts and from prices.
package costs

// Units are the units that one lookup by the form uses. They are counted, unless a comment says that they are assumed.
type Units struct {
	Requests              int     // to the gateway
	SQSRequests           int     // of the functions' code
	ReadUnits, WriteUnits float64 // of DynamoDB
	DynamoDBRequests      int
	LogBytes              int64
	Alarms                int // metrics that alarms watch, of the template
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
	assets          = 6                 // requests for styles, script and pictures of a first visit
	lookupGBSeconds = 0.020 * 0.5       // of a request
	unlockGBSeconds = 0.050 * 0.5       // of a match
	emailGBSeconds  = 0.300 * 0.25      // of an email, most of it waiting for GOV.UK Notify
	emails          = 2                 // of a lookup, each with a receipt
	idlePolls       = 15 * 60 * 24 * 30 // receives of an idle queue a month: five pollers, 20 seconds each
	queues          = 2
	keyRequests     = 0.3 // millions a month: data keys are kept for minutes or an hour, whatever the load
	series          = 120 // figures with their dimensions, if each is written in every hour
	registerGB      = 3   // of a million records with their indexes
	lookupKB        = 0.6 // kept of a lookup, in three tables
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
}

// Of returns what a month of so many lookups costs.
func (l Line) Of(lookups float64) float64 { return l.Month + l.PerLookup*lookups }

// Lines returns the parts of the service, the optional ones last.
func Lines(u Units) []Line {
	requests := float64(u.Requests + assets)
	const million = 1e6
	const kept = lookupKB / 1e6 * monthsKept // GB that each lookup a month comes to in time
	return []Line{
		{"API Gateway", 0, requests * perMillionGatewayRequests / million},
		{"Lambda", 0, (requests+1+2*emails)*perMillionInvocations/million + (requests*lookupGBSeconds+unlockGBSeconds+emails*emailGBSeconds)*perGBSecond},
		{"DynamoDB", registerGB * perGBOfTable, u.Dollars() + kept*perGBOfTable},
		{"nightly exports", 0, kept * nights * perGBExported},
		{"SQS", queues * idlePolls * perMillionSQSRequests / million, float64(u.SQSRequests+2*(1+emails)) * perMillionSQSRequests / million},
		{"the key", perKey + keyRequests*perMillionKeyRequests, 0},
		{"logs", 0, float64(u.LogBytes) / 1e9 * perGBOfLog},
		{"alarms, figures and dashboard", float64(u.Alarms)*perAlarm + series*perMetric + perDashboard, 0},
		{"S3", objectsGB * perGBOfObjects, 0},
		{"the edge, if there is one", perACL + rules*perRule + perSecret, requests*(perMillionEdgeRequests+perMillionACLRequests)/million + visitMB/1e3*perGBOfEdge},
		{"CloudTrail's data events, if on", 0, float64(u.DynamoDBRequests) * perMillionDataEvents / million},
	}
}
