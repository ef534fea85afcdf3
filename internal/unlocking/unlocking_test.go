package unlocking_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/localtest"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
)

func alerts(ends ...string) types.AttributeValue {
	var list []types.AttributeValue
	for _, end := range ends {
		alert := attribute.Item{"id": attribute.String("1"), "type": attribute.String("Prohibition"),
			"startDate": attribute.String("2019-05-01")}
		attribute.Put(alert, "endDate", end)
		list = append(list, attribute.Map(alert))
	}
	return &types.AttributeValueMemberL{Value: list}
}

func TestUnlocksALockedAndCleanAccount(t *testing.T) {
	w := newFixture(t, 1)
	found := w.teacher(nil)
	m := w.match(found, w.newEmail())
	w.process(m)

	w.wantDecision(m, "unlocked[]")
	w.wantLocked(found, false)
	account := w.account(found)
	if by := attribute.Text(account, "unlockedBy"); by != m.LookupID {
		t.Errorf("unlockedBy: %q", by)
	}
	if at := attribute.Text(account, "unlockedAt"); at != "2026-11-22T12:00:00.000Z" {
		t.Errorf("unlockedAt: %q", at)
	}
	if got, want := w.queued(), []string{m.LookupID + "-trn", m.LookupID + "-unlocked"}; !slices.Equal(got, want) {
		t.Errorf("emails: %v, want %v", got, want)
	}
	w.process(m) // delivered again
	if figures := w.figures.String(); strings.Count(figures, `"unlocks":1`) != 1 || !strings.Contains(figures, `"outcome":"unlocked"`) {
		t.Errorf("figures: %s", figures)
	}
}

func TestARefusalIsCountedByReason(t *testing.T) {
	w := newFixture(t, 1)
	w.process(w.match(w.teacher(func(i attribute.Item) { i["alerts"] = alerts("2020-01-01", "") }), w.newEmail()))
	for _, want := range []string{`"outcome":"refused"`, `"reason":"open_alert"`, `"unlockReasons":1`} {
		if figures := w.figures.String(); !strings.Contains(figures, want) {
			t.Errorf("no %s in %s", want, figures)
		}
	}
}

func TestSendsTheTRNWithoutUnlocking(t *testing.T) {
	w := newFixture(t, 1)
	for name, test := range map[string]struct {
		change func(attribute.Item)
		off    bool
		want   string
		locked bool
	}{
		"not locked":        {func(i attribute.Item) { i["locked"] = attribute.Bool(false) }, false, "not_locked[]", false},
		"lock not known":    {func(i attribute.Item) { delete(i, "locked") }, false, "not_locked[]", false},
		"open alert":        {func(i attribute.Item) { i["alerts"] = alerts("2020-01-01", "") }, false, "refused[open_alert]", true},
		"alert end unclear": {func(i attribute.Item) { i["alerts"] = alerts("soon") }, false, "refused[open_alert]", true},
		"in doubt":          {func(i attribute.Item) { i["inDoubtSince"] = attribute.String("2026-01-01T00:00:00.000Z") }, false, "refused[record_in_doubt]", true},
		"deactivated":       {func(i attribute.Item) { i["status"] = attribute.String("deactivated") }, false, "refused[record_inactive]", true},
		"switched off":      {func(attribute.Item) {}, true, "refused[unlocking_switched_off]", true},
	} {
		w.run(name, func(t *testing.T) {
			w.on.Store(!test.off)
			defer w.on.Store(true)
			found := w.teacher(test.change)
			m := w.match(found, w.newEmail())
			w.process(m)
			w.wantDecision(m, test.want)
			w.wantLocked(found, test.locked)
			if got, want := w.queued(), []string{m.LookupID + "-trn"}; !slices.Equal(got, want) {
				t.Errorf("emails: %v, want %v", got, want)
			}
		})
	}
}

func TestAClosedAlertDoesNotStopAnUnlock(t *testing.T) {
	w := newFixture(t, 1)
	found := w.teacher(func(i attribute.Item) { i["alerts"] = alerts("2020-01-01") })
	m := w.match(found, w.newEmail())
	w.process(m)
	w.wantDecision(m, "unlocked[]")
	w.wantLocked(found, false)
}

