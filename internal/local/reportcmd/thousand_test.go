package reportcmd_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local/reportcmd"
	"losttrn/internal/message"
	"losttrn/internal/queue"
	"losttrn/internal/teacher"
)

// TestOneAddressAndAThousandTRNs: a thousand matches of one mailbox go through the unlock function, and the report
// has them all, though the mailbox's own item holds only the first 200.
func TestOneAddressAndAThousandTRNs(t *testing.T) {
	matches := 1000
	if testing.Short() {
		matches = 210 // still more than the item holds
	}
	s, dir := start(t, false)
	email, err := teacher.ParseEmail("office@example.com")
	if err != nil {
		t.Fatal(err)
	}
	sender := queue.NewSender(s.SQSClient(), s.Queues["matches"])
	began := time.Now()
	for i := range matches {
		trn, err := teacher.ParseTRN(fmt.Sprintf("%07d", i))
		if err != nil {
			t.Fatal(err)
		}
		err = sender.SendMatch(t.Context(), message.Match{LookupID: fmt.Sprintf("lookup-%04d", i), TRN: trn, Email: email, Name: "Sam Sample",
			MatchedAt: began.Add(time.Duration(i) * time.Millisecond), Evidence: []string{"name", "date_of_birth", "email"}})
		if err != nil {
			t.Fatal(err)
		}
	}
	// One mailbox is one group: when the last is decided, all are.
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for lookupItem(t, s, fmt.Sprintf("lookup-%04d", matches-1))["decidedAt"] == "" {
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatal("the matches were not decided")
		}
	}
	t.Logf("%d matches in %s", matches, time.Since(began).Round(time.Millisecond))

	out := filepath.Join(dir, "reports", "latest")
	_, err = reportcmd.Stack{StateFile: filepath.Join(dir, "stack.json"), Out: out, Clock: time.Now, Timeout: time.Minute,
		Say: func(line string) { t.Log(line) }}.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join(out, "repeat-emails.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	listed := strings.Split(rows[1][4], "; ")
	if rows[1][0] != "office@example.com" || rows[1][3] != fmt.Sprint(matches) || len(listed) != 200 || !strings.HasPrefix(listed[0], "0000000 ") || rows[1][7] != "yes" {
		t.Errorf("%s found %s TRNs, %d listed, from %s; role mailbox: %s", rows[1][0], rows[1][3], len(listed), listed[0], rows[1][7])
	}
	unlocks, err := os.ReadFile(filepath.Join(out, "unlocks.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(unlocks), "email_used_for_another_trn"); got != matches-1 {
		t.Errorf("%d lookups after another TRN of the address", got)
	}
	if got := strings.Count(string(unlocks), "\r\n") - 1; got != matches {
		t.Errorf("%d rows of lookups", got)
	}
}
