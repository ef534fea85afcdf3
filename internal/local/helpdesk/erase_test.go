package helpdesk_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/helpdesk"
	"losttrn/internal/local/localtest"
	"losttrn/internal/message"
	"losttrn/internal/unlocking"
)

// failing makes the first call of any of the operations fail.
func failing(operations ...string) func(int, string) faults.Mode {
	failed := false
	return func(_ int, operation string) faults.Mode {
		if !failed && slices.Contains(operations, operation) {
			failed = true
			return faults.Before
		}
		return ""
	}
}

var unlocked = unlocking.Decision{Outcome: unlocking.Unlocked}

// people fills the tables and queues: Ann, who found one TRN, Bo, whose mailbox found Ann's and another,
// Cy, who waits, and Di, whom no erasure is about.
func (o *office) people() {
	o.Helper()
	localtest.Put(o, o.servers, "teachers", attribute.Item{"trn": attribute.String("1000001"), "emailKey": attribute.String("ann@example.com"),
		"status": attribute.String("active")})
	for _, found := range [][2]string{{"Ann+1@Example.com", "1000001"}, {"ann@example.com", "1000001"}, {"bo@example.com", "1000001"},
		{"bo@example.com", "1000002"}, {"di@example.com", "1000004"}} {
		id := o.found(found[0], found[1], unlocked)
		match := message.Match{LookupID: id, TRN: o.trn(found[1]), Email: o.email(found[0]), Name: "A Person", MatchedAt: noon}
		for _, queue := range []string{"matches", "matchesDeadLetter"} {
			o.letter(queue, match.Email.Key().Text(), match.Body())
		}
		for _, kind := range []message.Kind{message.KindTRN, message.KindUnlocked} {
			email := message.Email{LookupID: id, Kind: kind, To: match.Email, Name: "A Person"}
			if kind == message.KindTRN {
				email.TRN = match.TRN
				o.letter("emails", id, email.Body())
			}
			o.letter("emailsDeadLetter", id, email.Body())
		}
	}
	o.asked("Ann@example.com")
	o.asked("cy@example.com")
	for _, address := range []string{"bo@example.com", "di@example.com"} {
		o.do(o.desk.Contacted(o.Context(), o.email(address), "on the telephone"))
		o.do(o.desk.Lift(o.Context(), o.email(address), "her sister"))
	}
}

// everything is all that the tables and queues hold, as text, a line an item or message. Lookup ids, which
// are random, are left out but for the lines' number.
func (o *office) everything() []string {
	o.Helper()
	var all []string
	for _, table := range []string{"teachers", "emails", "lookups", "helpdeskRequests"} {
		for _, item := range localtest.Items(o, o.servers, table) {
			delete(item, "lookupId")
			delete(item, "reference")
			delete(item, "firstLookupId")
			all = append(all, table+" "+show(item))
		}
	}
	for _, name := range []string{"matchesDeadLetter", "emailsDeadLetter", "matches", "emails"} {
		for _, m := range localtest.Drain(o, o.servers, name) {
			body := *m.Body
			if at := strings.Index(body, `"lookupId":"`); at >= 0 {
				body = body[:at] + body[at+12+36:]
			}
			all = append(all, name+" "+body)
		}
	}
	slices.Sort(all)
	return all
}

func show(item attribute.Item) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(item)) {
		switch {
		case attribute.Nested(item, name) != nil:
			fmt.Fprintf(&b, "%s={%s} ", name, show(attribute.Nested(item, name)))
		case attribute.Maps(item, name) != nil:
			for _, m := range attribute.Maps(item, name) {
				fmt.Fprintf(&b, "%s[%s] ", name, show(m))
			}
		default:
			fmt.Fprintf(&b, "%s=%s%v ", name, attribute.Text(item, name), attribute.Texts(item, name))
		}
	}
	return b.String()
}

var subjects = map[string]func(o *office) helpdesk.Subject{
	"Ann by email": func(o *office) helpdesk.Subject { return helpdesk.Subject{Email: o.email("ANN@example.com")} },
	"Bo by email":  func(o *office) helpdesk.Subject { return helpdesk.Subject{Email: o.email("bo@example.com")} },
	"Cy by email":  func(o *office) helpdesk.Subject { return helpdesk.Subject{Email: o.email("cy@example.com")} },
	"Ann by TRN":   func(o *office) helpdesk.Subject { return helpdesk.Subject{TRN: o.trn("1000001")} },
}

