package unlocking_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
)

// state is everything that a match leaves behind, as one text in which ids of this match alone are replaced.
func (w *fixture) state(m message.Match) string {
	w.t.Helper()
	var b strings.Builder
	for _, part := range []struct {
		name string
		item attribute.Item
	}{{"teacher", w.account(m.TRN)}, {"lookup", w.lookup(m)}, {"email", w.email(m)}} {
		fmt.Fprintln(&b, part.name)
		for _, name := range slices.Sorted(maps.Keys(part.item)) {
			fmt.Fprintf(&b, "  %s %v\n", name, plain(part.item, name))
		}
	}
	fmt.Fprintln(&b, w.queued())
	return strings.NewReplacer(m.LookupID, "LOOKUP", lookup.Reference(m.LookupID), "REFERENCE", m.TRN.Digits(), "TRN", m.Email.Typed(), "EMAIL").Replace(b.String())
}

func plain(item attribute.Item, name string) any {
	if nested := attribute.Nested(item, name); nested != nil {
		all := map[string]any{}
		for key := range nested {
			all[key] = plain(nested, key)
		}
		return all
	}
	if texts := attribute.Texts(item, name); texts != nil {
		return texts
	}
	return fmt.Sprint(attribute.Text(item, name), attribute.Flag(item, name), attribute.Integer(item, name))
}

// kinds of account for which every fault is tried: they take different paths.
var paths = map[string]func(attribute.Item){
	"unlocked":   nil,
	"not locked": func(i attribute.Item) { i["locked"] = attribute.Bool(false) },
	"refused":    func(i attribute.Item) { i["alerts"] = alerts("") },
	ownerTold:    nil,
}

// ownerTold is the path on which the record's own email was not among the evidence.
const ownerTold = "owner told"

// matchOn is a new match on one of the paths.
func (w *fixture) matchOn(path string) message.Match {
	w.t.Helper()
	m := w.match(w.teacher(paths[path]), w.newEmail())
	if path == ownerTold {
		m.Evidence = []string{"name", "date_of_birth", "national_insurance_number"}
	}
	return m
}

// sideBySide is how many fixtures the tests of faults have: a call that hangs, or is tried again, is waited for.
const sideBySide = 4

// fixtures makes that many, on each of which calls are attempted so often.
func fixtures(t *testing.T, attempts int) []*fixture {
	t.Helper()
	all := make([]*fixture, sideBySide)
	for i := range all {
		all[i] = newFixture(t, attempts)
	}
	return all
}

// failing makes the call of a number fail in one way.
func failing(number int, mode faults.Mode) func(int, string) faults.Mode {
	return func(call int, _ string) faults.Mode {
		if call == number {
			return mode
		}
		return ""
	}
}

// TestEveryFaultAtEveryCall makes each AWS call fail in each way, as a crash of the function at that point would
// leave things too, delivers the message again, and compares the end with that of one clean run.
func TestEveryFaultAtEveryCall(t *testing.T) {
	all := fixtures(t, 1)
	var parts []localtest.Part[*fixture]
	for path := range paths {
		first := all[0]
		clean := first.matchOn(path)
		first.wire.Reset(nil, nil)
		first.process(clean)
		calls := first.wire.Calls()
		want := first.state(clean)

		for call, operation := range calls {
			for _, mode := range faults.Modes {
				parts = append(parts, localtest.Part[*fixture]{Name: fmt.Sprintf("%s/%d %s/%s", path, call, operation, mode), Test: func(t *testing.T, w *fixture) {
					w.t = t
					m := w.matchOn(path)
					w.wire.Reset(failing(call, mode), nil)
					ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
					defer cancel()
					if err := w.service.Process(ctx, m); err == nil {
						t.Error("the failure was swallowed")
					}
					w.wire.Reset(nil, nil)
					w.process(m)
					w.process(m) // and once more, as SQS may
					if got := w.state(m); got != want {
						t.Errorf("after the fault:\n%s\na clean run:\n%s", got, want)
					}
				}})
			}
		}
	}
	localtest.SideBySide(t, all, parts)
}

// TestRetriesHideNoFault: with the clients' own retries a single fault ends in the same state without redelivery.
func TestRetriesHideNoFault(t *testing.T) {
	all := fixtures(t, 3)
	first := all[0]
	clean := first.match(first.teacher(nil), first.newEmail())
	first.wire.Reset(nil, nil)
	first.process(clean)
	calls := first.wire.Calls()
	want := first.state(clean)
	var parts []localtest.Part[*fixture]
	for call, operation := range calls {
		for _, mode := range []faults.Mode{faults.Before, faults.After, faults.Throttled, faults.Failed} {
			parts = append(parts, localtest.Part[*fixture]{Name: fmt.Sprintf("%d %s/%s", call, operation, mode), Test: func(t *testing.T, w *fixture) {
				w.t = t
				m := w.match(w.teacher(nil), w.newEmail())
				w.wire.Reset(failing(call, mode), nil)
				w.process(m)
				if got := w.state(m); got != want {
					t.Errorf("after the fault:\n%s\na clean run:\n%s", got, want)
				}
			}})
		}
	}
	localtest.SideBySide(t, all, parts)
}

// update changes a teacher as a load would, past the wire.
func (w *fixture) update(m message.Match, expression string, values attribute.Item) {
	w.t.Helper()
	in := &dynamodb.UpdateItemInput{
		TableName:                 aws.String(w.servers.Tables["teachers"]),
		Key:                       attribute.Item{"trn": attribute.String(m.TRN.Digits())},
		UpdateExpression:          aws.String(expression),
		ExpressionAttributeValues: values,
	}
	if strings.Contains(expression, "#status") { // a reserved word
		in.ExpressionAttributeNames = map[string]string{"#status": "status"}
	}
	_, err := w.db.UpdateItem(w.t.Context(), in)
	if err != nil {
		w.t.Error(err)
	}
}

