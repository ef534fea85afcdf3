package helpdeskcmd

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/local"
	"losttrn/internal/local/localtest"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/template"
)

// output is an output of template.yaml that is a Ref: its name and the logical id.
var output = regexp.MustCompile(`(?m)^  (\w+):\n(?:    Description: .*\n)?    Value: (?:!If \[.*)?!Ref (\w+)\]?$`)

// outputsOf are the outputs that template.yaml declares, with the names and addresses of the servers' tables and queues.
func outputsOf(t *testing.T, s *local.Servers) map[string]string {
	t.Helper()
	project, err := local.FindProject()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(string(project), "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, declared, _ := strings.Cut(string(text), "\nOutputs:\n")
	outputs := map[string]string{}
	for _, found := range output.FindAllStringSubmatch(declared, -1) {
		if table := s.Tables[naming.Key(template.Resource{ID: found[2], Type: template.TypeTable})]; table != "" {
			outputs[found[1]] = table
		} else if queue := s.Queues[naming.Key(template.Resource{ID: found[2], Type: template.TypeQueue})]; queue != "" {
			outputs[found[1]] = queue
		}
	}
	return outputs
}

// TestTheProgramFindsAStageByItsStack goes the way to AWS, with AWS's own settings of endpoints: who asks from STS, the
// tables and queues from CloudFormation under the names of template.yaml's outputs, and then the tables and queues.
func TestTheProgramFindsAStageByItsStack(t *testing.T) {
	s := localtest.Servers(t)
	localtest.Put(t, s, "emails", attribute.Item{"email": attribute.String("ann@example.com"), "lastUsedAt": attribute.String("2026-11-22T12:00:00.000Z"),
		"firstTrn": attribute.String("1000001"), "trns": attribute.Map(attribute.Item{"1000001": attribute.String("2026-11-22T12:00:00.000Z")})})
	outputs := outputsOf(t, s)
	control := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch action := r.FormValue("Action"); action {
		case "GetCallerIdentity":
			fmt.Fprint(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>`+
				`<Arn>arn:aws:sts::111122223333:assumed-role/helpdesk/jo</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`)
		case "DescribeStacks":
			if r.FormValue("StackName") != "find-a-lost-trn-staging" {
				t.Errorf("the stack is called %s", r.FormValue("StackName"))
			}
			fmt.Fprint(w, `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><Outputs>`)
			for name, value := range outputs {
				fmt.Fprintf(w, "<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>", name, value)
			}
			fmt.Fprint(w, `</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`)
		default:
			t.Errorf("the action %s", action)
		}
	}))
	defer control.Close()
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": control.URL, "AWS_ENDPOINT_URL_DYNAMODB": s.DynamoDB, "AWS_ENDPOINT_URL_SQS": s.SQS,
		"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_CONFIG_FILE": os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull} {
		t.Setenv(name, value)
	}
	helpdesk := func(args ...string) run {
		var out, errs bytes.Buffer
		p := Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Clock: time.Now, StateFile: filepath.Join(t.TempDir(), "stack.json")}
		return run{p.Run(t.Context(), args), out.String(), errs.String()}
	}
	if got := helpdesk("contacted", "-stage", "staging", "-email", "Ann@example.com", "-note", "rang", "-yes"); got.code != 0 {
		t.Fatalf("%+v", got)
	}
	if got := helpdesk("find", "-stage", "staging", "-email", "ann@example.com"); got.code != 0 ||
		!strings.Contains(got.out, `arn:aws:sts::111122223333:assumed-role/helpdesk/jo contacted the person ("rang").`) {
		t.Errorf("%+v", got)
	}
	if got := helpdesk("find", "-all", "-stage", "staging", "-email", "ann@example.com"); got.code != 0 || !strings.Contains(got.out, `"elsewhere"`) {
		t.Errorf("%+v", got)
	}
	if got := helpdesk("erase", "-stage", "staging", "-email", "ann@example.com", "-yes"); got.code != 0 || localtest.Item(t, s, "emails", "ann@example.com") != nil {
		t.Errorf("%+v", got)
	}
	delete(outputs, "EmailsQueueUrl")
	if got := helpdesk("find", "-stage", "staging", "-email", "ann@example.com"); got.code != 1 || !strings.Contains(got.errors, "no output EmailsQueueUrl: deploy it anew") {
		t.Errorf("%+v", got)
	}
}
