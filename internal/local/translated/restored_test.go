//go:build template

package translated_test

import (
	"encoding/json"
	"strings"
	"testing"

	"losttrn/internal/local/naming"
)

// TestARestoredTableTakesTheOthersPlace: with the parameters of a restore no function, role or trail speaks of the table
// that was lost, and each speaks of the copy where it spoke of it.
func TestARestoredTableTakesTheOthersPlace(t *testing.T) {
	before, after := evaluate(t, states(t)[1]), states(t)[1]
	after.parameters["RestoredTeachersTable"], after.parameters["RestoredEmailsTable"] = "teachers-copy", "emails-copy"
	after.parameters["RestoredLookupsTable"], after.parameters["RestoredHelpdeskRequestsTable"] = "lookups-copy", "requests-copy"
	now := evaluate(t, after)
	spoken := 0
	for _, kind := range []string{"AWS::Lambda::Function", "AWS::IAM::RolePolicy", "AWS::CloudTrail::Trail", "AWS::CloudWatch::Alarm"} {
		for _, r := range before.OfType(kind) {
			other, _ := now.Resource(r.ID)
			was, is := asText(t, r.Properties), asText(t, other.Properties)
			for id, copied := range map[string]string{"TeachersTable": "teachers-copy", "EmailsTable": "emails-copy",
				"LookupsTable": "lookups-copy", "HelpdeskRequestsTable": "requests-copy"} {
				table, _ := before.Resource(id)
				name := naming.Of(table)
				if strings.Contains(is, name+`"`) || strings.Contains(is, name+"/") {
					t.Errorf("%s speaks of %s still", r.ID, id)
				}
				if strings.Contains(was, name+`"`) || strings.Contains(was, name+"/") {
					spoken++
					if !strings.Contains(is, copied) {
						t.Errorf("%s does not speak of the copy of %s", r.ID, id)
					}
				}
			}
		}
	}
	if spoken < 20 {
		t.Errorf("only %d places speak of a table", spoken)
	}
}

func asText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTheSwitchIsNoPartOfTheStack: an update or a rollback would switch unlocking on again in the middle of an incident.
func TestTheSwitchIsNoPartOfTheStack(t *testing.T) {
	for id, r := range read(t).Resources {
		if r.Type == "AWS::SSM::Parameter" {
			t.Errorf("%s is made by the stack: parameters are made by hand", id)
		}
	}
}
