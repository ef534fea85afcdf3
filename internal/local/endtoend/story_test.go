package endtoend_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/local/story"
	"losttrn/internal/local/waiting"
	"losttrn/internal/lookup"
)

// tell reads the story of a lookup, by its id or reference.
func (w *fixture) tell(t testing.TB, name string) story.Story {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.Gateway+"/_local/lookups/"+name, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var s story.Story
	if err := json.NewDecoder(response.Body).Decode(&s); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("the story of %s: %d, %v", name, response.StatusCode, err)
	}
	return s
}

// TestAStoryTellsWhyAnAccountStayedLocked: from what a teacher reads out to the rule that failed, on one page.
func TestAStoryTellsWhyAnAccountStayedLocked(t *testing.T) {
	w := common
	p := w.newPerson(t, func(i attribute.Item) { i["alerts"] = alerts("") })
	id := w.lookUp(t, p.fields(p.email), "trn_sent")
	w.wantDecision(t, id, "refused[open_alert]")
	s := w.tell(t, strings.ToLower(lookup.Reference(id)))
	if s.LookupID != id || s.Outcome != "trn_sent" || s.UnlockOutcome != "refused" {
		t.Errorf("the story is of %+v", s.Row)
	}
	if s.Given == nil || s.Given.Fields["email"] != p.email || s.Given.Fields["dateOfBirth"] != p.born {
		t.Errorf("given: %+v", s.Given)
	}
	if !slices.ContainsFunc(s.Told, func(line story.Sentence) bool {
		return line.Text == "The account was not unlocked, because the record had an open alert."
	}) {
		t.Errorf("told: %v", s.Told)
	}
	for _, rule := range s.Rules {
		want := "held"
		if rule.Reason == "open_alert" {
			want = "failed"
		}
		if rule.Result != want {
			t.Errorf("%s: %s, not %s", rule.Reason, rule.Result, want)
		}
		if rule.Reason == "open_alert" && rule.Now != "1 open alerts of 1" {
			t.Errorf("the alerts: %s", rule.Now)
		}
	}
	if len(s.Rules) == 0 || len(s.Sent) != 1 || s.Sent[0].To != p.email || len(s.Compared) != 1 || len(s.Waiting) != 0 {
		t.Errorf("rules %v, emails %v, compared %s, waiting %v", s.Rules, s.Sent, s.Compared, s.Waiting)
	}
	if tables := slices.Sorted(maps.Keys(s.Records)); !slices.Equal(tables, []string{"emails", "lookups", "teachers"}) {
		t.Errorf("tables: %v", tables)
	}
	if len(s.Given.Requests) != 1 || !strings.Contains(logs(t, w.dir), `"requestId":"`+s.Given.Requests[0]+`"`) {
		t.Errorf("the lookup's line does not name the request %v", s.Given.Requests)
	}
	if rows := w.rows(t); !slices.ContainsFunc(rows, func(r story.Row) bool { return r.LookupID == id && r.UnlockOutcome == "refused" }) {
		t.Error("the lookup is not in the list")
	}
}

func (w *fixture) rows(t testing.TB) []story.Row {
	t.Helper()
	return localPage[[]story.Row](t, w, "/_local/lookups")
}

// mistyped is a number with its last digit wrong.
func mistyped(nino string) string {
	return nino[:7] + string('0'+(nino[7]-'0'+1)%10) + nino[8:]
}

// TestNearMissesAreToldApart: each leaves another line, though all are no_match.
func TestNearMissesAreToldApart(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	seen := map[string]string{}
	for name, change := range map[string]func(map[string]any){
		"another first and last name": func(f map[string]any) { f["firstName"], f["lastName"] = "Wholly", "Different" },
		"another number":              func(f map[string]any) { f["nationalInsuranceNumber"], f["lastName"] = "QQ999999A", "Different" },
		"a number mistyped": func(f map[string]any) {
			f["nationalInsuranceNumber"], f["lastName"], f["dateOfBirth"] = mistyped(p.nino), "Different", p.born
		},
		"nothing of anybody's": func(f map[string]any) {
			f["firstName"], f["lastName"], f["dateOfBirth"], f["nationalInsuranceNumber"] = "No", "Body", "1931-01-01", "QQ999998A"
		},
	} {
		fields := p.fields("near-miss@example.com")
		change(fields)
		id := w.lookUp(t, fields, "no_match")
		var s story.Story
		waiting.Until(t, "the lookup's line is read", func() bool { s = w.tell(t, id); return len(s.Log) > 0 })
		text, err := json.Marshal(s.Compared)
		if err != nil {
			t.Fatal(err)
		}
		if other, again := seen[string(text)]; again {
			t.Errorf("%s and %s are explained by the same %s", name, other, text)
		}
		seen[string(text)] = name
		if s.Outcome != "no_match" || len(s.Rules) != 0 {
			t.Errorf("%s: %+v", name, s.Row)
		}
	}
}

// TestEveryLineOfTheLogsIsWhole: JSON, and no list or value in it null.
func TestEveryLineOfTheLogsIsWhole(t *testing.T) {
	w := common
	w.lookUp(t, w.newPerson(t, nil).fields("nobody-at-all@example.com"), "trn_sent")
	for line := range strings.Lines(logs(t, w.dir)) {
		var members map[string]any
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			t.Errorf("%v: %s", err, line)
		}
		for name, value := range members {
			if value == nil {
				t.Errorf("%s is null: %s", name, line)
			}
		}
	}
	a := w.post(t, "/v1/lookups", map[string]any{"email": "x"}, "")
	if a.status != http.StatusBadRequest && a.status != http.StatusUnprocessableEntity {
		t.Fatalf("answered %d %s", a.status, a.body)
	}
	id := a.header.Get("X-Request-Id")
	waiting.Until(t, "a refusal leaves a line with its request id", func() bool { return strings.Contains(logs(t, w.dir), `"requestId":"`+id+`"`) })
}
