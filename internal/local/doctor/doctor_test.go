package doctor_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/doctor"
	"losttrn/internal/notify"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

const (
	account   = "000000000000"
	notifyKey = "key-11111111-1111-4111-8111-111111111111-22222222-2222-4222-8222-222222222222"
)

// stage is a deployed stage, played by a server that answers for AWS and GOV.UK Notify.
type stage struct {
	parameters  map[string]string    // of the stack
	ssm         map[string][2]string // type and value by short name
	subscribers []string
	keyState    string
	rotated     bool
	readers     []string
	alarms      []string
	queues      map[string]string // messages by name
	objects     map[string]time.Duration
	templates   map[string]string // body by id
	forbidden   string            // a target that is answered with 403
}

// well is a stage in which nothing is wrong.
func well() *stage {
	s := &stage{
		parameters:  map[string]string{"AlarmTopicArn": "arn:aws:sns:eu-west-2:" + account + ":alarms"},
		ssm:         map[string][2]string{"unlocking": {"String", "on"}},
		subscribers: []string{"arn:aws:sns:eu-west-2:" + account + ":alarms:1"},
		keyState:    "Enabled", rotated: true,
		readers:   []string{"arn:aws:iam::" + account + ":role/find-a-lost-trn-production-LookupRole-1", "arn:aws:iam::" + account + ":role/find-a-lost-trn-production-HelpdeskRole-1"},
		queues:    map[string]string{},
		objects:   map[string]time.Duration{"reports/latest.json": 10 * time.Hour, "loads/a/progress.json": 48 * time.Hour, "loads/a/summary.json": 48 * time.Hour},
		templates: map[string]string{},
	}
	for _, name := range []string{"cookie-keys", "identity-key", "notify-api-key", "notify-receipt-tokens"} {
		s.ssm[name] = [2]string{"SecureString", "sealed"}
	}
	for i, t := range notify.Templates() {
		id := fmt.Sprint("template-", i)
		s.parameters[notify.TemplateParameter(t.Kind)] = id
		s.templates[id] = t.Subject + "\n" + t.Body
	}
	return s
}

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(text))
	what := r.Header.Get("X-Amz-Target") + form.Get("Action")
	if what != "" && what == s.forbidden {
		http.Error(w, "AccessDenied", http.StatusForbidden)
		return
	}
	reply := func(v any) { _ = json.NewEncoder(w).Encode(v) }
	switch {
	case strings.HasPrefix(r.URL.Path, "/v2/template/"):
		body, ok := s.templates[strings.TrimPrefix(r.URL.Path, "/v2/template/")]
		if !ok || !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
			http.Error(w, "No result found", http.StatusNotFound)
			return
		}
		reply(map[string]string{"type": "email", "subject": "", "body": body})
	case what == "DescribeStacks":
		fmt.Fprint(w, s.stack("http://"+r.Host))
	case what == "AmazonSSM.GetParameters":
		var all []map[string]string
		for name, p := range s.ssm {
			all = append(all, map[string]string{"Name": "/find-a-lost-trn/production/" + name, "Type": p[0], "Value": p[1]})
		}
		reply(map[string]any{"Parameters": all})
	case what == "ListSubscriptionsByTopic":
		fmt.Fprint(w, "<R><ListSubscriptionsByTopicResult><Subscriptions>")
		for _, arn := range s.subscribers {
			fmt.Fprintf(w, "<member><SubscriptionArn>%s</SubscriptionArn></member>", arn)
		}
		fmt.Fprint(w, "</Subscriptions></ListSubscriptionsByTopicResult></R>")
	case what == "TrentService.DescribeKey":
		reply(map[string]any{"KeyMetadata": map[string]string{"KeyState": s.keyState}})
	case what == "TrentService.GetKeyRotationStatus":
		reply(map[string]bool{"KeyRotationEnabled": s.rotated})
	case what == "TrentService.GetKeyPolicy":
		policy, _ := json.Marshal(map[string]any{"Statement": []any{
			map[string]any{"Principal": map[string]any{"AWS": "arn:aws:iam::" + account + ":root"}, "Action": []string{"kms:DescribeKey"}},
			map[string]any{"Principal": map[string]any{"AWS": s.readers}, "Action": []string{"kms:Decrypt"}},
		}})
		reply(map[string]string{"Policy": string(policy)})
	case what == "DescribeAlarms":
		fmt.Fprint(w, "<R><DescribeAlarmsResult><MetricAlarms>")
		for _, name := range s.alarms {
			fmt.Fprintf(w, "<member><AlarmName>%s</AlarmName><AlarmDescription>It means this.</AlarmDescription></member>", name)
		}
		fmt.Fprint(w, "</MetricAlarms></DescribeAlarmsResult></R>")
	case what == "AmazonSQS.GetQueueAttributes":
		var in struct{ QueueUrl string }
		_ = json.Unmarshal(text, &in)
		n := s.queues[in.QueueUrl[strings.LastIndexByte(in.QueueUrl, '/')+1:]]
		if n == "" {
			n = "0"
		}
		reply(map[string]any{"Attributes": map[string]string{"ApproximateNumberOfMessages": n}})
	case r.URL.Query().Get("list-type") == "2":
		fmt.Fprint(w, `<ListBucketResult>`)
		for key, age := range s.objects {
			if strings.HasPrefix(key, r.URL.Query().Get("prefix")) {
				fmt.Fprintf(w, "<Contents><Key>%s</Key><LastModified>%s</LastModified></Contents>", key, noon.Add(-age).Format(time.RFC3339))
			}
		}
		fmt.Fprint(w, `</ListBucketResult>`)
	default:
		http.Error(w, "not played: "+r.Method+" "+r.URL.String()+" "+what, http.StatusNotImplemented)
	}
}

