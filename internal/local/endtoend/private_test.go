package endtoend_test

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"losttrn/internal/local/loadcmd"
)

// TestNobodyElseReadsWhatTheStackKeeps: a find, a lookup that finds nothing, a load and its rejects leave files, and
// every one is its owner's only.
func TestNobodyElseReadsWhatTheStackKeeps(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	w.wantDecision(t, w.lookUp(t, p.fields(p.email), "trn_sent"), "unlocked[]")
	w.lookUp(t, map[string]any{"email": p.email, "firstName": "No", "lastName": "Body", "dateOfBirth": "1951-02-03"}, "no_match")
	extract := filepath.Join(t.TempDir(), "private.csv")
	rows := "trn,first_name,last_name,date_of_birth,updated_at\n3999999,Ann,Example,1980-01-31,2025-01-01\nbad,row,of,x,y\n"
	if err := os.WriteFile(extract, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	arguments := []string{"-file", extract, "-via", "bucket", "-stack", filepath.Join(w.dir, "stack.json")}
	if code := loadcmd.Run(t.Context(), arguments, &said, &said); code != 1 {
		t.Fatalf("%d: %s", code, said.String())
	}
	files := map[string]bool{}
	err := filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		files[filepath.Ext(path)] = true
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", strings.TrimPrefix(path, w.dir), info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{".jsonl", ".log", ".csv"} {
		if !files[kind] {
			t.Errorf("no %s: %v", kind, files)
		}
	}
}

// TestNoPageOfAnotherSiteReadsTheStack: whatever an engineer has open in a browser may call servers on this machine.
func TestNoPageOfAnotherSiteReadsTheStack(t *testing.T) {
	w := common
	addresses := map[string]string{"gateway": w.Gateway + "/_local/outbox", "lookups": w.Gateway + "/_local/lookups", "form": w.Gateway + "/"}
	for _, name := range []string{"dynamodb", "sqs", "s3", "ssm"} {
		addresses[name] = w.endpoint(t, name)
	}
	for name, address := range addresses {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
			r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Origin", "https://elsewhere.example")
			r.Header.Set("Access-Control-Request-Method", "POST")
			r.Header.Set("Access-Control-Request-Headers", "x-amz-target")
			r.Header.Set("Content-Type", "text/plain")
			r.Header.Set("X-Amz-Target", "DynamoDB_20120810.ListTables")
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			for header := range response.Header {
				if strings.HasPrefix(header, "Access-Control-") {
					t.Errorf("%s of %s answers %s: %s", method, name, header, response.Header.Get(header))
				}
			}
			program := name != "gateway" && name != "lookups" && name != "form"
			if program && response.StatusCode != http.StatusForbidden {
				t.Errorf("%s of %s answers %d", method, name, response.StatusCode)
			}
		}
	}
}
