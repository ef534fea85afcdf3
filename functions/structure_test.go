package functions_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// module is what every import path of ours begins with.
const module = "losttrn/"

// tools is the folder of all that runs on an engineer's machine or in tests, and never in Lambda.
const tools = "internal/local"

// layers are the packages that run in Lambda, from the pure core outwards. A package may import packages of its own
// layer and of the layers above it in this list, never of one below: the arrows point one way. A folder stands for
// what is in it.
var layers = []struct {
	name     string
	packages []string
}{
	{"values and contracts", []string{"internal/fault", "internal/teacher", "internal/message", "internal/catalogue", "internal/parallel", "internal/metric"}},
	{"pure decisions", []string{"internal/matching", "internal/guess"}},
	{"use cases", []string{"internal/lookup", "internal/unlocking", "internal/notify", "internal/receipt"}},
	{"AWS", []string{"internal/cloud", "internal/attribute", "internal/gateway"}},
	{"stores, queues and faces", []string{"internal/register", "internal/emailuse", "internal/providers", "internal/journal", "internal/limits", "internal/queue",
		"internal/load", "internal/report", "internal/answer", "internal/api", "internal/web"}},
	{"functions", []string{"functions"}},
}

// pure are the packages that know no AWS, no HTTP and no clock: values in, a decision out.
var pure = []string{"internal/teacher", "internal/matching", "internal/guess", "internal/message"}

// pkg is what `go list -json` says of a package.
type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func (p pkg) path() string { return strings.TrimPrefix(p.ImportPath, module) }

func in(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

// forTests tells whether a package is support for tests, as its name says; no binary holds it.
func forTests(path string) bool { return strings.HasSuffix(path, "test") }

func packages(t *testing.T) []pkg {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// layerOf returns the index in layers of the layer that a package belongs to, or -1.
func layerOf(path string) int {
	return slices.IndexFunc(layers, func(l struct {
		name     string
		packages []string
	}) bool {
		return slices.ContainsFunc(l.packages, func(folder string) bool { return in(path, folder) })
	})
}

func TestArrowsPointOneWay(t *testing.T) {
	for _, p := range packages(t) {
		if in(p.path(), tools) || forTests(p.path()) {
			continue
		}
		layer := layerOf(p.path())
		if layer < 0 {
			t.Errorf("%s is in no layer: add it to the list above, as low as its imports allow", p.path())
			continue
		}
		for _, imported := range p.Imports {
			path, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			if in(path, tools) || forTests(path) {
				t.Errorf("%s, which runs in Lambda, imports the tool %s", p.path(), path)
			} else if other := layerOf(path); other > layer {
				t.Errorf("%s (%s) imports %s (%s): the arrow points the wrong way", p.path(), layers[layer].name, path, layers[other].name)
			}
		}
	}
}

// TestEveryPackageRunsInLambdaOrIsATool holds the layout's promise that the folder tells which is which.
func TestEveryPackageRunsInLambdaOrIsATool(t *testing.T) {
	all := packages(t)
	deployed := map[string]bool{}
	for _, p := range all {
		if in(p.path(), "functions") {
			for _, dep := range p.Deps {
				deployed[dep] = true
			}
		}
	}
	for _, p := range all {
		switch {
		case in(p.path(), tools) && deployed[p.ImportPath]:
			t.Errorf("%s is in a function's binary, but stands among the tools", p.path())
		case !in(p.path(), tools) && !in(p.path(), "functions") && !forTests(p.path()) && !deployed[p.ImportPath]:
			t.Errorf("%s is in no function's binary: it belongs in %s", p.path(), tools)
		}
	}
}

func TestTheCoreIsPure(t *testing.T) {
	for _, p := range packages(t) {
		if !slices.Contains(pure, p.path()) {
			continue
		}
		for _, dep := range p.Deps {
			if strings.HasPrefix(dep, "github.com/aws/") || dep == "net/http" || dep == "context" && slices.Contains(p.Imports, dep) {
				t.Errorf("%s is pure, but depends on %s", p.path(), dep)
			}
		}
	}
}

// The tables of every shape of a service, which clients make at the start from their releases of late 2026 on, would be nearly
// half of what a function's packages take to be initialised.
const (
	dynamodbSchemas = "github.com/aws/aws-sdk-go-v2/service/dynamodb/schemas"
	sqsSchemas      = "github.com/aws/aws-sdk-go-v2/service/sqs/schemas"
	schemaFree      = "go.mod names the last release of the client without it; look whether newer ones make it only when it is used"
)

// heavy are packages whose tables cost every cold start, by what a function does instead; and the functions that may
// have them after all.
var heavy = map[string]struct {
	instead string
	allowed []string
}{
	"github.com/aws/aws-sdk-go-v2/config":      {"cloud.Config reads what Lambda sets", nil},
	"github.com/aws/aws-sdk-go-v2/service/ssm": {"cloud.ParameterStore makes the one call", nil},
	dynamodbSchemas: {schemaFree, nil},
	sqsSchemas:      {schemaFree, nil},
	"github.com/aws/aws-sdk-go-v2/service/s3": {"", []string{"functions/export", "functions/load", "functions/report"}},
	"encoding/csv":       {"", []string{"functions/load", "functions/report"}},
	"modernc.org/sqlite": {"", []string{"functions/report"}},
	"expvar":             {"it brings net/http's server's pages", nil},
	"net/http/pprof":     {"it serves what nobody may see", nil},
}

func TestNoFunctionStartsWithWhatItDoesNotNeed(t *testing.T) {
	for _, p := range packages(t) {
		if !in(p.path(), "functions") {
			continue
		}
		for _, dep := range p.Deps {
			if h, ok := heavy[dep]; ok && !slices.Contains(h.allowed, p.path()) {
				t.Errorf("%s depends on %s: %s", p.path(), dep, h.instead)
			}
		}
	}
}