// TestTheAccountChangesBeforeTheWrite changes the account between what the rules read and the write.
func TestTheAccountChangesBeforeTheWrite(t *testing.T) {
	w := newFixture(t, 1)
	for name, test := range map[string]struct {
		expression string
		values     attribute.Item
		want       string
	}{
		"an alert is added":     {"SET alerts = :v", attribute.Item{":v": alerts("")}, "refused[open_alert]"},
		"a closed alert too":    {"SET alerts = :v", attribute.Item{":v": alerts("2020-01-01")}, "unlocked[]"},
		"it is deactivated":     {"SET #status = :v", attribute.Item{":v": attribute.String("deactivated")}, "refused[record_inactive]"},
		"it is unlocked":        {"SET locked = :v", attribute.Item{":v": attribute.Bool(false)}, "not_locked[]"},
		"a name is changed":     {"SET lastName = :v", attribute.Item{":v": attribute.String("Other")}, "unlocked[]"},
		"former TRNs are added": {"SET formerTrns = :v", attribute.Item{":v": attribute.Strings([]string{"7654321"})}, "unlocked[]"},
	} {
		w.run(name, func(t *testing.T) {
			m := w.match(w.teacher(nil), w.newEmail())
			changed := false
			w.wire.Reset(nil, func(_ int, operation string) {
				if operation == "DynamoDB.TransactWriteItems" && !changed {
					changed = true
					w.update(m, test.expression, test.values)
				}
			})
			w.process(m)
			if !changed {
				t.Fatal("the account was not changed in between")
			}
			w.wantDecision(m, test.want)
			w.wantLocked(m.TRN, strings.HasPrefix(test.want, "refused"))
		})
	}
}

// TestTheAccountChangesBeforeRedelivery: the function dies at each call; before its message comes again, a load or
// another lookup touches the teacher. A decision that was recorded stands, and no account is unlocked twice.
func TestTheAccountChangesBeforeRedelivery(t *testing.T) {
	w := newFixture(t, 1)
	probe := w.match(w.teacher(nil), w.newEmail())
	w.wire.Reset(nil, nil)
	w.process(probe)
	calls := w.wire.Calls()
	for call, operation := range calls {
		for name, between := range map[string]func(m message.Match){
			"a load changes the name": func(m message.Match) {
				w.update(m, "SET lastName = :v", attribute.Item{":v": attribute.String("Other")})
			},
			"a load adds an alert": func(m message.Match) {
				w.update(m, "SET alerts = :v", attribute.Item{":v": alerts("")})
			},
			"a load locks it again": func(m message.Match) {
				w.update(m, "SET locked = :v", attribute.Item{":v": attribute.Bool(true)})
			},
			"another lookup finds it": func(m message.Match) { w.process(w.match(m.TRN, w.newEmail())) },
		} {
			w.run(fmt.Sprintf("%d %s/%s", call, operation, name), func(t *testing.T) {
				m := w.match(w.teacher(nil), w.newEmail())
				w.wire.Reset(failing(call, faults.After), nil)
				if err := w.service.Process(t.Context(), m); err == nil {
					t.Fatal("the failure was swallowed")
				}
				w.wire.Reset(nil, nil)
				recorded := w.decision(m)
				unlockedBefore := attribute.Text(w.account(m.TRN), "unlockedBy")
				between(m)
				lockedBetween := attribute.Flag(w.account(m.TRN), "locked")
				w.process(m)

				got := w.decision(m)
				if recorded != "[]" && got != recorded {
					t.Errorf("the decision changed from %s to %s", recorded, got)
				}
				if unlockedBefore == m.LookupID {
					if got != "unlocked[]" {
						t.Errorf("an applied unlock is recorded as %s", got)
					}
					if attribute.Flag(w.account(m.TRN), "locked") != lockedBetween {
						t.Error("redelivery changed an account that was decided")
					}
				}
				if unlocked := attribute.Text(w.account(m.TRN), "unlockedBy") == m.LookupID; unlocked != (got == "unlocked[]") {
					t.Errorf("unlocked by this lookup: %t, recorded: %s", unlocked, got)
				}
				sent := w.queued()
				for _, kind := range []string{"-trn", "-unlocked"} {
					wanted := kind == "-trn" || got == "unlocked[]"
					if slices.Contains(sent, m.LookupID+kind) != wanted {
						t.Errorf("emails %v after %s", sent, got)
					}
				}
			})
		}
	}
}

// TestTheSameMessageTwiceAtOnce: while one delivery is at each of its calls, another of the same message runs from
// beginning to end. The first decision stands.
func TestTheSameMessageTwiceAtOnce(t *testing.T) {
	w := newFixture(t, 1)
	for path := range paths {
		clean := w.matchOn(path)
		w.wire.Reset(nil, nil)
		w.process(clean)
		calls := w.wire.Calls()
		want := w.state(clean)
		for call, operation := range calls {
			w.run(fmt.Sprintf("%s/%d %s", path, call, operation), func(t *testing.T) {
				m := w.matchOn(path)
				w.wire.Reset(nil, func(c int, _ string) {
					if c == call {
						w.process(m)
					}
				})
				w.process(m)
				w.wire.Reset(nil, nil)
				if got := w.state(m); got != want {
					t.Errorf("after two deliveries:\n%s\na clean run:\n%s", got, want)
				}
			})
		}
	}
}
