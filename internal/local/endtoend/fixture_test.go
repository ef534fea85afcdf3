package endtoend_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/local/calls"
	"losttrn/internal/local/stack"
	"losttrn/internal/local/waiting"
)

// fixture is a running stack with an empty register.
type fixture struct {
	*stack.Stack
	dir string
	db  *dynamodb.Client
	// secret are texts that no HTTP answer may hold: every TRN in the register.
	mu     sync.Mutex
	secret []string
}

var (
	common     *fixture
	recorder   = calls.NewRecorder()
	nextPerson atomic.Int64
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "endtoend")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	common, err = start(dir, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, "start the stack:", err)
		return 1
	}
	defer common.Stop()
	code := m.Run()
	if path := os.Getenv("CALLS"); path != "" && code == 0 {
		if err := recorder.WriteFile(path); err != nil {
			fmt.Fprintln(os.Stderr, "record the calls:", err)
			return 1
		}
	}
	return code
}

func start(dir string, parameters map[string]string) (*fixture, error) {
	all := map[string]string{"VisibilityTimeout": "180", "MaxReceiveCount": "500"}
	maps.Copy(all, parameters)
	report := func(err error) { fmt.Fprintln(os.Stderr, "stack:", err) }
	s, err := stack.Start(context.Background(), stack.Options{Dir: dir, InMemory: true, Parameters: all, Built: common != nil, Report: report, Wire: recorder})
	if err != nil {
		return nil, err
	}
	return &fixture{Stack: s, dir: dir, db: s.DynamoDBClient()}, nil
}

// person is an invented teacher with evidence of every kind.
type person struct{ trn, first, last, born, nino, email string }

// newPerson stores a teacher, locked and clean, after a change to the record.
func (w *fixture) newPerson(t testing.TB, change func(attribute.Item)) person {
	t.Helper()
	n := nextPerson.Add(1)
	p := person{
		trn: fmt.Sprintf("%07d", 4000000+n), first: "Canary" + letters(n), last: "Example" + letters(n*7),
		born: time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)).Format(time.DateOnly),
		nino: fmt.Sprintf("QQ%06dC", n), email: fmt.Sprintf("canary-%d@example.com", n),
	}
	item := attribute.Item{
		"trn": attribute.String(p.trn), "firstName": attribute.String(p.first), "lastName": attribute.String(p.last),
		"dateOfBirth": attribute.String(p.born), "nationalInsuranceNumber": attribute.String(p.nino), "ninoKey": attribute.String(p.nino[:8]),
		"status": attribute.String("active"), "locked": attribute.Bool(true),
	}
	if change != nil {
		change(item)
	}
	w.put(t, "teachers", item)
	w.mu.Lock()
	w.secret = append(w.secret, p.trn)
	w.mu.Unlock()
	return p
}

// letters is a number in letters, so that it can be part of a name.
func letters(n int64) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(n))
}

func (w *fixture) put(t testing.TB, table string, item attribute.Item) {
	t.Helper()
	if _, err := w.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(w.Tables[table]), Item: item}); err != nil {
		t.Fatal(err)
	}
}

func (w *fixture) item(t testing.TB, table, keyName, key string) attribute.Item {
	t.Helper()
	out, err := w.db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String(w.Tables[table]),
		Key: attribute.Item{keyName: attribute.String(key)}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	return out.Item
}

func (w *fixture) locked(t testing.TB, p person) bool {
	t.Helper()
	return attribute.Flag(w.item(t, "teachers", "trn", p.trn), "locked")
}

// fields are what the person gives, with another email.
func (p person) fields(email string) map[string]any {
	return map[string]any{"email": email, "firstName": p.first, "lastName": p.last, "dateOfBirth": p.born,
		"nationalInsuranceNumber": p.nino}
}

// answer is an HTTP answer.
type answer struct {
	status  int
	header  http.Header
	body    string
	decoded struct {
		LookupID string `json:"lookupId"`
		Outcome  string `json:"outcome"`
		Code     string `json:"code"`
		Errors   []struct{ Field, Code, Message string }
	}
}

// send makes a request and checks what holds for every answer: there is no TRN in it, and it has an id.
func (w *fixture) send(t testing.TB, method, path string, body io.Reader, header map[string]string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.Gateway+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: response.StatusCode, header: response.Header, body: string(text)}
	if strings.Contains(response.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(text, &a.decoded); err != nil {
			t.Errorf("answer %q: %v", text, err)
		}
	}
	if !strings.HasPrefix(path, "/_local/") && a.decoded.LookupID == "" && response.Header.Get("X-Request-Id") == "" {
		t.Errorf("%s %s: neither lookup id nor request id", method, path)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	whole := a.body + fmt.Sprint(a.header)
	for _, trn := range w.secret {
		if strings.Contains(whole, trn) {
			t.Errorf("%s %s: the answer holds a TRN", method, path)
		}
	}
	return a
}

