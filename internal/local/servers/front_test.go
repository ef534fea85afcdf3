package servers

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// requestSize is more than a proxy buffers.
const requestSize = 6000

// TestALargeAnswerIsWhole: the server answers as soon as it has the bytes of a request, before it sees that there are no more.
func TestALargeAnswerIsWhole(t *testing.T) {
	answer := bytes.Repeat([]byte("x"), 1<<20)
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadFull(r.Body, make([]byte, requestSize)); err != nil || r.ContentLength != requestSize {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		_, _ = w.Write(answer)
	}))
	defer behind.Close()
	f, err := newFront(t.Context(), behind.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer f.stop()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if err := ask(f.URL, len(answer)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

func ask(url string, want int) error {
	response, err := http.Post(url, "application/json", bytes.NewReader(make([]byte, requestSize)))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if got, err := io.Copy(io.Discard, response.Body); err != nil || got != int64(want) {
		return fmt.Errorf("%d of %d bytes: %w", got, want, err)
	}
	return nil
}
