package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"losttrn/internal/load"
	"losttrn/internal/local"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/parameters"
	"losttrn/internal/local/template"
	"losttrn/internal/register"
)

// people is how many records the register of the measurements has: enough for every figure to use people who were not
// looked up before.
const people = 20_000

// workbench is the environment in which the functions are measured: the local servers with a register, the parameters,
// a stand-in for GOV.UK Notify that knows no email and accepts every one, and the functions as deployed, built for this
// machine.
type workbench struct {
	project    local.Project
	servers    *local.Servers
	control    string // address of Parameter Store and Notify
	parameters http.Handler
	secrets    *parameters.Store
	dir        string // where files are kept until the end
	functions  map[string]template.Function
	binaries   map[string]string             // by function, and by the names of floors
	used       int                           // people asked for so far
	made       []work                        // of the functions that nobody waits for
	benchmarks map[string]map[string]float64 // figures by benchmark and unit
	undo       []func()
}

func newWorkbench(ctx context.Context, dir string) (w *workbench, err error) {
	w = &workbench{dir: dir, functions: map[string]template.Function{}, binaries: map[string]string{}, benchmarks: map[string]map[string]float64{}}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.project, err = local.FindProject(); err != nil {
		return w, err
	}
	if w.control, err = w.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if parameters.Calls(r) {
			w.parameters.ServeHTTP(rw, r)
			return
		}
		if r.Method == http.MethodPost {
			rw.WriteHeader(http.StatusCreated)
		}
		_, _ = rw.Write([]byte(`{"notifications":[]}`))
	})); err != nil {
		return w, err
	}
	w.servers, err = local.StartServers(ctx, local.ServersOptions{Project: w.project, Dir: filepath.Join(dir, "servers"),
		Parameters: map[string]string{"NotifyBaseUrl": w.control, "Limits": "on", "LimitPerAddress": "1000000", "LimitPerEmail": "1000000"}})
	if err != nil {
		return w, err
	}
	w.undo = append(w.undo, w.servers.Stop)
	declared, err := w.servers.Resources.Functions()
	if err != nil {
		return w, err
	}
	var wanted []parameters.Declared
	for _, f := range declared {
		w.functions[naming.Key(template.Resource{ID: f.ID, Type: template.TypeFunction})] = f
		for variable, name := range f.Environment {
			if variable == "UNLOCKING_PARAMETER" {
				wanted = append(wanted, parameters.Declared{Name: name, Value: "on"})
			} else if strings.HasSuffix(variable, "_PARAMETER") && name != "" {
				wanted = append(wanted, parameters.Declared{Name: name})
			}
		}
	}
	store, err := parameters.Open(filepath.Join(dir, "parameters.json"), wanted)
	if err != nil {
		return w, err
	}
	w.secrets, w.parameters = store, store.Handler(naming.ARN("ssm", "parameter"))
	if err := w.build(ctx, dir); err != nil {
		return w, err
	}
	return w, w.fill(ctx)
}

// serve serves a free port of this machine until the workbench is closed.
func (w *workbench) serve(handler http.Handler) (address string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }() // ends with Close
	w.undo = append(w.undo, func() { _ = server.Close() })
	return "http://" + listener.Addr().String(), nil
}

func (w *workbench) close() {
	for _, undo := range slices.Backward(w.undo) {
		undo()
	}
}

// flags are those that functions are built with, as the Makefile has them.
var flags = []string{"build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w"}

// build makes the functions and the floors, with the same flags.
func (w *workbench) build(ctx context.Context, dir string) error {
	packages := map[string]string{}
	for name, folder := range floors {
		packages[name] = "./internal/local/bench/floor/" + folder
	}
	for name := range w.functions {
		packages[name] = "./functions/" + name
	}
	for name, path := range packages {
		w.binaries[name] = filepath.Join(dir, name)
		command := exec.CommandContext(ctx, "go", append(slices.Clone(flags), "-o", w.binaries[name], path)...)
		command.Dir, command.Env = string(w.project), append(os.Environ(), "CGO_ENABLED=0")
		if out, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w: %s", name, err, out)
		}
	}
	return nil
}

