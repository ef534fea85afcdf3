package endtoend_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/local/localtest"
	"losttrn/internal/local/reportcmd"
	"losttrn/internal/local/running"
	"losttrn/internal/local/waiting"
	"losttrn/internal/lookup"
)

// openWorkbook compares the workbook of a report with its CSV files, in programs other than ours. It is nil in builds
// without the tag workbook, which those programs need.
var openWorkbook func(t *testing.T, dir string, lists map[string][][]string)

// fortnight is a stack on which a fortnight passes, and what the helpdesk must see of it at the end.
type fortnight struct {
	*fixture
	*testing.T
	lookups map[lookup.Outcome]int
	unlocks map[string]int // by outcome
	want    map[string][]string
}

// TestAFortnight lives through fourteen days at the service's door and with the helpdesk's own program, and compares
// every row of the helpdesk's report, and every figure of its page, with what happened. A day passes by setting every time
// in the tables back by a day; nothing else is written by hand.
func TestAFortnight(t *testing.T) {
	dir := t.TempDir()
	w, err := start(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
	f := &fortnight{fixture: w, T: t, lookups: map[lookup.Outcome]int{}, unlocks: map[string]int{}, want: map[string][]string{}}

	// Day 1: finds, a refusal, and an account that was not locked.
	clean, barred := w.newPerson(t, nil), w.newPerson(t, func(i attribute.Item) { i["alerts"] = alerts("") })
	open := w.newPerson(t, func(i attribute.Item) { i["locked"] = attribute.Bool(false) })
	f.found(clean, clean.email, "unlocked", "", "delivered")
	f.found(barred, barred.email, "refused", "open_alert", "delivered")
	f.found(open, open.email, "not_locked", "", "delivered")
	f.passDay()

	// Day 2: a mailbox that finds two people's TRNs, and somebody whom nothing matches, twice, who does not ask.
	ann, sister := w.newPerson(t, nil), w.newPerson(t, nil)
	annID := f.found(ann, "=Shared@example.com", "unlocked", "", "delivered")
	sisterID := f.found(sister, "=shared@example.com", "refused", "email_used_for_another_trn", "delivered")
	f.none("silent@example.com", "Silent", "Stranger")
	f.none("silent@example.com", "Silent", "Stranger")
	f.passDay()

	// Day 3: two people ask the helpdesk, one with a text that a spreadsheet would run.
	asks := f.asks("asks@example.com", "Twice", "Asker", `=HYPERLINK("https://example.com","x")`)
	later := w.newPerson(t, nil)
	f.asks("later@example.com", later.first, "Misspelt", "")
	f.passDay()

	// Day 4: the first asks again; an email bounces; several records match somebody.
	again := f.asks("asks@example.com", "Twice", "Asker", "please hurry")
	lost := w.newPerson(t, nil)
	lostID := f.found(lost, "bounce-lost@example.com", "unlocked", "", "permanent-failure")
	twin, twins := f.several()
	f.told(lostID, "The email with the TRN could not be delivered: there is no such mailbox, or it refuses our mail.", "The account was unlocked: it was locked, and every rule held.")
	f.passDay()

	// Day 5: somebody who asked on day 3 is found. Somebody else is found, and for another lookup asks the helpdesk.
	laterID := f.found(later, "later@example.com", "unlocked", "", "delivered")
	gone := w.newPerson(t, nil)
	f.found(gone, "forget-me@example.com", "unlocked", "", "delivered")
	f.asks("forget-me@example.com", "Forgotten", "Person", "forget this")
	f.passDay()

	// Day 6: that person wants to be forgotten. A third person asks, and is answered on day 8.
	f.erase("forget-me@example.com", gone)
	answered := f.asks("served@example.com", "Soon", "Served", "")
	f.passDay()

	// Day 7: the helpdesk reads its report, and writes to the mailbox that found two.
	if got := f.report(); !strings.Contains(fmt.Sprint(got["repeat-emails"]), "=shared@example.com") {
		t.Errorf("the report of day 7 lists %v", got["repeat-emails"])
	}
	w.helpdesk(t, "contacted", "-email", "=SHARED@example.com", "-note", "+44 rang", "-by", "Jo", "-yes")
	f.passDay()

	// Day 8.
	w.helpdesk(t, "answered", "-reference", lookup.Reference(answered), "-note", "sent by post", "-by", "Jo", "-yes")
	f.passDay()

	// Day 9: the mailbox is the sister's too; the helpdesk lifts it and has her unlock judged again.
	w.helpdesk(t, "lift", "-email", "=shared@example.com", "-why", "=her sister", "-by", "Bo", "-yes")
	w.helpdesk(t, "retry", "-reference", lookup.Reference(sisterID), "-why", "lifted", "-by", "Bo", "-yes")
	if got := w.decided(t, sisterID); got != "unlocked[]" || w.locked(t, sister) {
		t.Errorf("lifted and judged again: %s", got)
	}
	f.told(sisterID, `Bo lifted the record ("=her sister"): what it found before no longer counts as another TRN.`, "The account was unlocked: it was locked, and every rule held.",
		`Bo had the unlock judged again ("lifted"). Before, the account was not unlocked, because the email address had found another TRN.`)
	f.unlocks["refused"]--
	f.unlocks["unlocked"]++
	f.passDay()

	// Days 10 to 12: nothing happens.
	f.passDay()
	f.passDay()
	f.passDay()

	// Day 13: one more of the same name and birthday, from another mailbox, who found nothing.
	third := f.asks("asks-too@example.com", "Twice", "Asker", "")
	f.passDay()

	// Day 14: a role mailbox finds two, which is new since the report of day 7, whose own time was not set back. Then the report.
	first, second := w.newPerson(t, nil), w.newPerson(t, nil)
	officeID := f.found(first, "office@school.example.com", "unlocked", "", "delivered")
	officeAgain := f.found(second, "office@school.example.com", "refused", "email_used_for_another_trn", "delivered")
	f.expect("repeat-emails",
		row("=shared@example.com", "=Shared@example.com", names(ann, sister), "2", found(ann, annID)+"; "+found(sister, sisterID), "no", "no", "Jo", "+44 rang", "Bo", "=her sister"),
		row("office@school.example.com", "office@school.example.com", names(first, second), "2", found(first, officeID)+"; "+found(second, officeAgain), "yes", "yes", "", "", "", ""))
	f.retried(sisterID)
	f.expect("helpdesk-requests",
		row(f.age(asks), reference(asks, again, third), "3", "no_match", "", "", "", "asks@example.com; asks-too@example.com", "Twice", "Asker", `=HYPERLINK("https://example.com","x"); please hurry`),
		row(f.age(twin), reference(twin), "1", "several", twins[0].trn+"; "+twins[1].trn, "", "", twins[0].email, twins[0].first, twins[0].last, ""),
		row(f.age(f.waiting("later@example.com")), reference(f.waiting("later@example.com")), "1", "no_match", "", reference(laterID), "same mailbox", "later@example.com", later.first, "Misspelt", ""))
	f.expect("undelivered", row(reference(lostID), lost.trn, full(lost), "bounce-lost@example.com", "permanent-failure"))
	lists := f.report()
	for name, columns := range fortnightColumns {
		got := pick(t, lists[name], columns)
		if name == "unlocks" {
			slices.Sort(got)
			slices.Sort(f.want[name])
		}
		if !slices.Equal(got, f.want[name]) {
			t.Errorf("%s:\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(f.want[name], "\n"))
		}
	}
	f.reconcile()
	f.bounced(1)
	f.neverAgain("forget-me@example.com", gone)
	if openWorkbook != nil {
		openWorkbook(t, f.out(), lists)
	}
}

// fortnightColumns are the columns that are compared with what happened.
var fortnightColumns = map[string][]string{
	"repeat-emails": {"Email", "Email as typed", "Names as typed", "Number of TRNs", "TRNs with the time and reference of each first find", "Role mailbox",
		"New since the report before", "Contacted by", "Contact note", "Lifted by", "Lift note"},
	"unlocks": {"Reference", "TRN", "Email as typed", "Outcome", "Reason codes", "Delivery", "Lookup id"},
	"helpdesk-requests": {"Age in working days", "Reference", "Requests", "Reason", "Candidate TRNs", "Found since", "Found since by", "Email", "First name",
		"Last name", "Note"},
	"undelivered": {"Reference", "TRN", "Name as typed", "Email as typed", "Delivery"},
	"pending":     {"Reference"}, "unreadable": {"Key"},
}

// told has the helpdesk find a lookup, and checks what it is told of it.
func (f *fortnight) told(id string, want ...string) {
	f.Helper()
	told := f.helpdesk(f, "find", "-reference", lookup.Reference(id))
	for _, sentence := range want {
		if !strings.Contains(told, sentence) {
			f.Errorf("%q is not in\n%s", sentence, told)
		}
	}
}

func row(cells ...string) string { return strings.Join(cells, " | ") }

func full(p person) string { return p.first + " " + p.last }

func names(people ...person) string {
	var all []string
	for _, p := range people {
		all = append(all, full(p))
	}
	slices.Sort(all)
	return strings.Join(all, "; ")
}

// found is a TRN with the reference of its find; the time between them is left out by pick.
func found(p person, id string) string { return p.trn + " " + lookup.Reference(id) }

func reference(ids ...string) string {
	var all []string
	for _, id := range ids {
		all = append(all, lookup.Reference(id))
	}
	return strings.Join(all, "; ")
}

func (f *fortnight) expect(list string, rows ...string) { f.want[list] = append(f.want[list], rows...) }

// found makes a lookup that finds a person, waits for all that follows, and expects its row.
func (f *fortnight) found(p person, email, outcome, reasons, delivery string) string {
	f.Helper()
	id := f.lookUp(f, p.fields(email), "trn_sent")
	if got := f.decided(f, id); got != fmt.Sprintf("%s[%s]", outcome, reasons) {
		f.Errorf("%s: decided %s", email, got)
	}
	waiting.Until(f, "the receipt of "+email+" is recorded", func() bool {
		return attribute.Text(f.item(f, "lookups", "lookupId", id), "trnDelivery") == delivery
	})
	f.lookups[lookup.TRNSent]++
	f.unlocks[outcome]++
	f.expect("unlocks", row(lookup.Reference(id), p.trn, email, outcome, reasons, delivery, id))
	return id
}

// retried replaces the row of a lookup that was refused by the one of its unlock.
func (f *fortnight) retried(id string) {
	for i, want := range f.want["unlocks"] {
		if strings.HasSuffix(want, id) {
			f.want["unlocks"][i] = strings.Replace(want, "refused | email_used_for_another_trn", "unlocked | ", 1)
		}
	}
}

func strangers(email, first, last string) map[string]any {
	return map[string]any{"email": email, "firstName": first, "lastName": last, "dateOfBirth": "1931-03-04", "nationalInsuranceNumber": "QQ876540A"}
}

func (f *fortnight) none(email, first, last string) string {
	f.Helper()
	f.lookups[lookup.NoMatch]++
	return f.lookUp(f, strangers(email, first, last), "no_match")
}

// asks makes a lookup that matches nothing and asks the helpdesk.
func (f *fortnight) asks(email, first, last, note string) string {
	f.Helper()
	id := f.none(email, first, last)
	fields := strangers(email, first, last)
	if note != "" {
		fields["note"] = note
	}
	if a := f.post(f, "/v1/lookups/"+id+"/helpdesk-requests", fields, ""); a.status != http.StatusAccepted {
		f.Fatalf("answered %d %s", a.status, a.body)
	}
	waiting.Until(f, "the ticket and the acknowledgement are sent", func() bool {
		return len(f.sent(f, id)) == 2 && f.item(f, "lookups", "lookupId", id)["requestEmailedAt"] != nil
	})
	return id
}

// several makes a lookup that two records match.
func (f *fortnight) several() (string, [2]person) {
	f.Helper()
	a := f.newPerson(f, nil)
	b := f.newPerson(f, func(i attribute.Item) {
		i["firstName"], i["lastName"], i["dateOfBirth"] = attribute.String(a.first), attribute.String(a.last), attribute.String(a.born)
	})
	for _, trn := range []string{a.trn, b.trn} {
		item := f.item(f, "teachers", "trn", trn)
		item["email"], item["emailKey"] = attribute.String(a.email), attribute.String(a.email)
		f.put(f, "teachers", item)
	}
	fields := a.fields(a.email)
	delete(fields, "nationalInsuranceNumber")
	id := f.lookUp(f, fields, "helpdesk")
	f.lookups[lookup.Helpdesk]++
	waiting.Until(f, "the ticket and the acknowledgement are sent", func() bool {
		return len(f.sent(f, id)) == 2 && f.item(f, "lookups", "lookupId", id)["requestEmailedAt"] != nil
	})
	return id, [2]person{a, b}
}

// waiting is the lookup of the only request of a mailbox.
func (f *fortnight) waiting(email string) string {
	f.Helper()
	for _, item := range localtest.Items(f, f.Servers, "helpdeskRequests") {
		if attribute.Text(item, "emailKey") == email {
			return attribute.Text(item, "lookupId")
		}
	}
	f.Fatalf("%s has no request", email)
	return ""
}

// age is how many working days a request is old: those after its day, today included.
func (f *fortnight) age(id string) string {
	f.Helper()
	at, err := time.Parse(time.RFC3339, attribute.Text(f.item(f, "helpdeskRequests", "lookupId", id), "requestedAt"))
	if err != nil {
		f.Fatal(err)
	}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		f.Fatal(err)
	}
	list, err := os.ReadFile("../../report/bankholidays.txt")
	if err != nil {
		f.Fatal(err)
	}
	days, today := 0, time.Now().In(london).Format(time.DateOnly)
	for day := at.In(london); day.Format(time.DateOnly) < today; {
		day = day.AddDate(0, 0, 1)
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		if !weekend && !bytes.Contains(list, []byte("\n"+day.Format(time.DateOnly)+" ")) {
			days++
		}
	}
	return fmt.Sprint(days)
}

func (f *fortnight) out() string { return filepath.Join(f.dir, "reports", "latest") }

// report makes the report through the export and report functions and reads its lists, the headings first.
func (f *fortnight) report() map[string][][]string {
	f.Helper()
	_, err := reportcmd.Stack{StateFile: filepath.Join(f.dir, running.File), Out: f.out(), Clock: time.Now, Timeout: time.Minute,
		Say: func(line string) { f.Log(line) }}.Make(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	lists := map[string][][]string{}
	for name := range fortnightColumns {
		body, err := os.ReadFile(filepath.Join(f.out(), name+".csv"))
		if err == nil {
			lists[name], err = csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff")))).ReadAll()
		}
		if err != nil {
			f.Fatal(err)
		}
	}
	return lists
}

// pick are some columns of a list, a row a text. An apostrophe at the front of a cell is not part of it.
func pick(t *testing.T, list [][]string, columns []string) []string {
	t.Helper()
	var picked []string
	for _, cells := range list[1:] {
		var kept []string
		for _, column := range columns {
			i := slices.Index(list[0], column)
			if i < 0 {
				t.Fatalf("there is no column %s in %v", column, list[0])
			}
			cell := strings.TrimPrefix(cells[i], "'")
			if strings.HasPrefix(column, "TRNs with") {
				cell = withoutTimes(cell)
			}
			kept = append(kept, cell)
		}
		picked = append(picked, row(kept...))
	}
	return picked
}

// withoutTimes leaves the second word of each entry out, and the entries in order of their TRNs.
func withoutTimes(cell string) string {
	entries := strings.Split(cell, "; ")
	for i, entry := range entries {
		if words := strings.Fields(entry); len(words) == 3 {
			entries[i] = words[0] + " " + words[2]
		}
	}
	slices.SortFunc(entries, cmp.Compare[string])
	return strings.Join(entries, "; ")
}
