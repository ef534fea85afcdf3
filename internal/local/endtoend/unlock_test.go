package endtoend_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/local/waiting"
)

func alerts(end string) types.AttributeValue {
	alert := attribute.Item{"id": attribute.String("a1"), "type": attribute.String("Prohibition by the Secretary of State"),
		"startDate": attribute.String("2012-03-01")}
	attribute.Put(alert, "endDate", end)
	return &types.AttributeValueMemberL{Value: []types.AttributeValue{attribute.Map(alert)}}
}

func TestLockedAndCleanIsUnlocked(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	id := w.lookUp(t, p.fields(p.email), "trn_sent")
	w.wantDecision(t, id, "unlocked[]")
	if w.locked(t, p) {
		t.Error("the account is still locked")
	}
	for _, e := range w.outbox(t) {
		if !strings.HasPrefix(e.Reference, id) {
			continue
		}
		if e.To != p.email {
			t.Error("an email went elsewhere")
		}
		if has := strings.Contains(e.Body, p.trn); has != (e.Template == "trn") {
			t.Errorf("TRN in the body of the email %s: %t", e.Template, has)
		}
		if strings.Contains(e.Subject, p.trn) {
			t.Error("the TRN stands in a subject")
		}
	}
}

func TestTheTRNIsSentWithoutAnUnlock(t *testing.T) {
	w := common
	for name, test := range map[string]struct {
		change func(attribute.Item)
		want   string
		locked bool
	}{
		"not locked":   {func(i attribute.Item) { i["locked"] = attribute.Bool(false) }, "not_locked[]", false},
		"in doubt":     {func(i attribute.Item) { i["inDoubtSince"] = attribute.String("2026-01-01T00:00:00.000Z") }, "refused[record_in_doubt]", true},
		"open alert":   {func(i attribute.Item) { i["alerts"] = alerts("") }, "refused[open_alert]", true},
		"closed alert": {func(i attribute.Item) { i["alerts"] = alerts("2015-01-01") }, "unlocked[]", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := w.newPerson(t, test.change)
			id := w.lookUp(t, p.fields(p.email), "trn_sent")
			w.wantDecision(t, id, test.want)
			if got := w.locked(t, p); got != test.locked {
				t.Errorf("locked: %t", got)
			}
		})
	}
}

// TestOneEmailForTwoPeople goes in at the endpoint, because it is the promise that was once dead code.
func TestOneEmailForTwoPeople(t *testing.T) {
	w := common
	a, b := w.newPerson(t, nil), w.newPerson(t, nil)
	w.wantDecision(t, w.lookUp(t, b.fields(b.email), "trn_sent"), "unlocked[]")
	w.wantDecision(t, w.lookUp(t, a.fields(b.email), "trn_sent"), "refused[email_used_for_another_trn]")
	if !w.locked(t, a) {
		t.Error("A was unlocked")
	}
	w.wantDecision(t, w.lookUp(t, b.fields(b.email), "trn_sent"), "not_locked[email_used_for_another_trn]")

	entry := w.item(t, "emails", "email", b.email)
	trns := attribute.Nested(entry, "trns")
	if len(trns) != 2 || trns[a.trn] == nil || trns[b.trn] == nil {
		t.Errorf("%d TRNs in the email's record, want both", len(trns))
	}
	if attribute.Text(entry, "firstTrn") != b.trn {
		t.Error("firstTrn is not the first")
	}
}

func TestABAIsRefused(t *testing.T) {
	w := common
	a, b := w.newPerson(t, func(i attribute.Item) { i["locked"] = attribute.Bool(false) }), w.newPerson(t, nil)
	w.wantDecision(t, w.lookUp(t, a.fields(a.email), "trn_sent"), "not_locked[]")
	w.wantDecision(t, w.lookUp(t, b.fields(a.email), "trn_sent"), "refused[email_used_for_another_trn]")
	item := w.item(t, "teachers", "trn", a.trn)
	item["locked"] = attribute.Bool(true)
	w.put(t, "teachers", item)
	w.wantDecision(t, w.lookUp(t, a.fields(a.email), "trn_sent"), "refused[email_used_for_another_trn]")
	if !w.locked(t, a) {
		t.Error("A was unlocked")
	}
}

