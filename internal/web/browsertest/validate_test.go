//go:build browser

package browsertest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// recorder serves a form, and keeps the pages that it served for the validator.
type recorder struct {
	site http.Handler

	mu       sync.Mutex
	requests []string
}

// served are all pages of all forms, by the digest of their text.
var served sync.Map

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	r.requests = append(r.requests, request.Method+" "+request.URL.Path)
	r.mu.Unlock()
	kept := &keptPage{ResponseWriter: w}
	r.site.ServeHTTP(kept, request)
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		digest := sha256.Sum256(kept.body.Bytes())
		served.Store(hex.EncodeToString(digest[:8]), kept.body.Bytes())
	}
}

// asked are the requests since the last call.
func (r *recorder) asked() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	requests := r.requests
	r.requests = nil
	return requests
}

type keptPage struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (k *keptPage) Write(b []byte) (int, error) {
	k.body.Write(b)
	return k.ResponseWriter.Write(b)
}

// validate runs the validator over every page that was served.
func validate(t *testing.T) {
	t.Helper()
	folder := filepath.Join(root, ".build", "pages")
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	count := 0
	served.Range(func(digest, body any) bool {
		count++
		if err := os.WriteFile(filepath.Join(folder, digest.(string)+".html"), body.([]byte), 0o644); err != nil {
			t.Error(err)
		}
		return true
	})
	if count == 0 {
		t.Error("there are no pages to validate")
	}
	binary, err := filepath.Abs(filepath.Join(packages, ".bin", "html-validate"))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, "--config", "htmlvalidate.mjs", "--formatter", "text", filepath.Join(pages, "*.html"))
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("html-validate: %v\n%s", err, out)
	}
	t.Logf("%d pages validated", count)
}
