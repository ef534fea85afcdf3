package mutation

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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
	binary    string // the tests with every mutant that can be selected
	inBinary  map[int]bool
	wrong     map[int]bool // they do not compile
	stages    []stage
}

// passed is the line of a test that passed, and after what time.
var passed = regexp.MustCompile(`(?m)^--- PASS: (\S+) \(([0-9.]+s)\)$`)

// newJudge builds the tests with all mutants in one program, and runs them with the package as it is, to learn how long each
// takes. Mutants meet the quick ones first, together; those that none of them noticed meet the others one after the other.
func newJudge(ctx context.Context, root, dir, work string, mutants []Mutant) (*judge, error) {
	j := &judge{root: root, dir: dir, work: work, binary: filepath.Join(work, "tests"), wrong: map[int]bool{}}
	if err := j.buildAll(ctx, mutants); err != nil {
		return nil, err
	}
	run := j.tests(ctx, j.binary, 0, "-test.v", "-test.timeout=10m")
	out, err := run.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("the tests of %s fail before anything is changed: %w\n%s", dir, err, out)
	}
	fast := stage{}
	var slow []stage
	for _, line := range passed.FindAllStringSubmatch(string(out), -1) {
		took, err := time.ParseDuration(line[2])
		if err != nil {
			return nil, err
		}
		if took > quick {
			slow = append(slow, stage{[]string{line[1]}, took})
		} else {
			fast.tests, fast.usual = append(fast.tests, line[1]), fast.usual+took
		}
	}
	if len(fast.tests) > 0 {
		j.stages = append(j.stages, fast)
	}
	slices.SortStableFunc(slow, func(a, b stage) int { return cmp.Compare(a.usual, b.usual) })
	j.stages = append(j.stages, slow...)
	if len(j.stages) == 0 {
		return nil, fmt.Errorf("%s has no tests", dir)
	}
	return j, nil
}

// compilerError is a line of the compiler's.
var compilerError = regexp.MustCompile(`(?m)^(\S+\.go):(\d+):\d+: `)

// buildAll builds the tests with all mutants that compile, and learns which do not.
func (j *judge) buildAll(ctx context.Context, mutants []Mutant) error {
	for {
		files, in, err := weave(filepath.Join(j.root, j.dir), mutants, j.wrong)
		if err != nil {
			return err
		}
		j.inBinary = in
		replaced := map[string][]byte{}
		for _, f := range files {
			replaced[f.name] = f.source
		}
		out, err := j.build(ctx, j.binary, replaced)
		if err == nil {
			return nil
		}
		before := len(j.wrong)
		for _, line := range compilerError.FindAllSubmatch(out, -1) {
			for _, f := range files {
				if f.name != filepath.Base(string(line[1])) {
					continue
				}
				number, err := strconv.Atoi(string(line[2]))
				if err != nil {
					return err
				}
				for _, c := range f.mutants {
					if c.first <= number && number <= c.last {
						j.wrong[c.mutant] = true
					}
				}
			}
		}
		if ctx.Err() != nil || len(j.wrong) == before {
			return fmt.Errorf("build the tests of %s: %w\n%s", j.dir, err, out)
		}
	}
}

// build compiles the package's tests, with files of the package replaced or added.
func (j *judge) build(ctx context.Context, binary string, files map[string][]byte) ([]byte, error) {
	work, err := os.MkdirTemp(j.work, "build")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	replaced := map[string]string{}
	for name, source := range files {
		changed := filepath.Join(work, name)
		if err := os.WriteFile(changed, source, 0o600); err != nil {
			return nil, err
		}
		replaced[filepath.Join(j.root, j.dir, name)] = changed
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return nil, err
	}
	list := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-gcflags=-e", "-ldflags=-s -w", "-overlay", list, "-o", binary, "./"+j.dir)
	command.Dir = j.root
	return command.CombinedOutput()
}

// of judges one mutant. One that is not in the program of all, a constant's perhaps, is built by itself.
func (j *judge) of(ctx context.Context, i int, m Mutant) (verdict, error) {
	binary, number := j.binary, i+1
	if j.wrong[i] {
		return noGo, nil
	}
	if !j.inBinary[i] {
		work, err := os.MkdirTemp(j.work, "mutant")
		if err != nil {
			return "", err
		}
		defer os.RemoveAll(work)
		source, err := os.ReadFile(filepath.Join(j.root, j.dir, m.File))
		if err != nil {
			return "", err
		}
		binary, number = filepath.Join(work, "tests"), 0
		if out, err := j.build(ctx, binary, map[string][]byte{m.File: m.of(source, 0)}); err != nil {
			if ctx.Err() == nil && compilerError.Match(out) { // a changed constant may make another file wrong
				return noGo, nil
			}
			return "", fmt.Errorf("build %s: %w\n%s", m, err, out)
		}
	}
	for _, s := range j.stages {
		if v, err := j.run(ctx, binary, number, s); err != nil || v != survived {
			return v, err
		}
	}
	return survived, nil
}

// tests returns the command that runs tests with a mutant.
func (j *judge) tests(ctx context.Context, binary string, mutant int, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, binary, arguments...)
	command.Dir = filepath.Join(j.root, j.dir)
	command.Env = append(os.Environ(), selects+"="+strconv.Itoa(mutant))
	return command
}

// run runs tests until one fails.
func (j *judge) run(ctx context.Context, binary string, mutant int, s stage) (verdict, error) {
	limit := patience(s.usual)
	hangs, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := j.tests(hangs, binary, mutant, "-test.failfast", "-test.run=^("+strings.Join(s.tests, "|")+")$").Run()
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
