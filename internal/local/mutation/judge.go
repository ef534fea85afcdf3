package mutation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// verdict is what became of a mutant.
type verdict string

const (
	survived verdict = "survived" // every test passed
	killed   verdict = "killed"   // a test failed
	tooLong  verdict = "timed out"
	noGo     verdict = "do not compile"
)

// quick is how long a test may take that every mutant meets first, together with the others of its kind.
const quick = time.Second

// patience returns how long a stage's tests may take with a mutant before it is taken to hang, from how long they take
// with the unchanged package.
func patience(usual time.Duration) time.Duration { return 10*time.Second + 5*usual }

// stage is a set of tests that run together.
type stage struct {
	tests []string
	usual time.Duration
}

// judge runs the tests of one package.
type judge struct {
	root, dir string // of the module; of the package within it
	work      string // a folder for what is built
	stages    []stage
}

// passed is the line of a test that passed, and after what time.
var passed = regexp.MustCompile(`(?m)^--- PASS: (\S+) \(([0-9.]+s)\)$`)

// newJudge runs the tests of the package as it is, to learn how long each takes. Mutants meet the quick ones first; those
// that none of them noticed meet the others.
func newJudge(ctx context.Context, root, dir, work string) (*judge, error) {
	j := &judge{root: root, dir: dir, work: work}
	binary := filepath.Join(work, "unchanged")
	if out, err := j.build(ctx, binary); err != nil {
		return nil, fmt.Errorf("build the tests of %s: %w\n%s", dir, err, out)
	}
	run := exec.CommandContext(ctx, binary, "-test.v", "-test.timeout=10m")
	run.Dir = filepath.Join(root, dir)
	out, err := run.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("the tests of %s fail before anything is changed: %w\n%s", dir, err, out)
	}
	fast, slow := stage{}, stage{}
	for _, line := range passed.FindAllStringSubmatch(string(out), -1) {
		took, err := time.ParseDuration(line[2])
		if err != nil {
			return nil, err
		}
		to := &fast
		if took > quick {
			to = &slow
		}
		to.tests, to.usual = append(to.tests, line[1]), to.usual+took
	}
	for _, s := range []stage{fast, slow} {
		if len(s.tests) > 0 {
			j.stages = append(j.stages, s)
		}
	}
	if len(j.stages) == 0 {
		return nil, fmt.Errorf("%s has no tests", dir)
	}
	return j, nil
}

// compilerError is a line of the compiler's. A changed constant may make another file wrong.
var compilerError = regexp.MustCompile(`(?m)^\S+\.go:\d+:\d+: `)

// build compiles the package's tests.
func (j *judge) build(ctx context.Context, binary string, arguments ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "go", append(append([]string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", binary}, arguments...), "./"+j.dir)...)
	command.Dir = j.root
	return command.CombinedOutput()
}

// of judges one mutant, in a folder of its own.
func (j *judge) of(ctx context.Context, m Mutant) (verdict, error) {
	work, err := os.MkdirTemp(j.work, "mutant")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	original, changed := filepath.Join(j.root, j.dir, m.File), filepath.Join(work, m.File)
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err != nil {
		return "", err
	}
	list, binary := filepath.Join(work, "overlay.json"), filepath.Join(work, "tests")
	if err := errors.Join(os.WriteFile(changed, m.source, 0o600), os.WriteFile(list, overlay, 0o600)); err != nil {
		return "", err
	}
	if out, err := j.build(ctx, binary, "-overlay", list); err != nil {
		if ctx.Err() == nil && compilerError.Match(out) {
			return noGo, nil
		}
		return "", fmt.Errorf("build %s: %w\n%s", m, err, out)
	}
	for _, s := range j.stages {
		if v, err := j.run(ctx, binary, s); err != nil || v != survived {
			return v, err
		}
	}
	return survived, nil
}

// run runs tests until one fails.
func (j *judge) run(ctx context.Context, binary string, s stage) (verdict, error) {
	limit := patience(s.usual)
	hangs, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	run := exec.CommandContext(hangs, binary, "-test.failfast", "-test.run=^("+strings.Join(s.tests, "|")+")$")
	run.Dir = filepath.Join(j.root, j.dir)
	err := run.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case hangs.Err() != nil:
		return tooLong, nil
	case errors.As(err, &exit):
		return killed, nil
	}
	return survived, err
}

// String is the mutant in one line.
func (m Mutant) String() string { return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.To) }
