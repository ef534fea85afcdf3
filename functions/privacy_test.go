package functions_test

import (
	"regexp"
	"strings"
	"testing"

	"losttrn/internal/catalogue"
	"losttrn/internal/web/journey"
)

// kept is how long something is kept, as the README's table and the pages say it to the people it is about.
var kept = []struct {
	row   string // of the README's table
	key   string // of the catalogue
	times []string
}{
	{"`emails` (which TRNs an address has found)", "privacy.keep.item.3", nil}, // for ever
	{"`lookups`", "privacy.keep.item.2", []string{"18 months"}},
	{"`lookups`", "privacy.keep.item.5", []string{"18 months"}},
	{"`helpdeskRequests`", "privacy.keep.item.4", []string{"90 days"}},
	{"`limits`: counts, as HMACs", "privacy.counts.1", []string{"a day"}},
	{"`limits`: what was tried and found nothing, as HMACs", "privacy.counts.1", []string{"30 days after the last new"}},
	{"`limits`: notes of where something was tried, as HMACs", "privacy.counts.1", []string{"up to 60 days"}},
	{"queues and dead letters", "privacy.keep.item.6", []string{"14 days"}},
	{"reports in S3", "privacy.keep.item.7", []string{"38 days"}},
}

// TestThePrivacyNoticeSaysWhatIsKept: as the README's table has it.
func TestThePrivacyNoticeSaysWhatIsKept(t *testing.T) {
	rows := retentions(t)
	for _, k := range kept {
		if rows[k.row] == "" {
			t.Errorf("README.md does not say how long %s is kept", k.row)
		}
		for _, time := range k.times {
			if !strings.Contains(rows[k.row], time) || !strings.Contains(catalogue.English.Text(k.key), time) {
				t.Errorf("%s is kept %s in the README, and %s says %q", k.row, rows[k.row], k.key, catalogue.English.Text(k.key))
			}
		}
	}
	if rows[kept[0].row] != "for ever: the rule is for ever" || !strings.Contains(catalogue.English.Text(kept[0].key), "for as long as this service runs") {
		t.Errorf("what the rule about emails needs is kept %s", rows[kept[0].row])
	}
}

// retentions are the rows of the README's table of how long things are kept.
func retentions(t *testing.T) map[string]string {
	t.Helper()
	_, section, found := strings.Cut(readme(t), "## How long things are kept\n")
	if !found {
		t.Fatal("README.md has no section on how long things are kept")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| (.+) \| (.+) \|$`).FindAllStringSubmatch(section, -1) {
		rows[row[1]] = row[2]
	}
	return rows
}

// TestTheCookiesPageSaysHowLongTheyLive: as they do, and the privacy notice too.
func TestTheCookiesPageSaysHowLongTheyLive(t *testing.T) {
	if journey.Life.Hours() != 2 || journey.LifeAfterResult.Minutes() != 30 {
		t.Fatalf("answers live for %s, and for %s after a result", journey.Life, journey.LifeAfterResult)
	}
	for _, key := range []string{"cookies.__Host-answers.expires", "privacy.keep.item.1"} {
		if text := catalogue.English.Text(key); !strings.Contains(text, "2 hours") || !strings.Contains(text, "30 minutes") {
			t.Errorf("%s says %q", key, text)
		}
	}
}
