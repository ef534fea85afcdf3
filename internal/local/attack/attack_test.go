package attack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
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
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/guess"
	"losttrn/internal/local/stack"
)

var victims = flag.Int("victims", 2, "how many victims each attack has")

// fixture is a running stack with its limits on.
type fixture struct {
	*stack.Stack
	dir     string
	db      *dynamodb.Client
	next    atomic.Int64 // victims
	address atomic.Int64 // that requests come from
}

var common *fixture

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	flag.Parse()
	dir, err := os.MkdirTemp("", "attack")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	s, err := stack.Start(context.Background(), stack.Options{Dir: dir, Parameters: map[string]string{"Limits": "on"},
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
func (w *fixture) newPerson(t *testing.T) person {
	n := w.next.Add(1)
	p := person{fmt.Sprintf("%07d", 4000000+n), map[string]string{email: fmt.Sprintf("victim%d@example.com", n), first: "Robert",
		last: "Smith" + letters(n) + "-Jones" + letters(n), born: time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)*apart).Format(time.DateOnly),
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
func (w *fixture) lookUp(t *testing.T, fields map[string]string) string {
	body, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	response, err := w.from().Post(w.Gateway+"/v1/lookups", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return ""
	}
	defer response.Body.Close()
	var answer struct{ Outcome, Code string }
	text, err := io.ReadAll(response.Body)
	if err != nil || json.Unmarshal(text, &answer) != nil {
		t.Errorf("%d: %s, %v", response.StatusCode, text, err)
	}
	return answer.Outcome + answer.Code
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

// attack is what one attacker tries of one victim, in order; right tells at which try the right value is.
type attack struct {
	name  string
	known []string
	tries func(w *fixture, p person) []map[string]string
	// herself are the fields by which the victim is found afterwards.
	herself []string
	atOnce  bool
}

// trials are n values of a field, one of them the person's own, in a random order.
func trials(n int, field string, wrong func(i int, right string) string) func(*fixture, person) []map[string]string {
	return func(_ *fixture, p person) []map[string]string {
		tries := []map[string]string{{field: p.fields[field]}}
		for i := range n - 1 {
			tries = append(tries, map[string]string{field: wrong(i, p.fields[field])})
		}
		rand.Shuffle(n, func(i, j int) { tries[i], tries[j] = tries[j], tries[i] })
		return tries
	}
}

func otherCollege(i int, _ string) string { return "Other College " + letters(int64(i)) }

func otherDay(i int, right string) string {
	day, _ := time.Parse(time.DateOnly, right)
	return day.AddDate(0, 0, i+1).Format(time.DateOnly)
}

// otherEnd is the number with other last two digits.
func otherEnd(i int, right string) string {
	end := (int(right[6]-'0')*10 + int(right[7]-'0') + 1 + i) % 100
	return fmt.Sprintf("%s%02dC", right[:6], end)
}

// otherNames gives each try another spelling of the victim's name.
func otherNames(tries func(*fixture, person) []map[string]string) func(*fixture, person) []map[string]string {
	return func(w *fixture, p person) []map[string]string {
		one, two, _ := strings.Cut(p.fields[last], "-")
		names := [][2]string{{"Robert", p.fields[last]}, {"Bob", one}, {"Rob", two}, {one, "Robert"}, {two, "Bobby"}, {"Robert", one + two},
			{"ROBERT", one + " " + two}, {"Robert", two + " Other"}, {"Robert", "de " + one}, {"Bob", p.fields[last] + " Extra"}, {"Dr Robert", one}}
		all := tries(w, p)
		for i, try := range all {
			try[first], try[last] = names[i%len(names)][0], names[i%len(names)][1]
		}
		return all
	}
}

// withMailboxes gives each try a mailbox of its own.
func withMailboxes(tries func(*fixture, person) []map[string]string) func(*fixture, person) []map[string]string {
	return func(w *fixture, p person) []map[string]string {
		all := tries(w, p)
		for i, try := range all {
			try[email] = fmt.Sprintf("attacker%d-of-%s", i, p.fields[email])
		}
		return all
	}
}

var (
	nameAndBirth    = []string{first, last, born}
	nameAndProvider = []string{first, last, provider}
	withNINO        = []string{first, last, born, nino}
	withEmail       = []string{first, last, born, email}
)

var attacks = []attack{
	{"provider by trial", nameAndBirth, trials(24, provider, otherCollege), withNINO, false},
	{"date of birth by trial", nameAndProvider, trials(20, born, otherDay), withNINO, false},
	{"NINO by trial, last two unknown", nameAndBirth, trials(38, nino, otherEnd), withEmail, false},
	{"provider, names in other spellings", nameAndBirth, otherNames(trials(24, provider, otherCollege)), withNINO, false},
	{"date of birth, names in other spellings", nameAndProvider, otherNames(trials(24, born, otherDay)), withEmail, false},
	{"provider, a mailbox for each try", nameAndBirth, withMailboxes(trials(24, provider, otherCollege)), withNINO, false},
	{"provider, 50 at one moment", nameAndBirth, withMailboxes(trials(50, provider, otherCollege)), withNINO, true},
}

// TestAttacks prints a row for each attack. Every request comes from an address of its own, and no mailbox asks 40
// times for one attack, so that the limits an hour do not stand in the way.
func TestAttacks(t *testing.T) {
	fmt.Printf("%-40s %8s %6s %9s %8s %9s %s\n", "attack", "victims", "tries", "TRNs got", "unlocked", "entries", "log lines")
	for _, a := range attacks {
		before, lines := common.entries(t), common.lines(t)
		tried, got, unlocked := 0, 0, 0
		for range *victims {
			p := common.newPerson(t)
			tries := a.tries(common, p)
			found, missed := make([]bool, len(tries)), 0
			if a.atOnce {
				var all sync.WaitGroup
				for i, try := range tries {
					all.Go(func() { found[i] = common.lookUp(t, common.but(p, a.known, try)) == "trn_sent" })
				}
				all.Wait()
				tries, found, missed = append(tries, tries...), append(found, make([]bool, len(tries))...), guess.Enough
			}
			for i, try := range tries {
				if a.atOnce && i < len(tries)/2 {
					continue
				}
				found[i] = common.lookUp(t, common.but(p, a.known, try)) == "trn_sent"
				if found[i] && missed >= guess.Enough {
					t.Errorf("%s: found after %d values", a.name, missed)
				}
				if !found[i] {
					missed++
				}
			}
			tried += len(tries)
			if slices.Contains(found, true) {
				got++
				common.waitOpened(t, p)
				unlocked++
			} else if common.opened(t, p) {
				t.Errorf("%s: an account was unlocked that nobody found", a.name)
			}
			own := map[string]string{email: "mine" + p.fields[email]}
			for _, name := range a.herself {
				own[name] = p.fields[name]
			}
			if outcome := common.lookUp(t, own); outcome != "trn_sent" {
				t.Errorf("%s: the victim herself is answered %s", a.name, outcome)
			}
		}
		fmt.Printf("%-40s %8d %6d %9d %8d %9d %d\n", a.name, *victims, tried, got, unlocked, common.entries(t)-before, common.lines(t)-lines)
	}
}

// entries counts the items of the limits table.
func (w *fixture) entries(t *testing.T) int {
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
func (w *fixture) lines(t *testing.T) int {
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
	}
	return lines
}

// waitOpened waits until an account is unlocked: each find was by a mailbox that was never used.
func (w *fixture) waitOpened(t *testing.T, p person) {
	late, tick := time.After(30*time.Second), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for !w.opened(t, p) {
		select {
		case <-tick.C:
		case <-late:
			t.Error("what was found was not unlocked")
			return
		}
	}
}

func (w *fixture) opened(t *testing.T, p person) bool {
	out, err := w.db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String(w.Tables["teachers"]),
		Key: attribute.Item{"trn": attribute.String(p.trn)}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	return !attribute.Flag(out.Item, "locked")
}
