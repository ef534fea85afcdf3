package stack_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"losttrn/internal/local"
	"losttrn/internal/local/outbox"
	"losttrn/internal/local/running"
	"losttrn/internal/local/stack"
	"losttrn/internal/local/waiting"
)

// options run the fixture's service in a folder of the test's.
func options(t *testing.T, dir string) stack.Options {
	t.Helper()
	project, err := local.FindProject()
	if err != nil {
		t.Fatal(err)
	}
	return stack.Options{
		Project: "testdata/service", Manifest: filepath.Join(string(project), "internal", "local"), Dir: dir, Builds: filepath.Join(dir, "builds"),
		Emails: map[string]outbox.Template{"GreetingTemplateId": {Kind: "greeting", Subject: "Hello", Body: "Hello"}},
		Report: func(err error) { fmt.Fprintln(t.Output(), err) },
	}
}

func start(t *testing.T, o stack.Options) *stack.Stack {
	t.Helper()
	s, err := stack.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

func call(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/plain")
	r.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

func ok(t *testing.T, method, url, body string) string {
	t.Helper()
	status, answer := call(t, method, url, body)
	if status >= 300 {
		t.Fatalf("%s %s: %d %s", method, url, status, answer)
	}
	return answer
}

func noted(t *testing.T, s *stack.Stack, id string) bool {
	t.Helper()
	out, err := s.DynamoDBClient().GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(s.Tables["notes"]), Key: map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}},
	})
	return err == nil && out.Item != nil
}

func TestEverythingThatCallsAFunction(t *testing.T) {
	o := options(t, t.TempDir())
	o.Parameters = map[string]string{"Word": "bonjour"}
	s := start(t, o)

	if got := ok(t, "GET", s.Gateway+"/variables", ""); got != "off bonjour " {
		t.Errorf("variables: %q", got)
	}
	if got := ok(t, "GET", s.Gateway+"/parameter", ""); got != "on" {
		t.Errorf("parameter: %q", got)
	}
	if status, body := call(t, "GET", s.Gateway+"/panic", ""); status != 500 || body != `{"message":"Internal Server Error"}` {
		t.Errorf("panic: %d %s", status, body)
	}

	ok(t, "POST", s.Gateway+"/send", "one")
	waiting.Until(t, "the message was not handled", func() bool { return noted(t, s, "message one") })
	ok(t, "POST", s.Gateway+"/drop", "reports/a.txt")
	ok(t, "POST", s.Gateway+"/drop", "b.bin")
	waiting.Until(t, "the object was not told of", func() bool { return noted(t, s, "aws.s3 reports/a.txt") })
	if noted(t, s, "aws.s3 b.bin") {
		t.Error("the pattern is not kept to")
	}
	ok(t, "POST", s.Gateway+"/export", "")
	waiting.Until(t, "the export was not told of", func() bool { return noted(t, s, "aws.s3 manifest-summary.json") })
	ok(t, "POST", s.Gateway+"/_local/schedules/NoteFunctionNightly", "")
	waiting.Until(t, "the schedule did not fire", func() bool { return noted(t, s, "aws.scheduler") })
	if status, _ := call(t, "POST", s.Gateway+"/_local/schedules/none", ""); status != http.StatusNotFound {
		t.Errorf("a schedule that is not there: %d", status)
	}

	ok(t, "POST", s.Gateway+"/_local/schedules/FailFunctionNever", "")
	waiting.Until(t, "the failed event was not set aside", func() bool {
		return strings.Contains(ok(t, "GET", s.Gateway+"/_local/queues", ""), "aws.scheduler")
	})
}

func TestInvoke(t *testing.T) {
	s := start(t, options(t, t.TempDir()))
	for _, c := range []struct {
		function, event string
		status          int
		answer          string
	}{
		{"ask", `{"rawPath":"/variables"}`, 200, `"body":"off hello "`},
		{"AskFunction", `{"rawPath":"/variables"}`, 200, `"body":"off hello "`},
		{"fail", `{}`, 200, `"errorMessage":"always"`},
		{"none", `{}`, 404, "there are: ask, fail, mend, note, work"},
		{"ask", `x`, 400, "not JSON"},
	} {
		status, answer := call(t, "POST", s.Gateway+"/_local/functions/"+c.function+"/invocations", c.event)
		if status != c.status || !strings.Contains(answer, c.answer) {
			t.Errorf("%s %s: %d %s", c.function, c.event, status, answer)
		}
	}
}

