package exportgen

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"losttrn/internal/lookup"
	"losttrn/internal/report/dataset"
	"losttrn/internal/unlocking"
)

// Service describes the amount of data in the service whose tables are exported.
type Service struct {
	Seed   uint64
	Items  int // in all three tables: seven in ten are lookups, one in a hundred a helpdesk request, the rest addresses
	Days   int // how long ago the first lookup was; 0 is 60
	Files  int // data files of each table; 0 is 4
	At     time.Time
	Prefix string
}

// Write writes an export of each table below a folder. The same Service gives the same bytes.
func (s Service) Write(bucket string) error {
	if s.Days == 0 {
		s.Days = 60
	}
	lookups, requests := s.Items*7/10, s.Items/100
	for _, table := range []struct {
		name  dataset.Table
		items iter.Seq[[]byte]
	}{
		{dataset.Lookups, s.items(1, lookups, s.lookup)},
		{dataset.HelpdeskRequests, s.items(2, requests, s.request)},
		{dataset.Emails, s.items(3, s.Items-lookups-requests, s.email)},
	} {
		e := Export{Table: table.name, At: s.At, Files: s.Files, Prefix: s.Prefix}
		if err := e.Write(bucket, table.items); err != nil {
			return fmt.Errorf("write the export of %s: %w", table.name, err)
		}
	}
	return nil
}

func (s Service) items(stream uint64, count int, make func(*rand.Rand, int) Item) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		random := rand.New(rand.NewPCG(s.Seed, stream))
		for i := range count {
			if !yield(make(random, i).typed()) {
				return
			}
		}
	}
}

// moment returns a time of the last days, to the millisecond.
func (s Service) moment(random *rand.Rand) time.Time {
	return s.At.Add(-time.Duration(random.Int64N(int64(s.Days) * 24 * int64(time.Hour)))).Truncate(time.Millisecond)
}

func id(random *rand.Rand) string {
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", random.Uint32(), random.Uint32N(1<<16), random.Uint32N(1<<12),
		random.Uint32N(1<<12), random.Uint64N(1<<48))
}

func trn(random *rand.Rand) string { return fmt.Sprintf("%07d", random.IntN(10_000_000)) }

func address(n int) string {
	local := "person"
	if n%50 == 0 {
		local = []string{"office", "headteacher", "admin", "head.teacher"}[n/50%4]
		return fmt.Sprintf("%s@school-%d.example.com", local, n)
	}
	return fmt.Sprintf("%s.%d@example.com", local, n)
}

func (s Service) lookup(random *rand.Rand, n int) Item {
	received := s.moment(random)
	item := Item{"lookupId": id(random), "receivedAt": received, "expiresAt": int(received.AddDate(0, 18, 0).Unix())}
	switch outcome := random.IntN(100); {
	case outcome < 12:
		item["outcome"] = "no_match"
		return item
	case outcome < 15:
		item["outcome"] = "helpdesk"
		return item
	}
	item["outcome"], item["trn"], item["email"], item["emailKey"] = "trn_sent", trn(random), address(n), address(n)
	item["reference"], item["name"] = lookup.Reference(item["lookupId"].(string)), fmt.Sprintf("Sam Sample-%d", n)
	item["evidence"] = []string{"name", "date_of_birth", "national_insurance_number"}
	item["decidedAt"], item["trnEmailedAt"] = received.Add(2*time.Second), received.Add(3*time.Second)
	switch outcome := random.IntN(100); {
	case outcome < 40:
		item["unlockOutcome"], item["unlockEmailedAt"] = "unlocked", received.Add(4*time.Second)
	case outcome < 90:
		item["unlockOutcome"] = "not_locked"
	case outcome < 94:
		item["unlockOutcome"], item["unlockReasons"] = "refused", []string{"open_alert"}
	case outcome < 98:
		item["unlockOutcome"], item["unlockReasons"] = "refused", []string{"email_used_for_another_trn"}
	case outcome < 99: // each of all the reasons, now and then
		all := unlocking.Reasons()
		item["unlockOutcome"], item["unlockReasons"] = "refused", []string{string(all[random.IntN(len(all))])}
	default:
		item["unlockOutcome"], item["unlockReasons"] = "refused", []string{"open_alert", "email_used_for_another_trn"}
	}
	return item
}

func (s Service) email(random *rand.Rand, n int) Item {
	first := s.moment(random)
	last, count := first, 1
	if random.IntN(100) == 0 {
		for count = 2; count < 60 && random.IntN(3) > 0; count++ {
		}
	}
	trns := Item{}
	firstTRN := ""
	for len(trns) < count {
		found := trn(random)
		if firstTRN == "" {
			firstTRN = found
		} else if last = last.Add(time.Hour); last.After(s.At) {
			last = s.At
		}
		trns[found] = last
	}
	return Item{"email": address(n), "asTyped": address(n), "firstTrn": firstTRN, "firstUsedAt": first, "firstLookupId": id(random),
		"lastUsedAt": last, "trns": trns}
}

func (s Service) request(random *rand.Rand, n int) Item {
	requested := s.moment(random)
	item := Item{"lookupId": id(random), "requestedAt": requested, "why": "no_match", "expiresAt": int(requested.AddDate(0, 0, 90).Unix()),
		"details": Item{"email": address(n), "firstName": "Sam", "lastName": fmt.Sprintf("Sample-%d", n), "dateOfBirth": "1980-02-29",
			"nationalInsuranceNumber": fmt.Sprintf("QQ%06dC", n%1_000_000), "trainingProvider": "Example University"}}
	if n%3 == 0 {
		item["why"], item["candidateTrns"] = "several", []string{trn(random), trn(random)}
	}
	return item
}
