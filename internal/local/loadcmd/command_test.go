package loadcmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"losttrn/internal/local/loadcmd"
	"losttrn/internal/local/localtest"
	"losttrn/internal/local/running"
)

const (
	header = "trn,first_name,last_name,date_of_birth,national_insurance_number,status,updated_at\n"
	good   = "1000001,Ann,Cox,1980-02-03,QQ123456C,active,2025-01-01\n"
	bad    = "1000002,Canaria,Fox,1980-02-31,QQ99,active,2025-01-01\n"
)

// run runs the command in a folder with a file, and gives its exit code and what it printed.
type runner struct {
	dir string
}

func (r runner) run(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, complaints bytes.Buffer
	args = append([]string{"-stack", filepath.Join(r.dir, "stack.json")}, args...)
	code = loadcmd.Run(ctx, args, &out, &complaints)
	return code, out.String(), complaints.String()
}

func (r runner) file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// stack keeps what a stack that answers, or ended, says of itself.
func (r runner) stack(t *testing.T, ended bool, dynamodb, table string) {
	t.Helper()
	gateway := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(gateway.Close)
	if ended {
		gateway.Close()
	}
	text, err := json.Marshal(running.Stack{Ready: true, Gateway: gateway.URL,
		Endpoints: map[string]string{"dynamodb": dynamodb}, Tables: map[string]string{"teachers": table}})
	if err != nil {
		t.Fatal(err)
	}
	r.file(t, "stack.json", string(text))
}

func TestExitCodes(t *testing.T) {
	servers := localtest.Servers(t)
	r := runner{t.TempDir()}
	r.stack(t, false, servers.DynamoDB, servers.Tables["teachers"])
	file := r.file(t, "register.csv", header+good)
	rejects := file + ".rejects.csv"

	for _, want := range []string{
		"1 rows into the local stack: 1 added, 0 updated, 0 unchanged, 0 older than stored, 0 rejected\n",
		"1 rows into the local stack: 0 added, 0 updated, 1 unchanged, 0 older than stored, 0 rejected\n",
	} {
		if code, out, complaints := r.run(t.Context(), "-file", file); code != 0 || out != want || complaints != "" {
			t.Errorf("exit %d, %q, %q, want %q", code, out, complaints, want)
		}
	}
	if _, err := os.Stat(rejects); err == nil {
		t.Error("a load without rejects left a rejects file")
	}

	r.file(t, "register.csv", header+good+bad)
	code, out, complaints := r.run(t.Context(), "-file", file)
	if code != 1 || !strings.Contains(out, "1 rejected") || !strings.Contains(out, rejects) {
		t.Errorf("exit %d, %q, %q", code, out, complaints)
	}
	text, err := os.ReadFile(rejects)
	if want := "line,column,reason\n3,date_of_birth,not a date of the form YYYY-MM-DD\n3,national_insurance_number,not a National Insurance number\n"; err != nil || string(text) != want {
		t.Errorf("rejects %q, %v, want %q", text, err, want)
	}
	for _, personal := range []string{"Canaria", "1000002", "1980-02", "QQ99"} {
		if strings.Contains(out+complaints+string(text), personal) {
			t.Errorf("%q is in what the command wrote", personal)
		}
	}

	r.file(t, "register.csv", header+good)
	if code, _, _ := r.run(t.Context(), "-file", file, "-full", "-deactivate-missing"); code != 0 {
		t.Errorf("exit %d", code)
	}
	if _, err := os.Stat(rejects); err == nil {
		t.Error("the rejects file of an earlier load is still there")
	}

	code, out, complaints = r.run(t.Context(), "-file", r.file(t, "none.csv", header), "-full", "-deactivate-missing")
	if code != 2 || !strings.Contains(complaints, "refused: 1 of 1 active records") {
		t.Errorf("exit %d, %q, %q", code, out, complaints)
	}
	code, out, _ = r.run(t.Context(), "-file", filepath.Join(r.dir, "none.csv"), "-full", "-deactivate-missing", "-allow-many")
	if code != 0 || !strings.Contains(out, "1 active records are not in the extract, 1 deactivated") {
		t.Errorf("exit %d, %q", code, out)
	}

	if code, out, complaints := r.run(t.Context(), "-file", file, "-table", servers.Tables["teachers"], "-endpoint", servers.DynamoDB); code != 0 || !strings.Contains(out, "1 updated") {
		t.Errorf("named table: exit %d, %q, %q", code, out, complaints)
	}
	if code, _, complaints := r.run(t.Context(), "-file", file, "-table", "elsewhere", "-endpoint", servers.DynamoDB); code != 3 || !strings.Contains(complaints, "not finished") {
		t.Errorf("no such table: exit %d, %q", code, complaints)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if code, _, complaints := r.run(cancelled, "-file", file, "-table", servers.Tables["teachers"], "-endpoint", servers.DynamoDB); code != 3 || !strings.Contains(complaints, "interrupted") {
		t.Errorf("interrupted: exit %d, %q", code, complaints)
	}
}

func TestRefusals(t *testing.T) {
	r := runner{t.TempDir()}
	file := r.file(t, "register.csv", header+good)
	ghost := runner{t.TempDir()}
	ghost.stack(t, true, "http://127.0.0.1:1", "teachers")
	broken := runner{t.TempDir()}
	broken.stack(t, false, "", "")
	for _, test := range []struct {
		name string
		in   runner
		args []string
		want string
	}{
		{"no file named", r, nil, "name the file to load"},
		{"no such file", r, []string{"-file", file + "x"}, "there is no file"},
		{"a folder", r, []string{"-file", r.dir}, "is not a file"},
		{"no stack", r, []string{"-file", file}, "no local stack runs in this folder: start one with `make run`"},
		{"a stack that ended", ghost, []string{"-file", file}, "no local stack runs in this folder: start one with `make run`, or name a table with -table"},
		{"a stack that does not say where it is", broken, []string{"-file", file}, "does not say where the local stack's tables are"},
		{"an endpoint without a table", r, []string{"-file", file, "-endpoint", "http://127.0.0.1:1"}, "-endpoint takes -table"},
		{"an unknown flag", r, []string{"-fiel", file}, "flag provided but not defined"},
		{"arguments", r, []string{"-file", file, "more"}, "1 arguments too many"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, complaints := test.in.run(t.Context(), test.args...)
			if code != 2 || out != "" || !strings.Contains(complaints, test.want) {
				t.Errorf("exit %d, %q, %q, want 2 and %q", code, out, complaints, test.want)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	if code, _, usage := (runner{t.TempDir()}).run(t.Context(), "-help"); code != 0 || !strings.Contains(usage, "usage: load") {
		t.Errorf("exit %d, %q", code, usage)
	}
}

func ExampleRun() {
	code := loadcmd.Run(context.Background(), []string{"-file", "nowhere.csv"}, os.Stdout, os.Stdout)
	fmt.Println("exit", code)
	// Output:
	// refused: there is no file nowhere.csv
	// exit 2
}
