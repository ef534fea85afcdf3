package endtoend_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"losttrn/internal/local"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/localtest"
	"losttrn/internal/local/running"
)

// seen keeps all that is written to each place.
type seen struct {
	mu    sync.Mutex
	texts map[string]*strings.Builder
}

func (s *seen) add(place, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts[place] == nil {
		s.texts[place] = &strings.Builder{}
	}
	s.texts[place].WriteString(text + "\n")
}

// kinds are the kinds of canaries in a place, sorted, in whatever of the usual ways they are written.
func (s *seen) kinds(place string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts[place] == nil {
		return nil
	}
	text := s.texts[place].String()
	unescaped, err := url.QueryUnescape(text)
	if err != nil {
		unescaped = "" // a per cent sign that escapes nothing
	}
	all := strings.ToLower(text + unescaped + html.UnescapeString(text))
	var found []string
	for canary, kind := range canaries {
		if strings.Contains(all, canary) && !slices.Contains(found, kind) {
			found = append(found, kind)
		}
	}
	slices.Sort(found)
	return found
}

// call looks at a call of a function, and lets it pass.
func (s *seen) call(c faults.Call) faults.Fault {
	address, body, _ := strings.Cut(c.Text, "\n")
	s.add("addresses of calls", address)
	if strings.HasPrefix(c.Name, "sqs:SendMessage") {
		var message map[string]any
		if json.Unmarshal([]byte(body), &message) != nil {
			s.add("attributes of messages", body)
			return faults.Fault{}
		}
		place := "messages of " + strings.TrimSuffix(c.Name[strings.LastIndexByte(c.Name, '-')+1:], "Queue.fifo")
		if strings.Contains(c.Name, "DeadLetter") {
			place = "dead letters"
		}
		s.add(strings.ToLower(place), fmt.Sprint(message["MessageBody"]))
		delete(message, "MessageBody")
		s.add("attributes of messages", fmt.Sprint(message))
	}
	return faults.Fault{}
}

// before stands before the gateway, and looks at every answer.
func (s *seen) before(t *testing.T, gateway string) string {
	t.Helper()
	to, err := url.Parse(gateway)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, ModifyResponse: func(r *http.Response) error {
		path := r.Request.URL.Path
		if strings.HasPrefix(path, "/_local/") {
			return nil
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		place := "pages"
		if strings.HasPrefix(path, "/v1/") {
			place = "answers of the API"
		}
		s.add(place, string(body))
		s.add("cookies", strings.Join(r.Header.Values("Set-Cookie"), "\n"))
		s.add("redirects", r.Header.Get("Location"))
		s.add("headers of answers", fmt.Sprint(r.Header))
		return nil
	}}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

// look adds what is kept: the tables, the buckets, the outbox, the logs and the figures.
func (s *seen) look(t *testing.T, w *fixture) {
	t.Helper()
	for name := range w.Tables {
		for _, item := range localtest.Items(t, w.Servers, name) {
			s.add("table "+name, flat(item))
		}
	}
	index := localPage[running.Stack](t, w, "/_local/")
	client := s3.NewFromConfig(local.Config(), func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = aws.String(index.Endpoints["s3"]), true })
	for name, bucket := range index.Buckets {
		list, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket})
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range list.Contents {
			s.add("keys of objects", *object.Key)
			out, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: object.Key})
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(out.Body)
			if err != nil {
				t.Fatal(err)
			}
			if unpacked, err := gzip.NewReader(bytes.NewReader(text)); err == nil {
				if text, err = io.ReadAll(unpacked); err != nil {
					t.Fatal(err)
				}
			}
			folder, _, _ := strings.Cut(*object.Key, "/")
			s.add("bucket "+name+" "+folder, string(text))
		}
	}
	for _, e := range w.outbox(t) {
		s.add("email "+e.Template, e.To+"\n"+e.Body)
		s.add("subjects and references", e.Subject+" "+e.Reference)
	}
	s.add("logs", logs(t, w.dir))
	s.add("metrics", fmt.Sprint(w.figures(t)))
}
