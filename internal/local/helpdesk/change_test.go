package helpdesk_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/local/helpdesk"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/unlocking"
)

func TestAnsweredLeavesTheList(t *testing.T) {
	o := newOffice(t)
	id := o.asked("ann@example.com")
	s := helpdesk.Subject{LookupID: id}
	change, err := o.desk.Answered(t.Context(), s, "rang her")
	if err != nil {
		t.Fatal(err)
	}
	if got := localtest.Item(t, o.servers, "helpdeskRequests", id); got["answeredAt"] != nil {
		t.Error("it was changed before it was confirmed")
	}
	if _, err := change.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	item := localtest.Item(t, o.servers, "helpdeskRequests", id)
	if attribute.Text(item, "answeredBy") != "Jo" || attribute.Text(item, "answeredAt") != "2026-06-22T11:00:00.000Z" || attribute.Text(item, "answerNote") != "rang her" {
		t.Errorf("%v", item)
	}
	if did, err := change.Do(t.Context()); !errors.Is(err, helpdesk.ErrChanged) || len(did) > 0 {
		t.Errorf("answered twice: %v, said %v", err, did)
	}
	refused(t, "is answered already, by Jo on 22 Jun 2026 12:00:00.", func() (helpdesk.Change, error) { return o.desk.Answered(t.Context(), s, "") })
	other := helpdesk.Subject{LookupID: o.found("bo@example.com", "1000001", refusedByAlert)}
	refused(t, "Nobody waits", func() (helpdesk.Change, error) { return o.desk.Answered(t.Context(), other, "") })
	refused(t, "no lookup", func() (helpdesk.Change, error) {
		return o.desk.Answered(t.Context(), helpdesk.Subject{Reference: "MN93F-KWNMH"}, "")
	})
}

// TestAnsweredUnderAnotherReference: the person asked twice and was answered once, which takes her off the list with both
// references; what she asks later waits.
func TestAnsweredUnderAnotherReference(t *testing.T) {
	o := newOffice(t)
	first := o.asked("ann@example.com")
	o.now = noon.Add(time.Hour)
	second := o.asked("Ann@example.com")
	o.asked("bo@example.com")
	o.now = noon.Add(2 * time.Hour)
	o.do(o.desk.Answered(t.Context(), helpdesk.Subject{LookupID: second}, "rang her"))
	o.now = noon.Add(3 * time.Hour)
	third := o.asked("ann@example.com")
	const waits, answered = "The person waits for the helpdesk.", `Jo answered the person under another reference, `
	for _, test := range []struct{ id, want, not string }{
		{first, answered + lookup.Reference(second) + ` ("rang her").`, waits},
		{second, `Jo answered the request ("rang her").`, "another reference"},
		{third, waits, "another reference"},
	} {
		got := o.story(helpdesk.Subject{Reference: lookup.Reference(test.id)})
		if !strings.Contains(got, test.want) || strings.Contains(got, test.not) {
			t.Errorf("want %q and not %q in\n%s", test.want, test.not, got)
		}
	}
	got := o.story(helpdesk.Subject{Email: o.email("ann@example.com")})
	if strings.Count(got, waits) != 1 || strings.Count(got, "another reference") != 1 {
		t.Errorf("by the address:\n%s", got)
	}
}

func refused(t *testing.T, why string, call func() (helpdesk.Change, error)) {
	t.Helper()
	_, err := call()
	if _, ok := errors.AsType[*helpdesk.Refusal](err); !ok || !strings.Contains(err.Error(), why) {
		t.Errorf("%v, want a refusal that says %q", err, why)
	}
}

