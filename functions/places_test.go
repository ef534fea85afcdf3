package functions_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/catalogue"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// sources are the texts of the files below folders of the project, by path, without tests and what is generated.
func sources(t *testing.T, endings []string, folders ...string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join("..", folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "assets") {
				return fs.SkipDir
			}
			ours := slices.ContainsFunc(endings, func(ending string) bool { return strings.HasSuffix(path, ending) })
			if entry.IsDir() || !ours || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
				return nil
			}
			text, err := os.ReadFile(path)
			texts[path] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestEveryReasonHasItsPlaces: who adds a rule of unlocking is told by this what else must know it.
func TestEveryReasonHasItsPlaces(t *testing.T) {
	_, section, found := strings.Cut(readme(t), "## When an account is unlocked\n")
	if !found {
		t.Fatal("README.md has no section on when an account is unlocked")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var inTable []unlocking.Reason
	for _, row := range regexp.MustCompile("(?m)^\\|.*\\| `([a-z_]+)` \\|$").FindAllStringSubmatch(section, -1) {
		inTable = append(inTable, unlocking.Reason(row[1]))
	}
	if !slices.Equal(inTable, unlocking.Reasons()) {
		t.Errorf("the README's table of rules has %v, and package unlocking %v", inTable, unlocking.Reasons())
	}
	for place, folder := range map[string]string{"the reports": "internal/report", "the generator of exports": "internal/local/exportgen"} {
		all := strings.Join(slices.Collect(maps.Values(sources(t, []string{".go"}, folder))), "")
		for _, reason := range unlocking.Reasons() {
			if !strings.Contains(all, `"`+string(reason)+`"`) && !strings.Contains(all, "unlocking.Reasons()") {
				t.Errorf("%s: %s (%s) do not know it", reason, place, folder)
			}
		}
	}
}

// TestEveryReasonIsSeenFromOutside: a lookup goes in over HTTPS, or a match by the queue, and the reason comes out.
func TestEveryReasonIsSeenFromOutside(t *testing.T) {
	files, err := filepath.Glob("../internal/local/endtoend/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, reason := range unlocking.Reasons() {
		if !strings.Contains(all.String(), "refused["+string(reason)) {
			t.Errorf("%s: no test of internal/local/endtoend sees it refuse", reason)
		}
	}
}

// TestEveryFieldHasItsPlaces: who adds a field of a lookup is told by this what else must know it.
func TestEveryFieldHasItsPlaces(t *testing.T) {
	raw, err := os.ReadFile("../internal/api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Description string }
			}
		}
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		t.Fatal(err)
	}
	for _, field := range lookup.Fields() {
		name := string(field)
		for _, schema := range []string{"Details", "HelpdeskRequest"} {
			if _, known := document.Components.Schemas[schema].Properties[name]; !known {
				t.Errorf("%s: internal/api/openapi.json lacks it in %s", name, schema)
			}
		}
		if !strings.Contains(readme(t), "`"+name+"`") {
			t.Errorf("%s: the README's section on the API does not name it", name)
		}
	}
	for schema, extra := range map[string][]string{"Details": nil, "HelpdeskRequest": {"note"}} {
		for name := range document.Components.Schemas[schema].Properties {
			if !lookup.Field(name).Known() && !slices.Contains(extra, name) {
				t.Errorf("%s: internal/api/openapi.json has it in %s, and package lookup does not", name, schema)
			}
		}
	}
}

// TestEveryProblemOfAFieldHasAMessage: nobody is answered with the key of a text.
func TestEveryProblemOfAFieldHasAMessage(t *testing.T) {
	today, err := teacher.ParseDate("2026-11-26")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, field := range lookup.Fields() {
		for _, value := range []string{"", " ", "?", "x", "1", "\u3164", "\ufffe", "a@b", "@", "31", "1980-02-31", "31/02/1980", "1980-01-01T00:00", "1700-01-01",
			"2020-01-01", "2099-01-01", "80-01-01", "0000000", "9999999", "123456.0", "12345678", "QQ12345", "QQ123456M", strings.Repeat("x", 5000)} {
			var d lookup.Details
			problems := []lookup.Problem{}
			if p, ok := d.Set(field, value); !ok {
				problems = append(problems, p)
			}
			_, found := d.Check(today)
			for _, p := range append(problems, found...) {
				seen++
				if p.Field == "" {
					p.Field = field
				}
				if !catalogue.English.Has(p.Key()) {
					t.Errorf("%s of %q: internal/catalogue/en.json lacks %s", field, value[:min(len(value), 20)], p.Key())
				}
			}
		}
	}
	if seen < 2*len(lookup.Fields()) {
		t.Errorf("only %d problems were seen", seen)
	}
}

// TestEveryKeyIsInTheCatalogue: a text in a source that has the form of a key, and begins as keys do, is one.
func TestEveryKeyIsInTheCatalogue(t *testing.T) {
	raw, err := os.ReadFile("../internal/catalogue/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(raw, &texts); err != nil {
		t.Fatal(err)
	}
	groups := map[string]bool{}
	for name := range texts {
		group, _, _ := strings.Cut(name, ".")
		groups[group] = true
	}
	key := regexp.MustCompile(`"([a-z][A-Za-z]*)((?:\.[A-Za-z0-9_-]+)+)"`)
	seen := 0
	for path, text := range sources(t, []string{".go", ".templ"}, "internal/web", "internal/api", "internal/answer") {
		for _, found := range key.FindAllStringSubmatch(text, -1) {
			if !groups[found[1]] || found[2] == ".com" { // email.com is a domain
				continue
			}
			seen++
			if name := found[1] + found[2]; !catalogue.English.Has(name) {
				t.Errorf("%s: internal/catalogue/en.json lacks %s", path, name)
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d keys were seen", seen)
	}
}
