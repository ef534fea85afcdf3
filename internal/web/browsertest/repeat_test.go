//go:build browser

package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func (p *person) lookups(want int) {
	p.t.Helper()
	if n := len(p.stand.Outbox.Matches()); n != want {
		p.t.Errorf("%d lookups, want %d", n, want)
	}
}

func TestReloadBackAndDoubleClickSendOneEmail(t *testing.T) {
	for _, w := range []window{desktop, noScript} {
		t.Run(w.name, func(t *testing.T) {
			p := openForm(t, w)
			p.answerAll(found)
			p.pages.asked()
			if _, err := chromedp.RunResponse(p.ctx, chromedp.DoubleClick(chromedp.CSS("form[method=post] button"))); err != nil {
				t.Fatal(err)
			}
			p.do(chromedp.WaitVisible(chromedp.CSS(".govuk-panel")))
			p.at("/trn-found", "We've found your TRN")
			p.lookups(1)
			p.do(chromedp.Reload())
			p.at("/trn-found", "We've found your TRN")
			p.do(chromedp.NavigateBack())
			p.at("/check-answers", "Check your answers")
			p.pressContinue()
			p.at("/trn-found", "We've found your TRN")
			p.lookups(1)
			p.click(`main a[href="/clear-answers"]`)
			p.at("/clear-answers", "We’ve cleared your answers")
			p.answerAll(found)
			p.pressContinue()
			p.lookups(2)
		})
	}
}

func TestTwoTabs(t *testing.T) {
	p := openForm(t, desktop)
	p.answerAll(found)
	tab, leave := chromedp.NewContext(p.ctx)
	defer leave()
	other := &person{t: t, ctx: tab, window: p.window, origin: p.origin, stand: p.stand, pages: p.pages}
	other.goTo("/check-answers")
	other.at("/check-answers", "Check your answers")
	p.pressContinue()
	other.pressContinue()
	other.at("/trn-found", "We've found your TRN")
	p.lookups(1)
}

func TestAddressesAndRefererHoldNothingPersonal(t *testing.T) {
	p := openForm(t, desktop)
	p.answerAll(found)
	p.pressContinue()
	for _, request := range p.pages.asked() {
		for _, path := range []string{"?", "example.com", "Amara", "1985", "QQ"} {
			if strings.Contains(request, path) {
				t.Errorf("%q is in %q", path, request)
			}
		}
	}
}
