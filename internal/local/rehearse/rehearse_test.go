//go:build template

package rehearse

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"losttrn/internal/local"
	"losttrn/internal/local/translated"
)

// rehearsal is one of a project whose README and translated template are as these functions leave them.
func rehearsal(t *testing.T, readme func(string) string, template func(map[string]any)) *Rehearsal {
	t.Helper()
	project, err := local.FindProject()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(string(project), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	changed := readme(string(text))
	if err := os.WriteFile(filepath.Join(dir, "README.md"), []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile(os.Getenv("TRANSLATED"))
	if err != nil {
		t.Fatalf("TRANSLATED names no translated template: run `make test-template`: %v", err)
	}
	var root map[string]any
	if err := json.Unmarshal(made, &root); err != nil {
		t.Fatal(err)
	}
	template(root)
	if made, err = json.Marshal(root); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "translated.json")
	if err := os.WriteFile(path, made, 0o600); err != nil {
		t.Fatal(err)
	}
	read, err := translated.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return &Rehearsal{Project: local.Project(dir), Dir: dir, template: read}
}

func asItIs(s string) string { return s }

func whole(map[string]any) {}

// under follows names down a template.
func under(v any, path ...string) map[string]any {
	for _, name := range path {
		v = v.(map[string]any)[name]
	}
	return v.(map[string]any)
}

func replace(old, by string) func(string) string {
	return func(s string) string { return strings.ReplaceAll(s, old, by) }
}

// TestEachStepFindsItsMistake: what a step of the rehearsal is for ends it, in words that name the mistake.
func TestEachStepFindsItsMistake(t *testing.T) {
	secrets := func(r *Rehearsal) (string, error) { return r.secrets(t.Context()) }
	order := func(r *Rehearsal) (string, error) { return r.order(t.Context()) }
	limits := func(r *Rehearsal) (string, error) { return r.limits(t.Context()) }
	for name, test := range map[string]struct {
		step     func(*Rehearsal) (string, error)
		readme   func(string) string
		template func(map[string]any)
		want     string // "": the step passes
	}{
		"secrets as they are": {secrets, asItIs, whole, ""},
		"order as it is":      {order, asItIs, whole, ""},
		"limits as they are":  {limits, asItIs, whole, ""},
		"a secret that nobody makes": {secrets, replace("for name in identity-key cookie-keys", "for name in cookie-keys"), whole,
			"does not have identity-key made"},
		"a secret that nobody reads": {secrets, replace("for name in identity-key", "for name in old-key identity-key"), whole, "has old-key made"},
		"no switch":                  {secrets, replace("--name /find-a-lost-trn/dev/unlocking", "--name /find-a-lost-trn/dev/switch"), whole, "unlocking"},
		"a name outside the stage's": {secrets, asItIs, func(root map[string]any) {
			under(root, "Resources", "UnlockFunction", "Properties", "Environment", "Variables")["UNLOCKING_PARAMETER"] = "/unlocking"
		}, "no name below the stage's"},
		"no section on deployment": {secrets, replace("\n## Deploy for the first time\n", "\n## Deploy\n"), whole, "no section on the first deployment"},
		"a circle": {order, asItIs, func(root map[string]any) {
			under(root, "Resources", "LookupRole", "Properties")["Description"] = map[string]any{"Ref": "LookupPolicy"}
		}, "circular dependency"},
		"what does not exist": {order, asItIs, func(root map[string]any) {
			under(root, "Resources", "LookupRole", "Properties")["Description"] = map[string]any{"Ref": "Nothing"}
		}, "Nothing"},
		"what exists only under a condition": {order, asItIs, func(root map[string]any) {
			under(root, "Resources", "LookupLogs")["DependsOn"] = "Edge"
		}, "whose condition"},
		"a production that its rules refuse": {order, asItIs, func(root map[string]any) {
			under(root, "Parameters", "Limits")["Default"] = "off"
		}, "refuse"},
		"a name that is too long": {limits, asItIs, func(root map[string]any) {
			under(root, "Resources", "MatchesQueue", "Properties")["QueueName"] = strings.Repeat("m", 81)
		}, "MatchesQueue.QueueName: 81, at most 80"},
		"a policy that is too long": {limits, asItIs, func(root map[string]any) {
			under(root, "Resources", "LookupPolicy", "Properties", "PolicyDocument")["Id"] = strings.Repeat("m", 10_241)
		}, "the policies of"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := test.step(rehearsal(t, test.readme, test.template))
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("it ends with %v, want %q", err, test.want)
			}
		})
	}
}

// packed is a function's code as it is uploaded, with one file in it.
func packed(t *testing.T, file string, mode fs.FileMode) []byte {
	t.Helper()
	var out bytes.Buffer
	code := zip.NewWriter(&out)
	header := &zip.FileHeader{Name: file}
	header.SetMode(mode)
	_, err := code.CreateHeader(header)
	if err == nil {
		err = code.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestWhatWasUploadedIsLookedInto: a package without a program that can be started, or without code, ends the rehearsal.
func TestWhatWasUploadedIsLookedInto(t *testing.T) {
	objects := map[string][]byte{"/artifacts/good": packed(t, "bootstrap", 0o755), "/artifacts/other": packed(t, "main", 0o755), "/artifacts/plain": packed(t, "bootstrap", 0o644)}
	s3 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, there := objects[r.URL.Path]
		if !there {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(body)
	}))
	defer s3.Close()
	r := &Rehearsal{Dir: t.TempDir()}
	for uri, want := range map[string]string{
		"s3://artifacts/good":  "",
		"s3://artifacts/other": "no program bootstrap",
		"s3://artifacts/plain": "cannot be executed",
		"s3://artifacts/gone":  "the bucket answered 404",
		"./functions/lookup":   "not in the bucket",
	} {
		path := filepath.Join(r.Dir, "packaged.yaml")
		text := "Resources:\n  AskFunction:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: " + uri + "\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := r.uploaded(t.Context(), path, s3.URL)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", uri, err, want)
		}
	}
}

// TestTheSmokeLookup: only a lookup that found its person is one that passed.
func TestTheSmokeLookup(t *testing.T) {
	project, err := local.FindProject()
	if err != nil {
		t.Fatal(err)
	}
	r := &Rehearsal{Project: project}
	for answer, passes := range map[string]bool{`{"outcome":"trn_sent"}`: true, `{"outcome":"no_match"}`: false, `not found`: false, ``: false} {
		service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if answer == "not found" {
				w.WriteHeader(http.StatusNotFound)
			}
			_, _ = w.Write([]byte(answer))
		}))
		if _, err := r.lookUp(t.Context(), service.URL); (err == nil) != passes {
			t.Errorf("%q: %v", answer, err)
		}
		service.Close()
	}
}
