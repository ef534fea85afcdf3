package endtoend_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/runtimeapi"
	"losttrn/internal/local/statefile"
)

// samEvents is an event of each function and a part of its answer.
var samEvents = map[string][2]string{
	"LookupFunction":   {"lookup/events/no-match.json", `no_match`},
	"UnlockFunction":   {"unlock/events/unreadable.json", `"batchItemFailures":[]`},
	"NotifyFunction":   {"notify/events/helpdesk-request.json", `"batchItemFailures":[]`},
	"ReceiptsFunction": {"receipts/events/delivered.json", `403`},
	"ExportFunction":   {"export/events/today.json", `"run"`},
	"ReportFunction":   {"report/events/export-by-hand.json", `not_of_a_run`},
	"LoadFunction":     {"load/events/extract.json", `overtaken`},
}

// holdSAM runs each function as `sam local invoke` does after `make run SAM=on`: with the variables of .local/sam-env.json
// and Lambda's own, and nothing else. SAM passes on only those that the template declares.
func (w *fixture) holdSAM(t *testing.T) {
	t.Helper()
	var given map[string]map[string]string
	if err := statefile.Read(filepath.Join(w.dir, "sam-env.json"), &given); err != nil {
		t.Fatal(err)
	}
	functions, err := w.Resources.Functions()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions {
		variables := given[f.ID]
		delete(given, f.ID)
		environment := []string{"AWS_REGION=" + naming.Region, "AWS_ACCESS_KEY_ID=" + local.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + local.SecretAccessKey}
		for name := range f.Environment {
			value, ok := variables[name]
			if !ok {
				t.Errorf("%s: %s is declared and not in the file", f.ID, name)
			}
			if strings.HasPrefix(name, "AWS_ENDPOINT_URL_") {
				if to, err := url.Parse(value); err != nil || to.Port() == "" {
					t.Errorf("%s: %s is %q, no server of this machine", f.ID, name, value)
				}
			}
			environment = append(environment, name+"="+value)
		}
		for name := range variables {
			if _, declared := f.Environment[name]; !declared {
				t.Errorf("%s: %s is in the file and not declared, so SAM leaves it out", f.ID, name)
			}
		}
		w.holdEvent(t, f.ID, environment)
	}
	for id := range given {
		t.Errorf("the file has %s, which is no function", id)
	}
}

func (w *fixture) holdEvent(t *testing.T, id string, environment []string) {
	t.Helper()
	event, err := os.ReadFile(filepath.Join(functionsFolder, samEvents[id][0]))
	if err != nil {
		t.Errorf("%s: no event: %v", id, err)
		return
	}
	f := runtimeapi.New(runtimeapi.Spec{Name: id, ARN: naming.ARN("lambda", "function:"+id), Executable: filepath.Join(w.dir, "build", id, "bootstrap"),
		Environment: environment, Timeout: 30 * time.Second, Log: t.Output()})
	defer f.Close()
	answer, err := f.Invoke(t.Context(), event)
	if err != nil || !strings.Contains(string(answer), samEvents[id][1]) {
		t.Errorf("%s answers %s (%v), want %s", id, answer, err, samEvents[id][1])
	}
}
