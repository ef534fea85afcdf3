package attack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/local/stack"
	"losttrn/internal/local/waiting"
)

var (
	victims = flag.Int("victims", 2, "how many victims each attack has")
	only    = flag.String("only", "", "a regular expression of the attacks to mount by their names")
	which   *regexp.Regexp
)

// fixture is a running stack with its limits on.
type fixture struct {
	*stack.Stack
	dir     string
	db      *dynamodb.Client
	next    atomic.Int64 // victims
	address atomic.Int64 // that requests come from
	moment  sync.Mutex   // held while all of an attack's tries are under way
}

var common *fixture

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	flag.Parse()
	var err error
	if which, err = regexp.Compile(*only); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	dir, err := os.MkdirTemp("", "attack")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	s, err := stack.Start(context.Background(), stack.Options{Dir: dir, InMemory: true, Parameters: map[string]string{"Limits": "on"},
		Report: func(err error) { fmt.Fprintln(os.Stderr, "stack:", err) }})
	if err != nil {
		fmt.Fprintln(os.Stderr, "start the stack:", err)
		return 1
	}
	defer s.Stop()
	common = &fixture{Stack: s, dir: dir, db: s.DynamoDBClient()}
	return m.Run()
}

// person is a victim; fields are what is given of her, by the API's names.
type person struct {
	trn    string
	fields map[string]string
}

// agreed counts the fields of a try that are the person's own.
func (p person) agreed(try map[string]string) (n int) {
	for name, value := range try {
		if value == p.fields[name] {
			n++
		}
	}
	return n
}

const (
	email, first, last, born = "email", "firstName", "lastName", "dateOfBirth"
	nino, provider           = "nationalInsuranceNumber", "trainingProvider"
)

func letters(n int64) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(n))
}

// apart is how many days the victims' birthdays are apart: more than a date of birth is tried for. All are called Robert, and
// an attack on one Robert would else be remembered of another who is born on a day that was tried.
const apart = 25

// newPerson stores a locked teacher with two last names.
func (w *fixture) newPerson(t testing.TB) person {
	n := w.next.Add(1)
	p := person{fmt.Sprintf("%07d", 4000000+n), map[string]string{email: fmt.Sprintf("victim%d@example.com", n), first: "Robert",
		last: "Smith" + letters(n) + "-Jones" + letters(n), born: time.Date(1920, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)*apart).Format(time.DateOnly),
		nino: fmt.Sprintf("QQ%06dC", (n*7919)%1_000_000), provider: fmt.Sprintf("College %s", letters(n*31))}}
	_, err := w.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(w.Tables["teachers"]), Item: attribute.Item{
		"trn": attribute.String(p.trn), "firstName": attribute.String(p.fields[first]), "lastName": attribute.String(p.fields[last]),
		"dateOfBirth": attribute.String(p.fields[born]), "nationalInsuranceNumber": attribute.String(p.fields[nino]),
		"ninoKey": attribute.String(p.fields[nino][:8]), "email": attribute.String(p.fields[email]), "emailKey": attribute.String(p.fields[email]),
		"trainingProviders": &types.AttributeValueMemberL{Value: []types.AttributeValue{attribute.Map(attribute.Item{"name": attribute.String(p.fields[provider])})}},
		"status":            attribute.String("active"), "locked": attribute.Bool(true)}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// from is a client whose requests come from an address of their own.
func (w *fixture) from() *http.Client {
	n := w.address.Add(1)
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 1, byte(n>>8), byte(n))}}
	return &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
}

// lookUp gives some fields to the API and returns the outcome.
func (w *fixture) lookUp(t testing.TB, fields map[string]string) string {
	return answered(t, func() (string, int) { return w.lookUpOnce(t, fields) })
}

// answered asks until there is an answer: a failure tells nothing, and whoever guesses tries that value again.
func answered[A any](t testing.TB, ask func() (A, int)) A {
	for range 1000 { // beyond its concurrency a function is not even begun
		if answer, status := ask(); status < http.StatusInternalServerError {
			return answer
		}
	}
	t.Error("a thousand failures one after another")
	var none A
	return none
}

func (w *fixture) lookUpOnce(t testing.TB, fields map[string]string) (outcome string, status int) {
	body, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	response, err := w.from().Post(w.Gateway+"/v1/lookups", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return "", 0
	}
	defer response.Body.Close()
	var answer struct{ Outcome, Code string }
	text, err := io.ReadAll(response.Body)
	if err != nil || json.Unmarshal(text, &answer) != nil {
		t.Errorf("%d: %s, %v", response.StatusCode, text, err)
	}
	if response.StatusCode == http.StatusUnprocessableEntity {
		t.Errorf("a try that cannot be made: %s", text)
	}
	return answer.Outcome + answer.Code, response.StatusCode
}

// but is the person's fields of some names, with others changed, and a mailbox of the attacker's.
func (w *fixture) but(p person, known []string, changed map[string]string) map[string]string {
	fields := map[string]string{email: "attacker-of-" + p.fields[email]}
	for _, name := range known {
		fields[name] = p.fields[name]
	}
	maps.Copy(fields, changed)
	return fields
}

// entries counts the items of the limits table.
func (w *fixture) entries(t testing.TB) int {
	count, start := 0, attribute.Item(nil)
	for {
		out, err := w.db.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(w.Tables["limits"]), Select: types.SelectCount, ExclusiveStartKey: start})
		if err != nil {
			t.Fatal(err)
		}
		count += int(out.Count)
		if start = out.LastEvaluatedKey; start == nil {
			return count
		}
	}
}

// lines counts what the functions said of lookups, silenced kinds and refusals.
func (w *fixture) lines(t testing.TB) int {
	files, err := filepath.Glob(filepath.Join(w.dir, "logs", "*lookup*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no log of the lookup function: %v", err)
	}
	lines := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines += bytes.Count(text, []byte(`"network":`))
		if bytes.Contains(text, []byte(`"network":""`)) {
			t.Error("a line does not say from which network")
		}
	}
	return lines
}

// waitOpened waits until an account is unlocked: each find was by a mailbox that was never used.
func (w *fixture) waitOpened(t testing.TB, p person) {
	waiting.Until(t, "what was found is unlocked", func() bool { return w.opened(t, p) })
}

func (w *fixture) opened(t testing.TB, p person) bool {
	out, err := w.db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String(w.Tables["teachers"]),
		Key: attribute.Item{"trn": attribute.String(p.trn)}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	return !attribute.Flag(out.Item, "locked")
}
