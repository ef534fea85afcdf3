package stack

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Linux has all of 127.0.0.0/8, so another address of it stands for Docker's bridge.
func TestAServerIsReachedAtAnotherAddressOfThisMachine(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%d", len(body))
	}))
	t.Cleanup(server.Close)
	s := &Stack{}
	t.Cleanup(s.end)
	if err := s.forward("127.0.0.2", server.URL); err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(server.URL, "127.0.0.1", "127.0.0.2", 1)
	const size = 1 << 20
	for range 3 {
		response, err := http.Post(other, "text/plain", strings.NewReader(strings.Repeat("a", size)))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if string(body) != fmt.Sprint(size) {
			t.Errorf("got %s", body)
		}
	}
}
