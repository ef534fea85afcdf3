package bucket_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"losttrn/internal/fault"
	"losttrn/internal/report/bucket"
	"losttrn/internal/report/bucket/buckettest"
)

func TestListsAndReadsAndWrites(t *testing.T) {
	client := buckettest.Server(t, nil, "b")
	b := bucket.New(client, "b")
	var want []string
	for i := range 3 {
		key := fmt.Sprintf("runs/x/%d", i)
		want = append(want, key)
		if err := b.PutFile(t.Context(), key, "text/plain", buckettest.File(t, key)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.PutFile(t.Context(), "other", "text/plain", buckettest.File(t, "")); err != nil {
		t.Fatal(err)
	}
	got, err := b.List(t.Context(), "runs/")
	slices.Sort(got)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if contents := buckettest.Contents(t, client, "b", "runs/x/1"); contents["runs/x/1"] != "runs/x/1" {
		t.Errorf("%v", contents)
	}
	if _, err := b.Open(t.Context(), "runs/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent object: %v", err)
	}
	if _, _, err := b.Document(t.Context(), "runs/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent document: %v", err)
	}
}

func TestADocumentIsChangedOnlyAsItWasRead(t *testing.T) {
	b := bucket.New(buckettest.Server(t, nil, "b"), "b")
	put := func(body, version string) error {
		return b.PutDocument(t.Context(), "d", "text/plain", []byte(body), version)
	}
	if err := put("one", ""); err != nil {
		t.Fatal(err)
	}
	if err := put("two", ""); !errors.Is(err, fault.Conflict) {
		t.Errorf("written over one that must not exist: %v", err)
	}
	_, version, err := b.Document(t.Context(), "d")
	if err != nil {
		t.Fatal(err)
	}
	if err := put("two", version); err != nil {
		t.Fatal(err)
	}
	if err := put("three", version); !errors.Is(err, fault.Conflict) {
		t.Errorf("written over another version: %v", err)
	}
	if body, _, err := b.Document(t.Context(), "d"); err != nil || string(body) != "two" {
		t.Errorf("%q, %v", body, err)
	}
}

// TestABrokenBodyIsTakenUpWhereItStopped: every answer breaks off after some bytes until the object is read.
func TestABrokenBodyIsTakenUpWhereItStopped(t *testing.T) {
	const chunk = 40_000
	var broken atomic.Int64
	client := buckettest.Server(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && !r.URL.Query().Has("list-type") {
				w = &breaking{ResponseWriter: w, left: chunk, broken: &broken}
			}
			next.ServeHTTP(w, r)
		})
	}, "b")
	b := bucket.New(client, "b")
	var numbers strings.Builder // four chunks, no two alike
	for i := range chunk {
		fmt.Fprintf(&numbers, "%04x", i)
	}
	body := numbers.String()
	if err := b.PutFile(t.Context(), "k", "text/plain", buckettest.File(t, body)); err != nil {
		t.Fatal(err)
	}
	object, err := b.Open(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	defer object.Close()
	got, err := io.ReadAll(object)
	if err != nil || string(got) != body {
		t.Errorf("read %d bytes of %d, %v", len(got), len(body), err)
	}
	if broken.Load() < 3 {
		t.Errorf("only %d answers broke off", broken.Load())
	}
	// One that never gets on is given up.
	long := strings.Repeat("x", chunk*8)
	if err := b.PutFile(t.Context(), "long", "text/plain", buckettest.File(t, long)); err != nil {
		t.Fatal(err)
	}
	endless, err := b.Open(t.Context(), "long")
	if err != nil {
		t.Fatal(err)
	}
	defer endless.Close()
	if _, err := io.ReadAll(endless); !errors.Is(err, fault.Unavailable) {
		t.Errorf("a body that keeps breaking: %v", err)
	}
}

// breaking ends the connection after some bytes of the body.
type breaking struct {
	http.ResponseWriter
	left   int
	broken *atomic.Int64
}

func (b *breaking) Write(p []byte) (int, error) {
	if len(p) > b.left {
		b.ResponseWriter.Write(p[:b.left])
		b.ResponseWriter.(http.Flusher).Flush()
		b.broken.Add(1)
		panic(http.ErrAbortHandler)
	}
	b.left -= len(p)
	return b.ResponseWriter.Write(p)
}
