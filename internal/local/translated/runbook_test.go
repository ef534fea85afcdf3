//go:build template

package translated_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTheRunbookKnowsEveryAlarm: each alarm stands in one row, which says what it means, names a query or a place to
// look, and a command that mends.
func TestTheRunbookKnowsEveryAlarm(t *testing.T) {
	_, section, _ := strings.Cut(readme(t), "\n## Runbook\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[string]int{}
	span := regexp.MustCompile("`[^`]+`")
	for _, line := range strings.Split(section, "\n") {
		if !strings.HasPrefix(line, "| `") || !strings.Contains(line, "Alarm`") {
			continue
		}
		cells := strings.Split(strings.ReplaceAll(line, `\|`, "¦"), "|")
		if len(cells) != 6 {
			t.Errorf("not four cells: %s", line)
			continue
		}
		for _, alarm := range span.FindAllString(cells[1], -1) {
			rows[strings.Trim(alarm, "`")]++
		}
		if strings.TrimSpace(cells[2]) == "" || !span.MatchString(cells[3]) {
			t.Errorf("%s: says neither what it means nor what to look for", cells[1])
		}
		if !mends(cells[4]) {
			t.Errorf("%s: names no command that mends it, nor the section that does", cells[1])
		}
	}
	for id, r := range read(t).Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		if rows[id] != 1 {
			t.Errorf("%s stands in %d rows of the runbook", id, rows[id])
		}
		delete(rows, id)
	}
	for alarm := range rows {
		t.Errorf("the runbook has %s, which is no alarm", alarm)
	}
	for _, entry := range []string{"An attack", "A wrong person's TRN was sent", "Emails bounce", "A load is stuck", "The key is disabled", "The region is down", "Restore tables"} {
		if !strings.Contains(section, "\n**"+entry) {
			t.Errorf("the runbook has no entry %q", entry)
		}
	}
}

// mends tells whether a text names a command, or refers to an entry or row that does.
func mends(text string) bool {
	for _, start := range []string{"`aws ", "`make ", "`.build/", "`sam "} {
		if strings.Contains(text, start) {
			return true
		}
	}
	return strings.Contains(text, "see *") || strings.Contains(text, "as above")
}

// TestTheRunbooksQueriesFindLines: each message that a query looks for is one that the code writes, and each output that
// a command names is one of the template.
func TestTheRunbooksQueriesFindLines(t *testing.T) {
	text := readme(t)
	code := sources(t)
	queries := regexp.MustCompile(`msg = "([^"]+)"`).FindAllStringSubmatch(text, -1)
	if len(queries) < 4 {
		t.Errorf("%d queries name a message", len(queries))
	}
	for _, q := range queries {
		if !strings.Contains(code, `"`+q[1]+`"`) {
			t.Errorf("no code writes the message %q", q[1])
		}
	}
	outputs := read(t).Section("Outputs")
	for _, name := range regexp.MustCompile(`<([A-Z][A-Za-z]+)>`).FindAllStringSubmatch(text, -1) {
		if outputs[name[1]] == nil && outputs["Emails"+name[1]] == nil {
			t.Errorf("the README names the output %s, which the template does not have", name[1])
		}
	}
	for _, name := range regexp.MustCompile("(?:the output|of the outputs?) `([A-Za-z]+)`").FindAllStringSubmatch(text, -1) {
		if outputs[name[1]] == nil {
			t.Errorf("the README names the output %s, which the template does not have", name[1])
		}
	}
}

// sources is all code that runs in Lambda.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "local" && path != filepath.Join("..", "..") || entry.Name() == "node_modules") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
