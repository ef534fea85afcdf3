package simulate

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/template"
)

// Limits of AWS and GOV.UK Notify, as known in November 2026: look up the current ones.
const (
	// notifyPerMinute and notifyPerDay are GOV.UK Notify's default limits of a live service.
	// https://www.notifications.service.gov.uk/using-notify/api-documentation
	notifyPerMinute, notifyPerDay = 3_000, 250_000
	// tableWrites is the initial write limit of an on-demand table.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
	tableWrites = 4_000
)

// Declared returns the limits that a template sets, with those of AWS and GOV.UK Notify.
func Declared(t *template.Template) (Service, error) {
	stack, err := local.Evaluate(t, map[string]string{"NotifyBaseUrl": "https://api.notifications.service.gov.uk"}, naming.Addresses{})
	if err != nil {
		return Service{}, err
	}
	functions, err := stack.Functions()
	if err != nil {
		return Service{}, err
	}
	s := Service{TableWrites: tableWrites, NotifyPerMinute: notifyPerMinute, NotifyPerDay: notifyPerDay}
	for _, f := range functions {
		for _, q := range f.Queues {
			switch f.ID {
			case "UnlockFunction":
				s.UnlockBatches, s.Batch = q.Concurrency, q.BatchSize
			case "NotifyFunction":
				s.EmailBatches = q.Concurrency
			}
		}
		if f.ID == "LookupFunction" {
			s.LookupConcurrency = f.Reserved
		}
	}
	gateway, _ := stack.Resource("Gateway")
	throttling, _ := gateway.Properties["DefaultRouteSettings"].(map[string]any)
	queue, _ := stack.Resource("EmailsQueue")
	redrive, _ := queue.Properties["RedrivePolicy"].(map[string]any)
	var seconds int
	for _, number := range []struct {
		into *int
		from any
	}{{&s.GatewayRate, throttling["ThrottlingRateLimit"]}, {&seconds, queue.Properties["VisibilityTimeout"]}, {&s.MostReceives, redrive["maxReceiveCount"]}} {
		if *number.into, err = strconv.Atoi(fmt.Sprint(number.from)); err != nil {
			return Service{}, fmt.Errorf("template.yaml: a limit that is simulated: %w", err)
		}
	}
	s.Visibility = time.Duration(seconds) * time.Second
	if s.UnlockBatches == 0 || s.EmailBatches == 0 || s.LookupConcurrency == 0 {
		return Service{}, fmt.Errorf("template.yaml: a concurrency that is simulated is not there: %+v", s)
	}
	return s, nil
}

// Morning returns a rush of a number of people. Requests and write units are those counted by a test of the README's
// costs; times are assumed.
func Morning(lookups int, over time.Duration) Rush {
	return Rush{Lookups: lookups, Over: over, Requests: 13, Reading: 15 * time.Second, Writes: 10, Emails: 2,
		Request: 30 * time.Millisecond, UnlockTime: 100 * time.Millisecond, EmailTime: 300 * time.Millisecond, Retry: 10 * time.Second, MaxRefusals: 5}
}

// Raised returns a service whose own limits and tables are raised for a rush. GOV.UK Notify's limits stay as they are.
func (s Service) Raised(r Rush) Service {
	most := 0.0
	for _, n := range arrivals(r) {
		most = max(most, n)
	}
	const spare = 1.25
	s.GatewayRate = int(most * float64(r.Requests) * spare)
	s.LookupConcurrency = max(s.LookupConcurrency, int(float64(s.GatewayRate)*r.Request.Seconds()*spare))
	s.TableWrites = max(s.TableWrites, int(most*r.Writes*spare))
	return s
}

// NotifyNeeds returns the limits a minute and a day that GOV.UK Notify needs so that no email waits for it.
func NotifyNeeds(r Rush) (perMinute, perDay int) {
	most := 0.0
	for _, n := range arrivals(r) {
		most = max(most, n)
	}
	return int(most * r.Emails * 60 * 1.25), int(float64(r.Lookups) * r.Emails * 1.25)
}

// String returns the result in words, the bad news first.
func (r Result) String() string {
	var b strings.Builder
	line := func(format string, a ...any) { fmt.Fprintf(&b, "  "+format+"\n", a...) }
	share := func(n float64) float64 { return 100 * n / max(r.Begun, 1) }
	line("gave up after being refused: %.0f people (%.1f %%); refused: %.0f requests by the gateway, %.0f by the function's concurrency, %.0f by the busiest table",
		r.GaveUp, share(r.GaveUp), r.ByGateway, r.ByFunction, r.ByTable)
	line("answered: %.0f (%.1f %%), delayed by refusals: half of them %s, 99 of 100 within %s", r.Answered, share(r.Answered), r.Waited.Half, r.Waited.Most)
	line("from the answer to the email: half within %s, 99 of 100 within %s; the last email after %s; at most %.0f wait", r.Email.Half, r.Email.Most,
		r.LastEmail, r.MostEmails)
	line("from the answer to the unlock: half within %s, 99 of 100 within %s; at most %.0f wait", r.Unlock.Half, r.Unlock.Most, r.MostMatches)
	if r.SetAside {
		line("emails are set aside among the dead letters: some are received %.0f times", r.WorstReceives)
	} else {
		line("no email is set aside: none is received more than %.0f times", r.WorstReceives)
	}
	if r.First == "" {
		line("no limit is hit")
	} else {
		line("hit first: %s, after %s", r.First, r.FirstAt)
	}
	return b.String()
}
