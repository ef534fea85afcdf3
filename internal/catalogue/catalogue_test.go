package catalogue_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/catalogue"
)

func TestText(t *testing.T) {
	if got := catalogue.English.Text("error.email.missing"); got != "Enter an email address" {
		t.Errorf("%q", got)
	}
	if got := catalogue.English.Text("no.such.key"); got != "no.such.key" {
		t.Errorf("an unknown key is %q", got)
	}
	if !catalogue.English.Has("error.email.missing") || catalogue.English.Has("no.such.key") {
		t.Error("what English has")
	}
	other, err := catalogue.Parse("cy", []byte(`{"error.email.missing":"Rhowch gyfeiriad e-bost","greeting":"{a} a {b}, {a}","odd":"{a}"}`))
	if err != nil || other.Tag != "cy" {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		other.Text("error.email.missing"):                    "Rhowch gyfeiriad e-bost",
		other.Text("error.email.invalid"):                    catalogue.English.Text("error.email.invalid"),
		other.Text("greeting", "a", "Ann", "b", "Bob"):       "Ann a Bob, Ann",
		other.Text("greeting", "a", "{b}", "b", "Bob") + ".": "{b} a Bob, {b}.",
		other.Text("odd", "a"):                               "{a}",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if other.Has("error.email.invalid") || !other.Has("greeting") {
		t.Error("what the other language has")
	}
	for _, broken := range []string{"", "[]", `{"a":1}`, `{"a":"b"`} {
		if _, err := catalogue.Parse("cy", []byte(broken)); err == nil {
			t.Errorf("%q is a language", broken)
		}
	}
}

// TestEveryFile: each language's file is one object of texts, has no key twice, no key that English lacks, and the
// same places to fill in as English.
func TestEveryFile(t *testing.T) {
	files, err := fs.Glob(os.DirFS("."), "*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	var tags []string
	for _, language := range catalogue.Languages {
		tags = append(tags, language.Tag+".json")
	}
	if slices.Sort(tags); !slices.Equal(tags, files) {
		t.Errorf("Languages are %v, and the files %v", tags, files)
	}
	place := regexp.MustCompile(`\{[^}]*\}`)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		language, err := catalogue.Parse(strings.TrimSuffix(filepath.Base(file), ".json"), raw)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for _, key := range keys(t, raw) {
			text, english := language.Text(key), catalogue.English.Text(key)
			if strings.TrimSpace(text) != text || text == "" {
				t.Errorf("%s: %s is %q", file, key, text)
			}
			if !catalogue.English.Has(key) {
				t.Errorf("%s: English has no %s", file, key)
			}
			if got, want := fmt.Sprint(place.FindAllString(text, -1)), fmt.Sprint(place.FindAllString(english, -1)); len(got) != len(want) {
				t.Errorf("%s: %s has the places %s, English %s", file, key, got, want)
			}
		}
	}
}

// keys are the keys of an object, in order; a key that is there twice fails the test.
func keys(t *testing.T, raw []byte) []string {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(raw))
	var all []string
	seen := map[string]bool{}
	for i := 0; ; i++ {
		token, err := decoder.Token()
		if err != nil {
			return all
		}
		if key, ok := token.(string); ok && i%2 == 1 { // after the brace, keys and texts take turns
			if seen[key] {
				t.Errorf("%s is there twice", key)
			}
			seen[key] = true
			all = append(all, key)
		}
	}
}
