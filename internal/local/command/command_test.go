package command

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local/logs"
	"losttrn/internal/local/sample"
	"losttrn/internal/lookup"
)

func run(t *testing.T, environment map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	p := Program{Getenv: func(name string) string { return environment[name] }, Stdout: &out, Stderr: &err}
	code = p.Run(args)
	return code, out.String(), err.String()
}

func TestWrongArguments(t *testing.T) {
	// Away from any stack that runs in the project.
	elsewhere(t)
	for name, c := range map[string]struct {
		environment map[string]string
		args        []string
		code        int
		want        string
	}{
		"none":           {nil, nil, 2, "usage: local COMMAND"},
		"unknown":        {nil, []string{"walk"}, 2, "usage: local COMMAND"},
		"event missing":  {nil, []string{"invoke", "-function", "lookup", "-event", ""}, 2, "Name an event too: make invoke FUNCTION="},
		"no function":    {nil, []string{"invoke", "-function", "", "-event", ""}, 2, "Name a function and an event: make invoke FUNCTION=lookup EVENT="},
		"no queue":       {nil, []string{"redrive", "-queue", ""}, 2, "make redrive QUEUE=matches (or emails, reports)\n"},
		"no state":       {nil, []string{"switch", "-state", ""}, 2, "make unlocking STATE=on (or off)\n"},
		"unknown flag":   {nil, []string{"run", "-x"}, 2, "not defined: -x"},
		"port":           {map[string]string{"PORT": "http"}, []string{"run"}, 1, "PORT=http is not a port"},
		"limits":         {map[string]string{"LIMITS": "yes"}, []string{"run"}, 1, "LIMITS=yes is neither on nor off"},
		"parameters":     {map[string]string{"PARAMETERS": "a"}, []string{"run"}, 1, `PARAMETERS: "a" is not Name=value`},
		"no stack":       {nil, []string{"switch", "-state", "off"}, 1, "no local stack runs in this folder: start one with `make run`"},
		"state":          {nil, []string{"switch", "-state", "maybe"}, 1, "the state is on or off"},
		"no event":       {nil, []string{"invoke", "-function", "lookup", "-event", "nowhere.json"}, 1, "nowhere.json: no such file"},
		"no dead letter": {nil, []string{"redrive", "-queue", "https://sqs.example.com/1/q"}, 1, "-from"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, stderr := run(t, c.environment, c.args...)
			if code != c.code || !strings.Contains(stderr, c.want) {
				t.Errorf("%d %s", code, stderr)
			}
			if (c.code == 1 || len(c.args) > 2) && strings.Count(stderr, "\n") != 1 {
				t.Errorf("not one sentence: %s", stderr)
			}
		})
	}
}

// elsewhere makes a folder with a template and nothing else the working folder.
func elsewhere(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/template.yaml", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
}

func TestTheEnvironmentBecomesOptions(t *testing.T) {
	environment := map[string]string{"PORT": "0", "LIMITS": "on", "SAM": "on", "PARAMETERS": "A=1  B=x=y"}
	o, err := Program{Getenv: func(name string) string { return environment[name] }}.options()
	if err != nil || o.Port != 0 || !o.Limits || !o.SAM || !o.Sample || o.Parameters["A"] != "1" || o.Parameters["B"] != "x=y" {
		t.Errorf("%+v, %v", o, err)
	}
	o, err = Program{Getenv: func(string) string { return "" }}.options()
	if err != nil || o.Port != 8080 || o.Limits || o.SAM || len(o.Parameters) != 0 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestTheAnnouncement(t *testing.T) {
	var out bytes.Buffer
	announce(&out, "http://localhost:8080", [][2]string{{"Outbox", "http://localhost:8080/_local/outbox"}}, sample.People(), false, 1500*time.Millisecond)
	for _, want := range []string{"ready", "http://localhost:8080/_local/outbox", "Ctrl-C", sample.People()[0].NINO, sample.People()[2].Email, sample.People()[4].LastName + ", born", sample.People()[4].NINO + ", " + sample.People()[0].Email} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it lacks %s:\n%s", want, &out)
		}
	}
}

func TestTheCurlLineIsOneForAShell(t *testing.T) {
	line := curl("http://localhost:8080", sample.Person{FirstName: "Zoë", LastName: `O'Neill "x"`, DateOfBirth: "1980-01-02", NINO: "QQ123456A", Email: "a@example.com"})
	// A shell takes the line apart; the fourth argument after curl's name is the body.
	out, err := exec.CommandContext(t.Context(), "/bin/sh", "-c", strings.Replace(strings.TrimSpace(line), "curl", `printf '%s\n'`, 1)).Output()
	if err != nil {
		t.Fatal(err)
	}
	arguments := strings.Split(strings.TrimSpace(string(out)), "\n")
	var body map[string]string
	if err := json.Unmarshal([]byte(arguments[4]), &body); err != nil {
		t.Fatalf("%q: %v", arguments, err)
	}
	if body["lastName"] != `O'Neill "x"` || body["firstName"] != "Zoë" || arguments[5] != "http://localhost:8080/v1/lookups" {
		t.Errorf("%q", arguments)
	}
}

func TestReportsAreBrief(t *testing.T) {
	if got := brief("one\ntwo"); got != "one" {
		t.Errorf("%q", got)
	}
	if got := brief(strings.Repeat("é", 400)); len(got) > 310 || !strings.HasSuffix(got, "…") {
		t.Errorf("%q", got)
	}
}

func TestLogsAreFollowedByIDOrReference(t *testing.T) {
	elsewhere(t)
	const id, other = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
	for _, of := range []string{id, other} {
		f, err := logs.Open(filepath.Join(".local", "logs"), "lookup", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(`{"msg":"lookup","lookupId":"` + of + `","requestId":"r` + of[:1] + `"}` + "\n" + `{"_aws":{},"lookupId":"` + of + `"}` + "\n")); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{id, lookup.Reference(id), "r1"} {
		if code, out, _ := run(t, nil, "logs", "-follow=false", "-id", name); code != 0 || !strings.Contains(out, id) || strings.Count(out, "\n") != 1 {
			t.Errorf("%s: %d %q", name, code, out)
		}
	}
	if _, out, _ := run(t, nil, "logs", "-follow=false"); strings.Count(out, "\n") != 2 {
		t.Errorf("all: %q", out)
	}
}

func TestARunTellsALineOfALookup(t *testing.T) {
	var out bytes.Buffer
	p := Program{Getenv: func(string) string { return "" }, Stdout: &out}
	for _, text := range []string{
		`{"msg":"lookup","lookupId":"i","outcome":"no_match","compared":[{"agreed":["name"]}]}`, `{"msg":"message handled","lookupId":"i"}`,
		`{"_aws":{},"lookupId":"i"}`, `{"msg":"something of no lookup"}`, `{"level":"ERROR","msg":"no report"}`,
	} {
		line, ok := logs.Parse([]byte(text))
		if !ok {
			t.Fatal(text)
		}
		p.narrate(line)
	}
	if got := out.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "lookupId=i outcome=no_match\n") || !strings.Contains(got, "ERROR no report") {
		t.Errorf("told %q", got)
	}
}
