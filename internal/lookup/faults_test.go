package lookup_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/fault"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
)

// attempt is one way to use the service, from a fixture in which it was not used before.
type attempt struct {
	name    string
	details lookup.Details
	// begin prepares a new attempt and gives the call to repeat, and a function for the lookup's id afterwards.
	begin func(w *fixture) (call func(context.Context) error, id func() string)
	want  lookup.Outcome
}

func lookUp(d lookup.Details, want lookup.Outcome) func(w *fixture) (func(context.Context) error, func() string) {
	return func(w *fixture) (func(context.Context) error, func() string) {
		r := w.request(d)
		id := ""
		return func(ctx context.Context) error {
			a, err := w.service.Lookup(ctx, r)
			if err == nil && a.Outcome != want {
				w.t.Errorf("outcome %s, want %s", a.Outcome, want)
			}
			if id != "" && a.LookupID != id {
				w.t.Errorf("the repeat is lookup %s, not %s", a.LookupID, id)
			}
			id = a.LookupID
			return err
		}, func() string { return id }
	}
}

// undecided is the attempt that repeats a recorded match of which nothing is decided.
const undecided = "found and undecided"

var attempts = []attempt{
	{"found", ann(), lookUp(ann(), lookup.TRNSent), lookup.TRNSent},
	{undecided, ann(), func(w *fixture) (func(context.Context) error, func() string) {
		call, id := lookUp(ann(), lookup.TRNSent)(w)
		if err := call(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		match, err := message.ParseMatch(w.drain("matches")[0])
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.journal.RecordMatch(w.t.Context(), match); err != nil {
			w.t.Fatal(err)
		}
		w.line.reset(nil)
		return call, id
	}, lookup.TRNSent},
	{"no match", nobody(), lookUp(nobody(), lookup.NoMatch), lookup.NoMatch},
	{"several", bob(), lookUp(bob(), lookup.Helpdesk), lookup.Helpdesk},
	{"helpdesk request", nobody(), func(w *fixture) (func(context.Context) error, func() string) {
		r := w.request(nobody())
		id := w.lookup(r).LookupID
		w.line.reset(nil)
		return func(ctx context.Context) error { return w.service.RequestHelp(ctx, id, r) }, func() string { return id }
	}, lookup.NoMatch},
}

// TestEveryFaultAtEveryCall makes each AWS call fail in each way. Then there is an error, and either nothing was
// done or all but the acknowledgement of a helpdesk request; and the same request made again ends in the state of
// one clean run.
func TestEveryFaultAtEveryCall(t *testing.T) {
	all := make([]*fixture, 4) // side by side, because a call that hangs is waited for
	for i := range all {
		all[i] = newFixture(t, plenty)
		all[i].people()
	}
	var parts []localtest.Part[*fixture]
	for _, test := range attempts {
		first := all[0]
		first.line.reset(nil)
		call, id := test.begin(first)
		if err := call(t.Context()); err != nil {
			t.Fatalf("%s: a clean run: %v", test.name, err)
		}
		calls := first.line.calls()
		clean := first.state(id())
		untouched := state{}
		if test.name == "helpdesk request" || test.name == undecided {
			untouched.lookup = clean.lookup
		}
		// The two emails of a request are sent side by side: one of them may be missing, or both.
		partly := []state{untouched, clean}
		for _, emails := range append(strings.Split(clean.emails, "\n"), "") {
			some := clean
			some.emails = emails
			partly = append(partly, some)
		}

		seen := map[string]int{}
		for _, label := range calls {
			n := seen[label]
			seen[label]++
			for _, mode := range faults.Modes {
				name := fmt.Sprintf("%s/%s %d/%s", test.name, label, n, mode)
				parts = append(parts, localtest.Part[*fixture]{Name: name, Test: func(t *testing.T, w *fixture) {
					w.begin(t, name)
					call, id := test.begin(w)
					w.line.fail(label, n, mode)
					limit := 10 * time.Second
					if mode == faults.Hang {
						limit = 120 * time.Millisecond
					}
					err := tryFor(w, limit, call)
					if err == nil {
						t.Fatal("the failure was swallowed")
					}
					if code := fault.Code(err); code != "unavailable" && code != "throttled" {
						t.Errorf("the failure is %s: %v", code, err)
					}
					after := w.state(id())
					if !slices.Contains(partly, after) {
						t.Errorf("half done:\n%+v\na clean run:\n%+v", after, clean)
					}
					w.line.reset(nil)
					for range 2 { // and once more
						if err := call(t.Context()); err != nil {
							t.Fatalf("the repeat: %v", err)
						}
					}
					// Taking the state emptied the queues, but a message that was sent is not sent twice.
					if got := w.state(id()).merge(after); got != clean {
						t.Errorf("after the fault:\n%+v\na clean run:\n%+v", got, clean)
					}
				}})
			}
		}
	}
	localtest.SideBySide(t, all, parts)
	var logs strings.Builder
	for _, w := range all {
		logs.WriteString(w.log.String())
	}
	log := logs.String()
	for _, personal := range []string{"anary", "Example", "example.com", "QQ", "1980-01-31", "1000001", "203.0.113.9"} {
		if strings.Contains(log, personal) {
			t.Errorf("the log holds %q", personal)
		}
	}
	if !strings.Contains(log, `"outcome":"trn_sent"`) {
		t.Error("the log says nothing of lookups")
	}
}

// TestTwoRoundTrips: everything that is read is read side by side, and then one write is made.
func TestTwoRoundTrips(t *testing.T) {
	w := newFixture(t, plenty)
	w.people()
	reads := []string{"GetItem lookups", "Query teachers/index/byDateOfBirth", "Query teachers/index/byEmail",
		"Query teachers/index/byNationalInsuranceNumber", "UpdateItem limits", "UpdateItem limits", "BatchGetItem limits"}
	// Beside the date of birth a name has two entries, beside a provider one; of the rest one each. The date is a shelf; with
	// a provider so are the beginning of each word of the name, and those of both together.
	remembered := slices.Repeat([]string{"UpdateItem limits"}, 4+1)
	all := ann()
	all.TRN = "1000001"
	// Cara had another name, Dora has another provider, Ella both. With a NINO they are found whatever was tried beside
	// those; without it what was tried beside them, if anything was, is read before the number is sent.
	for trn, change := range map[string]func(attribute.Item){
		"1000005": func(i attribute.Item) {
			i["firstName"], i["previousNames"] = attribute.String("Cara"), attribute.MapList(attribute.Item{"firstName": attribute.String("Cara"), "lastName": attribute.String("Other")})
			i["trainingProviders"] = attribute.MapList(attribute.Item{"name": attribute.String("University of Nowhere")})
		},
		"1000006": func(i attribute.Item) {
			i["firstName"] = attribute.String("Dora")
		},
		"1000007": func(i attribute.Item) {
			i["firstName"], i["previousNames"] = attribute.String("Ella"), attribute.MapList(attribute.Item{"firstName": attribute.String("Ella"), "lastName": attribute.String("Other")})
			i["nationalInsuranceNumber"], i["ninoKey"] = attribute.String("QQ777777C"), attribute.String("QQ777777")
		},
	} {
		w.teacher(trn, func(i attribute.Item) {
			withoutNINO(i)
			delete(i, "email")
			delete(i, "emailKey")
			i["dateOfBirth"] = attribute.String("1971-06-06")
			i["trainingProviders"] = attribute.MapList(attribute.Item{"ukprn": attribute.String("10007799"), "name": attribute.String("University of Nowhere")},
				attribute.Item{"name": attribute.String("Another College")})
			change(i)
		})
	}
	named := func(first string) lookup.Details {
		d := good()
		d.Email, d.FirstName, d.DateOfBirth = "asker@example.com", first, lookup.TypedDate{Day: "6", Month: "6", Year: "1971"}
		d.TrainingProvider = "University of Nowhere"
		return d
	}
	cara, dora, ella := named("Cara"), named("Dora"), named("Ella")
	ellaByNINO := ella
	ellaByNINO.NINO = "QQ777777C"
	other := cara
	other.LastName, other.DateOfBirth = "Other", lookup.TypedDate{Day: "7", Month: "6", Year: "1971"}
	withoutNINO := slices.DeleteFunc(slices.Clone(reads), func(s string) bool { return s == "Query teachers/index/byNationalInsuranceNumber" })
	// Without a NINO, a TRN and a provider the date of birth can decide nothing.
	byEmail := slices.DeleteFunc(slices.Clone(reads), func(s string) bool {
		return s == "Query teachers/index/byNationalInsuranceNumber" || s == "Query teachers/index/byDateOfBirth"
	})
	for name, test := range map[string]struct {
		details lookup.Details
		keyless bool
		reads   []string
		writes  []string
		units   float64         // read and written, both
		tried   *lookup.Details // before, without being found
	}{
		// A read of an index costs half a unit, a consistent read of a missing item one, a count, an entry or a shelf one;
		// the write of a lookup or a request one more for its index.
		"found":             {ann(), false, reads, []string{"SendMessage matches"}, 3*0.5 + 1 + 2 + 6 + 4, nil},
		"found with a TRN":  {all, false, append([]string{"GetItem teachers"}, reads...), []string{"SendMessage matches"}, 3*0.5 + 0.5 + 1 + 2 + 7 + 4, nil},
		"found without key": {ann(), true, reads[1:], []string{"SendMessage matches"}, 3*0.5 + 2 + 6 + 4, nil},
		"no match":          {nobody(), false, reads, append(slices.Clone(remembered), "PutItem lookups"), 3*0.5 + 1 + 2 + 2 + 2*(4+1), nil},
		"found by a NINO, with other names and providers": {ellaByNINO, false, reads, []string{"SendMessage matches"}, 3*0.5 + 1 + 2 + 6 + 4, nil},
		"found with another name":                         {cara, false, withoutNINO, []string{"SendMessage matches"}, 2*0.5 + 1 + 2 + 5 + 4, nil},
		"found with another provider":                     {dora, false, withoutNINO, []string{"SendMessage matches"}, 2*0.5 + 1 + 2 + 5 + 4, nil},
		// Her other last name with the provider.
		"found though her other name was tried": {cara, false, withoutNINO, []string{"BatchGetItem limits", "SendMessage matches"}, 2*0.5 + 1 + 2 + 5 + 4 + 1, &other},
		// Her other last name with the other provider, of which no shelf tells.
		"found with both": {ella, false, withoutNINO, []string{"BatchGetItem limits", "SendMessage matches"}, 2*0.5 + 1 + 2 + 5 + 4 + 1, nil},
		"several": {bob(), false, byEmail, []string{"TransactWriteItems", "SendMessage emails", "SendMessage emails"},
			0.5 + 1 + 2 + 2*2 + 2 + 3 + 1, nil},
	} {
		w.run(name, func(t *testing.T) {
			if test.tried != nil {
				if got := w.lookup(w.request(*test.tried)).Outcome; got != lookup.NoMatch {
					t.Fatalf("a try is %s", got)
				}
			}
			r := w.request(test.details)
			if test.keyless {
				r.IdempotencyKey = ""
			}
			w.line.reset(barrier(t, len(test.reads)))
			w.line.metered = true
			w.lookup(r)
			started, finished := w.line.started, w.line.finished
			if got := len(started); got != len(test.reads)+len(test.writes) {
				t.Fatalf("%d calls: %v", got, started)
			}
			stage := slices.Sorted(slices.Values(started[:len(test.reads)]))
			if want := slices.Sorted(slices.Values(test.reads)); !slices.Equal(stage, want) {
				t.Errorf("the parallel stage is %v, want %v", stage, want)
			}
			// What is remembered is written before the lookup; a transaction is written before its message is sent.
			got, done := slices.Clone(started[len(test.reads):]), slices.Clone(finished[len(test.reads):])
			if !slices.Equal(got, test.writes) || !slices.Equal(done, test.writes) {
				t.Errorf("then %v, want %v", got, test.writes)
			}
			total := 0.0
			for _, units := range w.line.units {
				total += units
			}
			if total != test.units {
				t.Errorf("%g capacity units, want %g: %v", total, test.units, w.line.units)
			}
		})
	}
}

// TestWhatIsRecordedIsRemembered: a recorded lookup is answered from its record when it is repeated. If it were recorded before
// its values are stored, whoever guesses would be told "no" by a repeat, and the value would not count.
func TestWhatIsRecordedIsRemembered(t *testing.T) {
	w := newFixture(t, plenty)
	w.people()
	for entry := range 4 + 1 {
		w.run(fmt.Sprint(entry), func(t *testing.T) {
			r := w.request(nobody())
			w.line.wire("UpdateItem limits").Reset(func(call int, _ string) faults.Mode {
				if call == 2+entry { // after the two counts
					return faults.Failed
				}
				return ""
			}, nil)
			a, err := w.service.Lookup(t.Context(), r)
			if !errors.Is(err, lookup.ErrNotRemembered) {
				t.Errorf("not remembered: %v", err)
			}
			if item := w.item("lookups", a.LookupID); len(item) > 0 {
				t.Errorf("recorded: %v", item)
			}
		})
	}
}

// TestPeekRemembersOnlyWhatFoundNothing: the form's early look reads side by side, counts against the limits, and writes
// nothing else but what it tried if that found nothing.
func TestPeekRemembersOnlyWhatFoundNothing(t *testing.T) {
	w := newFixture(t, plenty)
	w.people()
	for name, test := range map[string]struct {
		details lookup.Details
		want    bool
		entries int
	}{"found": {ann(), true, 0}, "several": {bob(), false, 0}, "nobody": {nobody(), false, 4 + 1}} {
		w.run(name, func(t *testing.T) {
			got, err := w.service.Peek(t.Context(), "203.0.113.9", w.query(test.details))
			if err != nil || got != test.want {
				t.Errorf("%t, %v", got, err)
			}
			counts := 0
			for _, label := range w.line.calls() {
				switch {
				case label == "UpdateItem limits":
					counts++
				case !strings.HasPrefix(label, "Query ") && label != "BatchGetItem limits":
					t.Errorf("a peek calls %s", label)
				}
			}
			if counts != 2+test.entries {
				t.Errorf("%d writes to the limits, want two counts and %d entries and shelves", counts, test.entries)
			}
		})
	}
	if got := len(w.drain("matches")) + len(w.drain("emails")); got > 0 {
		t.Errorf("%d messages", got)
	}
	for _, mode := range faults.Modes {
		w.run(string(mode), func(t *testing.T) {
			w.line.fail("Query teachers/index/byDateOfBirth", 0, mode)
			err := tryFor(w, 120*time.Millisecond, func(ctx context.Context) error {
				_, err := w.service.Peek(ctx, "203.0.113.9", w.query(ann()))
				return err
			})
			if err == nil || errors.Is(err, lookup.ErrNotRemembered) {
				t.Errorf("a failed read: %v", err)
			}
		})
		w.run("unremembered, "+string(mode), func(t *testing.T) {
			w.line.wire("UpdateItem limits").Reset(func(call int, _ string) faults.Mode {
				if call < 2 { // the two counts
					return ""
				}
				return mode
			}, nil)
			err := tryFor(w, 2*time.Second, func(ctx context.Context) error {
				_, err := w.service.Peek(ctx, "203.0.113.9", w.query(nobody()))
				return err
			})
			if !errors.Is(err, lookup.ErrNotRemembered) || fault.Reason(err) != "unavailable" && fault.Reason(err) != "throttled" {
				t.Errorf("tried and not remembered: %v", err)
			}
		})
	}
}
