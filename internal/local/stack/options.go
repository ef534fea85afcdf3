// Package stack runs the whole service on one machine, from template.yaml: servers in the place of AWS, the functions
// as they are deployed, and their triggers.
//
// It follows AWS's documentation, with these differences:
//
//   - A message that was received and not deleted when the stack or the SQS server ended is given out again at once.
//   - Items that have expired are not removed from tables; code compares the time itself.
//   - An export holds a table as it was at its export time as far as the times in its items tell.
//   - A failed asynchronous event is tried again after seconds, not minutes.
//   - Of the events that a function's reserved concurrency lets in at once, ten are handled and the others wait. Those
//     beyond it are refused at once. The gateway's own rate is not applied.
//   - Permissions are not checked, and nothing is encrypted.
//
// Everything listens on loopback alone, unless containers are to reach it.
package stack

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"

	"losttrn/internal/local"
	"losttrn/internal/local/logs"
	"losttrn/internal/local/outbox"
	"losttrn/internal/local/runtimeapi"
	"losttrn/internal/local/template"
)

// Options are the choices of Start. The zero value runs the project's stack on a
// free port.
type Options struct {
	// Project is where template.yaml is; empty, it is looked for from the working
	// folder upwards.
	Project local.Project
	// Manifest is the folder of the servers' npm manifest; empty, it is the project's own.
	Manifest string
	// Dir keeps everything that outlives the stack; empty, it is .local in the project.
	Dir string
	// InMemory says whether the tables are kept in memory alone, for tests: no change to them waits for a disk, and they
	// end with the DynamoDB server. All else is kept in Dir.
	InMemory bool
	// Builds keeps the functions as they were last built, so that only those whose sources changed are linked anew,
	// however many stacks there are; empty, it is .build/functions in the project.
	Builds string
	// Built says that the functions in Builds are up to date, so that nothing is built. It is for a stack beside
	// another.
	Built bool
	// Port is the gateway's; 0, a free one.
	Port int
	// Parameters override parameters of template.yaml.
	Parameters map[string]string
	// Limits says whether the limits on lookups are applied.
	Limits bool
	// SAM says whether functions in Docker containers can reach the servers.
	SAM bool
	// Sample says whether the sample register is loaded into an empty table of teachers.
	Sample bool
	// Watch says whether the functions are built anew whenever their sources change.
	Watch bool
	// Emails are the texts of the emails by the parameter that holds their template id; nil means the service's own.
	Emails map[string]outbox.Template
	// Progress is called with a line about each step. It may be nil.
	Progress func(string)
	// Report is called with each error while the stack runs. It may be nil.
	Report func(error)
	// Log is called with every line that the functions write. It may be nil.
	Log func(logs.Line)
	// Wire is a proxy between the functions and the servers, including GOV.UK Notify's. It may be nil.
	Wire Wire
	// Began is called with each invocation of a function, by its logical id, before the function is given the event. It
	// may be nil.
	Began func(function string, i runtimeapi.Invocation)
}

// Wire is a proxy for the calls of functions, which may record them or make them fail.
type Wire interface {
	// Between returns the handler that answers a function, by its logical id, in the place of the server at target.
	Between(function, target string) (http.Handler, error)
}

// fill sets the defaults.
func (o Options) fill() (Options, error) {
	if o.Project == "" {
		project, err := local.FindProject()
		if err != nil {
			return o, err
		}
		o.Project = project
	}
	if o.Dir == "" {
		o.Dir = filepath.Join(string(o.Project), ".local")
	}
	if o.Builds == "" {
		o.Builds = filepath.Join(string(o.Project), ".build", "functions")
	}
	for _, dir := range []*string{&o.Dir, &o.Builds} {
		absolute, err := filepath.Abs(*dir)
		if err != nil {
			return o, err
		}
		*dir = absolute
	}
	// make test builds them before all its packages, and says so in this variable.
	o.Built = o.Built || os.Getenv("FUNCTIONS_BUILT") == o.Builds
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.Report == nil {
		o.Report = func(error) {}
	}
	if o.Emails == nil {
		o.Emails = serviceEmails()
	}
	return o, nil
}

// parameters returns the template's parameters with their local values, unless they are overridden.
func (o Options) parameters(t *template.Template, notify string) map[string]string {
	limits := "off"
	if o.Limits {
		limits = "on"
	}
	architecture := "x86_64"
	if runtime.GOARCH == "arm64" {
		architecture = "arm64"
	}
	values := map[string]string{}
	local := map[string]string{"NotifyBaseUrl": notify, "Limits": limits, "Architecture": architecture,
		"HelpdeskMailbox": "helpdesk@example.com"}
	for _, name := range t.ParameterNames() {
		if value, ok := local[name]; ok {
			values[name] = value
		}
	}
	maps.Copy(values, o.Parameters)
	return values
}
