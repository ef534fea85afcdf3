//go:build browser

package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// fits checks that nothing stands out at the side.
func (p *person) fits() {
	p.t.Helper()
	if over := evaluate[int](p, "document.documentElement.scrollWidth - window.innerWidth"); over > 0 {
		p.t.Errorf("%s: %d pixels stand out at the side", p.path(), over)
	}
}

// spacedOut sets the spacing of WCAG 2.2's success criterion 1.4.12, looks, and takes it back.
func (p *person) spacedOut(name string) {
	p.t.Helper()
	evaluate[chromedp.Void](p, `(() => { const sheet = new CSSStyleSheet()
		sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }")
		document.adoptedStyleSheets = [sheet] })(); null`)
	p.look(name)
	if cut := evaluate[string](p, `[...document.querySelectorAll("main *, .govuk-phase-banner *")].filter(e =>
		getComputedStyle(e).overflow === "hidden" && !e.closest(".govuk-visually-hidden, [class*=autocomplete]") && e.scrollWidth > e.clientWidth + 1)
		.map(e => e.className).join()`); cut != "" {
		p.t.Errorf("%s cuts off: %s", name, cut)
	}
	evaluate[chromedp.Void](p, `document.adoptedStyleSheets = []; null`)
}

// TestOnPaper: no address stands behind a link, and the answers are all there.
func TestOnPaper(t *testing.T) {
	p := openForm(t, desktop)
	p.answerAll(unknown)
	p.pressContinue()
	p.emulate(emulation.SetEmulatedMediaParams{Media: "print"})
	for _, path := range []string{"/no-match", "/privacy", "/accessibility"} {
		p.goTo(path)
		if printed := evaluate[string](p, `[...document.querySelectorAll("a")].map(a => getComputedStyle(a, "::after").content)
			.filter(c => c !== "none" && c !== "normal" && c !== '""').join()`); printed != "" {
			t.Errorf("%s prints %s", path, printed)
		}
	}
}

// inOrder checks headings, landmarks and the order in which a page without JavaScript is read.
func (p *person) inOrder() {
	p.t.Helper()
	p.allowScript(true) // the test's own; the page's has had its chance
	defer p.allowScript(p.window.script)
	if levels := evaluate[string](p, `[...document.querySelectorAll("main h1, main h2, main h3")].map(h => h.tagName).join()`); levels[:2] != "H1" && levels[:2] != "H2" {
		p.t.Errorf("headings %s", levels)
	}
	if n := evaluate[int](p, `document.querySelectorAll("h1").length`); n != 1 {
		p.t.Errorf("%d headings of the first level", n)
	}
	if order := evaluate[string](p, `["a.govuk-skip-link", "header", "main", "footer"].map(s => document.querySelector(s))
		.every((e, i, all) => i == 0 || all[i-1].compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) ? "" : "out of order"`); order != "" {
		p.t.Error(order)
	}
	if positive := evaluate[int](p, `document.querySelectorAll("[tabindex]:not([tabindex='-1']):not([tabindex='0'])").length`); positive > 0 {
		p.t.Errorf("%d elements change the order of Tab", positive)
	}
}
