package endtoend_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"losttrn/internal/attribute"
	"losttrn/internal/local"
	"losttrn/internal/local/localtest"
	"losttrn/internal/local/matchcases"
	"losttrn/internal/local/waiting"
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// fresh is a stack of the test's own.
func fresh(t *testing.T, parameters map[string]string) (*fixture, string) {
	t.Helper()
	dir := t.TempDir()
	w, err := start(dir, parameters)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
	return w, dir
}

// TestADependencyIsAway: the server hangs, which is the worst that it can do. The request is answered with 503,
// nothing is half done, and the same request works once the server is back. Each server has a stack of its own, because
// the answer takes a function nearly all of its time.
func TestADependencyIsAway(t *testing.T) {
	t.Parallel()
	var stacks []*fixture
	var parts []localtest.Part[*fixture]
	for i, name := range []string{"DynamoDB", "SQS"} {
		w, _ := fresh(t, nil)
		stacks = append(stacks, w)
		parts = append(parts, localtest.Part[*fixture]{Name: name, Test: func(t *testing.T, w *fixture) {
			pid := w.Servers.PIDs()[i]
			p := w.newPerson(t, nil)
			if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			resume := sync.OnceFunc(func() {
				if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
					t.Error(err)
				}
			})
			defer resume()
			a := w.post(t, "/v1/lookups", p.fields(p.email), "again")
			if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || a.decoded.Code != "unavailable" {
				t.Fatalf("answered %d %s", a.status, a.body)
			}
			resume()
			again := w.post(t, "/v1/lookups", p.fields(p.email), "again")
			if again.decoded.Outcome != "trn_sent" {
				t.Fatalf("answered %d %s", again.status, again.body)
			}
			w.wantDecision(t, again.decoded.LookupID, "unlocked[]")
		}})
	}
	localtest.SideBySide(t, stacks, parts)
}

// TestSwitchingUnlockingOff: while the switch is neither on nor off matches wait, and nobody is unlocked by a slip; a
// match that waits when it is switched off is refused; switched on again, the next is unlocked. Each within thirty
// seconds and without a deployment.
func TestSwitchingUnlockingOff(t *testing.T) {
	t.Parallel()
	w := startUndecided(t)

	first := w.newPerson(t, nil)
	id := w.lookUp(t, first.fields(first.email), "trn_sent")
	waiting.Until(t, "the TRN is sent all the same", func() bool { return slices.Contains(w.sent(t, id), "trn") })
	if got := attribute.Text(w.item(t, "lookups", "lookupId", id), "unlockOutcome"); got != "" {
		t.Errorf("decided without a readable switch: %s", got)
	}
	w.setSwitch(t, "off")
	w.wantDecision(t, id, "refused[unlocking_switched_off]")
	if !w.locked(t, first) {
		t.Error("the account was unlocked")
	}
	w.setSwitch(t, "on")
	waiting.Until(t, "a match is unlocked again", func() bool {
		p := w.newPerson(t, nil)
		return w.decided(t, w.lookUp(t, p.fields(p.email), "trn_sent")) == "unlocked[]"
	})
}

const switchName = "/find-a-lost-trn/dev/unlocking"

