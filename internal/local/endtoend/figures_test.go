package endtoend_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"losttrn/internal/local/figures"
	"losttrn/internal/lookup"
	"losttrn/internal/report"
)

// reconcile compares the figures of summary.html with the rows of the lists, and with what happened.
func (f *fortnight) reconcile() {
	f.Helper()
	body, err := os.ReadFile(filepath.Join(f.out(), report.SummaryFile))
	if err != nil {
		f.Fatal(err)
	}
	page := string(body)
	all := f.lookups[lookup.TRNSent] + f.lookups[lookup.NoMatch] + f.lookups[lookup.Helpdesk]
	refused := f.unlocks["refused"]
	longest, _, _ := strings.Cut(f.want["helpdesk-requests"][0], " ")
	for what, want := range map[string]string{
		"lookups":              fmt.Sprintf("<dt>lookups</dt><dd>%d</dd>", all),
		"outcomes":             fmt.Sprintf(`<th scope="row">All</th><td class="number">%d</td><td class="number">%d</td><td class="number">%d</td><td class="number">%d</td>`, f.lookups[lookup.TRNSent], f.lookups[lookup.Helpdesk], f.lookups[lookup.NoMatch], all),
		"unlocked":             fmt.Sprintf("<dt>accounts unlocked</dt><dd>%d</dd>", f.unlocks["unlocked"]),
		"refused":              fmt.Sprintf("<dt>unlocks refused</dt><dd>%d</dd>", refused),
		"not locked":           fmt.Sprintf(`<code>not_locked</code></td><td class="number">%d</td>`, f.unlocks["not_locked"]),
		"refused by the email": `<code>email_used_for_another_trn</code></td><td class="number">1</td>`,
		"refused by alerts":    `<code>open_alert</code></td><td class="number">1</td>`,
		"bounced":              fmt.Sprintf("<dt>TRN emails not delivered</dt><dd>%d</dd>", len(f.want["undelivered"])),
		"delivered":            fmt.Sprintf(`<code>delivered</code></td><td class="number">%d</td>`, len(f.want["unlocks"])-1),
		"repeats":              fmt.Sprintf("ever; 1 new since the report before</dt><dd>%d</dd>", len(f.want["repeat-emails"])),
		"role mailboxes":       "1 of them looks like a role mailbox",
		"waiting":              fmt.Sprintf("people waiting for the helpdesk, 0 new since the report before; longest wait: %s working days</dt><dd>%d</dd>", longest, len(f.want["helpdesk-requests"])),
		"found since":          "1 of them has had a TRN found since",
		"asked":                `<code>no_match</code></td><td class="number">5</td>`,
		"several":              `<code>several</code></td><td class="number">1</td>`,
	} {
		if !strings.Contains(page, want) {
			f.Errorf("summary.html does not say of %s: %s", what, want)
		}
	}
}

// bounced checks the metric of TRN emails that bounced, by the dimensions that its alarm has.
func (f *fortnight) bounced(want float64) {
	f.Helper()
	r, err := http.NewRequestWithContext(f.Context(), http.MethodGet, f.Gateway+"/_local/metrics", nil)
	if err != nil {
		f.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		f.Fatal(err)
	}
	defer response.Body.Close()
	var counted figures.Summary
	if err := json.NewDecoder(response.Body).Decode(&counted); err != nil {
		f.Fatal(err)
	}
	dimensions := map[string]string{"function": "receipts", "kind": "trn", "status": "permanent-failure"}
	for _, m := range counted.Metrics {
		for _, series := range m.Series {
			if m.Name == "receipts" && maps.Equal(series.Dimensions, dimensions) && series.Sum == want {
				return
			}
		}
	}
	f.Errorf("the metric receipts does not count %v bounced: %+v", want, counted.Metrics)
}