func TestOneEmailInOtherSpellings(t *testing.T) {
	w := common
	for name, spell := range map[string]func(local, domain string) (string, string){
		"letter case": func(l, d string) (string, string) { return l + "@" + d, strings.ToUpper(l + "@" + d) },
		"space":       func(l, d string) (string, string) { return l + "@" + d, "  " + l + "@" + d + "\u00a0" },
		"tag":         func(l, d string) (string, string) { return l + "@" + d, l + "+school@" + d },
		"IDN": func(l, _ string) (string, string) {
			return l + "@bücher.example.com", l + "@XN--BCHER-KVA.example.com"
		},
		"Gmail": func(l, _ string) (string, string) { return l + "@gmail.com", l[:2] + "." + l[2:] + "+1@googlemail.com" },
		"NFD":   func(l, _ string) (string, string) { return l + "@bücher.example.com", l + "@bu\u0308cher.example.com" },
	} {
		t.Run(name, func(t *testing.T) {
			a, b := w.newPerson(t, nil), w.newPerson(t, nil)
			local, domain, _ := strings.Cut(a.email, "@")
			first, second := spell(local, domain)
			w.wantDecision(t, w.lookUp(t, a.fields(first), "trn_sent"), "unlocked[]")
			w.wantDecision(t, w.lookUp(t, b.fields(second), "trn_sent"), "refused[email_used_for_another_trn]")
		})
	}
}

// TestTwoPeopleWithOneEmailAtOnce makes two lookups at the same instant, a hundred times.
func TestTwoPeopleWithOneEmailAtOnce(t *testing.T) {
	t.Parallel()
	w := common
	const times = 100
	ids := make([][2]string, times)
	people := make([][2]person, times)
	var all sync.WaitGroup
	slots := make(chan struct{}, 4)
	for i := range times {
		people[i] = [2]person{w.newPerson(t, nil), w.newPerson(t, nil)}
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			var both sync.WaitGroup
			for j := range 2 {
				both.Go(func() {
					a := w.post(t, "/v1/lookups", people[i][j].fields(people[i][0].email), "")
					ids[i][j] = a.decoded.LookupID
					if a.decoded.Outcome != "trn_sent" {
						t.Errorf("answered %d %s", a.status, a.body)
					}
				})
			}
			both.Wait()
		})
	}
	all.Wait()
	for i := range times {
		decisions := []string{w.decided(t, ids[i][0]), w.decided(t, ids[i][1])}
		slices.Sort(decisions)
		if want := []string{"refused[email_used_for_another_trn]", "unlocked[]"}; !slices.Equal(decisions, want) {
			t.Errorf("pair %d: %v", i, decisions)
		}
		unlocked := 0
		for _, p := range people[i] {
			if !w.locked(t, p) {
				unlocked++
			}
		}
		if unlocked != 1 {
			t.Errorf("pair %d: %d accounts unlocked", i, unlocked)
		}
		if trns := attribute.Nested(w.item(t, "emails", "email", people[i][0].email), "trns"); len(trns) != 2 {
			t.Errorf("pair %d: the repeat was not recorded", i)
		}
	}
}

// TestFromMatchToEmail measures what a person waits for: from sending the form to the email in the outbox.
func TestFromMatchToEmail(t *testing.T) {
	w := common
	const lookups = 21
	waits := make([]time.Duration, lookups)
	for i := range waits {
		p := w.newPerson(t, nil)
		begin := time.Now()
		id := w.lookUp(t, p.fields(p.email), "trn_sent")
		waiting.Until(t, "the TRN is emailed", func() bool { return slices.Contains(w.sent(t, id), "trn") })
		waits[i] = time.Since(begin)
	}
	slices.Sort(waits)
	t.Logf("from match to email: median %s, longest %s", waits[lookups/2], waits[lookups-1])
	if median := waits[lookups/2]; median > time.Second {
		t.Errorf("median %s, more than a second", median)
	}
}

// TestARecordThatIsNoLongerActive: it was when the lookup found it, and is not when the account is judged.
func TestARecordThatIsNoLongerActive(t *testing.T) {
	w := common
	for _, status := range []string{"deactivated", "merged", "deceased"} {
		p := w.newPerson(t, func(i attribute.Item) { i["status"] = attribute.String(status) })
		id := "cccccccc-0000-4000-8000-00000" + p.trn
		w.enqueue(t, "matches", id, id, map[string]any{"version": 1, "lookupId": id, "trn": p.trn, "email": p.email, "name": "Someone",
			"matchedAt": "2026-11-22T10:00:00.000Z", "evidence": []string{"name", "date_of_birth", "national_insurance_number"}})
		w.wantDecision(t, id, "refused[record_inactive]")
		if !w.locked(t, p) {
			t.Errorf("%s, and unlocked", status)
		}
	}
}
