package endtoend_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/local/loadcmd"
)

// TestAnExtractDroppedInTheBucketIsLoaded by the function as it is deployed, while people look themselves up: an account
// that a lookup unlocks meanwhile stays unlocked, a rejected row keeps another locked, and nobody is found as half of
// one record and half of another.
func TestAnExtractDroppedInTheBucketIsLoaded(t *testing.T) {
	w := common
	unlocked, doubted := w.newPerson(t, nil), w.newPerson(t, nil)
	row := func(p person, alert, email string) string {
		return fmt.Sprintf("%s,%s,%s,%s,%s,%s,active,%s,true,2012-01-01,2025-01-01\n", p.trn, p.first, p.last, p.born, p.nino, email, alert)
	}
	file := "trn,first_name,last_name,date_of_birth,national_insurance_number,email,status,alerts,locked,locked_at,updated_at\n" +
		row(doubted, "A1|Prohibition; order|2020-01-01|", doubted.email) + row(unlocked, "", "not an address")
	for i := range 300 {
		file += fmt.Sprintf("%d,Ann,Cox,1960-02-03,,,active,,,,2025-01-01\n", 7_000_000+i)
	}
	path := filepath.Join(t.TempDir(), "register.csv")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	var loading sync.WaitGroup
	code := 0
	loading.Go(func() {
		code = loadcmd.Run(context.WithoutCancel(t.Context()), []string{"-file", path, "-via", "bucket", "-stack", filepath.Join(w.dir, "stack.json")}, &stdout, &stderr)
	})
	during := w.lookUp(t, unlocked.fields(unlocked.email), "trn_sent")
	loading.Wait()
	if code != 1 || !strings.Contains(stdout.String(), "300 added") || !strings.Contains(stdout.String(), "1 rejected") {
		t.Fatalf("%d: %s%s", code, stdout.String(), stderr.String())
	}
	w.wantDecision(t, during, "unlocked[]")
	if attribute.Flag(w.item(t, "teachers", "trn", unlocked.trn), "locked") {
		t.Error("the load locked an account again that was unlocked meanwhile")
	}
	w.wantDecision(t, w.lookUp(t, doubted.fields(doubted.email), "trn_sent"), "refused[record_in_doubt]")
	if rejects, err := os.ReadFile(path + ".rejects.csv"); err != nil || strings.Count(string(rejects), "\n") != 3 {
		t.Errorf("%s, %v", rejects, err)
	}
}
