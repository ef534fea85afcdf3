//go:build browser

package browsertest

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// maxFirstVisit is how much a first visit may load, in bytes, without images.
const maxFirstVisit = 100 << 10

func TestFirstVisitIsLightAndLaterPagesAreOneRequest(t *testing.T) {
	p := openForm(t, desktop)
	w := weigh(p)
	for _, path := range []string{"/", "/email", "/privacy"} {
		p := openForm(t, desktop) // with an empty cache
		w := weigh(p)
		p.goTo(path)
		p.do(chromedp.Evaluate[chromedp.Void](`document.fonts.ready.then(() => null)`, chromedp.EvalAwaitPromise))
		if bytes := w.withoutImages(); bytes > maxFirstVisit || bytes < 50_000 {
			t.Errorf("%s: %d bytes: %v", path, bytes, w.all())
		} else {
			t.Logf("%s: %d bytes", path, bytes)
		}
	}
	p.goTo("/")
	p.click(".govuk-button--start")
	for _, q := range questions[:4] {
		p.pages.asked()
		p.answerTo(q.path, found)
		p.pressContinue()
		requests := slices.DeleteFunc(p.pages.asked(), func(r string) bool {
			return strings.HasPrefix(r, "POST ") || strings.Contains(r, "favicon") // whenever the browser gets round to it
		})
		if len(requests) != 1 {
			t.Errorf("after %s: %v", q.path, requests)
		}
	}
	for _, message := range w.refused() {
		t.Error(message)
	}
}

// scale weighs what a window loads over the network.
type scale struct {
	mu      sync.Mutex
	kinds   map[network.RequestID]string
	urls    map[network.RequestID]string
	loaded  map[network.RequestID]int
	blocked []string
}

func weigh(p *person) *scale {
	p.t.Helper()
	s := &scale{kinds: map[network.RequestID]string{}, urls: map[network.RequestID]string{}, loaded: map[network.RequestID]int{}}
	if err := chromedp.Listen(p.ctx, func(event any) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch e := event.(type) {
		case *network.EventResponseReceived:
			s.kinds[e.RequestID], s.urls[e.RequestID] = string(e.Type), e.Response.URL
		case *network.EventLoadingFinished:
			s.loaded[e.RequestID] = int(e.EncodedDataLength)
		case *network.EventLoadingFailed:
			s.blocked = append(s.blocked, e.ErrorText+" "+string(e.BlockedReason))
		}
	}); err != nil {
		p.t.Fatal(err)
	}
	if _, err := chromedp.Call(p.ctx, network.Enable, network.EnableParams{}); err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (s *scale) withoutImages() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	total := 0
	for id, bytes := range s.loaded {
		if s.kinds[id] != "Image" && !strings.Contains(s.urls[id], "favicon") {
			total += bytes
		}
	}
	return total
}

func (s *scale) all() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]int{}
	for id, bytes := range s.loaded {
		all[s.kinds[id]+" "+s.urls[id]] = bytes
	}
	return all
}

// refused are loads that the browser refused or that failed.
func (s *scale) refused() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.blocked
}
