package endtoend_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"losttrn/internal/local/loadcmd"
	"losttrn/internal/local/reportcmd"
	"losttrn/internal/local/waiting"
	"losttrn/internal/report/dataset"
	"losttrn/internal/teacher"
)

// TestTheNight: the schedule exports the tables, the reports are made of them by the functions as they are deployed, and
// the next call of the schedule sees that the exports have ended.
func TestTheNight(t *testing.T) {
	w := common
	w.lookUp(t, w.newPerson(t, nil).fields("night@example.com"), "trn_sent")
	today := teacher.LondonDate(time.Now())
	made, err := reportcmd.Stack{
		StateFile: filepath.Join(w.dir, "stack.json"), Days: dataset.Days{From: today, To: today}, Out: filepath.Join(t.TempDir(), "report"),
		Clock: time.Now, Say: func(string) {}, Timeout: waiting.Limit,
	}.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if made.Run == "" {
		t.Errorf("no run: %+v", made)
	}
	for range 2 { // the first starts the day's exports, the second sees what became of them
		if a := w.send(t, http.MethodPost, "/_local/schedules/ExportFunctionDaily", nil, nil); a.status >= 300 {
			t.Errorf("the schedule: %d %s", a.status, a.body)
		}
	}
}

// TestAFullExtract is compared with the records that there are, and the providers that it names are suggested.
func TestAFullExtract(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	file := "trn,first_name,last_name,date_of_birth,status,training_providers,updated_at\n" +
		fmt.Sprintf("%s,%s,%s,%s,active,10007165|University of Night,2026-01-01\n", p.trn, p.first, p.last, p.born)
	path := filepath.Join(t.TempDir(), "full.csv")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	code := loadcmd.Run(context.WithoutCancel(t.Context()), []string{"-file", path, "-full", "-via", "bucket", "-stack", filepath.Join(w.dir, "stack.json")}, &stdout, &stderr)
	if code != 0 {
		t.Fatalf("%d: %s%s", code, stdout.String(), stderr.String())
	}
}