func (w *fixture) setSwitch(t testing.TB, value string) {
	t.Helper()
	client := ssm.NewFromConfig(local.Config(), func(o *ssm.Options) { o.BaseEndpoint = aws.String(w.endpoint(t, "ssm")) })
	_, err := client.PutParameter(t.Context(), &ssm.PutParameterInput{Name: aws.String(switchName),
		Value: aws.String(value), Overwrite: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *fixture) endpoint(t testing.TB, name string) string {
	t.Helper()
	a := w.send(t, http.MethodGet, "/_local/", nil, map[string]string{"Accept": "application/json"})
	var index struct{ Endpoints map[string]string }
	if err := json.Unmarshal([]byte(a.body), &index); err != nil {
		t.Fatal(err)
	}
	return index.Endpoints[name]
}

// TestLimits: with the limits on, the request too many is answered with 429, and the entries hold nothing personal.
func TestLimits(t *testing.T) {
	t.Parallel()
	w, _ := fresh(t, map[string]string{"Limits": "on", "LimitPerEmail": "3"})
	fields := map[string]any{"email": "limited@example.com", "firstName": "Lim", "lastName": "Itedperson", "dateOfBirth": "1955-05-05"}
	for range 3 {
		w.lookUp(t, fields, "no_match")
	}
	fields["email"] = "LIMITED+again@example.com"
	a := w.post(t, "/v1/lookups", fields, "")
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || a.decoded.Code != "too_many_requests" {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	out, err := w.db.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(w.Tables["limits"])})
	if err != nil {
		t.Fatal(err)
	}
	counts := 0
	for _, item := range out.Items {
		if item["count"] != nil {
			counts++
		}
		text, err := json.Marshal(item)
		if err != nil {
			t.Fatal(err)
		}
		entry := strings.ToLower(string(text))
		for _, raw := range []string{"limited", "itedperson", "1955-05", "127.0.0.1"} { // a year alone may be a part of an HMAC
			if strings.Contains(entry, raw) {
				t.Errorf("an entry holds %q", raw)
			}
		}
	}
	if counts != 2 || len(out.Items) == counts {
		t.Errorf("%d entries, %d of them counts: want one count each of address and email, and what was tried", len(out.Items), counts)
	}
}

// TestMatchingOverHTTP drives every example and complaint that matching answers through the endpoint.
func TestMatchingOverHTTP(t *testing.T) {
	t.Parallel()
	w, _ := fresh(t, nil)
	cases := matchcases.Cases()
	for _, c := range cases {
		for _, r := range c.Records {
			w.put(t, "teachers", teacherItem(r))
		}
	}
	outcomes := map[matching.Outcome]string{matching.Found: "trn_sent", matching.NotFound: "no_match", matching.Several: "helpdesk"}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			text, err := json.Marshal(c.Person)
			if err != nil {
				t.Fatal(err)
			}
			var fields map[string]any
			if err := json.Unmarshal(text, &fields); err != nil {
				t.Fatal(err)
			}
			id := w.lookUp(t, fields, outcomes[c.Want])
			if c.Want != matching.Found {
				return
			}
			w.decided(t, id)
			if got := attribute.Text(w.item(t, "lookups", "lookupId", id), "trn"); got != c.TRN {
				t.Error("another record was found")
			}
		})
	}
}

func teacherItem(r teacher.Record) attribute.Item {
	item := attribute.Item{"locked": attribute.Bool(false)}
	attribute.Put(item, "trn", r.TRN.Digits())
	attribute.Put(item, "firstName", r.Name.First)
	attribute.Put(item, "middleName", r.Name.Middle)
	attribute.Put(item, "lastName", r.Name.Last)
	attribute.Put(item, "dateOfBirth", r.DateOfBirth.ISO())
	attribute.Put(item, "nationalInsuranceNumber", r.NINO.Normalised())
	attribute.Put(item, "ninoKey", r.NINO.Body())
	attribute.Put(item, "emailKey", r.Email.Text())
	attribute.Put(item, "status", string(r.Status))
	attribute.Put(item, "mergedInto", r.MergedInto.Digits())
	maps := func(name string, count int, each func(i int) attribute.Item) {
		if count == 0 {
			return
		}
		list := make([]types.AttributeValue, count)
		for i := range list {
			list[i] = attribute.Map(each(i))
		}
		item[name] = &types.AttributeValueMemberL{Value: list}
	}
	maps("previousNames", len(r.PreviousNames), func(i int) attribute.Item {
		name := attribute.Item{}
		attribute.Put(name, "firstName", r.PreviousNames[i].First)
		attribute.Put(name, "lastName", r.PreviousNames[i].Last)
		return name
	})
	maps("trainingProviders", len(r.Providers), func(i int) attribute.Item {
		provider := attribute.Item{}
		attribute.Put(provider, "ukprn", r.Providers[i].UKPRN)
		attribute.Put(provider, "name", r.Providers[i].Name)
		return provider
	})
	if len(r.FormerTRNs) > 0 {
		var former []string
		for _, trn := range r.FormerTRNs {
			former = append(former, trn.Digits())
		}
		item["formerTrns"] = attribute.Strings(former)
	}
	return item
}