func (s *stage) stack(base string) string {
	var b strings.Builder
	b.WriteString("<R><DescribeStacksResult><Stacks><member><StackStatus>UPDATE_COMPLETE</StackStatus><Parameters>")
	for name, value := range s.parameters {
		fmt.Fprintf(&b, "<member><ParameterKey>%s</ParameterKey><ParameterValue>%s</ParameterValue></member>", name, value)
	}
	b.WriteString("</Parameters><Outputs>")
	outputs := map[string]string{"KeyArn": "key", "ReportBucketName": "reports", "RegisterBucketName": "register"}
	for _, q := range []string{"Matches", "Emails", "MatchesDeadLetter", "EmailsDeadLetter", "ReportsDeadLetter", "LoadsDeadLetter"} {
		outputs[q+"QueueUrl"] = base + "/" + account + "/" + q
	}
	for name, value := range outputs {
		fmt.Fprintf(&b, "<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>", name, value)
	}
	b.WriteString("</Outputs></member></Stacks></DescribeStacksResult></R>")
	return b.String()
}

// look has a stage looked at, and returns what was said.
func look(t *testing.T, s *stage, key string) (wrong int, said string, err error) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	var out bytes.Buffer
	config := local.Config()
	config.BaseEndpoint = &server.URL
	d := &doctor.Doctor{Stage: "production", Config: config, NotifyURL: server.URL, NotifyKey: key, Clock: func() time.Time { return noon }, Output: &out}
	wrong, err = d.Look(t.Context())
	return wrong, out.String(), err
}

func TestAStageThatIsWell(t *testing.T) {
	wrong, said, err := look(t, well(), notifyKey)
	if wrong != 0 || err != nil || strings.Contains(said, "WRONG") || strings.Contains(said, "sealed") {
		t.Errorf("%d, %v:\n%s", wrong, err, said)
	}
	for _, want := range []string{"unlocking is on", "1 confirmed", "key is enabled", "2 roles", "NotifyTrnTemplateId is in", "last load", "last report", "Nothing is in alarm"} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing is said of %q:\n%s", want, said)
		}
	}
	if _, said, _ := look(t, well(), ""); !strings.Contains(said, "templates are not looked at") {
		t.Errorf("without a key: %s", said)
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	for want, change := range map[string]func(*stage){
		"identity-key is missing":            func(s *stage) { delete(s.ssm, "identity-key") },
		"cookie-keys is stored as String":    func(s *stage) { s.ssm["cookie-keys"] = [2]string{"String", "x"} },
		"unlocking is missing":               func(s *stage) { delete(s.ssm, "unlocking") },
		"neither on nor off":                 func(s *stage) { s.ssm["unlocking"] = [2]string{"String", "On"} },
		"AlarmTopicArn is empty":             func(s *stage) { s.parameters["AlarmTopicArn"] = "" },
		"none of the 1 subscribers":          func(s *stage) { s.subscribers = []string{"PendingConfirmation"} },
		"The key is Disabled":                func(s *stage) { s.keyState = "Disabled" },
		"The key is PendingDeletion":         func(s *stage) { s.keyState = "PendingDeletion" },
		"never rotated":                      func(s *stage) { s.rotated = false },
		"for others than the stack's roles":  func(s *stage) { s.readers = append(s.readers, "arn:aws:iam::"+account+":role/somebody") },
		"for none of the stack's roles":      func(s *stage) { s.readers = nil },
		"EmailsAgeAlarm is in alarm. It me":  func(s *stage) { s.alarms = []string{"find-a-lost-trn-production-EmailsAgeAlarm"} },
		"3 messages were set aside in Email": func(s *stage) { s.queues["EmailsDeadLetter"] = "3" },
		"report for the helpdesk is 30 hour": func(s *stage) { s.objects["reports/latest.json"] = 30 * time.Hour },
		"There is no report":                 func(s *stage) { delete(s.objects, "reports/latest.json") },
		"The load b has not gone on for 5":   func(s *stage) { s.objects["loads/b/progress.json"] = 5 * time.Hour },
		"No extract of the register":         func(s *stage) { delete(s.objects, "loads/a/summary.json"); delete(s.objects, "loads/a/progress.json") },
		"does not know the template":         func(s *stage) { delete(s.templates, "template-0") },
		"has the placeholders":               func(s *stage) { s.templates["template-0"] = "Hello ((surname))" },
		"kms cannot be asked":                func(s *stage) { s.forbidden = "TrentService.GetKeyPolicy" },
	} {
		s := well()
		change(s)
		wrong, said, err := look(t, s, notifyKey)
		if wrong == 0 || err != nil {
			t.Errorf("%s: %d wrong, %v", want, wrong, err)
		}
		found := false
		for _, line := range strings.Split(said, "\n") {
			found = found || strings.HasPrefix(line, "WRONG") && strings.Contains(line, want)
		}
		if !found {
			t.Errorf("it is not said that %q:\n%s", want, said)
		}
	}
}

func TestNoStack(t *testing.T) {
	s := well()
	s.forbidden = "DescribeStacks"
	if _, _, err := look(t, s, ""); err == nil || !strings.Contains(err.Error(), "cloudformation cannot be asked") {
		t.Errorf("%v", err)
	}
}
