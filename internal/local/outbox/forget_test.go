package outbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestForgottenEmailsAreGone from memory and file, for good; what is sent afterwards is kept.
func TestForgottenEmailsAreGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outbox.jsonl")
	open := func() *Outbox {
		o, err := Open(path, nil, func() (string, error) { return "", nil })
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	o := open()
	for _, to := range []string{"ann@example.com", "bo@example.com", "ann@example.com"} {
		if err := o.add(Email{To: to, SentAt: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := o.Forget(func(e Email) bool { return e.To == "ann@example.com" }); n != 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if err := o.add(Email{To: "cy@example.com"}); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(kept), "ann@") {
		t.Errorf("%s, %v", kept, err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	o = open()
	if emails := o.Emails(); len(emails) != 2 || emails[0].To != "bo@example.com" || emails[1].To != "cy@example.com" {
		t.Errorf("%+v", emails)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
}
