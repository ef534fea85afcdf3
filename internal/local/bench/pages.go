package bench

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	"losttrn/internal/lookup"
	"losttrn/internal/metric"
	"losttrn/internal/web"
	"losttrn/internal/web/page"
)

// pageRounds is how often each page is asked for.
const pageRounds = 1500

// pages measures a page of the form over HTTP beside a server that writes the same bytes.
func pages(ctx context.Context, w *workbench) ([]Row, error) {
	secrets := func(context.Context) (string, error) {
		return "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", nil
	}
	site, err := web.New(web.Options{Service: noService{}, CookieSecrets: secrets, Metrics: metric.New(io.Discard, "bench", "bench", time.Now),
		About: page.Service{Phase: "beta", HelpdeskEmail: "helpdesk@example.com", WorkingDays: 5}})
	if err != nil {
		return nil, err
	}
	ours, err := w.serve(site)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, path := range []string{"/", "/email?new"} {
		body, header, err := get(ctx, ours+path)
		if err != nil {
			return nil, err
		}
		floor, err := w.serve(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			maps.Copy(rw.Header(), header)
			_, _ = rw.Write(body)
		}))
		if err != nil {
			return nil, err
		}
		took := map[string]time.Duration{}
		for range pageRounds {
			for _, address := range []string{ours + path, floor} {
				began := time.Now()
				if _, _, err := get(ctx, address); err != nil {
					return nil, err
				}
				took[address] += time.Since(began)
			}
		}
		each := func(address string) float64 { return float64(took[address].Microseconds()) / pageRounds }
		rows = append(rows, row(fmt.Sprintf("page %s, %d bytes", path, len(body)), each(ours+path), each(floor), "µs", "net/http writing the same bytes", 0))
	}
	return rows, nil
}

func get(ctx context.Context, address string) ([]byte, http.Header, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Accept-Encoding", "identity")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", address, answer.Status)
	}
	return body, answer.Header, err
}

// noService is a service that the measured pages never call.
type noService struct{ web.Service }

var _ web.Service = noService{}

// Peek finds no match.
func (noService) Peek(context.Context, string, lookup.Query) (bool, error) { return false, nil }
