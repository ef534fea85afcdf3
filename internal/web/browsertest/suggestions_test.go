//go:build browser

package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// awaitSuggestions waits until the input is enhanced.
func (p *person) awaitSuggestions() {
	p.t.Helper()
	p.do(chromedp.WaitVisible(chromedp.CSS(".autocomplete__wrapper input")))
}

func TestSuggestionsByKeyboard(t *testing.T) {
	for _, w := range []window{desktop, phone, forced} {
		t.Run(w.name, func(t *testing.T) {
			p := openForm(t, w)
			p.upTo("/training-provider", unknown)
			p.awaitSuggestions()
			p.tabTo("#trainingProvider")
			p.press("uni of n")
			p.do(chromedp.WaitVisible(chromedp.CSS(".autocomplete__option")))
			if options := evaluate[string](p, `[...document.querySelectorAll(".autocomplete__option")].map(o => o.textContent.trim()).join()`); !strings.HasPrefix(options, "University of Nowhere Else") {
				t.Errorf("suggestions %s", options)
			}
			p.screenshot("provider-suggestions")
			p.accessible()
			p.fits()
			p.press(kb.ArrowDown)
			p.screenshot("provider-suggestion-chosen")
			p.enterOption()
			if value := evaluate[string](p, `document.getElementById("trainingProvider").value`); value != "University of Nowhere Else" {
				t.Fatalf("value %q", value)
			}
			p.pressContinue()
			p.at("/check-answers", "Check your answers")
			if list := p.text("dl"); !strings.Contains(list, "University of Nowhere Else") {
				t.Errorf("%s", list)
			}
		})
	}
}

// enterOption presses Enter on a suggestion, which leads to no other page.
func (p *person) enterOption() {
	p.t.Helper()
	p.do(enterKey)
}

// TestWhatIsNotSuggestedIsAllowed: typed and left, it stays as it was typed, also beside an open menu.
func TestWhatIsNotSuggestedIsAllowed(t *testing.T) {
	for _, w := range []window{desktop, noScript} {
		t.Run(w.name, func(t *testing.T) {
			p := openForm(t, w)
			p.upTo("/training-provider", unknown)
			if w.script {
				p.awaitSuggestions()
			} else if enhanced := evaluate[bool](p, `!!document.querySelector(".autocomplete__wrapper")`); enhanced {
				t.Error("a menu without JavaScript")
			}
			p.do(chromedp.SendKeys(chromedp.CSS("#trainingProvider"), "University of"))
			p.pressContinue()
			p.at("/check-answers", "Check your answers")
			if list := strings.Join(strings.Fields(p.text("dl")), " "); !strings.Contains(list, "provider University of Change") {
				t.Errorf("%q", list)
			}
			p.click(`dl a[href="/training-provider"]`)
			if w.script {
				p.awaitSuggestions()
			}
			if value := evaluate[string](p, `document.getElementById("trainingProvider").value`); value != "University of" {
				t.Errorf("shown again as %q", value)
			}
		})
	}
}

// TestAnErrorIsReadWithTheSuggestions: hint and message are among what describes the enhanced input.
func TestAnErrorIsReadWithTheSuggestions(t *testing.T) {
	p := openForm(t, desktop)
	p.wrong("/training-provider", answers{provider: strings.Repeat("University ", 20)})
	p.awaitSuggestions()
	described := evaluate[string](p, `(input => (input.getAttribute("aria-describedby") || "").split(" ").map(id => (document.getElementById(id) || {textContent: ""}).textContent).join(" "))(document.getElementById("trainingProvider"))`)
	if !strings.Contains(described, "Training provider must be 200 characters or fewer") || !strings.Contains(described, "Start typing") {
		t.Errorf("described by %q", described)
	}
}