// TestMarksAreKeptInOrder, each with who, when and why, and none is lost to another at the same time.
func TestMarksAreKeptInOrder(t *testing.T) {
	o := newOffice(t)
	o.found("ann@example.com", "1000001", refusedByAlert)
	ann := o.email("Ann@example.com")
	for list, mark := range map[string]func(context.Context, string) (helpdesk.Change, error){
		"contacted": func(ctx context.Context, note string) (helpdesk.Change, error) {
			return o.desk.Contacted(ctx, ann, note)
		},
		"lifted": func(ctx context.Context, note string) (helpdesk.Change, error) { return o.desk.Lift(ctx, ann, note) },
	} {
		o.now = noon.Add(time.Hour)
		o.do(mark(t.Context(), "first"))
		o.now = noon.Add(2 * time.Hour)
		second, err := mark(t.Context(), "second")
		if err != nil {
			t.Fatal(err)
		}
		o.do(mark(t.Context(), "in between"))
		if did, err := second.Do(t.Context()); !errors.Is(err, helpdesk.ErrChanged) || len(did) > 0 {
			t.Errorf("%s: a mark that did not see another: %v, said %v", list, err, did)
		}
		got := attribute.Maps(localtest.Item(t, o.servers, "emails", "ann@example.com"), list)
		if len(got) != 2 || attribute.Text(got[0], "note") != "first" || attribute.Text(got[0], "at") != "2026-06-22T12:00:00.000Z" ||
			attribute.Text(got[1], "note") != "in between" || attribute.Text(got[1], "by") != "Jo" {
			t.Errorf("%s: %v", list, got)
		}
	}
	refused(t, "has found no TRN", func() (helpdesk.Change, error) { return o.desk.Lift(t.Context(), o.email("bo@example.com"), "x") })
}

// TestRetryAsksTheRulesAgain: the refusal is kept, the lookup is undecided, and its match is queued once more, also
// when the first attempt ended in between.
func TestRetryAsksTheRulesAgain(t *testing.T) {
	o := newOffice(t)
	id := o.found("Ann+x@example.com", "1000001", refusedByAlert)
	s := helpdesk.Subject{LookupID: id}
	o.now = noon.Add(time.Hour)
	change, err := o.desk.Retry(t.Context(), s, "the alert ended")
	if err != nil {
		t.Fatal(err)
	}
	o.wire.Reset(failing("AmazonSQS.SendMessage", "SQS.SendMessage"), nil)
	if _, err := change.Do(t.Context()); err == nil {
		t.Fatal("the failure was swallowed")
	}
	o.wire.Reset(nil, nil)
	o.do(o.desk.Retry(t.Context(), s, ""))

	item := localtest.Item(t, o.servers, "lookups", id)
	retries := attribute.Maps(item, "retries")
	if attribute.Text(item, "unlockOutcome") != "" || item["unlockReasons"] != nil || item["decidedAt"] != nil || len(retries) != 1 ||
		attribute.Text(retries[0], "unlockOutcome") != "refused" || attribute.Texts(retries[0], "unlockReasons")[0] != "open_alert" ||
		attribute.Text(retries[0], "by") != "Jo" || attribute.Text(retries[0], "note") != "the alert ended" {
		t.Errorf("%v", item)
	}
	messages := localtest.Drain(t, o.servers, "matches")
	if len(messages) != 1 {
		t.Fatalf("%d messages", len(messages))
	}
	match, err := message.ParseMatch(*messages[0].Body)
	if err != nil || match.LookupID != id || match.TRN.Digits() != "1000001" || match.Email.Typed() != "Ann+x@example.com" || !match.MatchedAt.Equal(o.now) {
		t.Errorf("%+v, %v", match, err)
	}
	for why, decision := range map[string]unlocking.Decision{
		"was unlocked":         {Outcome: unlocking.Unlocked},
		"not locked":           {Outcome: unlocking.NotLocked},
		"has not been decided": {},
	} {
		other := helpdesk.Subject{LookupID: o.found("bo@example.com", "1000002", decision)}
		refused(t, why, func() (helpdesk.Change, error) { return o.desk.Retry(t.Context(), other, "") })
	}
	refused(t, "found no TRN", func() (helpdesk.Change, error) {
		return o.desk.Retry(t.Context(), helpdesk.Subject{LookupID: o.asked("cy@example.com")}, "")
	})
}

// TestRetrySendsWhatIsPendingAgain: a match that should have been decided has lost its message.
func TestRetrySendsWhatIsPendingAgain(t *testing.T) {
	o := newOffice(t)
	s := helpdesk.Subject{LookupID: o.found("di@example.com", "1000003", unlocking.Decision{})}
	o.now = o.now.Add(59 * time.Minute)
	refused(t, "has not been decided", func() (helpdesk.Change, error) { return o.desk.Retry(t.Context(), s, "") })
	o.now = o.now.Add(2 * time.Minute)
	o.do(o.desk.Retry(t.Context(), s, ""))
	if messages := localtest.Drain(t, o.servers, "matches"); len(messages) != 1 {
		t.Errorf("%d messages", len(messages))
	}
}
