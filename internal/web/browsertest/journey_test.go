//go:build browser

package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// choose picks a radio by its label, as a person does.
func (p *person) choose(id string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(`label[for="` + id + `"]`)))
}

func TestEveryOutcome(t *testing.T) {
	for _, w := range []window{desktop, phoneNoScript} {
		t.Run(w.name, func(t *testing.T) {
			t.Run("found", func(t *testing.T) {
				p := openForm(t, w)
				p.goTo("/")
				p.at("/", "Find a lost teacher reference number (TRN)")
				p.click(".govuk-button--start")
				for _, q := range questions {
					p.at(q.path, q.heading)
					p.answerTo(q.path, found)
					p.pressContinue()
					if q.path == "/national-insurance-number" {
						break // known by now
					}
				}
				p.at("/check-answers", "Check your answers")
				p.pressContinue()
				p.at("/trn-found", "We've found your TRN")
				if text := p.text("main"); !strings.Contains(text, found.email) || strings.Contains(text, "1000001") {
					t.Errorf("the page says %q", text)
				}
				if matches := p.stand.Outbox.Matches(); len(matches) != 1 || matches[0].TRN.Digits() != "1000001" {
					t.Errorf("%d matches", len(matches))
				}
			})
			t.Run("known after three answers", func(t *testing.T) {
				p := openForm(t, w)
				p.answerAll(early)
				p.pressContinue()
				p.at("/trn-found", "We've found your TRN")
			})
			t.Run("not found, then the helpdesk", func(t *testing.T) {
				p := openForm(t, w)
				p.answerAll(unknown)
				p.pressContinue()
				p.at("/no-match", "We could not find your TRN")
				p.pressContinue()
				p.at("/helpdesk-request", "We've received your request")
				if n := len(p.stand.HelpdeskRequests()); n != 1 {
					t.Errorf("%d helpdesk requests", n)
				}
			})
			t.Run("not found, then different details", func(t *testing.T) {
				p := openForm(t, w)
				p.answerAll(unknown)
				p.pressContinue()
				p.click(`a[href="/check-answers"]`)
				p.at("/check-answers", "Check your answers")
				p.click(`a[href="/name"]`)
				p.answerTo("/name", found)
				p.pressContinue()
				p.click(`a[href="/date-of-birth"]`)
				p.answerTo("/date-of-birth", found)
				p.pressContinue()
				p.click(`a[href="/national-insurance-number"]`)
				p.answerTo("/national-insurance-number", found)
				p.pressContinue()
				p.at("/check-answers", "Check your answers")
				p.pressContinue()
				p.at("/trn-found", "We've found your TRN")
			})
			t.Run("several", func(t *testing.T) {
				p := openForm(t, w)
				p.answerAll(twice)
				p.pressContinue()
				p.at("/helpdesk-request", "We've received your request")
			})
		})
	}
}
