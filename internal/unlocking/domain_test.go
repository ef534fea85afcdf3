package unlocking_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"losttrn/internal/attribute"
)

var domainBeside = regexp.MustCompile(`"domain":"([^"]*)"`)

// TestUnlocksAreToldApartByTheDomainsOfTheirMailboxes: mailboxes of one domain have one code, in every spelling; another
// domain has another, and no code tells its domain. What is not unlocked has none.
func TestUnlocksAreToldApartByTheDomainsOfTheirMailboxes(t *testing.T) {
	w := newFixture(t, 1)
	for _, email := range []string{"ann@school.example.com", "ben+trn@SCHOOL.example.com", "cat@example.com"} {
		w.process(w.match(w.teacher(nil), email))
	}
	w.process(w.match(w.teacher(func(i attribute.Item) { i["alerts"] = alerts("2020-01-01", "") }), "dan@example.com"))
	figures := w.figures.String()
	codes := domainBeside.FindAllStringSubmatch(figures, -1)
	if len(codes) != 3 || codes[0][1] != codes[1][1] || codes[1][1] == codes[2][1] || len(codes[0][1]) < 16 {
		t.Errorf("the codes are %q", codes)
	}
	if strings.Contains(figures, "school") || strings.Contains(figures, "example.com") || strings.Contains(figures, "unfit") {
		t.Errorf("the figures tell a domain, or have no code of it: %s", figures)
	}
	w.service.Secret = func(context.Context) (string, error) { return "another", nil }
	w.process(w.match(w.teacher(nil), "eve@example.com"))
	if other := domainBeside.FindAllStringSubmatch(w.figures.String(), -1); other[3][1] == codes[2][1] {
		t.Error("a code does not depend on the secret")
	}
}

// TestAnUnlockDoesNotWaitForTheSecretOfItsFigure: without the secret it is counted without a domain,
// and the log says so.
func TestAnUnlockDoesNotWaitForTheSecretOfItsFigure(t *testing.T) {
	w := newFixture(t, 1)
	w.service.Secret = func(context.Context) (string, error) { return "", errors.New("not to be read") }
	var log bytes.Buffer
	w.service.Log = slog.New(slog.NewTextHandler(&log, nil))
	found := w.teacher(nil)
	m := w.match(found, w.newEmail())
	w.process(m)
	w.wantDecision(m, "unlocked[]")
	if figures := w.figures.String(); !strings.Contains(figures, `"unlocks":1`) || strings.Contains(figures, "domain") {
		t.Errorf("figures: %s", figures)
	}
	if !strings.Contains(log.String(), `level=WARN msg="unlock counted without its domain" code=internal`) {
		t.Errorf("the log does not say so: %s", &log)
	}
}