// environment returns what Lambda gives the function of a name, with the servers' addresses, and changes on top.
func (w *workbench) environment(function string, changes map[string]string) []string {
	all := map[string]string{"AWS_ACCESS_KEY_ID": local.AccessKeyID, "AWS_SECRET_ACCESS_KEY": local.SecretAccessKey, "AWS_SESSION_TOKEN": "local",
		"AWS_REGION": naming.Region, "AWS_LAMBDA_FUNCTION_NAME": function, "PATH": "/usr/bin:/bin", "TZ": ":UTC"}
	maps.Copy(all, w.functions[function].Environment)
	maps.Copy(all, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": w.servers.DynamoDB, "AWS_ENDPOINT_URL_SQS": w.servers.SQS,
		"AWS_ENDPOINT_URL_SSM": w.control, "AWS_ENDPOINT_URL_S3": w.control})
	maps.Copy(all, changes)
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		pairs = append(pairs, name+"="+all[name])
	}
	return pairs
}

// person is one of the register's, everybody locked and without an alert. None has the number or the birthday that functions
// prime with.
type person struct{ trn, last, born, nino, email string }

func somebody(i int) person {
	// Digits make no name: letters do.
	letters := strings.Map(func(r rune) rune { return 'a' + r - '0' }, fmt.Sprintf("%05d", i))
	return person{fmt.Sprintf("%07d", 2_000_000+i), "Sample" + letters, time.Date(1950, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly),
		fmt.Sprintf("QQ%06dA", i+1), fmt.Sprintf("sample.%s@example.com", letters)}
}

// next returns a person who was not looked up before.
func (w *workbench) next() (person, error) {
	if w.used == people {
		return person{}, errors.New("the register of the measurements is used up")
	}
	w.used++
	return somebody(w.used - 1), nil
}

func (w *workbench) fill(ctx context.Context) error {
	everybody := extract(0, people, time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC))
	summary, err := load.Run(ctx, load.Options{Reader: bytes.NewReader(everybody), Records: register.NewRecords(w.servers.DynamoDBClient(), w.servers.Tables["teachers"])})
	if err != nil {
		return err
	}
	if summary.Added != people {
		return fmt.Errorf("of %d people, %d were loaded", people, summary.Added)
	}
	return nil
}

// extract returns an extract of the register with the people of a range, as they are at a time.
func extract(from, to int, at time.Time) []byte {
	var file bytes.Buffer
	_, _ = file.WriteString("trn,first_name,last_name,date_of_birth,national_insurance_number,email,locked,updated_at\n")
	for i := from; i < to; i++ {
		p := somebody(i)
		fmt.Fprintf(&file, "%s,Anna,%s,%s,%s,%s,true,%s\n", p.trn, p.last, p.born, p.nino, p.email, at.Format(time.RFC3339))
	}
	return file.Bytes()
}

// lookupEvent asks for a person by the API, as API Gateway hands it over.
func lookupEvent(p person) []byte {
	body, _ := json.Marshal(map[string]string{"email": p.email, "firstName": "Anna", "lastName": p.last, "dateOfBirth": p.born,
		"nationalInsuranceNumber": p.nino})
	return posted("/v1/lookups", string(body), "")
}

// posted is a request that API Gateway hands over, with the authorization that it has.
func posted(path, body, authorization string) []byte {
	event, _ := json.Marshal(map[string]any{"version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
		"headers": map[string]string{"content-type": "application/json", "host": "example.com", "accept-encoding": "br", "authorization": authorization},
		"requestContext": map[string]any{"http": map[string]string{"method": http.MethodPost, "path": path, "sourceIp": "203.0.113.10", "protocol": "HTTP/1.1"},
			"requestId": "bench=", "stage": "$default", "domainName": "example.com"},
		"isBase64Encoded": false, "body": body})
	return event
}