func TestTheIndexSaysWhereEverythingIs(t *testing.T) {
	dir := t.TempDir()
	s := start(t, options(t, dir))
	var index, kept struct {
		Ready                                          bool
		Endpoints, Tables, Queues, Buckets, Parameters map[string]string
		Region, Gateway                                string
	}
	if err := json.Unmarshal([]byte(ok(t, "GET", s.Gateway+"/_local/", "")), &index); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, running.File))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(index) != fmt.Sprint(kept) {
		t.Errorf("the index says %v, the file %v", index, kept)
	}
	if !index.Ready || index.Tables["notes"] != "find-a-lost-trn-NotesTable" || index.Buckets["drops"] != "find-a-lost-trn-dropsbucket" ||
		!strings.HasSuffix(index.Queues["workDeadLetter"], "/find-a-lost-trn-WorkDeadLetterQueue.fifo") || index.Parameters["/test/switch"] != "on" {
		t.Errorf("index: %+v", index)
	}
	for _, name := range []string{"dynamodb", "sqs", "s3", "ssm"} {
		if host, _, _ := strings.Cut(strings.TrimPrefix(index.Endpoints[name], "http://"), ":"); host != "127.0.0.1" {
			t.Errorf("%s is at %s", name, index.Endpoints[name])
		}
	}
}

func TestStateSurvivesARestartAndNoProcessDoesAStop(t *testing.T) {
	dir := t.TempDir()
	s := start(t, options(t, dir))
	ok(t, "POST", s.Gateway+"/drop", "b.bin")
	// What is queued when the stack is stopped is still handled.
	for i := range 20 {
		ok(t, "POST", s.Gateway+"/send", strconv.Itoa(i))
	}
	pids := s.PIDs()
	if len(pids) < 3 {
		t.Errorf("processes: %v", pids)
	}
	tables, err := filepath.Glob(filepath.Join(dir, "tables.db*"))
	if err != nil || len(tables) == 0 {
		t.Errorf("no file of the tables: %v", err)
	}
	for _, file := range tables { // they hold people
		if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", filepath.Base(file), info.Mode(), err)
		}
	}
	s.Stop()
	for _, pid := range pids {
		if !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			t.Errorf("process %d runs after Stop", pid)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, running.File)); err == nil {
		t.Error("the file still says where the stack is")
	}

	again := start(t, options(t, dir))
	for i := range 20 {
		waiting.Until(t, fmt.Sprintf("message %d was lost", i), func() bool { return noted(t, again, "message "+strconv.Itoa(i)) })
	}
	content, err := os.ReadFile(filepath.Join(dir, "buckets", "find-a-lost-trn-dropsbucket", "b.bin"))
	if err != nil || string(content) != "dropped" {
		t.Errorf("the object: %q, %v", content, err)
	}
}

func TestWhatAwaitsARetryIsWaitedForUpToItsTimeAndKept(t *testing.T) {
	dir := t.TempDir()
	var mu sync.Mutex
	var told []string
	o := options(t, dir)
	o.Progress = func(line string) { mu.Lock(); defer mu.Unlock(); told = append(told, line) }
	s := start(t, o)
	ok(t, "POST", s.Gateway+"/send", "fail")
	waiting.Until(t, "the message is not in flight", func() bool {
		return strings.Contains(ok(t, "GET", s.Gateway+"/_local/queues", ""), `"inFlight": 1`)
	})
	// Its retry is due in less than the time that there is.
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if s.Drain(ctx) {
		t.Error("a message that failed is no more")
	}
	s.Stop()
	mu.Lock()
	if last := told[len(told)-1]; last != "Messages in the queues, kept for the next start: work 1" {
		t.Errorf("told %q", told)
	}
	mu.Unlock()
	again := start(t, o)
	mu.Lock()
	defer mu.Unlock()
	if !slices.Contains(told, "Messages in the queues, kept from an earlier run: work 1") {
		t.Errorf("told %q", told)
	}
	if queues := ok(t, "GET", again.Gateway+"/_local/queues", ""); !strings.Contains(queues, "find-a-lost-trn-WorkQueue") {
		t.Errorf("queues: %s", queues)
	}
}

