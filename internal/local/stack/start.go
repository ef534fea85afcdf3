package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"losttrn/internal/local"
	"losttrn/internal/local/buckets"
	"losttrn/internal/local/exports"
	"losttrn/internal/local/figures"
	"losttrn/internal/local/logs"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/outbox"
	"losttrn/internal/local/parameters"
	"losttrn/internal/local/running"
	"losttrn/internal/local/runtimeapi"
	"losttrn/internal/local/statefile"
	"losttrn/internal/local/story"
	"losttrn/internal/local/template"
	"losttrn/internal/local/trigger"
)

// Stack is the running service.
type Stack struct {
	// Gateway is the address of the service.
	Gateway string
	// Servers are the DynamoDB and SQS servers.
	*local.Servers

	o        Options
	control  string // address of SSM, exports and Notify
	s3       string // address
	declared []template.Function

	parameters *parameters.Store
	outbox     *outbox.Outbox
	buckets    *buckets.Store
	exporter   *exports.Exporter

	functions map[string]*runtimeapi.Function // by logical id
	asyncs    map[string]*trigger.Async       // by logical id
	queues    []*trigger.Queue
	timers    map[string]*trigger.Timer
	rules     []rule

	figures  *figures.Sums
	lines    *story.Lines
	teller   *story.Teller
	locked   *os.File     // locks this folder and names the process
	front    *http.Server // on the gateway's port
	service  http.Handler // the API behind the gateway
	ownPaths http.Handler
	ready    atomic.Bool
	// undo holds the functions that end what was started, to be called in reverse order.
	undo     []func()
	stopOnce sync.Once
	aborted  context.Context // cancelled when Stop must not wait any more
	abort    context.CancelFunc
}

// Start starts the stack, which runs until Stop. If it fails, or ctx ends before it is ready, nothing is left running.
func Start(ctx context.Context, o Options) (*Stack, error) {
	o, err := o.fill()
	if err != nil {
		return nil, err
	}
	s := &Stack{o: o, functions: map[string]*runtimeapi.Function{}, asyncs: map[string]*trigger.Async{}, timers: map[string]*trigger.Timer{}, figures: figures.New(time.Now()), lines: story.NewLines()}
	s.aborted, s.abort = context.WithCancel(context.Background())
	err = s.start(ctx)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		s.end()
		return nil, err
	}
	return s, nil
}

func (s *Stack) start(ctx context.Context) error {
	t, err := s.o.Project.Template()
	if err != nil {
		return err
	}
	// Evaluated before anything runs, so that a mistake in it is reported at once.
	preview, err := local.Evaluate(t, s.o.parameters(t, "http://127.0.0.1"), naming.Addresses{})
	if err != nil {
		return fmt.Errorf("template.yaml: %w", err)
	}
	if s.declared, err = preview.Functions(); err != nil {
		return fmt.Errorf("template.yaml: %w", err)
	}
	if err := s.lock(); err != nil {
		return err
	}
	// The earlier logs, for the stories of earlier lookups.
	if err := logs.ReadEnds(s.logFolder(), readEnd, s.lines.Add); err != nil {
		return err
	}
	if err := s.listen(); err != nil {
		return err
	}
	side, sideCtx := errgroup.WithContext(ctx)
	side.Go(func() error { return s.build(sideCtx) })
	side.Go(func() error { return s.serve(sideCtx, t) })
	if err := side.Wait(); err != nil {
		return err
	}
	if err := s.reportKept(ctx, "from an earlier run"); err != nil {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	if err := s.makeFront(); err != nil {
		return err
	}
	if s.o.SAM {
		if err := s.openToContainers(); err != nil {
			return err
		}
	}
	if s.o.Sample {
		if err := s.loadSample(ctx); err != nil {
			return err
		}
	}
	if err := statefile.Write(filepath.Join(s.o.Dir, running.File), s.state(true)); err != nil {
		return err
	}
	s.undo = append(s.undo, func() { os.Remove(filepath.Join(s.o.Dir, running.File)) })
	s.ready.Store(true)
	if s.o.Watch {
		watching, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { s.watch(watching); close(done) }()
		s.undo = append(s.undo, func() { stop(); <-done })
	}
	return nil
}

// readEnd is how many bytes of each log a start reads again.
const readEnd = 4 << 20

// lock prevents a second stack from using the same data.
func (s *Stack) lock() error {
	if err := os.MkdirAll(s.o.Dir, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(s.o.Dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("lock the data folder: %w", err)
	}
	s.undo = append(s.undo, func() { file.Close() })
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		text, _ := os.ReadFile(file.Name()) // empty if the other stack is just starting
		return fmt.Errorf("another local stack runs on %s%s: stop it first", s.o.Dir, strings.TrimSuffix(" "+string(text), " "))
	}
	s.locked = file
	if err := statefile.Private(s.o.Dir); err != nil {
		return fmt.Errorf("keep the data folder from others: %w", err)
	}
	return file.Truncate(0)
}

// listen opens the gateway's port before anything else, so that an occupied port is reported at once. It listens on
// both loopback addresses, because localhost may mean either.
func (s *Stack) listen() error {
	four, err := s.listenOn("127.0.0.1", s.o.Port)
	if err != nil {
		return err
	}
	port := four.Addr().(*net.TCPAddr).Port
	s.Gateway = "http://localhost:" + strconv.Itoa(port)
	s.front = s.serveHTTP(four, http.HandlerFunc(s.answer))
	six, err := s.listenOn("::1", port)
	if errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) || err != nil && s.o.Port == 0 {
		return s.writeOwner() // a machine without IPv6, or a port that was free on one of the two alone
	}
	if err != nil {
		return err
	}
	go s.front.Serve(six)
	return s.writeOwner()
}

