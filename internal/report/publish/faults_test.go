package publish_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/report/publish"
)

// TestEveryFailureOfTheReportBucketIsMendedByTryingAgain: each write fails once, before or after it took effect.
func TestEveryFailureOfTheReportBucketIsMendedByTryingAgain(t *testing.T) {
	clean := newFixture(t)
	clean.must(clean.exportAll(dayRun(t, "2026-11-22")), publish.Published)
	want := clean.reports()
	for call := range 40 {
		for _, after := range []bool{false, true} {
			w := newFixture(t)
			last := w.exportAll(dayRun(t, "2026-11-22"))
			faulty := &faultyStore{Store: w.publisher.Reports, fails: call, after: after}
			w.publisher.Reports = faulty
			_, err := w.handle(last)
			if faulty.calls <= call {
				if err != nil {
					t.Fatal(err)
				}
				return // there are no more calls to fail
			}
			if err == nil {
				t.Errorf("call %d failed in silence", call)
			}
			if _, err := w.handle(last); err != nil {
				t.Errorf("call %d: trying again: %v", call, err)
			}
			if got := w.reports(); !maps.Equal(alike(got), alike(want)) {
				t.Errorf("call %d: published %v", call, slices.Sorted(maps.Keys(got)))
			}
		}
	}
	t.Error("there is no end of calls")
}

// alike leaves out the files whose bytes are not the same twice.
func alike(files map[string]string) map[string]string {
	files = maps.Clone(files)
	for name := range files {
		if strings.HasSuffix(name, ".xlsx") || strings.HasSuffix(name, ".sqlite") {
			files[name] = ""
		}
	}
	return files
}

// faultyStore fails one of its calls, counted from 0.
type faultyStore struct {
	publish.Store
	calls, fails int
	after        bool // fail after the call took effect
}

var errFault = errors.New("the connection broke")

func (f *faultyStore) call(do func() error) error {
	fail := f.calls == f.fails
	f.calls++
	if !fail {
		return do()
	}
	if f.after {
		_ = do()
	}
	return errFault
}

func (f *faultyStore) List(ctx context.Context, prefix string) (keys []string, err error) {
	err = f.call(func() (err error) { keys, err = f.Store.List(ctx, prefix); return err })
	return keys, err
}

func (f *faultyStore) Document(ctx context.Context, key string) (body []byte, version string, err error) {
	err = f.call(func() (err error) { body, version, err = f.Store.Document(ctx, key); return err })
	return body, version, err
}

func (f *faultyStore) PutDocument(ctx context.Context, key, contentType string, body []byte, version string) error {
	return f.call(func() error { return f.Store.PutDocument(ctx, key, contentType, body, version) })
}

func (f *faultyStore) PutFile(ctx context.Context, key, contentType, name string) error {
	return f.call(func() error { return f.Store.PutFile(ctx, key, contentType, name) })
}

// TestANewerRunInBetween: another function publishes a newer run between the look at latest.json and the write.
func TestANewerRunInBetween(t *testing.T) {
	w := newFixture(t)
	older, newer := w.exportAll(dayRun(t, "2026-11-21")), w.exportAll(dayRun(t, "2026-11-22"))
	store := w.publisher.Reports
	w.publisher.Reports = &racing{Store: store, first: func() {
		w.publisher.Reports = store
		w.must(newer, publish.Published)
	}}
	w.must(older, publish.Published)
	if d := w.latest(); d.Run != "2026-11-22" {
		t.Errorf("latest is %s", d.Run)
	}
}

// racing lets something happen before the first write of a document.
type racing struct {
	publish.Store
	first func()
}

func (r *racing) PutDocument(ctx context.Context, key, contentType string, body []byte, version string) error {
	if first := r.first; first != nil {
		r.first = nil
		first()
	}
	return r.Store.PutDocument(ctx, key, contentType, body, version)
}
