package logs

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func open(t *testing.T, dir, function string, seen func(Line)) *File {
	t.Helper()
	f, err := Open(dir, function, seen)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func write(t *testing.T, f *File, pieces ...string) {
	t.Helper()
	for _, piece := range pieces {
		if _, err := f.Write([]byte(piece)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestEveryLineIsJSONAndAStartAppends(t *testing.T) {
	dir := t.TempDir()
	write(t, open(t, dir, "unlock", nil), `{"timestamp":"2026-01-02T03:04:05Z","level":"INFO","ms`, `g":"a"}`+"\n"+"panic: no\n", "\n\tgoroutine 1 \"x\"\nnot ended")
	var seen []string
	write(t, open(t, dir, "unlock", func(l Line) { seen = append(seen, l.Function+" "+l.Message) }), `{"msg":"b"} {"msg":"two in one"}`+"\n")
	text, err := os.ReadFile(filepath.Join(dir, "unlock.log"))
	if err != nil {
		t.Fatal(err)
	}
	var messages []string
	for line := range strings.Lines(string(text)) {
		var l struct{ Msg string }
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		messages = append(messages, l.Msg)
	}
	want := []string{"a", "panic: no", "\tgoroutine 1 \"x\"", "not ended", `{"msg":"b"} {"msg":"two in one"}`}
	if strings.Join(messages, "|") != strings.Join(want, "|") {
		t.Errorf("the log holds %q", messages)
	}
	if len(seen) != 1 || seen[0] != "unlock "+want[4] {
		t.Errorf("told of %q", seen)
	}
}

func TestLinesAreShownInTheOrderOfTimeAndFoundByID(t *testing.T) {
	dir := t.TempDir()
	write(t, open(t, dir, "unlock", nil), `{"timestamp":"2026-01-02T03:04:06Z","level":"WARN","msg":"unlock decided","lookupId":"id-1","unlockReasons":["open_alert","record_inactive"]}`+"\n")
	write(t, open(t, dir, "lookup", nil),
		`{"timestamp":"2026-01-02T03:04:05Z","level":"INFO","msg":"lookup","lookupId":"id-1","candidates":2}`+"\n",
		`{"timestamp":"2026-01-02T03:04:07Z","level":"INFO","msg":"lookup","lookupId":"id-2","cause":{"code":"x y"}}`+"\n",
		`{"_aws":{},"lookups":1}`+"\n")
	var shown strings.Builder
	var lines []Line
	if err := Read(dir, func(l Line) {
		lines = append(lines, l)
		if l.About("ID-1") {
			Show(&shown, l, false)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if len(lines) != 4 || !lines[0].Figure || lines[3].Field("lookupId") != "id-2" {
		t.Errorf("lines: %+v", lines)
	}
	got := shown.String()
	for _, want := range []string{" lookup   lookup lookupId=id-1 candidates=2\n", " unlock   WARN unlock decided lookupId=id-1 unlockReasons=open_alert,record_inactive\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("shown is %s", got)
		}
	}
	if strings.Count(got, "\n") != 2 || strings.Index(got, "unlock decided") < strings.Index(got, "candidates") {
		t.Errorf("shown is %s", got)
	}
}

func TestFollowGoesOnWithWhatIsAdded(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir, "notify", nil)
	defer f.Close()
	ctx, cancel := context.WithCancel(t.Context())
	seen := make(chan string, 10)
	done := make(chan error, 1)
	go func() { done <- Follow(ctx, dir, func(l Line) { seen <- l.Message }) }()
	for _, message := range []string{"first", "second"} {
		if _, err := f.Write([]byte(`{"msg":"` + message + `"}` + "\n")); err != nil {
			t.Fatal(err)
		}
		if got := <-seen; got != message {
			t.Errorf("%q came after %q was written", got, message)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
