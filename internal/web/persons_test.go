package web_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local/figures"
	"losttrn/internal/web/webtest"
)

// TestTenPersons: each arrives, and what they did is what the form's figures say.
func TestTenPersons(t *testing.T) {
	for _, test := range webtest.Journeys {
		t.Run(test.Who, func(t *testing.T) {
			stand := webtest.New(t)
			p := webtest.Travel(t, stand.Site)
			p.Pass = stand.Pass
			test.Goes(p)
			t.Logf("%q after %d pages", p.Heading(), p.Pages)
			if p.Status != http.StatusOK || p.Heading() != test.Ends || p.Pages != test.Pages {
				t.Errorf("ends at %d %q after %d pages, want %q after %d", p.Status, p.Heading(), p.Pages, test.Ends, test.Pages)
			}
			sums := figures.New(time.Time{})
			for line := range strings.Lines(stand.Figures.String()) {
				sums.Add([]byte(line))
			}
			if counted := webtest.Funnel(sums.Summary()); !maps.Equal(counted, p.Done) {
				t.Errorf("counted %v, and done %v", counted, p.Done)
			}
		})
	}
}
