package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"losttrn/internal/local/process"
)

// tellFrom is how long a build must take for Progress to be called with a line about it.
const tellFrom = 3 * time.Second

// build makes every function as `sam build` does, for this machine.
func (s *Stack) build(ctx context.Context) error {
	if s.o.Built {
		for _, f := range s.declared {
			if err := s.install(f.ID); err != nil {
				return err
			}
		}
		return nil
	}
	s.o.Progress("Building the functions…")
	unlock, err := s.lockBuilds()
	if err != nil {
		return fmt.Errorf("build the functions: %w", err)
	}
	defer unlock()
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

// lockBuilds prevents other stacks from building at the same time into the same files.
func (s *Stack) lockBuilds() (unlock func(), err error) {
	if err := os.MkdirAll(s.o.Builds, 0o755); err != nil {
		return nil, err
	}
	folder, err := os.Open(s.o.Builds)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	return func() { folder.Close() }, nil
}

// make builds a function in the shared folder, which is quick if nothing changed, and copies it to where this stack
// runs it.
func (s *Stack) make(ctx context.Context, id string) error {
	built := filepath.Join(s.o.Builds, id)
	if err := os.MkdirAll(built, 0o755); err != nil {
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
		Args: []string{"--silent", "build-" + id, "ARTIFACTS_DIR=" + built, "GOOS=" + runtime.GOOS, "GOARCH=" + runtime.GOARCH},
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("build %s: %w\n%s", id, err, strings.TrimSpace(string(out)))
	}
	return s.install(id)
}

// install copies a function's program to where this stack runs it.
func (s *Stack) install(id string) error {
	if err := replace(filepath.Join(s.o.Builds, id, program), filepath.Join(s.artifacts(id), program)); err != nil {
		return fmt.Errorf("build %s: %w", id, err)
	}
	return nil
}

// replace replaces a program, which a process may be running still, by a copy of another.
func replace(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	next, err := os.OpenFile(to+".next", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(next, source)
	if err := errors.Join(err, next.Close()); err != nil {
		return err
	}
	return os.Rename(next.Name(), to)
}

// program is the name of a function's executable.
const program = "bootstrap"

func (s *Stack) artifacts(id string) string { return filepath.Join(s.o.Dir, "build", id) }
