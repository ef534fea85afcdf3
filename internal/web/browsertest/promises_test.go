//go:build browser

package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// says is what each page promises to say, by the name of its state; a text that begins with "!" must not be there.
// TestEveryState looks for it in every state, with JavaScript and without.
var says = map[string][]string{
	"start": {"You have a TRN if you trained as a teacher in England or Wales", "You do not have one if", "QTS, GTC, DfE, DfES or DCSF number",
		"a payslip", "Pensions statement", "records from your teacher training", "an email address that you can open now",
		"your National Insurance number", "about 3 minutes", "We keep your answers for 2 hours", "If you do not have an email address", contact},
	"start-begun": {"continue with your answers", "clear your answers"},
	"cookies":     {"__Host-answers", "2 hours after your last answer", "__Host-started", "We do not use any other cookies", "privacy notice"},
	"accessibility": {"partially compliant", "not accessible|non-accessible", "Disproportionate burden", "Enforcement procedure",
		"Equality Advisory and Support Service", "This statement was prepared on", "last tested on", "last reviewed on", "committed to making", contact},
	"privacy":   {"18 months", "90 days", "14 days", "38 days", "35 days", "for as long as this service runs", "30 days after the last new try", "we write to that address that somebody looked up the TRN", "Information Commissioner", contact},
	"not-found": {contact, "!Try again"},
	"cleared":   {"Nothing that you gave is kept in this browser"},

	"email":               {"We’ll send your TRN to this address and nowhere else", "you can open now", "!when you trained"},
	"email-missing":       {"Enter an email address"},
	"email-invalid":       {"Enter an email address in the correct format, like name@example.com"},
	"email-meant":         {"Yes, use amara@gmail.com", "No, amara@gmial.com is right"},
	"email-meant-missing": {"Select which email address is right"},
	"name": {"official documents", "Do not use initials", "Have you ever changed your name?", "No", "Yes", "Prefer not to say",
		"!unlock", "!Who is this for"},
	"name-missing":  {"Enter your first name", "Enter your last name"},
	"name-too-long": {"First name must be 100 characters or fewer", "Previous last name must be 100 characters or fewer"},
	"date-missing":  {"Enter your date of birth"}, "date-no-day-or-month": {"Date of birth must include a day and month"},
	"date-short-year": {"Year must include 4 numbers"}, "date-no-year": {"Date of birth must include a year"},
	"date-not-real": {"Date of birth must be a real date"}, "date-in-future": {"Date of birth must be in the past"},
	"date-too-young":    {"You must be 16 or over to use this service"},
	"nino":              {"Continue without it", "find a lost National Insurance number"},
	"nino-invalid":      {"Enter a National Insurance number in the correct format, or continue without it", "Continue without it"},
	"provider":          {"Start typing", "If it is not there, type it as you know it", "Leave this blank"},
	"provider-too-long": {"Training provider must be 200 characters or fewer"},
	"check-answers": {"If we find it, we’ll send your TRN to nobody@example.com", "National Insurance numberNot provided", "Change email address",
		"clear your answers"},
	"check-answers-early": {"bo@example.com", "!National Insurance", "!training provider", "!found", "!match"},
	"check-answers-meant": {"Did you mean", "Yes, use University of Example", "No, keep the uni of example"},

	"trn-found": {"Your reference", "amara.new@example.com", "!1000001", "What happens next", "within 5 working days", "If the email does not arrive",
		"spam or junk", "change your email address", contact, "What did you think of this service?", "clear your answers"},
	"no-match": {"we cannot say which of them are different", "What usually causes this", "add your previous name", "The answers you gave", "Change name",
		"Try different details", "within 5 working days", "500 characters", "Ask the helpdesk", "Your reference is", contact},
	"no-match-unchanged":     {"You have not changed any of your answers"},
	"no-match-after-find":    {"We found your TRN earlier with other answers, and sent it to amara.new@example.com"},
	"no-match-note-too-long": {"Note must be 500 characters or fewer", "I taught in Kent."},
	"helpdesk-request":       {"Your reference", "within 5 working days", "We’ve sent a confirmation to nobody@example.com", contact, "What did you think of this service?"},
	"several":                {"Your reference", "within 5 working days", contact},

	"expired":     {"we keep your answers for 2 hours only", "Nothing has been sent", "Start again"},
	"no-cookies":  {"It seems that your browser refuses it", "Nothing has been sent", "Start again", "cookies page"},
	"limited":     {"Try again in 42 minutes", "Try again", contact},
	"unavailable": {"it will not be sent twice", "Try again", contact},
	"sorry":       {"Try again", contact},
}

