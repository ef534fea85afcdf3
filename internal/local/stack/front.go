package stack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"losttrn/internal/local/figures"
	"losttrn/internal/local/gateway"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/outbox"
	"losttrn/internal/local/pages"
	"losttrn/internal/local/running"
	"losttrn/internal/local/runtimeapi"
	"losttrn/internal/local/story"
	"losttrn/internal/local/template"
)

// own is the prefix of the gateway's paths that the stack answers itself.
const own = "/_local/"

// answer serves the gateway's port.
func (s *Stack) answer(w http.ResponseWriter, r *http.Request) {
	if !s.ready.Load() {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"ready":false}`+"\n")
		return
	}
	if r.URL.Path == strings.TrimSuffix(own, "/") {
		http.Redirect(w, r, own, http.StatusMovedPermanently)
		return
	}
	if strings.HasPrefix(r.URL.Path, own) {
		if !loopbackHost(r.Host) {
			http.Error(w, "these pages are for this machine: call them by localhost", http.StatusMisdirectedRequest)
			return
		}
		s.ownPaths.ServeHTTP(w, r)
		return
	}
	s.service.ServeHTTP(w, r)
}

// loopbackHost reports whether a request's host is this machine. It defends against DNS rebinding: another site whose
// name resolves to this machine could otherwise read the emails.
func loopbackHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	address := net.ParseIP(name)
	return name == "localhost" || address != nil && address.IsLoopback()
}

// makeFront makes the handler of the gateway's port.
func (s *Stack) makeFront() error {
	s.service = http.NotFoundHandler()
	for _, f := range s.declared {
		if f.HTTP {
			s.service = gateway.New(s.functions[f.ID], s.o.Report)
		}
	}
	requests, err := story.OpenRequests(filepath.Join(s.o.Dir, "requests.jsonl"), s.service, s.o.Report)
	if err != nil {
		return err
	}
	s.undo = append(s.undo, func() {
		if err := requests.Close(); err != nil {
			s.o.Report(err)
		}
	})
	routes := map[string]http.Handler{}
	for _, f := range s.declared {
		for _, route := range f.Routes {
			g := gateway.New(s.functions[f.ID], s.o.Report)
			g.Route = route
			routes[route] = g
		}
	}
	s.service = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if own, ok := routes[r.Method+" "+r.URL.Path]; ok {
			own.ServeHTTP(w, r)
			return
		}
		requests.ServeHTTP(w, r)
	})
	s.teller = &story.Teller{
		DynamoDB: s.DynamoDBClient(), Tables: s.Tables, Lines: s.lines, Requests: requests, Emails: s.outbox.Emails,
		Switch: s.unlocking, Waiting: s.waitingOf, Clock: time.Now,
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+own, pages.Handler(source{s}))
	faults := s.outbox.FaultHandler()
	mux.Handle("POST "+own+"outbox/faults", faults)
	mux.Handle("DELETE "+own+"outbox/faults", faults)
	mux.HandleFunc("POST "+own+"held", s.held(requests))
	mux.HandleFunc("POST "+own+"forget", s.forget(requests))
	mux.HandleFunc("POST "+own+"schedules/{name}", s.fire)
	mux.HandleFunc("POST "+own+"functions/{name}/invocations", s.invoke)
	mux.HandleFunc("POST "+own+"events/{queue}/redrive", s.redriveEvents)
	// Requests from another site that is open in the same browser are refused.
	s.ownPaths = http.NewCrossOriginProtection().Handler(mux)
	return nil
}

// unlocking returns the value of the switch of unlocking, "" if there is none.
func (s *Stack) unlocking() string {
	for _, name := range s.parameters.Names() {
		if p, err := s.parameters.Get(name); err == nil && strings.HasSuffix(name, "/unlocking") {
			return p.Value
		}
	}
	return ""
}

// fire sends a schedule's event now.
func (s *Stack) fire(w http.ResponseWriter, r *http.Request) {
	timer, ok := s.timers[r.PathValue("name")]
	if !ok {
		http.Error(w, "there is no such schedule; there are: "+strings.Join(source{s}.Index().Schedules, ", "), http.StatusNotFound)
		return
	}
	timer.Fire(time.Now())
	w.WriteHeader(http.StatusAccepted)
}

// invoke runs a function with the body as its event, as Lambda's Invoke does.
func (s *Stack) invoke(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	var found *runtimeapi.Function
	for id, f := range s.functions {
		if name == id || name == shortName(id) {
			found = f
		}
	}
	if found == nil {
		http.Error(w, "there is no function "+name+"; there are: "+strings.Join(source{s}.Index().Functions, ", "), http.StatusNotFound)
		return
	}
	event, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 16<<20))
	if err == nil && !json.Valid(event) {
		err = errors.New("the event is not JSON")
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer, err := found.Invoke(r.Context(), event)
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.Header().Set(running.FunctionErrorHeader, "Unhandled")
		answer = document(err)
	}
	_, _ = w.Write(answer)
}

// source provides the content of the pages from a stack. It implements pages.Source.
type source struct{ s *Stack }

func (x source) Emails() []outbox.Email { return x.s.outbox.Emails() }

func (x source) Lookups(of string) []story.Row { return x.s.teller.Rows(of) }

func (x source) Lookup(ctx context.Context, name string) (story.Story, bool, error) {
	return x.s.teller.Tell(ctx, name)
}

func (x source) Figures() figures.Summary { return x.s.figures.Summary() }

func (x source) Index() running.Stack { return x.s.state(x.s.ready.Load()) }

// state returns where everything is, which is also the content of stack.json.
func (s *Stack) state(ready bool) running.Stack {
	i := running.Stack{
		Ready: ready, Gateway: s.Gateway, Region: naming.Region,
		Endpoints: map[string]string{"dynamodb": s.DynamoDB, "sqs": s.SQS, "s3": s.s3, "ssm": s.control, "notify": s.control},
		Tables:    s.Servers.Tables, Queues: s.Servers.Queues, Buckets: map[string]string{},
		Functions: []string{}, Schedules: []string{}, Parameters: map[string]string{},
		Logs: s.logFolder(), PID: os.Getpid(),
	}
	for _, r := range s.Resources.OfType(template.TypeBucket) {
		i.Buckets[naming.Key(r)] = naming.Of(r)
	}
	for _, f := range s.declared {
		i.Functions = append(i.Functions, shortName(f.ID))
	}
	for name := range s.timers {
		i.Schedules = append(i.Schedules, name)
	}
	slices.Sort(i.Schedules)
	for _, name := range s.parameters.Names() {
		if p, err := s.parameters.Get(name); err == nil {
			i.Parameters[name] = p.Value
		}
	}
	return i
}
