package simulate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/costs"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/template"
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
	s := Service{TableWrites: costs.NewTableWrites, NotifyPerMinute: costs.NotifyAMinute, NotifyPerDay: costs.NotifyADay}
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

// Morning returns a rush of a number of people. Pages and write units are those counted by a test of the README's costs;
// what a first page needs besides, and times, are assumed.
func Morning(lookups int, over time.Duration) Rush {
	return Rush{Lookups: lookups, Over: over, Requests: 13, Assets: costs.Assets, Reading: 15 * time.Second, Writes: 10, Emails: costs.Emails,
		Request: costs.RequestTime, UnlockTime: costs.UnlockTime, EmailTime: costs.EmailTime, Retry: 10 * time.Second, MaxRefusals: 5}
}

// spare is by how much more than its greatest need a limit is raised.
const spare = 1.25

// Raised returns a service whose own limits and tables are raised for a rush. Those of the queues' functions and of
// GOV.UK Notify stay as they are.
func (s Service) Raised(r Rush) Service {
	most := slices.Max(arrivals(r))
	s.GatewayRate = int(most * float64(r.Requests+r.Assets) * spare)
	s.LookupConcurrency = max(s.LookupConcurrency, int(float64(s.GatewayRate)/costs.CallsASecond(r.Request)*spare))
	s.TableWrites = max(s.TableWrites, int(most*r.Writes*spare))
	return s
}

// WithNotify returns a service for which GOV.UK Notify's limits are raised so that no email waits for them.
func (s Service) WithNotify(r Rush) Service {
	s.NotifyPerMinute, s.NotifyPerDay = int(slices.Max(arrivals(r))*r.Emails*60*spare), int(float64(r.Lookups)*r.Emails*spare)
	return s
}

// WithQueues returns a service whose functions behind the queues are raised so that no message waits for them.
func (s Service) WithQueues(r Rush) Service {
	most := slices.Max(arrivals(r)) * spare / float64(s.Batch)
	s.UnlockBatches = max(s.UnlockBatches, int(math.Ceil(most/costs.CallsASecond(r.UnlockTime))))
	s.EmailBatches = max(s.EmailBatches, int(math.Ceil(most*r.Emails/costs.CallsASecond(r.EmailTime))))
	return s
}

// Scenario is a service in a rush, with a name.
type Scenario struct {
	Name string
	Service
}

// Scenarios returns a service as it is, and with one limit after the other raised for a rush.
func (s Service) Scenarios(r Rush) []Scenario {
	raised := s.Raised(r)
	notify := raised.WithNotify(r)
	return []Scenario{{"As template.yaml is", s}, {"With RequestsPerSecond, LookupConcurrency, AWS's quotas and the tables' warm throughput raised for it", raised},
		{"And with what GOV.UK Notify takes raised", notify}, {"And with the MaximumConcurrency of unlock and notify raised", notify.WithQueues(r)}}
}

// String returns the result in words, the bad news first.
func (r Result) String() string {
	var b strings.Builder
	line := func(format string, a ...any) { fmt.Fprintf(&b, "  "+format+"\n", a...) }
	share := func(n float64) float64 { return 100 * n / max(r.Begun, 1) }
	line("gave up after being refused: %.0f people (%.1f %%); refused: %.0f requests by the gateway, %.0f by the function's concurrency, %.0f by the busiest table",
		r.GaveUp, share(r.GaveUp), r.ByGateway, r.ByFunction, r.ByTable)
	line("answered: %.0f (%.1f %%), delayed by refusals: %s", r.Answered, share(r.Answered), r.Waited)
	line("from the answer to the email: %s; the last email after %s; at most %.0f wait", r.Email, r.LastEmail, r.MostEmails)
	line("from the answer to the unlock: %s; at most %.0f wait", r.Unlock, r.MostMatches)
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

// String returns the distribution in words.
func (s Spread) String() string {
	return fmt.Sprintf("half within %s, 9 of 10 within %s, 99 of 100 within %s", s.Half, s.Nine, s.Most)
}
