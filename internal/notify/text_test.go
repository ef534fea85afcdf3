package notify_test

import (
	"regexp"
	"strings"
	"testing"

	"losttrn/internal/catalogue"
	"losttrn/internal/notify"
	"losttrn/internal/queue"
)

var sample = map[string]string{"name": "Ann Example", "trn": "0123456"}

func TestSubjects(t *testing.T) {
	want := map[queue.Kind]string{
		queue.KindTRN:             "Your teacher reference number",
		queue.KindUnlocked:        "We've unlocked your account",
		queue.KindHelpdeskRequest: "We've received your request",
	}
	for _, template := range notify.Templates() {
		if template.Subject != want[template.Kind] {
			t.Errorf("%s: subject %q, want %q", template.Kind, template.Subject, want[template.Kind])
		}
		delete(want, template.Kind)
	}
	if len(want) != 0 {
		t.Errorf("no template for %v", want)
	}
}

// TestTheTRNStandsInOneEmailOnly: seven digits together, in the body of the one email that is for it.
func TestTheTRNStandsInOneEmailOnly(t *testing.T) {
	for _, kind := range queue.Kinds {
		subject, body, err := notify.Render(kind, sample)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(subject, "0123456") {
			t.Errorf("%s: the TRN stands in the subject", kind)
		}
		if got, want := strings.Contains(body, "0123456"), kind == queue.KindTRN; got != want {
			t.Errorf("%s: TRN in the body: %v, want %v", kind, got, want)
		}
		if !strings.Contains(body, "Dear Ann Example\n") || strings.Contains(subject+body, "((") {
			t.Errorf("%s: not filled in:\n%s\n\n%s", kind, subject, body)
		}
	}
}

// TestTextsGiveNoReason: whether there is an alert on a record, or why an account stays locked, is for the
// helpdesk to talk about.
func TestTextsGiveNoReason(t *testing.T) {
	reason := regexp.MustCompile(`(?i)\b(alerts?|prohibit\w*|sanction\w*|restrict\w*|misconduct|refused?|another trn|deactivated|merged|deceased)\b`)
	for _, template := range notify.Templates() {
		if found := reason.FindString(template.Body); found != "" {
			t.Errorf("%s says %q", template.Kind, found)
		}
	}
}

func TestTextsSayWhomToAsk(t *testing.T) {
	contact := catalogue.English.Text("contact.email")
	for _, template := range notify.Templates() {
		if !strings.Contains(template.Body, contact) {
			t.Errorf("%s does not name the contact of the pages, %s", template.Kind, contact)
		}
	}
}

// TestTextsAreInNotifysSyntax: what Notify does not know would be sent as it stands.
func TestTextsAreInNotifysSyntax(t *testing.T) {
	foreign := regexp.MustCompile("(?m)\\*\\*|__|`|<[a-z/]|^#{3,}|^[-+] |\\]\\(|[‘’“”]")
	for _, template := range notify.Templates() {
		if found := foreign.FindString(template.Subject + "\n" + template.Body); found != "" {
			t.Errorf("%s uses %q", template.Kind, found)
		}
	}
}

func TestRenderNeedsWhatTheTextNeeds(t *testing.T) {
	if _, _, err := notify.Render(queue.KindTRN, map[string]string{"name": "Ann Example"}); err == nil || !strings.Contains(err.Error(), "trn") {
		t.Errorf("without the TRN: %v", err)
	}
	if _, _, err := notify.Render("other", sample); err == nil {
		t.Error("a kind without a text was rendered")
	}
}

func TestRenderFillsOnce(t *testing.T) {
	_, body, err := notify.Render(queue.KindTRN, map[string]string{"name": "((trn))", "trn": "0123456"})
	if err != nil || !strings.Contains(body, "Dear ((trn))\n") {
		t.Errorf("a placeholder in a value was filled in: %v\n%s", err, body)
	}
}
