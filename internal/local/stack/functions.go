package stack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"losttrn/internal/local"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/process"
	"losttrn/internal/local/runtimeapi"
	"losttrn/internal/local/template"
)

// tellFrom is how long a step takes that is told of by itself.
const tellFrom = 3 * time.Second

// build makes every function as `sam build` does, for this machine.
func (s *Stack) build(ctx context.Context) error {
	s.o.Progress("Building the functions…")
	builds, ctx := errgroup.WithContext(ctx)
	builds.SetLimit(max(runtime.NumCPU(), 2))
	for _, f := range s.declared {
		builds.Go(func() error {
			began := time.Now()
			if err := s.make(ctx, f.ID); err != nil {
				return err
			}
			if took := time.Since(began); took > tellFrom {
				s.o.Progress(fmt.Sprintf("Built %s after %.0f s.", shortName(f.ID), took.Seconds()))
			}
			return nil
		})
	}
	return builds.Wait()
}

func (s *Stack) make(ctx context.Context, id string) error {
	// Built beside the one there is, which a process may be running still, and put in its place.
	dir := s.artifacts(id)
	next := filepath.Join(dir, "next")
	if err := os.MkdirAll(next, 0o755); err != nil {
		return fmt.Errorf("build %s: %w", id, err)
	}
	tool, err := exec.LookPath("make")
	if err != nil {
		return errors.New("the functions are built with make, and no make command was found")
	}
	// The flags of a make that runs this command are not those of the build.
	environment := slices.DeleteFunc(os.Environ(), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return name == "MAKEFLAGS" || name == "MFLAGS" || name == "MAKEOVERRIDES" || name == "MAKELEVEL"
	})
	out, err := process.Run(ctx, process.Command{
		Path: tool, Dir: string(s.o.Project), Env: environment,
		Args: []string{"--silent", "build-" + id, "ARTIFACTS_DIR=" + next, "GOOS=" + runtime.GOOS, "GOARCH=" + runtime.GOARCH},
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("build %s: %w\n%s", id, err, strings.TrimSpace(string(out)))
	}
	if err := os.Rename(filepath.Join(next, program), filepath.Join(dir, program)); err != nil {
		return fmt.Errorf("build %s: %w", id, err)
	}
	return nil
}

// program is the name of a function's executable.
const program = "bootstrap"

func (s *Stack) artifacts(id string) string { return filepath.Join(s.o.Dir, "build", id) }

// function prepares a function's processes.
func (s *Stack) function(f template.Function) (*runtimeapi.Function, error) {
	short := shortName(f.ID)
	log, err := s.logFile(short)
	if err != nil {
		return nil, err
	}
	return runtimeapi.New(runtimeapi.Spec{
		Name:        short,
		ARN:         naming.ARN("lambda", "function:"+functionName(f.ID)),
		Executable:  filepath.Join(s.artifacts(f.ID), program),
		Environment: environment(f, s.variables(f), s.artifacts(f.ID)),
		Timeout:     f.Timeout,
		Concurrency: concurrency(f),
		Log:         log,
	}), nil
}

// variables are those of the template, with the addresses of the servers in the
// place of AWS's own.
func (s *Stack) variables(f template.Function) map[string]string {
	dynamodb := s.DynamoDB
	if f.Exports() {
		dynamodb = s.control
	}
	variables := maps.Clone(f.Environment)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB": dynamodb,
		"AWS_ENDPOINT_URL_SQS":      s.SQS,
		"AWS_ENDPOINT_URL_S3":       s.s3,
		"AWS_ENDPOINT_URL_SSM":      s.control,
	} {
		if _, declared := variables[name]; declared {
			variables[name] = value
		}
	}
	return variables
}

// environment is what Lambda gives a function, and nothing else: not the
// environment of who runs the stack.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func environment(f template.Function, variables map[string]string, task string) []string {
	name := functionName(f.ID)
	all := map[string]string{
		"AWS_ACCESS_KEY_ID":               local.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY":           local.SecretAccessKey,
		"AWS_SESSION_TOKEN":               "local",
		"AWS_DEFAULT_REGION":              naming.Region,
		"AWS_REGION":                      naming.Region,
		"AWS_EXECUTION_ENV":               "AWS_Lambda_provided.al2023",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": fmt.Sprint(f.MemorySize),
		"AWS_LAMBDA_FUNCTION_NAME":        name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      "local",
		"LAMBDA_TASK_ROOT":                task,
		"LAMBDA_RUNTIME_DIR":              task,
		"LANG":                            "en_US.UTF-8",
		"PATH":                            "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
		"TZ":                              ":UTC",
		"_HANDLER":                        "bootstrap",
	}
	maps.Copy(all, variables)
	pairs := make([]string, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		pairs = append(pairs, name+"="+all[name])
	}
	return pairs
}

// concurrency is how many events of a function are handled side by side: as many
// as its queues may have under way, and ten for what comes over HTTP.
func concurrency(f template.Function) int {
	n := 0
	for _, q := range f.Queues {
		n += q.Concurrency
	}
	if f.HTTP {
		n = max(n, 10)
	}
	if f.Reserved > 0 {
		n = min(n, f.Reserved)
	}
	return max(n, 2)
}

func functionName(id string) string {
	return naming.Of(template.Resource{ID: id, Type: template.TypeFunction})
}

// shortName is how people name a function: LookupFunction is "lookup".
func shortName(id string) string {
	return naming.Key(template.Resource{ID: id, Type: template.TypeFunction})
}
