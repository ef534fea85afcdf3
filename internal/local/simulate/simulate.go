// Package simulate simulates a rush on the service: what people see, what waits, and which limit is reached first. It
// counts people and messages by the second, as flows, in virtual time, without calling the service.
package simulate

import (
	"time"

	"losttrn/internal/local/costs"
)

// Service holds the limits of a deployment: those of the template, and AWS's and GOV.UK Notify's for its account.
type Service struct {
	GatewayRate       int // requests a second, and at once
	LookupConcurrency int
	UnlockBatches     int // handled side by side
	EmailBatches      int
	Batch             int // messages of one
	Visibility        time.Duration
	MostReceives      int // attempts at a message before it is set aside

	TableWrites     int // units a second that the busiest table takes from the start
	NotifyPerMinute int
	NotifyPerDay    int
}

// Rush describes the people who come, and the resources that each of them uses.
type Rush struct {
	Lookups     int
	Over        time.Duration
	Requests    int           // of one person's way through the form
	Assets      int           // further requests of the first page, for styles, script and pictures
	Reading     time.Duration // between two of them
	Writes      float64       // units of the busiest table that one lookup takes
	Request     time.Duration // the function's time for one request
	UnlockTime  time.Duration // of a batch, its messages side by side
	EmailTime   time.Duration // of a batch
	Emails      float64       // of one lookup
	Retry       time.Duration // until a person tries again what was refused
	MaxRefusals int           // refusals in a row until a person gives up
}

// Result is the outcome of a rush.
type Result struct {
	Begun, Answered, GaveUp float64
	ByGateway, ByFunction   float64 // refusals
	ByTable                 float64
	Waited                  Spread // of those who were answered, by being refused
	Unlock, Email           Spread // from the answer to the decision, and to the email
	LastEmail               time.Duration
	MostMatches, MostEmails float64 // waiting at one moment
	WorstReceives           float64 // of an email
	SetAside                bool    // some email is among the dead letters
	First                   string  // the limit that is hit first
	FirstAt                 time.Duration
}

// Spread is a distribution: a half, nine of ten and 99 of 100 are within.
type Spread struct{ Half, Nine, Most time.Duration }

// doubling is how long a table on demand takes at the most to be ready for twice its highest traffic so far.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
const doubling = 30 * 60

// moreFunctions is how many more functions Lambda starts in a second: a thousand in ten.
// https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
const moreFunctions = 100

// state is how many people are about to make a request: by how many requests they have behind them, by refusals of this one
// and by refusals in all.
type state [][][]float64

// Run simulates a rush until the last email is sent.
func Run(s Service, r Rush) Result {
	var out Result
	hit := func(limit string, second int) {
		if out.First == "" {
			out.First, out.FirstAt = limit, time.Duration(second)*time.Second
		}
	}
	answered := people(s, r, &out, hit)
	unlock := queue{perSecond: float64(s.UnlockBatches*s.Batch) * costs.CallsASecond(r.UnlockTime)}
	decided := unlock.run(answered, 1, nil)
	out.Unlock, out.MostMatches = unlock.spread(answered, decided, 1), unlock.most
	if unlock.most > 2*unlock.perSecond {
		hit("unlock's concurrency", unlock.when)
	}
	email := queue{perSecond: float64(s.EmailBatches*s.Batch) * costs.CallsASecond(r.EmailTime)}
	notify := &allowance{perMinute: float64(s.NotifyPerMinute), perDay: float64(s.NotifyPerDay)}
	sent := email.run(decided, r.Emails, notify)
	out.Email, out.MostEmails = email.spread(decided, sent, r.Emails), email.most
	out.LastEmail = time.Duration(len(sent)) * time.Second
	if notify.hit > 0 {
		hit(notify.what, notify.hit)
	} else if email.most > 2*email.perSecond {
		hit("notify's concurrency", email.when)
	}
	out.WorstReceives = email.receives(s.Visibility)
	out.SetAside = out.WorstReceives >= float64(s.MostReceives)
	return out
}