func (s *Stack) listenOn(host string, port int) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is taken by %s: stop it, or choose another with PORT=…", port, portOwner(port))
	}
	if err != nil {
		return nil, fmt.Errorf("listen on port %d: %w", port, err)
	}
	return l, nil
}

// writeOwner writes the process and the address of this stack into the lock file.
func (s *Stack) writeOwner() error {
	if _, err := fmt.Fprintf(s.locked, "at %s (process %d)", s.Gateway, os.Getpid()); err != nil {
		return fmt.Errorf("lock the data folder: %w", err)
	}
	return nil
}

// portOwner describes who uses a port: another local stack names itself.
func portOwner(port int) string {
	client := http.Client{Timeout: time.Second}
	r, err := http.NewRequest(http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d%s", port, own), nil)
	if err != nil {
		return err.Error() // impossible: the address is one
	}
	r.Header.Set("Accept", "application/json")
	response, err := client.Do(r)
	if err != nil {
		return "another program"
	}
	defer response.Body.Close()
	var index running.Stack
	if json.NewDecoder(response.Body).Decode(&index) != nil || index.PID == 0 {
		return "another program"
	}
	return fmt.Sprintf("another local stack (process %d, logs in %s)", index.PID, index.Logs)
}

// serveHTTP serves a listener until the stack ends.
func (s *Stack) serveHTTP(l net.Listener, h http.Handler) *http.Server {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(l)
	s.undo = append(s.undo, func() { server.Close() })
	return server
}

// open listens on a free port of loopback.
func (s *Stack) open() (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("find a free port: %w", err)
	}
	s.undo = append(s.undo, func() { l.Close() })
	return l, nil
}

func address(l net.Listener) string { return "http://" + l.Addr().String() }

// PIDs lists the processes that the stack started and that still run.
func (s *Stack) PIDs() []int {
	pids := s.Servers.PIDs()
	for _, f := range s.functions {
		pids = append(pids, f.PIDs()...)
	}
	return pids
}

// Places lists where everything is, for display.
func (s *Stack) Places() [][2]string {
	return [][2]string{
		{"Service", s.Gateway},
		{"API", s.Gateway + "/v1/openapi.json"},
		{"Lookups", s.Gateway + own + "lookups"},
		{"Outbox", s.Gateway + own + "outbox"},
		{"Queues", s.Gateway + own + "queues"},
		{"Figures", s.Gateway + own + "metrics"},
		{"Overview", s.Gateway + own},
		{"DynamoDB", s.DynamoDB},
		{"SQS", s.SQS},
		{"S3", s.s3},
		{"SSM, Notify", s.control},
		{"Logs", s.logFolder()},
	}
}