func TestEventsThatFailedAreHandledAgainOnceMended(t *testing.T) {
	s := start(t, options(t, t.TempDir()))
	ok(t, "POST", s.Gateway+"/_local/schedules/MendFunctionSeldom", "")
	var letter string
	waiting.Until(t, "the event is no dead letter", func() bool {
		letter = ok(t, "GET", s.Gateway+"/_local/queues", "")
		return strings.Contains(letter, "it is not off")
	})
	for _, want := range []string{`"reason": "RetriesExhausted: it is not off"`, `"source": "mend"`, `"redrive": "make redrive QUEUE=mends"`} {
		if !strings.Contains(letter, want) {
			t.Errorf("the dead letter lacks %s: %s", want, letter)
		}
	}
	if got := ok(t, "POST", s.Gateway+"/_local/events/mends/redrive", ""); got != `{"handled":0,"left":1,"failure":"errorString: it is not off"}` {
		t.Errorf("not mended: %s", got)
	}
	client := ssm.NewFromConfig(local.Config(), func(o *ssm.Options) { o.BaseEndpoint = aws.String(s.Places()[10][1]) })
	if _, err := client.PutParameter(t.Context(), &ssm.PutParameterInput{Name: aws.String("/test/switch"), Value: aws.String("off"), Overwrite: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	if got := ok(t, "POST", s.Gateway+"/_local/events/mends/redrive", ""); got != `{"handled":1,"left":0,"failure":""}` {
		t.Errorf("mended: %s", got)
	}
	if !noted(t, s, "aws.scheduler") {
		t.Error("the event was not handled")
	}
	if status, _ := call(t, "POST", s.Gateway+"/_local/events/nothing/redrive", ""); status != http.StatusNotFound {
		t.Errorf("a queue that is not there: %d", status)
	}
}

func TestAChangeIsBuiltAndServed(t *testing.T) {
	project := t.TempDir()
	for _, name := range []string{"template.yaml", "Makefile"} {
		text, err := os.ReadFile(filepath.Join("testdata", "service", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(project, name), string(text))
	}
	source := filepath.Join(project, "functions", "ask", "main.go")
	write(t, source, "package main")
	o := options(t, t.TempDir())
	said := make(chan string, 100)
	o.Project, o.Watch = local.Project(project), true
	o.Progress = func(line string) { said <- line }
	o.Report = func(err error) { said <- err.Error() }
	s := start(t, o)
	await := func(want string) {
		t.Helper()
		late := time.After(waiting.Limit)
		for {
			select {
			case line := <-said:
				if strings.Contains(line, want) {
					return
				}
			case <-late:
				t.Fatalf("it was not said: %s", want)
			}
		}
	}
	await("Watching")
	before := s.PIDs()[2:] // the servers stay
	write(t, source, "package main // changed")
	await(filepath.Join("functions", "ask", "main.go") + " has changed")
	await("Ready again")
	if got := ok(t, "GET", s.Gateway+"/variables", ""); got != "off hello " {
		t.Errorf("then it answers %q", got)
	}
	for _, pid := range s.PIDs()[2:] {
		if slices.Contains(before, pid) {
			t.Errorf("process %d of the old program runs", pid)
		}
	}
	write(t, filepath.Join(project, "Makefile"), "build-%:\n\tfalse\n")
	write(t, source, "package main // broken")
	await("not built, so what ran before goes on")
	if got := ok(t, "GET", s.Gateway+"/variables", ""); got != "off hello " {
		t.Errorf("after a build that failed it answers %q", got)
	}
	write(t, filepath.Join(project, "template.yaml"), "{}")
	await("template.yaml has changed: stop and start again")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestItAnswersOnBothLoopbackAddresses(t *testing.T) {
	s := start(t, options(t, t.TempDir()))
	port := strconv.Itoa(portOf(s))
	hosts := []string{"127.0.0.1", "localhost"}
	if l, err := net.Listen("tcp", "[::1]:0"); err == nil {
		l.Close()
		hosts = append(hosts, "[::1]")
	}
	for _, host := range hosts {
		if got := ok(t, "GET", "http://"+host+":"+port+"/variables", ""); got != "off hello " {
			t.Errorf("%s answers %q", host, got)
		}
		ok(t, "GET", "http://"+host+":"+port+"/_local/metrics", "")
	}
}

func TestVariablesForContainersAreWrittenDown(t *testing.T) {
	dir := t.TempDir()
	o := options(t, dir)
	o.SAM = true
	s := start(t, o)
	text, err := os.ReadFile(filepath.Join(dir, "sam-env.json"))
	if err != nil {
		t.Fatal(err)
	}
	var variables map[string]map[string]string
	if err := json.Unmarshal(text, &variables); err != nil {
		t.Fatal(err)
	}
	ask := variables["AskFunction"]
	if len(variables) != 5 || ask["WORD"] != "hello" || !strings.HasSuffix(ask["WORK_QUEUE_URL"], "/find-a-lost-trn-WorkQueue.fifo") {
		t.Errorf("variables: %v", variables)
	}
	// A queue is found by its URL at whatever address.
	if status, body := call(t, "GET", ask["AWS_ENDPOINT_URL_SQS"]+"/health", ""); status != http.StatusOK {
		t.Errorf("the SQS server at its address for containers: %d %s", status, body)
	}
	_ = s
}
