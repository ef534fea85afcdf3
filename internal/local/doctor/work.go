package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/golang-jwt/jwt/v5"

	"losttrn/internal/notify"
)

// placeholder is what GOV.UK Notify fills: ((name)), or ((name??only if)).
var placeholder = regexp.MustCompile(`\(\(([^)?]+)(?:\?\?[^)]*)?\)\)`)

func placeholders(text string) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, strings.TrimSpace(m[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// templates checks that each template is in GOV.UK Notify with the placeholders that the service fills.
func (d *Doctor) templates(ctx context.Context) error {
	if d.NotifyKey == "" {
		d.unknown("GOV.UK Notify's templates are not looked at: give its API key on the standard input, with -notify-key.")
		return nil
	}
	if len(d.NotifyKey) < 73 {
		d.bad("The key that was given is none of GOV.UK Notify's.")
		return nil
	}
	secret, service := d.NotifyKey[len(d.NotifyKey)-36:], d.NotifyKey[len(d.NotifyKey)-73:len(d.NotifyKey)-37]
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"iss": service, "iat": d.Clock().Unix()}).SignedString([]byte(secret))
	if err != nil {
		return fmt.Errorf("GOV.UK Notify cannot be asked: %w", err)
	}
	for _, t := range notify.Templates() {
		parameter := notify.TemplateParameter(t.Kind)
		id := d.stack.Parameters[parameter]
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.NotifyURL+"/v2/template/"+id, nil)
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+token)
		body, err := fetch(r)
		if err != nil {
			d.bad("GOV.UK Notify does not know the template %s (%s): %v.", parameter, id, err)
			continue
		}
		var theirs struct{ Subject, Body, Type string }
		if err := json.Unmarshal(body, &theirs); err != nil {
			return fmt.Errorf("GOV.UK Notify's answer cannot be read: %w", err)
		}
		ours, has := placeholders(t.Subject+t.Body), placeholders(theirs.Subject+theirs.Body)
		switch {
		case theirs.Type != "email":
			d.bad("The template %s is for %q, not for emails.", parameter, theirs.Type)
		case !slices.Equal(ours, has):
			d.bad("The template %s has the placeholders %v, and we fill %v: paste the text anew.", parameter, has, ours)
		default:
			d.ok("The template %s is in GOV.UK Notify.", parameter)
		}
	}
	return nil
}

// alarms lists what is in alarm: errors, slowness, the ages of messages, nights without a report.
func (d *Doctor) alarms(ctx context.Context) error {
	var answer struct {
		Names    []string `xml:"DescribeAlarmsResult>MetricAlarms>member>AlarmName"`
		Describe []string `xml:"DescribeAlarmsResult>MetricAlarms>member>AlarmDescription"`
	}
	err := d.query(ctx, "monitoring", "2010-08-01", "DescribeAlarms", map[string]string{"StateValue": "ALARM", "AlarmNamePrefix": d.stackName(), "MaxRecords": "100"}, &answer)
	if err != nil {
		return err
	}
	for i, name := range answer.Names {
		said := ""
		if i < len(answer.Describe) {
			said = " " + answer.Describe[i]
		}
		d.bad("%s is in alarm.%s", name, said)
	}
	if len(answer.Names) == 0 {
		d.ok("Nothing is in alarm.")
	}
	return nil
}

// queues checks waiting messages and dead letters.
func (d *Doctor) queues(ctx context.Context) error {
	client := sqs.NewFromConfig(d.Config)
	for _, name := range []string{"Matches", "Emails", "MatchesDeadLetter", "EmailsDeadLetter", "ReportsDeadLetter", "LoadsDeadLetter"} {
		url := d.stack.Outputs[name+"QueueUrl"]
		out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url,
			AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameApproximateNumberOfMessages}})
		if err != nil {
			return fmt.Errorf("the queue %s cannot be looked at: %w", name, err)
		}
		n := out.Attributes[string(types.QueueAttributeNameApproximateNumberOfMessages)]
		switch {
		case strings.HasSuffix(name, "DeadLetter") && n != "0":
			d.bad("%s messages were set aside in %s: see their reason, then redrive.", n, name)
		default:
			d.ok("%s messages are in %s.", n, name)
		}
	}
	return nil
}

// reportEvery is how old the newest report may be: one night, and the time that it takes.
const reportEvery = 27 * time.Hour

// report checks the newest report.
func (d *Doctor) report(ctx context.Context) error {
	objects, err := d.objects(ctx, d.stack.Outputs["ReportBucketName"], "reports/latest.json")
	if err != nil {
		return err
	}
	if len(objects) == 0 {
		d.bad("There is no report for the helpdesk yet.")
		return nil
	}
	if age := d.Clock().Sub(objects["reports/latest.json"]); age > reportEvery {
		d.bad("The last report for the helpdesk is %.0f hours old.", age.Hours())
	} else {
		d.ok("The last report for the helpdesk is %.0f hours old.", age.Hours())
	}
	return nil
}

// load checks the newest load, and looks for one that does not end.
func (d *Doctor) load(ctx context.Context) error {
	objects, err := d.objects(ctx, d.stack.Outputs["RegisterBucketName"], "loads/")
	if err != nil {
		return err
	}
	var ended time.Time
	for key, at := range objects {
		name, isProgress := strings.CutSuffix(key, "/progress.json")
		if strings.HasSuffix(key, "/summary.json") && at.After(ended) {
			ended = at
		}
		if _, done := objects[name+"/summary.json"]; isProgress && !done && d.Clock().Sub(at) > time.Hour {
			d.bad("The load %s has not gone on for %.0f hours and has not ended.", strings.TrimPrefix(name, "loads/"), d.Clock().Sub(at).Hours())
		}
	}
	if ended.IsZero() {
		d.bad("No extract of the register was loaded in 31 days.")
		return nil
	}
	d.ok("The last load of the register ended %.0f hours ago.", d.Clock().Sub(ended).Hours())
	return nil
}

// objects lists the objects of a bucket below a prefix, with the time of each. It reads no content.
func (d *Doctor) objects(ctx context.Context, bucket, prefix string) (map[string]time.Time, error) {
	client := s3.NewFromConfig(d.Config, func(o *s3.Options) { o.UsePathStyle = d.Config.BaseEndpoint != nil })
	found := map[string]time.Time{}
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("the bucket %s cannot be listed: %w", bucket, err)
		}
		for _, o := range page.Contents {
			found[aws.ToString(o.Key)] = aws.ToTime(o.LastModified)
		}
	}
	return found, nil
}
