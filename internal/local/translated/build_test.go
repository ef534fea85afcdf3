package translated_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"losttrn/internal/local/translated"
)

// TestCheckBuild builds one small program for each processor.
func TestCheckBuild(t *testing.T) {
	folder := t.TempDir()
	source := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	build := func(architecture string) {
		t.Helper()
		command := exec.Command("go", "build", "-o", filepath.Join(folder, "AskFunction", "bootstrap"), source)
		command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+architecture)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	if _, err := translated.CheckBuild(folder, "arm64"); err == nil || !strings.Contains(err.Error(), "nothing was built") {
		t.Errorf("an empty folder: %v", err)
	}
	build("arm64")
	if n, err := translated.CheckBuild(folder, "arm64"); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	build("amd64")
	if _, err := translated.CheckBuild(folder, "arm64"); err == nil || !strings.Contains(err.Error(), "sam build") {
		t.Errorf("another processor: %v", err)
	}
	if n, err := translated.CheckBuild(folder, "x86_64"); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := translated.CheckBuild(folder, "mips"); err == nil {
		t.Error("mips is taken")
	}
}
