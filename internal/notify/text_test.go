package notify_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"losttrn/internal/message"
	"losttrn/internal/notify"
)

func TestSubjects(t *testing.T) {
	want := map[message.Kind]string{
		message.KindTRN:             "Your teacher reference number",
		message.KindUnlocked:        "Your Teacher Self-Service Portal account is unlocked",
		message.KindHelpdeskRequest: "We've received your request",
		message.KindHelpdeskTicket:  "((reference)): a person needs help to find their TRN",
		message.KindOwnerNotice:     "Someone looked up your teacher reference number",
		message.KindHelpdeskReport:  "Find a lost TRN: last night's reports",
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

var placeholder = regexp.MustCompile(`\(\(([^()]+)\)\)`)

func placeholders(text string) []string {
	names := []string{}
	for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestTheTRNStandsInOneEmailOnly: in the body of the one email that is for it, and in no subject.
func TestTheTRNStandsInOneEmailOnly(t *testing.T) {
	for _, template := range notify.Templates() {
		if got := placeholders(template.Subject); len(got) != 0 && !slices.Equal(got, []string{"reference"}) {
			t.Errorf("%s: %v in the subject", template.Kind, got)
		}
		if got, want := slices.Contains(placeholders(template.Body), "trn"), template.Kind == message.KindTRN; got != want {
			t.Errorf("%s: TRN in the body: %v, want %v", template.Kind, got, want)
		}
	}
}

// TestTextsNeedWhatIsSent: Notify refuses an email for which a placeholder of its template has no value.
func TestTextsNeedWhatIsSent(t *testing.T) {
	for _, template := range notify.Templates() {
		s := newServer(t)
		if err := s.client().Send(t.Context(), letter(t, template.Kind)); err != nil {
			t.Fatal(err)
		}
		given := slices.Sorted(maps.Keys(s.taken[0]["personalisation"].(map[string]any)))
		if diff := cmp.Diff(placeholders(template.Subject+template.Body), given); diff != "" {
			t.Errorf("%s: placeholders and what is sent (-want +got):\n%s", template.Kind, diff)
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

// toPeople are the templates of emails to people, not to the helpdesk.
func toPeople() []notify.Template {
	return slices.DeleteFunc(notify.Templates(), func(t notify.Template) bool {
		return t.Kind == message.KindHelpdeskTicket || t.Kind == message.KindHelpdeskReport
	})
}

func TestTextsSayWhomToAsk(t *testing.T) {
	for _, template := range toPeople() {
		if !strings.Contains(template.Body, "((contact))") {
			t.Errorf("%s does not say how to reach the helpdesk", template.Kind)
		}
	}
}

// TestNoTextAsksForNameAndTRN: of people who are prohibited both are public, so that they prove nothing.
func TestNoTextAsksForNameAndTRN(t *testing.T) {
	asks := regexp.MustCompile(`(?i)(give|send|tell)[^.]{0,40}(name|TRN)[^.]{0,20}(and|with)[^.]{0,20}(name|TRN)`)
	for _, template := range notify.Templates() {
		if found := asks.FindString(template.Body); found != "" {
			t.Errorf("%s: %q", template.Kind, found)
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
