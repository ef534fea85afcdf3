//go:build browser

package browsertest

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"losttrn/internal/fault"
	"losttrn/internal/lookup"
)

// state is a page in one of its states, and how to get there from an empty form.
type state struct {
	name    string
	heading string
	reach   func(p *person)
}

// states are every page of the form in every state that looks different.
var states = []state{
	{"start", "Find a lost teacher reference number (TRN)", func(p *person) { p.goTo("/") }},
	{"cookies", "Cookies", func(p *person) { p.goTo("/cookies") }},
	{"accessibility", "Accessibility statement for Find a lost teacher reference number (TRN)", func(p *person) { p.goTo("/accessibility") }},
	{"privacy", "Privacy notice", func(p *person) { p.goTo("/privacy") }},
	{"not-found", "Page not found", func(p *person) { p.goTo("/nowhere") }},
	{"start-begun", "Find a lost teacher reference number (TRN)", func(p *person) { p.upTo("/name", unknown); p.goTo("/") }},
	{"cleared", "We’ve cleared your answers", func(p *person) { p.upTo("/name", unknown); p.goTo("/clear-answers") }},

	{"email", "What is your email address?", func(p *person) { p.upTo("/email", unknown) }},
	{"email-missing", "What is your email address?", func(p *person) { p.wrong("/email", answers{}) }},
	{"email-invalid", "What is your email address?", func(p *person) { p.wrong("/email", answers{email: "amara@"}) }},
	{"email-meant", "Did you mean amara@gmail.com?", func(p *person) { p.upTo("/email", unknown); p.answerTo("/email", slip); p.pressContinue() }},
	{"email-meant-missing", "Did you mean amara@gmail.com?", func(p *person) {
		p.upTo("/email", unknown)
		p.answerTo("/email", slip)
		p.pressContinue()
		p.pressContinue()
	}},
	{"name", "What is your name?", func(p *person) { p.upTo("/name", unknown) }},
	{"name-changed", "What is your name?", func(p *person) { p.upTo("/name", unknown); p.choose("nameChanged-2") }},
	{"name-missing", "What is your name?", func(p *person) { p.wrong("/name", answers{}) }},
	{"name-too-long", "What is your name?", func(p *person) {
		long := strings.Repeat("Wolfeschlegelstein", 6)
		p.wrong("/name", answers{first: long, last: long, previousLast: long})
	}},
	{"date-of-birth", "What is your date of birth?", func(p *person) { p.upTo("/date-of-birth", unknown) }},
	{"date-missing", "What is your date of birth?", func(p *person) { p.wrong("/date-of-birth", answers{}) }},
	{"date-no-day-or-month", "What is your date of birth?", func(p *person) { p.wrong("/date-of-birth", answers{year: "1985"}) }},
	{"date-short-year", "What is your date of birth?", func(p *person) {
		p.wrong("/date-of-birth", answers{day: "31", month: "3", year: "85"})
	}},
	{"date-no-year", "What is your date of birth?", func(p *person) {
		p.wrong("/date-of-birth", answers{day: "31", month: "3"})
	}},
	{"date-not-real", "What is your date of birth?", func(p *person) {
		p.wrong("/date-of-birth", answers{day: "31", month: "2", year: "1985"})
	}},
	{"date-in-future", "What is your date of birth?", func(p *person) {
		p.wrong("/date-of-birth", answers{day: "1", month: "1", year: "2030"})
	}},
	{"date-too-young", "What is your date of birth?", func(p *person) {
		p.wrong("/date-of-birth", answers{day: "1", month: "1", year: "2015"})
	}},
	{"nino", "What is your National Insurance number?", func(p *person) { p.upTo("/national-insurance-number", unknown) }},
	{"nino-invalid", "What is your National Insurance number?", func(p *person) {
		p.wrong("/national-insurance-number", answers{nino: "QQ 12 34 56 Z"})
	}},
	{"provider", "Who provided your teacher training?", func(p *person) { p.upTo("/training-provider", unknown) }},
	{"provider-too-long", "Who provided your teacher training?", func(p *person) {
		p.wrong("/training-provider", answers{provider: strings.Repeat("University ", 20)})
	}},
	{"check-answers", "Check your answers", func(p *person) { p.answerAll(unknown) }},
	{"check-answers-early", "Check your answers", func(p *person) { p.answerAll(early) }},
	{"check-answers-meant", "Check your answers", func(p *person) {
		meant := unknown
		meant.provider = "the uni of example"
		p.answerAll(meant)
	}},
	{"check-answers-long", "Check your answers", func(p *person) {
		long := unknown
		long.email = strings.Repeat("verylongaddress", 4) + "@" + strings.Repeat("department.", 12) + "example.com"
		long.last = strings.Repeat("Wolfeschlegelstein", 5)
		p.answerAll(long)
	}},

	{"trn-found", "We've found your TRN", func(p *person) { p.answerAll(found); p.pressContinue() }},
	{"no-match", "We could not find your TRN", func(p *person) { p.answerAll(unknown); p.pressContinue() }},
	{"no-match-unchanged", "We could not find your TRN", func(p *person) {
		p.answerAll(unknown)
		p.pressContinue()
		p.goTo("/check-answers")
		p.pressContinue()
	}},
	{"no-match-after-find", "We could not find your TRN", func(p *person) {
		p.answerAll(found)
		p.pressContinue()
		p.goTo("/date-of-birth")
		p.answerTo("/date-of-birth", unknown)
		p.pressContinue()
		p.goTo("/national-insurance-number")
		p.fill("nationalInsuranceNumber", "")
		p.pressContinue()
		for p.path() != "/check-answers" {
			p.pressContinue()
		}
		p.pressContinue()
	}},
	{"no-match-note-too-long", "We could not find your TRN", func(p *person) {
		p.answerAll(unknown)
		p.pressContinue()
		evaluate[string](p, `document.getElementById("note").value = "I taught in Kent. ".repeat(40)`)
		p.pressContinue()
	}},
	{"helpdesk-request", "We've received your request", func(p *person) { p.answerAll(unknown); p.pressContinue(); p.pressContinue() }},
	{"several", "We've received your request", func(p *person) { p.answerAll(twice); p.pressContinue() }},

	{"expired", "Your answers are no longer here", func(p *person) {
		p.answerAll(unknown)
		p.stand.Rotate("another secret of at least thirty-two characters")
		p.pressContinue()
	}},
	{"no-cookies", "Your browser did not keep your answers", func(p *person) {
		p.upTo("/email", unknown)
		p.answerTo("/email", unknown)
		p.dropCookies()
		p.pressContinue()
	}},
	{"limited", "You’ve tried too many times", func(p *person) {
		p.failing(&lookup.LimitError{RetryAfter: 42 * 60e9})
	}},
	{"unavailable", "Sorry, the service is unavailable", func(p *person) { p.failing(fault.Unavailable) }},
	{"sorry", "Sorry, there is a problem with the service", func(p *person) { p.failing(fault.Invalid) }},
}

