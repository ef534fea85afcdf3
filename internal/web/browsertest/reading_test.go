//go:build browser

package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestReadAtAnySizeAndInAnyColours: at a zoom of 400 % and in the person's own colours every state is complete, and
// nothing needs scrolling sideways; what has the focus can be seen.
func TestReadAtAnySizeAndInAnyColours(t *testing.T) {
	for _, w := range []window{zoomed, forced} {
		t.Run(w.name, func(t *testing.T) {
			for _, s := range states {
				t.Run(s.name, func(t *testing.T) {
					p := openForm(t, w)
					s.reach(p)
					if got := p.text("h1"); got != s.heading {
						t.Fatalf("heading %q, want %q", got, s.heading)
					}
					p.screenshot(s.name)
					p.fits()
				})
			}
		})
	}
}

// fits checks that nothing stands out at the side.
func (p *person) fits() {
	p.t.Helper()
	if over := evaluate[int](p, "document.documentElement.scrollWidth - window.innerWidth"); over > 0 {
		p.t.Errorf("%s: %d pixels stand out at the side", p.path(), over)
	}
}

// TestTextSpacing sets the spacing of WCAG 2.2's success criterion 1.4.12 at 320 pixels.
func TestTextSpacing(t *testing.T) {
	for _, s := range states {
		t.Run(s.name, func(t *testing.T) {
			p := openForm(t, phone)
			s.reach(p)
			evaluate[chromedp.Void](p, `(() => { const sheet = new CSSStyleSheet()
				sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }")
				document.adoptedStyleSheets = [sheet] })(); null`)
			p.screenshot(s.name + "-spaced")
			p.fits()
			if cut := evaluate[string](p, `[...document.querySelectorAll("main *, .govuk-phase-banner *")].filter(e =>
				getComputedStyle(e).overflow === "hidden" && !e.closest(".govuk-visually-hidden, [class*=autocomplete]") && e.scrollWidth > e.clientWidth + 1)
				.map(e => e.className).join()`); cut != "" {
				t.Errorf("cut off: %s", cut)
			}
		})
	}
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

// TestOrderForAScreenReader: headings, landmarks and the order in which a page is read.
func TestOrderForAScreenReader(t *testing.T) {
	for _, s := range states {
		t.Run(s.name, func(t *testing.T) {
			p := openForm(t, noScript)
			s.reach(p)
			p.allowScript(true)
			if levels := evaluate[string](p, `[...document.querySelectorAll("main h1, main h2, main h3")].map(h => h.tagName).join()`); levels[:2] != "H1" && levels[:2] != "H2" {
				t.Errorf("headings %s", levels)
			}
			if n := evaluate[int](p, `document.querySelectorAll("h1").length`); n != 1 {
				t.Errorf("%d headings of the first level", n)
			}
			if order := evaluate[string](p, `["a.govuk-skip-link", "header", "main", "footer"].map(s => document.querySelector(s))
				.every((e, i, all) => i == 0 || all[i-1].compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) ? "" : "out of order"`); order != "" {
				t.Error(order)
			}
			if positive := evaluate[int](p, `document.querySelectorAll("[tabindex]:not([tabindex='-1']):not([tabindex='0'])").length`); positive > 0 {
				t.Errorf("%d elements change the order of Tab", positive)
			}
		})
	}
}
