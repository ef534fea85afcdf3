package runtimeapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"go.uber.org/goleak"

	"losttrn/internal/local/localtest"
	"losttrn/internal/local/runtimeapi"
)

// The test's own binary is the function: with AWS_LAMBDA_RUNTIME_API set it asks
// for events instead of running tests.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		function()
		return
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("internal/poll.runtime_pollWait"))
}

// request is the event of the test's function.
type request struct {
	Do   string `json:"do"`
	Path string `json:"path,omitempty"`
}

func function() {
	switch os.Getenv("INIT") {
	case "exit":
		os.Exit(7)
	case "wait":
		select {}
	}
	fmt.Println("hello from the function")
	lambda.Start(func(ctx context.Context, r request) (any, error) {
		switch r.Do {
		case "environment":
			return os.Environ(), nil
		case "context":
			c, _ := lambdacontext.FromContext(ctx)
			deadline, _ := ctx.Deadline()
			return map[string]any{"id": c.AwsRequestID, "arn": c.InvokedFunctionArn, "left": time.Until(deadline).Seconds()}, nil
		case "pid":
			return os.Getpid(), nil
		case "error":
			return nil, errors.New("it did not work")
		case "panic":
			panic("everything is wrong")
		case "exit":
			os.Exit(3)
		case "hang":
			select {}
		case "large":
			return strings.Repeat("a", 7<<20), nil
		case "meet":
			// Both of two invocations under way at once see the other's file.
			if err := os.WriteFile(fmt.Sprint(r.Path, "/", os.Getpid()), nil, 0o600); err != nil {
				return nil, err
			}
			for ctx.Err() == nil {
				if files, err := os.ReadDir(r.Path); err != nil || len(files) == 2 {
					return len(files), err
				}
			}
			return nil, ctx.Err()
		}
		return r, nil
	})
}

func start(t *testing.T, change func(*runtimeapi.Spec)) *runtimeapi.Function {
	t.Helper()
	spec := runtimeapi.Spec{
		Name: "test", ARN: "arn:test", Executable: os.Args[0],
		Environment: []string{"ONE=1"}, Timeout: 20 * time.Second, Concurrency: 2,
	}
	if change != nil {
		change(&spec)
	}
	f := runtimeapi.New(spec)
	t.Cleanup(f.Close)
	return f
}

func invoke(t *testing.T, f *runtimeapi.Function, do string) (string, error) {
	t.Helper()
	event, _ := json.Marshal(request{Do: do})
	answer, err := f.Invoke(t.Context(), event)
	return string(answer), err
}

func TestAnswers(t *testing.T) {
	var log localtest.Output
	f := start(t, func(s *runtimeapi.Spec) { s.Log = &log })
	if answer, err := invoke(t, f, "echo"); err != nil || answer != `{"do":"echo"}` {
		t.Errorf("got %s, %v", answer, err)
	}
	f.Close()
	if !strings.Contains(log.String(), "hello from the function") {
		t.Errorf("log: %q", log.String())
	}
}