// people simulates the way through the form, with refusals by limits, and returns how many people are answered in each
// second.
func people(s Service, r Rush, out *Result, hit func(string, int)) (answered []float64) {
	retry, reading := int(r.Retry.Seconds()), int(r.Reading.Seconds())
	most := r.Requests * r.MaxRefusals
	ring := make([]state, max(retry, reading)*2+1)
	for i := range ring {
		ring[i] = newState(r.Requests, r.MaxRefusals, most)
	}
	arrivals := arrivals(r)
	waited := make([]float64, most+1)
	peak, capacity, since, running := 0.0, float64(s.TableWrites), 0, 0.0
	left := float64(r.Lookups)
	for second := 0; left > 0.5; second++ {
		now := ring[second%len(ring)]
		if second < len(arrivals) {
			now[0][0][0] += arrivals[second]
			out.Begun += arrivals[second]
		}
		pages, first := now.sum()
		due := pages + first*float64(r.Assets)
		passed := min(due, float64(s.GatewayRate))
		if due > passed+0.5 {
			out.ByGateway += due - passed
			hit("the gateway's rate", second)
		}
		functions := min(float64(s.LookupConcurrency), running+moreFunctions)
		if handled := functions * costs.CallsASecond(r.Request); passed > handled {
			out.ByFunction += passed - handled
			passed = handled
			hit("lookup's concurrency", second)
		}
		running = max(running, passed/costs.CallsASecond(r.Request))
		// The writes of a lookup are spread over its pages.
		if writes := passed / max(due, 1) * pages * r.Writes / float64(r.Requests); writes > capacity {
			out.ByTable += passed * (1 - capacity/writes)
			passed *= capacity / writes
			hit("the busiest table's write units", second)
			peak = max(peak, capacity)
		} else {
			peak = max(peak, writes)
		}
		if since++; since == doubling {
			capacity, since = max(capacity, 2*peak), 0
		}
		share := 1.0
		if due > 0 {
			share = passed / due
		}
		finished := 0.0
		for step := range now {
			for refused := range now[step] {
				for all, n := range now[step][refused] {
					if n == 0 {
						continue
					}
					now[step][refused][all] = 0
					if step+1 == r.Requests {
						finished += n * share
						waited[all] += n * share
					} else {
						ring[(second+reading)%len(ring)][step+1][0][all] += n * share
					}
					if n *= 1 - share; refused+1 == r.MaxRefusals {
						out.GaveUp += n
						left -= n
					} else if n > 0 {
						// Not all try again in the same second.
						for spread := range 5 {
							ring[(second+retry-2+spread)%len(ring)][step][refused+1][all+1] += n / 5
						}
					}
				}
			}
		}
		left -= finished
		out.Answered += finished
		answered = append(answered, finished)
	}
	out.Waited = Spread{quantile(waited, 0.5, r.Retry), quantile(waited, 0.9, r.Retry), quantile(waited, 0.99, r.Retry)}
	return answered
}

// arrivals returns who begins in each second: more and more until a sixth of the time has passed, then fewer and fewer.
func arrivals(r Rush) []float64 {
	n := int(r.Over.Seconds())
	each, sum := make([]float64, n), 0.0
	for i := range each {
		if top := n / 6; i < top {
			each[i] = float64(i+1) / float64(top)
		} else {
			each[i] = float64(n-i) / float64(n-top)
		}
		sum += each[i]
	}
	for i := range each {
		each[i] *= float64(r.Lookups) / sum
	}
	return each
}

func newState(requests, maxRefusals, most int) state {
	s := make(state, requests)
	for i := range s {
		s[i] = make([][]float64, maxRefusals)
		for j := range s[i] {
			s[i][j] = make([]float64, most+1)
		}
	}
	return s
}

// sum returns how many pages are asked for, and how many of them are first ones.
func (s state) sum() (pages, first float64) {
	for step := range s {
		for _, refused := range s[step] {
			for _, people := range refused {
				pages += people
				if step == 0 {
					first += people
				}
			}
		}
	}
	return pages, first
}

// quantile returns the time within which a share is, of counts by how many times one unit.
func quantile(counts []float64, share float64, unit time.Duration) time.Duration {
	all := 0.0
	for _, n := range counts {
		all += n
	}
	sum := 0.0
	for i, n := range counts {
		if sum += n; sum >= share*all {
			return time.Duration(i) * unit
		}
	}
	return time.Duration(len(counts)) * unit
}
