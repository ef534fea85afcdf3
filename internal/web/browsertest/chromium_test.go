//go:build browser

package browsertest

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"losttrn/internal/web"
	"losttrn/internal/web/webtest"
)

// root is the folder of the repository.
const root = "../../.."

// browser is one Chromium for all tests; each test has a profile of its own in it.
var browser context.Context

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	binary, err := chromium()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	profile, err := os.MkdirTemp("", "find-a-lost-trn-chromium-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(profile)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(binary), chromedp.UserDataDir(profile),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	var quit context.CancelFunc
	browser, quit = chromedp.NewContext(allocator)
	defer quit()
	if err := chromedp.Do(browser); err != nil {
		fmt.Fprintln(os.Stderr, "start Chromium:", err)
		return 1
	}
	return m.Run()
}

func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("Chromium is missing: install it (on Debian: apt-get install chromium)")
}

// window is a browser window.
type window struct {
	name   string
	width  int64
	script bool    // whether JavaScript runs
	zoom   float64 // how much larger than usual everything is; 0 is as usual
	forced bool    // whether the person's own colours replace the pages'
}

var (
	desktop  = window{name: "desktop", width: 1280, script: true}
	phone    = window{name: "320px", width: 320, script: true}
	noScript = window{name: "no-script", width: 1280}
	// zoomed is a window of 1,280 pixels at a zoom of 400 %.
	zoomed = window{name: "zoom-400", width: 320, script: true, zoom: 4}
	forced = window{name: "forced-colours", width: 1280, script: true, forced: true}

	phoneNoScript = window{name: "320px-no-script", width: 320}
)

// person is somebody at a browser window, with a form of their own to use.
type person struct {
	t      *testing.T
	ctx    context.Context
	window window
	origin string
	stand  *webtest.Stand
	pages  *recorder
}

// openForm opens a window on a form of its own, which is served on a port of its own.
func openForm(t *testing.T, w window) *person {
	t.Helper()
	stand := webtest.New(t, webtest.WithAssets(web.BuiltAssets()))
	pages := &recorder{site: stand.Site}
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	// By the name that people use: a browser takes secure cookies from it without HTTPS.
	p := openAt(t, w, strings.Replace(server.URL, "127.0.0.1", "localhost", 1))
	p.stand, p.pages = stand, pages
	return p
}

// openAt sits down at a window in front of a form that is served elsewhere.
func openAt(t *testing.T, w window, origin string) *person {
	t.Helper()
	ctx, leave := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(leave)
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	p := &person{t: t, ctx: ctx, origin: origin}
	p.resize(w)
	// As if this window were in front of all others, or it would show no focus.
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled,
		emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	return p
}

// resize turns the window into another, around the page that it shows.
func (p *person) resize(w window) {
	p.t.Helper()
	height, zoom := int64(900), max(w.zoom, 1)
	if w.zoom > 1 {
		height = 256 // of 1,024
	}
	p.do(chromedp.EmulateViewport(w.width, height, chromedp.EmulateScale(zoom)))
	if w.forced != p.window.forced {
		colours := "none"
		if w.forced {
			colours = "active"
		}
		p.emulate(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: colours}}})
	}
	p.allowScript(w.script)
	p.window = w
}

// emulate has the browser show pages in another medium, or with other preferences of the person's.
func (p *person) emulate(params emulation.SetEmulatedMediaParams) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, params); err != nil {
		p.t.Fatal(err)
	}
}

// allowScript switches JavaScript on or off, for what the page does from now on.
func (p *person) allowScript(allow bool) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: !allow}); err != nil {
		p.t.Fatal(err)
	}
}

// do runs actions; a failure ends the test.
func (p *person) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatalf("%v (at %s)", err, p.path())
	}
}

func (p *person) path() string {
	location, err := chromedp.Run(p.ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(location, p.origin)
}

// goTo types an address.
func (p *person) goTo(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.origin + path))
}

// at says where the person must be now.
func (p *person) at(path, heading string) {
	p.t.Helper()
	if got := p.path(); got != path {
		p.t.Fatalf("at %s, want %s", got, path)
	}
	if got := p.text("h1"); got != heading {
		p.t.Fatalf("%s: heading %q, want %q", path, got, heading)
	}
}

// text is what an element says.
func (p *person) text(selector string) string {
	p.t.Helper()
	return evaluate[string](p, fmt.Sprintf(`(document.querySelector(%q) || {innerText: ''}).innerText.trim()`, selector))
}

// evaluate is the value of a script run in the page.
func evaluate[T any](p *person, script string, options ...chromedp.EvaluateOption) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script, options...))
	if err != nil {
		p.t.Fatalf("%v (at %s)", err, p.path())
	}
	return value
}

// fill types into a field, over what it held. The field is found and given the focus at one go, because the page's script
// may put another in its place at any moment, as it may while a person types.
func (p *person) fill(id, value string) {
	p.t.Helper()
	evaluate[string](p, fmt.Sprintf(`(() => { const field = document.getElementById(%q); field.value = ""; field.focus(); return "" })()`, id))
	if value != "" {
		if _, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: value}); err != nil {
			p.t.Fatal(err)
		}
	}
}

// click presses something and waits for the page it leads to.
func (p *person) click(selector string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		p.t.Fatalf("click %s: %v (at %s)", selector, err, p.path())
	}
}

// pressContinue presses the page's first form's first button, at the question for a provider by key: its suggestions come
// when they are there, and may open above the button while the mouse is on its way.
func (p *person) pressContinue() {
	p.t.Helper()
	const button = `form[method=post] button`
	if p.path() != "/training-provider" {
		p.click(button)
		return
	}
	evaluate[string](p, fmt.Sprintf(`(() => { document.querySelector(%q).focus(); return "" })()`, button))
	p.enter()
}

// screenshot keeps a screenshot of the whole page.
func (p *person) screenshot(name string) {
	p.t.Helper()
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatal(err)
	}
	folder := filepath.Join(root, ".build", "screenshots", p.window.name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
