// Package functions_test guards what every function of the service must be. What the template must say of it stands in
// internal/local/translated.
package functions_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/cloud"
	"losttrn/internal/local"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/template"
)

// maxMainLines keeps main.go to wiring.
const maxMainLines = 60

func functionNames(t *testing.T) []string {
	t.Helper()
	mains, err := filepath.Glob("*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatalf("no functions: %v", err)
	}
	var names []string
	for _, main := range mains {
		names = append(names, filepath.Dir(main))
	}
	return names
}

func TestMainIsWiring(t *testing.T) {
	for _, name := range functionNames(t) {
		text, err := os.ReadFile(filepath.Join(name, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		if lines := bytes.Count(text, []byte("\n")); lines > maxMainLines {
			t.Errorf("%s/main.go has %d lines, more than %d", name, lines, maxMainLines)
		}
		events, err := filepath.Glob(filepath.Join(name, "events", "*.json"))
		if err != nil || len(events) == 0 {
			t.Errorf("%s has no events to invoke it with: %v", name, err)
		}
	}
}

// TestImports keeps out of each binary what it has no use for: size is cold start.
func TestImports(t *testing.T) {
	const sdk = "github.com/aws/aws-sdk-go-v2/"
	unwanted := map[string][]string{
		"export": {"losttrn/internal/report/sheet", "modernc.org/sqlite", "github.com/xuri/excelize/v2"},
		"lookup": {sdk + "service/s3", sdk + "config", "go.yaml.in/yaml/v3", "losttrn/internal/report", "losttrn/internal/load", "modernc.org/sqlite"},
		"unlock": {sdk + "service/s3", sdk + "config", "losttrn/internal/api", "losttrn/internal/web", "losttrn/internal/catalogue", "losttrn/internal/report", "modernc.org/sqlite"},
		"notify": {sdk + "service/s3", sdk + "config", "losttrn/internal/api", "losttrn/internal/web", "losttrn/internal/report", "modernc.org/sqlite"},
	}
	for name, banned := range unwanted {
		out, err := exec.Command("go", "list", "-deps", "./"+name).Output()
		if err != nil {
			t.Fatalf("go list %s: %v", name, err)
		}
		imports := strings.Fields(string(out))
		for _, ban := range banned {
			if slices.ContainsFunc(imports, func(i string) bool { return i == ban || strings.HasPrefix(i, ban+"/") }) {
				t.Errorf("%s imports %s", name, ban)
			}
		}
	}
}

// deployed is the template as it would be deployed with its defaults.
func deployed(t *testing.T) *template.Stack {
	t.Helper()
	return deployedWith(t, nil)
}

// deployedWith is the template as it would be deployed with some parameters.
func deployedWith(t *testing.T, parameters map[string]string) *template.Stack {
	t.Helper()
	parsed, err := local.ReadTemplate()
	if err != nil {
		t.Fatal(err)
	}
	stack, err := local.Evaluate(parsed, parameters, naming.Addresses{})
	if err != nil {
		t.Fatal(err)
	}
	return stack
}

// TestTimeoutsAreLonger than what the functions wait for, so that a hanging dependency is answered or logged.
func TestTimeoutsAreLonger(t *testing.T) {
	functions, err := deployed(t).Functions()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions {
		if f.Timeout <= cloud.LongestCall {
			t.Errorf("%s ends after %s, and one AWS call may take %s", f.ID, f.Timeout, cloud.LongestCall)
		}
	}
}
