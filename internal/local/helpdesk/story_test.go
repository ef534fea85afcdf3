package helpdesk_test

import (
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/local/helpdesk"
)

const id = "11111111-1111-4111-8111-111111111111"

var noon = time.Date(2026, 6, 22, 11, 0, 0, 0, time.UTC) // summer: noon in London

func text(s helpdesk.Story) string {
	var b strings.Builder
	b.WriteString(s.Title + "\n")
	for _, line := range s.Lines {
		b.WriteString(line.When() + ": " + line.Text + "\n")
	}
	return b.String()
}

// TestAStoryIsInOrderOfTime, whatever the order in which its attributes stand, and what has not happened is last.
func TestAStoryIsInOrderOfTime(t *testing.T) {
	item := attribute.Item{
		"lookupId": attribute.String(id), "outcome": attribute.String("trn_sent"), "trn": attribute.String("1000021"),
		"email": attribute.String("Ann@example.com"), "evidence": attribute.Strings([]string{"name", "date_of_birth", "email"}),
		"receivedAt":    attribute.Time(noon),
		"trnEmailedAt":  attribute.Time(noon.Add(3 * time.Second)),
		"unlockOutcome": attribute.String("refused"), "decidedAt": attribute.Time(noon.Add(2 * time.Second)),
		"unlockReasons":  attribute.Strings([]string{"open_alert", "email_used_for_another_trn"}),
		"ownerEmailedAt": attribute.Time(noon.Add(4 * time.Second)),
		"trnDelivery":    attribute.String("permanent-failure"), "trnDeliveryAt": attribute.Time(noon.Add(time.Minute)),
	}
	want := `Lookup MN93F-KWNMH (11111111-1111-4111-8111-111111111111)
22 Jun 2026 12:00:00: The lookup by Ann@example.com found TRN 1000021: name, date of birth and email agreed.
22 Jun 2026 12:00:02: The account was not unlocked, because the record had an open alert and the email address had found another TRN.
22 Jun 2026 12:00:03: The email with the TRN was given to GOV.UK Notify.
22 Jun 2026 12:00:04: The notice to the address on the record, that its number was looked up, was given to GOV.UK Notify.
22 Jun 2026 12:01:00: The email with the TRN could not be delivered: there is no such mailbox, or it refuses our mail.
`
	if got := text(helpdesk.LookupStory(item, nil)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	delete(item, "unlockOutcome")
	delete(item, "decidedAt")
	delete(item, "trnEmailedAt")
	item["retries"] = attribute.MapList(attribute.Item{"at": attribute.Time(noon.Add(time.Hour)), "by": attribute.String("Jo"),
		"note": attribute.String("alert ended"), "unlockOutcome": attribute.String("refused"), "unlockReasons": item["unlockReasons"]})
	got := text(helpdesk.LookupStory(item, nil))
	for _, want := range []string{
		`22 Jun 2026 13:00:00: Jo had the unlock judged again ("alert ended"). Before, the account was not unlocked, because the record had`,
		"not yet: The email with the TRN has not been given to GOV.UK Notify.\nnot yet: Whether the account is unlocked has not been decided.\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestARequestWaitsUntilItIsAnswered(t *testing.T) {
	item := attribute.Item{"lookupId": attribute.String(id), "outcome": attribute.String("helpdesk"), "receivedAt": attribute.Time(noon)}
	request := attribute.Item{"why": attribute.String("several"), "requestedAt": attribute.Time(noon),
		"candidateTrns": attribute.Strings([]string{"0000001", "0000002"}), "note": attribute.String("I was\nMiss Smith")}
	got := text(helpdesk.LookupStory(item, request))
	for _, want := range []string{
		"The lookup matched no single record, so the helpdesk has to look.\n",
		`because several records matched: TRN 0000001 and 0000002, with the note "I was\nMiss Smith".`,
		"not yet: The person waits for the helpdesk.\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	request["answeredAt"], request["answeredBy"] = attribute.Time(noon.Add(24*time.Hour)), attribute.String("Jo")
	got = text(helpdesk.LookupStory(item, request))
	if strings.Contains(got, "waits") || !strings.Contains(got, "23 Jun 2026 12:00:00: Jo answered the request.\n") {
		t.Errorf("answered:\n%s", got)
	}
}

func TestAMailboxTellsWhatItFound(t *testing.T) {
	got := text(helpdesk.MailboxStory(attribute.Item{"email": attribute.String("ann@example.com"),
		"trns": attribute.Map(attribute.Item{"1000005": attribute.Time(noon.Add(time.Hour)), "1000021": attribute.Time(noon),
			"1000030": attribute.Time(noon.Add(4 * time.Hour))}),
		"contacted": attribute.MapList(attribute.Item{"at": attribute.Time(noon.Add(2 * time.Hour)), "by": attribute.String("Jo"),
			"note": attribute.String("her sister")}),
		"lifted": attribute.MapList(attribute.Item{"at": attribute.Time(noon.Add(3 * time.Hour)), "by": attribute.String("Jo")}),
	}))
	want := `Mailbox ann@example.com
22 Jun 2026 12:00:00: It found TRN 1000021 for the first time.
22 Jun 2026 13:00:00: It found TRN 1000005 for the first time.
22 Jun 2026 14:00:00: Jo contacted the person ("her sister").
22 Jun 2026 15:00:00: Jo lifted the record: what it found before no longer counts as another TRN.
22 Jun 2026 16:00:00: It found TRN 1000030 for the first time since its record was lifted.
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestWhatHappenedWithinASecondIsToldInItsOrder: a delivery's time is from Notify's clock, which may be a little before the time at which
// we wrote that the email was given.
func TestWhatHappenedWithinASecondIsToldInItsOrder(t *testing.T) {
	got := text(helpdesk.LookupStory(attribute.Item{"lookupId": attribute.String(id), "outcome": attribute.String("trn_sent"),
		"trn": attribute.String("1000021"), "receivedAt": attribute.Time(noon), "trnEmailedAt": attribute.Time(noon.Add(900 * time.Millisecond)),
		"trnDelivery": attribute.String("delivered"), "trnDeliveryAt": attribute.Time(noon.Add(100 * time.Millisecond)),
		"unlockOutcome": attribute.String("unlocked"), "decidedAt": attribute.Time(noon.Add(50 * time.Millisecond)),
	}, nil))
	given, delivered := strings.Index(got, "was given to GOV.UK Notify"), strings.Index(got, "was delivered")
	if given < 0 || delivered < given {
		t.Errorf("delivered before it was given:\n%s", got)
	}
}