func (w *fixture) post(t testing.TB, path string, fields map[string]any, key string) answer {
	t.Helper()
	body, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	header := map[string]string{"Content-Type": "application/json"}
	if key != "" {
		header["Idempotency-Key"] = key
	}
	return w.send(t, http.MethodPost, path, bytes.NewReader(body), header)
}

// lookUp makes a lookup that must be answered with an outcome, and gives its id.
func (w *fixture) lookUp(t testing.TB, fields map[string]any, outcome string) string {
	t.Helper()
	a := w.post(t, "/v1/lookups", fields, "")
	if a.status != http.StatusOK || a.decoded.Outcome != outcome {
		t.Fatalf("answered %d %s, want outcome %s", a.status, a.body, outcome)
	}
	return a.decoded.LookupID
}

// email is an email in the outbox.
type email struct{ To, Template, Subject, Body, Reference, SentAt string }

func (w *fixture) outbox(t testing.TB) []email {
	t.Helper()
	return localPage[[]email](t, w, "/_local/outbox")
}

// localPage reads one of the stack's own pages as JSON.
func localPage[T any](t testing.TB, w *fixture, path string) (page T) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.Gateway+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&page); err != nil {
		t.Fatal(err)
	}
	return page
}

// startUndecided starts a stack whose switch of unlocking is neither on nor off: a match is recorded, and then waits.
func startUndecided(t testing.TB) *fixture {
	t.Helper()
	dir := t.TempDir()
	kept := `{"` + switchName + `":{"name":"` + switchName + `","value":"neither","version":1}}`
	if err := os.WriteFile(filepath.Join(dir, "parameters.json"), []byte(kept), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := start(dir, map[string]string{"VisibilityTimeout": "1", "UnlockingSwitchSeconds": "1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
	return w
}

// sent are the kinds of the emails of a lookup, sorted.
func (w *fixture) sent(t testing.TB, lookupID string) []string {
	t.Helper()
	var kinds []string
	for _, e := range w.outbox(t) {
		if kind, ok := strings.CutPrefix(e.Reference, lookupID+"-"); ok {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// decided waits for everything that a match sets in motion, and gives the decision: outcome and reasons.
func (w *fixture) decided(t testing.TB, lookupID string) string {
	t.Helper()
	var item attribute.Item
	waiting.Until(t, "lookup "+lookupID+" is decided and its emails are sent", func() bool {
		item = w.item(t, "lookups", "lookupId", lookupID)
		outcome := attribute.Text(item, "unlockOutcome")
		return outcome != "" && attribute.Text(item, "trnEmailedAt") != "" &&
			(outcome != "unlocked" || attribute.Text(item, "unlockEmailedAt") != "")
	})
	return fmt.Sprint(attribute.Text(item, "unlockOutcome"), attribute.Texts(item, "unlockReasons"))
}

func (w *fixture) wantDecision(t testing.TB, lookupID, want string) {
	t.Helper()
	if got := w.decided(t, lookupID); got != want {
		t.Errorf("decision: got %s, want %s", got, want)
	}
	kinds := []string{"trn"}
	if want == "unlocked[]" {
		kinds = []string{"trn", "unlocked"}
	}
	if got := w.sent(t, lookupID); !slices.Equal(got, kinds) {
		t.Errorf("emails: got %v, want %v", got, kinds)
	}
}

// flat is an item as a text.
func flat(item attribute.Item) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(item)) {
		if nested := attribute.Nested(item, name); nested != nil {
			fmt.Fprintf(&b, "%s={%s}; ", name, flat(nested))
			continue
		}
		if list := attribute.Maps(item, name); len(list) > 0 {
			for _, one := range list {
				fmt.Fprintf(&b, "%s=[%s]; ", name, flat(one))
			}
			continue
		}
		fmt.Fprintf(&b, "%s=%s %v %t %d; ", name, attribute.Text(item, name), attribute.Texts(item, name), attribute.Flag(item, name), attribute.Integer(item, name))
	}
	return b.String()
}

// logs is everything that the functions have logged.
func logs(t testing.TB, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "logs", "*.log"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no logs in %s: %v", dir, err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