// TestAfterAnErasureNothingIsFound but what it says that it keeps, and of everybody else all is as it was.
func TestAfterAnErasureNothingIsFound(t *testing.T) {
	for name, test := range map[string]struct {
		traces []string
		keeps  map[string]string // what may still mention a trace, by the words in which the erasure says so
	}{
		"Ann by email": {[]string{"ann@example.com", "Ann+1@Example.com", "Ann@example.com"},
			map[string]string{"teachers ": "Kept: the record of TRN 1000001 in the table teachers"}},
		"Bo by email": {[]string{"bo@example.com", "her sister", "on the telephone"},
			map[string]string{"emails ": "only the mailbox and the TRNs that it found"}},
		"Cy by email": {[]string{"cy@example.com"}, nil},
		"Ann by TRN": {[]string{"1000001"}, map[string]string{"teachers ": "Kept: the record of TRN 1000001",
			"emails ": "Kept: TRN 1000001 in the record of the mailbox bo@example.com"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.people()
			change, err := o.desk.Erase(t.Context(), subjects[name](o))
			if err != nil {
				t.Fatal(err)
			}
			did, err := change.Do(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			said := strings.Join(append(change.Will, did...), "\n")
			left := o.everything()
			var di []string
			for _, line := range left {
				if strings.Contains(line, "di@example.com") {
					di = append(di, line)
					continue
				}
				for _, trace := range test.traces {
					if !strings.Contains(line, trace) {
						continue
					}
					table, _, _ := strings.Cut(line, " ")
					if words := test.keeps[table+" "]; words == "" || !strings.Contains(said, words) {
						t.Errorf("%q is found in %s", trace, line)
					}
					for _, secret := range []string{"asTyped", "note=", "firstUsedAt"} {
						if table == "emails" && name == "Bo by email" && strings.Contains(line, secret) {
							t.Errorf("%s of it is kept: %s", secret, line)
						}
					}
				}
			}
			if len(di) != 7 { // a mailbox, a lookup, two matches and three emails
				t.Errorf("%d of the 7 things about another person are left:\n%s\nof\n%s\nIt did:\n%s",
					len(di), strings.Join(di, "\n"), strings.Join(left, "\n"), said)
			}
			for _, want := range []string{"27 July 2026", "29 June 2026", "30 July 2026"} { // in 35, 7 and 38 days
				if !strings.Contains(said, want) {
					t.Errorf("%q is not in:\n%s", want, said)
				}
			}
		})
	}
}

// TestAnErasureInterruptedAnywhere: each write in turn fails, before or after it took effect; the same command again
// ends as one that was not interrupted.
func TestAnErasureInterruptedAnywhere(t *testing.T) {
	for name, subject := range subjects {
		clean := newOffice(t)
		clean.people()
		change, err := clean.desk.Erase(t.Context(), subject(clean))
		if err != nil {
			t.Fatal(err)
		}
		clean.wire.Reset(nil, nil)
		if _, err := change.Do(t.Context()); err != nil {
			t.Fatal(err)
		}
		calls := clean.wire.Calls()
		want := clean.everything()
		for call, operation := range calls {
			if _, name, _ := strings.Cut(operation, "."); name != "DeleteItem" && name != "UpdateItem" && name != "DeleteMessage" {
				continue // it changes nothing, but who may see a letter for two minutes
			}
			for _, mode := range []faults.Mode{faults.Before, faults.After} {
				t.Run(fmt.Sprintf("%s/%d %s/%s", name, call, operation, mode), func(t *testing.T) {
					o := newOffice(t)
					o.people()
					change, err := o.desk.Erase(t.Context(), subject(o))
					if err != nil {
						t.Fatal(err)
					}
					o.wire.Reset(func(c int, _ string) faults.Mode {
						if c == call {
							return mode
						}
						return ""
					}, nil)
					if _, err := change.Do(t.Context()); err == nil {
						t.Fatal("the failure was swallowed")
					}
					o.wire.Reset(nil, nil)
					o.do(o.desk.Erase(t.Context(), subject(o)))
					if got := o.everything(); !slices.Equal(got, want) {
						t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
					}
					o.do(o.desk.Erase(t.Context(), subject(o))) // and once more
				})
			}
		}
	}
}
