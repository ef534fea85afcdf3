package stack

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"losttrn/internal/local"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/runtimeapi"
	"losttrn/internal/local/template"
)

// function prepares a function's processes.
func (s *Stack) function(f template.Function) (*runtimeapi.Function, error) {
	short := shortName(f.ID)
	log, err := s.logFile(short)
	if err != nil {
		return nil, err
	}
	variables, err := s.wired(f.ID, s.variables(f))
	if err != nil {
		return nil, err
	}
	var began func(runtimeapi.Invocation)
	if s.o.Began != nil {
		began = func(i runtimeapi.Invocation) { s.o.Began(f.ID, i) }
	}
	return runtimeapi.New(runtimeapi.Spec{
		Name:        short,
		ARN:         naming.ARN("lambda", "function:"+functionName(f.ID)),
		Executable:  filepath.Join(s.artifacts(f.ID), program),
		Environment: environment(f, variables, s.artifacts(f.ID)),
		Timeout:     f.Timeout,
		Concurrency: concurrency(f),
		Reserved:    f.Reserved,
		Log:         log,
		Began:       began,
	}), nil
}

// variables returns the template's variables, with the addresses of the local servers in the place of AWS's.
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

// notifyOrigin is the variable that names the origin of GOV.UK Notify's API.
const notifyOrigin = "NOTIFY_BASE_URL"

// wired puts the Wire, if there is one, between a function and each of the servers that its variables name.
func (s *Stack) wired(id string, variables map[string]string) (map[string]string, error) {
	if s.o.Wire == nil {
		return variables, nil
	}
	for name, target := range variables {
		if name != notifyOrigin && !strings.HasPrefix(name, "AWS_ENDPOINT_URL_") || target == "" {
			continue
		}
		handler, err := s.o.Wire.Between(id, target)
		if err != nil {
			return nil, err
		}
		port, err := s.open()
		if err != nil {
			return nil, err
		}
		s.serveHTTP(port, handler)
		variables[name] = address(port)
	}
	return variables, nil
}

// environment returns the environment that Lambda gives a function, without that of the process that runs the stack.
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

// concurrency returns how many events of a function are handled side by side: as many as its queues may have in flight,
// at least ten over HTTP, at least four, and otherwise no more than are reserved. Lambda handles as many as are reserved;
// here those beyond the returned number wait their turn.
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
	return max(n, 4)
}

func functionName(id string) string {
	return naming.Of(template.Resource{ID: id, Type: template.TypeFunction})
}

// shortName returns the short name of a function: that of LookupFunction is "lookup".
func shortName(id string) string {
	return naming.Key(template.Resource{ID: id, Type: template.TypeFunction})
}