// slip has a slip of the keyboard in the address.
var slip = answers{email: "amara@gmial.com"}

// dropCookies is what a browser that refuses cookies does with them.
func (p *person) dropCookies() {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		p.t.Fatal(err)
	}
}

// upTo goes to a question by way of those before it.
func (p *person) upTo(path string, a answers) {
	p.t.Helper()
	p.goTo("/email?new")
	for _, q := range questions {
		if q.path == path {
			p.at(q.path, q.heading)
			return
		}
		p.answerTo(q.path, a)
		p.pressContinue()
	}
}

// wrong answers a question wrongly.
func (p *person) wrong(path string, a answers) {
	p.t.Helper()
	p.upTo(path, unknown)
	p.answerTo(path, a)
	p.pressContinue()
	if title := evaluate[string](p, "document.title"); !strings.HasPrefix(title, "Error: ") {
		p.t.Errorf("title %q", title)
	}
}

// failing submits the answers while the register fails.
func (p *person) failing(err error) {
	p.t.Helper()
	p.answerAll(unknown)
	p.stand.Fail(err)
	p.pressContinue()
}

// TestEveryState looks at every state in every way of looking at it: wide and at 320 pixels, with JavaScript and
// without, at a zoom of 400 %, in the person's own colours and with text spaced out. axe-core finds nothing, nothing
// needs scrolling sideways, an error moves the focus to its summary, and the order is right for a screen reader. The
// pages are kept for the validator, and a screenshot of each way is left to look at.
//
// A state is reached once with JavaScript and once without; then the window changes around the page, as a person's does.
func TestEveryState(t *testing.T) {
	t.Run("states", func(t *testing.T) {
		for _, s := range states {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				p := s.open(t, desktop)
				erroneous := evaluate[bool](p, `!!document.querySelector(".govuk-error-summary")`)
				if focused := evaluate[bool](p, `!!document.activeElement.closest(".govuk-error-summary")`); erroneous != focused {
					t.Errorf("error summary: %v, focus on it: %v", erroneous, focused)
				}
				p.look(s.name)
				p.accessible()
				p.resize(phone)
				p.look(s.name)
				p.accessible()
				p.spacedOut(s.name + "-spaced")
				p.resize(zoomed)
				p.look(s.name)
				p.resize(forced)
				p.look(s.name)
			})
			t.Run(s.name+" without JavaScript", func(t *testing.T) {
				t.Parallel()
				p := s.open(t, noScript)
				p.look(s.name)
				p.accessible()
				p.inOrder()
				p.resize(phoneNoScript)
				p.look(s.name)
			})
		}
	})
	for name := range says {
		if !slices.ContainsFunc(states, func(s state) bool { return s.name == name }) {
			t.Errorf("there is no state %s", name)
		}
	}
	validate(t)
}

// open reaches the state in a window.
func (s state) open(t *testing.T, w window) *person {
	t.Helper()
	p := openForm(t, w)
	s.reach(p)
	if got := p.text("h1"); got != s.heading {
		t.Fatalf("heading %q, want %q", got, s.heading)
	}
	p.keepsItsPromises(s.name)
	return p
}

// look keeps a screenshot and checks that the page fits the window.
func (p *person) look(name string) {
	p.t.Helper()
	p.screenshot(name)
	p.fits()
}