func TestTheEnvironmentIsTheSpecsAlone(t *testing.T) {
	t.Setenv("SECRET_OF_THE_CALLER", "x")
	answer, err := invoke(t, start(t, nil), "environment")
	var pairs []string
	if err := json.Unmarshal([]byte(answer), &pairs); err != nil {
		t.Fatal(err)
	}
	for _, pair := range pairs {
		name, _, _ := strings.Cut(pair, "=")
		// The Go SDK of Lambda sets the trace id itself.
		if name != "ONE" && name != "AWS_LAMBDA_RUNTIME_API" && name != "_X_AMZN_TRACE_ID" {
			t.Errorf("the function sees %s", pair)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

func TestTheContextIsLambdas(t *testing.T) {
	answer, err := invoke(t, start(t, nil), "context")
	var got struct {
		ID, ARN string
		Left    float64
	}
	if err != nil || json.Unmarshal([]byte(answer), &got) != nil {
		t.Fatal(answer, err)
	}
	if len(got.ID) != 36 || got.ARN != "arn:test" || got.Left < 10 || got.Left > 20 {
		t.Errorf("got %+v", got)
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []struct{ do, kind, message string }{
		{"error", "errorString", "it did not work"},
		{"panic", "string", "everything is wrong"},
		{"exit", "Runtime.ExitError", "exit status 3"},
		{"hang", "Sandbox.Timedout", "Task timed out after 0.50 seconds"},
		{"large", "Function.ResponseSizeTooLarge", "exceeded maximum"},
	} {
		t.Run(c.do, func(t *testing.T) {
			f := start(t, func(s *runtimeapi.Spec) {
				if c.do == "hang" {
					s.Timeout = 500 * time.Millisecond
				}
			})
			before, err := invoke(t, f, "pid")
			if err != nil {
				t.Fatal(err)
			}
			_, err = invoke(t, f, c.do)
			var failure *runtimeapi.Failure
			if !errors.As(err, &failure) || failure.Type != c.kind || !strings.Contains(failure.Message, c.message) {
				t.Fatalf("got %v", err)
			}
			if !json.Valid(failure.Body) {
				t.Errorf("body: %s", failure.Body)
			}
			// The next event is handled: by the same process if it lived.
			after, err := invoke(t, f, "pid")
			if err != nil {
				t.Errorf("after it: %v", err)
			}
			if lived := c.do == "error"; lived != (before == after) {
				t.Errorf("process %s, then %s", before, after)
			}
		})
	}
}

func TestAFunctionThatCannotInitialise(t *testing.T) {
	f := start(t, func(s *runtimeapi.Spec) { s.Environment = []string{"INIT=exit"} })
	_, err := invoke(t, f, "echo")
	var failure *runtimeapi.Failure
	if !errors.As(err, &failure) || !strings.Contains(failure.Message, "exit status 7") {
		t.Errorf("got %v", err)
	}
}

func TestAnExecutableThatIsNotThere(t *testing.T) {
	f := start(t, func(s *runtimeapi.Spec) { s.Executable = "/nowhere/bootstrap" })
	if _, err := invoke(t, f, "echo"); err == nil {
		t.Error("no error")
	}
}

func TestAnEventThatIsTooLarge(t *testing.T) {
	f := start(t, nil)
	if _, err := f.Invoke(t.Context(), make([]byte, 7<<20)); !errors.Is(err, runtimeapi.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

func TestEventsSideBySideHaveAProcessEach(t *testing.T) {
	f := start(t, nil)
	event, _ := json.Marshal(request{Do: "meet", Path: t.TempDir()})
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if answer, err := f.Invoke(t.Context(), event); err != nil || string(answer) != "2" {
				t.Errorf("got %s, %v", answer, err)
			}
		})
	}
	both.Wait()
	if pids := f.PIDs(); len(pids) != 2 {
		t.Errorf("processes: %v", pids)
	}
}

func TestMoreEventsThanTheConcurrencyWait(t *testing.T) {
	f := start(t, func(s *runtimeapi.Spec) { s.Concurrency = 1 })
	seen := map[string]bool{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			pid, err := invoke(t, f, "pid")
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			seen[pid] = true
			mu.Unlock()
		})
	}
	all.Wait()
	if len(seen) != 1 {
		t.Errorf("%d processes for a concurrency of one", len(seen))
	}
}

// TestMoreEventsThanAreReservedAreRefused at once, also while others wait for a process, and taken again when one has ended.
func TestMoreEventsThanAreReservedAreRefused(t *testing.T) {
	const reserved = 3
	f := start(t, func(s *runtimeapi.Spec) { s.Concurrency, s.Reserved, s.Timeout = 1, reserved, time.Minute })
	waiting, end := context.WithCancel(t.Context())
	refused := make(chan error, 2*reserved)
	for range 2 * reserved {
		go func() {
			_, err := f.Invoke(waiting, []byte(`{"do":"hang"}`))
			refused <- err
		}()
	}
	for range reserved {
		if err := <-refused; !errors.Is(err, runtimeapi.ErrThrottled) {
			t.Fatalf("got %v", err)
		}
	}
	end() // of those that wait; one is handled
	for range reserved - 1 {
		if err := <-refused; !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
	}
	again, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Invoke(again, []byte(`{}`)); !errors.Is(err, context.Canceled) {
		t.Errorf("one of three is under way, and the next is answered %v", err)
	}
}

func TestWaitingForATurnEndsWithTheCaller(t *testing.T) {
	f := start(t, func(s *runtimeapi.Spec) { s.Concurrency, s.Timeout = 1, time.Minute })
	go invoke(t, f, "hang")
	for len(f.PIDs()) == 0 { // the first event has taken its place
		runtime.Gosched()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Invoke(ctx, []byte("{}")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAProcessThatDiedWhileIdleIsReplaced(t *testing.T) {
	f := start(t, nil)
	if _, err := invoke(t, f, "pid"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(f.PIDs()[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	// One event may have been handed over before the end was noticed.
	if _, err := invoke(t, f, "echo"); err != nil {
		t.Log(err)
	}
	if answer, err := invoke(t, f, "echo"); err != nil || answer == "" {
		t.Errorf("got %s, %v", answer, err)
	}
}

func TestCloseEndsEveryProcess(t *testing.T) {
	f := start(t, func(s *runtimeapi.Spec) { s.Timeout = time.Minute })
	if err := f.Warm(); err != nil {
		t.Fatal(err)
	}
	pids := f.PIDs()
	f.Close()
	for _, pid := range pids {
		if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("process %d: %v", pid, err)
		}
	}
	if _, err := invoke(t, f, "echo"); err == nil {
		t.Error("a closed function took an event")
	}
}
