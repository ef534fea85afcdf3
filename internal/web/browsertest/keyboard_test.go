//go:build browser

package browsertest

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press presses keys, wherever the focus is.
func (p *person) press(keys string) {
	p.t.Helper()
	if keys == kb.Enter {
		p.do(enterKey)
		return
	}
	p.do(chromedp.KeyEvent(keys))
}

// enterKey is the key as a keyboard sends it. chromedp's own sends its character apart from it, which a browser would
// swallow when the key has moved the focus, and so it submits the form that a link of the error summary leads to.
var enterKey = chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		event := input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13}
		if kind == input.DispatchKeyEventTypeKeyDown {
			event.Text, event.UnmodifiedText = "\r", "\r"
		}
		if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, event); err != nil {
			return err
		}
	}
	return nil
})

// enter presses Enter and waits for the page that it leads to.
func (p *person) enter() {
	p.t.Helper()
	if _, err := chromedp.RunResponse(p.ctx, enterKey); err != nil {
		p.t.Fatalf("%v (at %s)", err, p.path())
	}
}

// tabTo presses Tab until an element has the focus, which must be plain to see.
func (p *person) tabTo(selector string) {
	p.t.Helper()
	for range 25 {
		if evaluate[bool](p, "!!document.activeElement && document.activeElement.matches(`"+selector+"`)") {
			visible := evaluate[bool](p, `(s => s.outlineStyle != "none" || s.boxShadow != "none" || s.backgroundColor == "rgb(255, 221, 0)")(
				getComputedStyle(document.activeElement.type == "radio" ? document.activeElement.labels[0] : document.activeElement,
					document.activeElement.type == "radio" ? "::before" : null))`)
			if !visible {
				p.t.Errorf("%s: nothing shows that %s has the focus", p.path(), selector)
			}
			return
		}
		p.press(kb.Tab)
	}
	p.t.Fatalf("%s: Tab does not reach %s", p.path(), selector)
}

// answerByKeys fills in fields in the order in which Tab comes to them.
func (p *person) answerByKeys(fields ...string) {
	p.t.Helper()
	for i := 0; i < len(fields); i += 2 {
		p.tabTo("#" + fields[i])
		p.press(fields[i+1])
	}
	p.enter()
}

func TestByKeyboardAlone(t *testing.T) {
	p := openForm(t, desktop)
	p.goTo("/")
	p.press(kb.Tab)
	if focus := p.text(":focus"); focus != "Skip to main content" {
		t.Errorf("the first stop is %q", focus)
	}
	p.press(kb.Enter)
	p.tabTo(".govuk-button--start")
	p.press(" ") // a link that looks like a button answers to the space bar as well
	p.do(chromedp.WaitVisible(chromedp.CSS("#email")))

	p.answerByKeys("email", "amara")
	p.at("/email", "What is your email address?")
	if focus := evaluate[bool](p, `!!document.activeElement && document.activeElement.matches(".govuk-error-summary")`); !focus {
		t.Error("the error summary does not have the focus")
	}
	p.press(kb.Tab)
	p.pages.asked()
	p.press(kb.Enter) // the summary's link
	p.tabTo("#email")
	if requests := p.pages.asked(); len(requests) > 0 {
		t.Errorf("the summary's link asks for %v", requests)
	}
	p.press(kb.End + ".new@example.com") // what was typed is still there
	p.enter()

	p.tabTo("#firstName")
	p.press("Amara")
	p.tabTo("#lastName")
	p.press("Osei")
	p.tabTo("#nameChanged")
	p.press(kb.ArrowDown) // from No to Yes
	p.tabTo("#previousLastName")
	p.press("Mensah")
	p.tabTo("form button")
	p.enter()
	p.answerByKeys("dateOfBirth-day", "31", "dateOfBirth-month", "3", "dateOfBirth-year", "1985")
	p.answerByKeys("nationalInsuranceNumber", "QQ123456A")
	p.at("/check-answers", "Check your answers")
	p.tabTo(`dl a[href="/date-of-birth"]`)
	p.enter()
	p.tabTo(".govuk-back-link")
	p.enter()
	p.at("/check-answers", "Check your answers")
	p.tabTo("form button")
	p.enter()
	p.at("/trn-found", "We've found your TRN")
	if n := len(p.stand.Outbox.Matches()); n != 1 {
		t.Errorf("%d lookups", n)
	}
}