// TestAnEmailThatFoundAnotherTRN is the guard that must never be dead code: it goes through the real stores.
func TestAnEmailThatFoundAnotherTRN(t *testing.T) {
	w := newFixture(t, 1)
	a, b := w.teacher(nil), w.teacher(nil)
	email := w.newEmail()

	first := w.match(a, email)
	w.process(first)
	w.wantDecision(first, "unlocked[]")

	second := w.match(b, email)
	w.process(second)
	w.wantDecision(second, "refused[email_used_for_another_trn]")
	w.wantLocked(b, true)

	// The first account was locked again by the register meanwhile.
	localtest.Put(w.t, w.servers, "teachers", attribute.Item{"trn": attribute.String(a.Digits()), "status": attribute.String("active"),
		"locked": attribute.Bool(true)})
	third := w.match(a, email)
	w.process(third)
	w.wantDecision(third, "refused[email_used_for_another_trn]")
	w.wantLocked(a, true)

	if got, want := w.usesOf(first), []string{a.Digits(), b.Digits()}; !slices.Equal(got, want) {
		t.Errorf("TRNs of the email: %v, want %v", got, want)
	}
	if got := attribute.Text(w.email(first), "firstTrn"); got != a.Digits() {
		t.Errorf("firstTrn: %q", got)
	}
	if got := len(w.queued()); got != 4 { // three TRNs, one unlock
		t.Errorf("%d emails, want 4", got)
	}
}

func TestOneMailboxHoweverSpelt(t *testing.T) {
	w := newFixture(t, 1)
	for _, spelling := range []string{"Jo.Bloggs@Example.COM", " jo.bloggs@example.com ", "jo.bloggs+school@example.com",
		"jo.bloggs@EXAMPLE.com"} {
		w.run(spelling, func(*testing.T) {
			found := w.teacher(nil)
			m := w.match(found, spelling)
			w.process(m)
			want := "refused[email_used_for_another_trn]"
			if spelling == "Jo.Bloggs@Example.COM" {
				want = "unlocked[]"
			}
			w.wantDecision(m, want)
		})
	}
	for i, spelling := range []string{"jo@bücher.example.com", "JO@xn--bcher-kva.example.com", "jo@bu\u0308cher.example.com"} {
		found := w.teacher(nil)
		m := w.match(found, spelling)
		w.process(m)
		if got := w.decision(m); (got == "unlocked[]") != (i == 0) {
			t.Errorf("%s: %s", spelling, got)
		}
	}
}

func TestARecordThatAbsorbedAnotherIsTheSamePerson(t *testing.T) {
	w := newFixture(t, 1)
	email := w.newEmail()
	former := w.teacher(func(i attribute.Item) { i["locked"] = attribute.Bool(false) })
	w.process(w.match(former, email))
	survivor := w.teacher(func(i attribute.Item) {
		i["formerTrns"] = attribute.Strings([]string{former.Digits()})
	})
	m := w.match(survivor, email)
	w.process(m)
	w.wantDecision(m, "unlocked[]")
}

func TestARecordThatIsGone(t *testing.T) {
	w := newFixture(t, 1)
	m := w.match(trn("9999999"), w.newEmail())
	w.process(m)
	w.wantDecision(m, "not_locked[record_inactive]")
	if item := w.account(m.TRN); item != nil {
		t.Errorf("a teacher came into being: %d attributes", len(item))
	}
}

func TestTheSameTRNAgainHoweverOften(t *testing.T) {
	w := newFixture(t, 1)
	found, email := w.teacher(nil), w.newEmail()
	first := w.match(found, email)
	w.process(first)
	w.now = w.now.Add(time.Hour)
	again := w.match(found, email)
	w.process(again)
	w.wantDecision(again, "not_locked[]")
	entry := w.email(first)
	if got := attribute.Text(entry, "lastUsedAt"); got != "2026-11-22T13:00:00.000Z" {
		t.Errorf("lastUsedAt: %q", got)
	}
	if got := attribute.Text(entry, "firstUsedAt"); got != "2026-11-22T12:00:00.000Z" {
		t.Errorf("firstUsedAt: %q", got)
	}
}

