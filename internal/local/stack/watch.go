package stack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

// lookEvery is how often Watch looks for changes.
const lookEvery = time.Second

// watch rebuilds the functions whenever their sources change, until ctx ends. The next events are handled by the new
// build. A build that fails changes nothing.
func (s *Stack) watch(ctx context.Context) {
	before, err := s.sources()
	if err != nil {
		s.o.Report(err)
		return
	}
	s.o.Progress("Watching functions/ and internal/: a change is built at once.")
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, err := s.sources()
		if err != nil {
			s.o.Report(err)
			continue
		}
		changed := difference(before, now)
		before = now
		switch changed {
		case "":
		case templateFile:
			s.o.Progress("template.yaml has changed: stop and start again to have it.")
		default:
			s.rebuild(ctx, changed)
		}
	}
}

func (s *Stack) rebuild(ctx context.Context, changed string) {
	s.o.Progress(changed + " has changed.")
	began := time.Now()
	if err := s.build(ctx); err != nil {
		if ctx.Err() == nil {
			s.o.Report(fmt.Errorf("not built, so what ran before goes on: %w", err))
		}
		return
	}
	for _, f := range s.functions {
		f.Renew()
	}
	s.o.Progress(fmt.Sprintf("Ready again after %.1f s.", time.Since(began).Seconds()))
}

const templateFile = "template.yaml"

// sources returns the source files of the functions, by their paths in the project, with the times of their last
// change.
func (s *Stack) sources() (map[string]time.Time, error) {
	root := string(s.o.Project)
	times := map[string]time.Time{}
	for _, top := range []string{"functions", "internal", "go.mod", templateFile} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // there is none, or it was there a moment ago
			}
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			if entry.IsDir() {
				if base := entry.Name(); name == filepath.Join("internal", "local") || base == "node_modules" || base == "assets" || base == "testdata" || base == "events" {
					return fs.SkipDir
				}
				return nil
			}
			info, err := entry.Info()
			if err == nil && !strings.HasSuffix(name, "_test.go") && !strings.HasPrefix(entry.Name(), ".") {
				times[name] = info.ModTime()
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("look for changes: %w", err)
		}
	}
	return times, nil
}

// difference returns the name of a file that was changed, added or removed, "" if there is none.
func difference(before, now map[string]time.Time) string {
	for name, at := range now {
		if was, known := before[name]; !known || !was.Equal(at) {
			return name
		}
	}
	for name := range before {
		if _, still := now[name]; !still {
			return name
		}
	}
	return ""
}