// contact is how every page that says whom to ask says it.
const contact = "helpdesk@example.com"

// keepsItsPromises checks what the page must say, and what no page may lack: the banner, and the way to it.
func (p *person) keepsItsPromises(state string) {
	p.t.Helper()
	text := evaluate[string](p, `document.querySelector("main").textContent.replace(/\s+/g, " ")`)
	for _, want := range says[state] {
		unwanted, not := strings.CutPrefix(want, "!")
		found := false
		for one := range strings.SplitSeq(unwanted, "|") {
			found = found || strings.Contains(text, one)
		}
		if found == not {
			p.t.Errorf("says %q: %v, in %q", unwanted, found, text)
		}
	}
	if banner := p.text(".govuk-phase-banner"); !strings.Contains(banner, "Beta") || !strings.Contains(banner, "give your feedback") {
		p.t.Errorf("the phase banner says %q", banner)
	}
	if links := evaluate[string](p, `[...document.querySelectorAll("footer a")].map(a => a.getAttribute("href")).join(" ")`); !strings.Contains(links, "/privacy") ||
		!strings.Contains(links, "/cookies") || !strings.Contains(links, "/accessibility") {
		p.t.Errorf("the footer leads to %s", links)
	}
	if backs := evaluate[int](p, `document.querySelectorAll("nav .govuk-back-link, main .govuk-back-link").length`); backs > 0 {
		p.t.Error("the Back link is inside a nav or the main part")
	}
}

// TestSmallThings: names read well in any script, previous names are not filled in by the browser, and a long address
// breaks at its @ and dots.
func TestSmallThings(t *testing.T) {
	p := openForm(t, phone)
	p.upTo("/name", unknown)
	p.choose("nameChanged-2")
	for field, want := range map[string]string{"firstName": "given-name auto", "lastName": "family-name auto",
		"previousFirstName": "off auto", "previousLastName": "off auto"} {
		if got := evaluate[string](p, `(e => e.autocomplete + " " + e.getAttribute("dir"))(document.getElementById("`+field+`"))`); got != want {
			t.Errorf("%s: %s, want %s", field, got, want)
		}
	}
	// Without JavaScript: the component that suggests providers switches the browser's own suggestions off.
	p.resize(phoneNoScript)
	for path, want := range map[string]string{"/email": "email", "/date-of-birth": "bday-day", "/national-insurance-number": "", "/training-provider": ""} {
		p.upTo(path, unknown)
		if got := evaluate[string](p, `document.querySelector("main form input:not([type=hidden])").getAttribute("autocomplete") || ""`); got != want {
			t.Errorf("%s: autocomplete %q, want %q", path, got, want)
		}
	}
	long := unknown
	long.email = "somebody.long@department.of.example.com"
	p.answerAll(long)
	if broken := evaluate[string](p, `document.querySelector("main .app-address").innerHTML`); broken != "somebody.<wbr>long@<wbr>department.<wbr>of.<wbr>example.<wbr>com" {
		t.Errorf("the address breaks as %s", broken)
	}
	p.goTo("/email/")
	p.at("/email", "What is your email address?")
}

// TestByKeyboardAloneToTheHelpdesk: with the second button, a slip of the address, and a note.
func TestByKeyboardAloneToTheHelpdesk(t *testing.T) {
	p := openForm(t, desktop)
	p.goTo("/email?new")
	p.answerByKeys("email", "nobody@gmial.com")
	p.tabTo("#meant")
	p.press(" ")
	p.enter()
	p.at("/name", "What is your name?")
	p.answerByKeys("firstName", "No", "lastName", "Body")
	p.answerByKeys("dateOfBirth-day", "2nd", "dateOfBirth-month", "feb", "dateOfBirth-year", "1982")
	p.tabTo(`button[name="without"]`)
	p.enter()
	p.at("/training-provider", "Who provided your teacher training?")
	p.tabTo("form button")
	p.enter()
	p.at("/check-answers", "Check your answers")
	p.tabTo("form button")
	p.enter()
	p.at("/no-match", "We could not find your TRN")
	p.tabTo("#note")
	p.press("I taught in Kent.")
	p.press(kb.Tab)
	p.tabTo("form button")
	p.enter()
	p.at("/helpdesk-request", "We've received your request")
	if asked := p.stand.HelpdeskRequests(); len(asked) != 1 || asked[0].Note != "I taught in Kent." || asked[0].Query.Email.Typed() != "nobody@gmail.com" {
		t.Errorf("asked %+v", len(asked))
	}
}