// TestTwoPeopleAtTheSameInstant: the queue would keep them apart; without it at most one must be unlocked all the
// same, and the repeat recorded.
func TestTwoPeopleAtTheSameInstant(t *testing.T) {
	w := newFixture(t, 3)
	for range 100 {
		a, b, email := w.teacher(nil), w.teacher(nil), w.newEmail()
		ma, mb := w.match(a, email), w.match(b, email)
		var both sync.WaitGroup
		errs := make(chan error, 2)
		both.Go(func() { errs <- w.service.Process(t.Context(), ma) })
		both.Go(func() { errs <- w.service.Process(t.Context(), mb) })
		both.Wait()
		for range 2 {
			if err := <-errs; err != nil {
				t.Fatal(err)
			}
		}
		decisions := []string{w.decision(ma), w.decision(mb)}
		if decisions[0] == "unlocked[]" && decisions[1] == "unlocked[]" {
			t.Fatal("two unlocks")
		}
		if !slices.Contains(decisions, "refused[email_used_for_another_trn]") {
			t.Fatalf("the repeat was not recorded: %v", decisions)
		}
		if got := w.usesOf(ma); len(got) != 2 {
			t.Fatalf("TRNs of the email: %v", got)
		}
	}
}

// diesOnceRecorded processes a match and fails at the call after it is recorded.
func (w *fixture) diesOnceRecorded(match message.Match) {
	w.t.Helper()
	w.wire.Reset(func(call int, _ string) faults.Mode {
		if call == 1 {
			return faults.Before
		}
		return ""
	}, nil)
	if err := w.service.Process(w.t.Context(), match); err == nil {
		w.t.Fatal("the failure was swallowed")
	}
	w.wire.Reset(nil, nil)
}

// TestAMatchIsNeverGivenAnotherTRN: the register changed between two messages of one lookup, and the function died
// once the first was recorded. What is recorded wins.
func TestAMatchIsNeverGivenAnotherTRN(t *testing.T) {
	w := newFixture(t, 1)
	a, b, email := w.teacher(nil), w.teacher(nil), w.newEmail()
	first := w.match(a, email)
	second := w.match(b, email)
	second.LookupID = first.LookupID
	w.diesOnceRecorded(first)
	w.process(second)
	w.process(first)
	if got := attribute.Text(w.lookup(first), "trn"); got != a.Digits() {
		t.Error("the recorded match changed")
	}
	if got := w.usesOf(first); !slices.Equal(got, []string{a.Digits()}) {
		t.Errorf("TRNs of the email: %v", got)
	}
	w.wantLocked(a, false)
	w.wantLocked(b, true)
	if got, want := w.queued(), []string{first.LookupID + "-trn", first.LookupID + "-unlocked"}; !slices.Equal(got, want) {
		t.Errorf("emails: %v, want %v", got, want)
	}
}

// TestTheEvidenceIsTheRecordedMatchs: what a second message of one lookup says of another record, that its email and National
// Insurance number agreed, says nothing of the record whose match is recorded.
func TestTheEvidenceIsTheRecordedMatchs(t *testing.T) {
	w := newFixture(t, 1)
	w.service.StrongEvidence = true
	a, b, email := w.teacher(nil), w.teacher(nil), w.newEmail()
	first, second := w.match(a, email), w.match(b, email)
	second.LookupID = first.LookupID
	first.Evidence = []string{"name", "date_of_birth", "training_provider"}
	second.Evidence = []string{"name", "date_of_birth", "national_insurance_number", "email"}
	w.diesOnceRecorded(first)
	w.process(second)
	if got := w.lookup(first); attribute.Text(got, "trn") != a.Digits() || !slices.Equal(attribute.Texts(got, "unlockReasons"), []string{"evidence_open_to_others"}) {
		t.Errorf("recorded: %v", got)
	}
	w.wantLocked(a, true)
	w.wantLocked(b, true)
	if got, want := w.queued(), []string{first.LookupID + "-owner_notice", first.LookupID + "-trn"}; !slices.Equal(got, want) {
		t.Errorf("emails: %v, want %v", got, want)
	}
}

func TestAnEmailThatFoundHundreds(t *testing.T) {
	w := newFixture(t, 3) // as many attempts as the service has: of hundreds of calls one may meet a connection that ends
	email := w.newEmail()
	address := w.match(trn("5000000"), email)
	var last []teacher.TRN
	for i := range 203 {
		found := trn(strconv.Itoa(6000000 + i))
		uses, err := w.service.EmailUses.Claim(context.Background(), address.Email, found, "lookup", w.now)
		if err != nil {
			t.Fatal(err)
		}
		last = uses
	}
	if len(last) != 201 { // the 200 kept, and the one asked about
		t.Errorf("%d TRNs", len(last))
	}
	entry := w.email(address)
	if !attribute.Flag(entry, "trnsFull") || len(attribute.Nested(entry, "trns")) != 200 {
		t.Errorf("trnsFull %t, %d TRNs", attribute.Flag(entry, "trnsFull"), len(attribute.Nested(entry, "trns")))
	}
}
