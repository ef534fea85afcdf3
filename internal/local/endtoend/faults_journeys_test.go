//go:build faults

package endtoend_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/attribute"
	"losttrn/internal/lookup"
)

// one makes a journey of a single lookup by one person.
func one(name string, change func(attribute.Item)) walk {
	return walk{name: name, prepare: func(x *trial) { x.person(change) }, act: func(x *trial) error {
		_, err := x.lookUp(x.people[0].fields(x.emails[0]), "", "trn_sent")
		return err
	}}
}

// journeys are all ways through the service.
func journeys() []walk {
	return []walk{
		one("unlocked", nil),
		one("alert", func(i attribute.Item) { i["alerts"] = alerts("") }),
		throughTheForm,
		one("not locked", func(i attribute.Item) { i["locked"] = attribute.Bool(false) }),
		{name: "second person of one mailbox", prepare: func(x *trial) {
			first := x.person(nil)
			x.w.decided(x, x.must(first.fields(first.email), "first", "trn_sent"))
			x.person(nil)
			x.emails = x.emails[:1]
		}, act: func(x *trial) error {
			_, err := x.lookUp(x.people[1].fields(x.emails[0]), "", "trn_sent")
			return err
		}},
		{name: "no match and request", prepare: func(x *trial) { x.stranger() }, act: func(x *trial) error {
			id, err := x.lookUp(x.fields, "", "no_match")
			if err != nil {
				return err
			}
			return x.request(id)
		}},
		{name: "several", prepare: several, act: func(x *trial) error {
			_, err := x.lookUp(x.fields, "", "helpdesk")
			return err
		}},
		{name: "too many tries", prepare: func(x *trial) {
			x.person(nil)
			for i := range 5 {
				x.must(x.guess(i), fmt.Sprint("guess", i), "no_match")
			}
		}, act: func(x *trial) error {
			if _, err := x.lookUp(x.guess(5), "guess5", "no_match"); err != nil {
				return err
			}
			_, err := x.lookUp(x.people[0].fields(x.emails[0]), "right", "no_match") // as if wrong
			return err
		}},
		{name: "owner notice", prepare: func(x *trial) {
			own := ""
			x.person(func(i attribute.Item) {
				own = "owner-of-" + attribute.Text(i, "trn") + "@example.com"
				i["email"], i["emailKey"] = attribute.String(own), attribute.String(own)
			})
			x.d.mark(x, own)
		}, act: func(x *trial) error {
			_, err := x.lookUp(x.people[0].fields(x.emails[0]), "", "trn_sent")
			return err
		}},
		{name: "receipt", prepare: func(x *trial) {
			x.person(nil)
			x.emails[0] = "bounce-" + x.emails[0]
		}, act: func(x *trial) error {
			_, err := x.lookUp(x.people[0].fields(x.emails[0]), "", "trn_sent")
			return err
		}},
		{name: "a message that can never succeed", prepare: func(x *trial) {
			x.d.mu.Lock()
			x.learn([]string{lookup.NewID()})
			x.d.mu.Unlock()
		}, act: poison, state: setAside},
		{name: "load", prepare: extract, act: drop, state: loaded},
		{name: "export and report", prepare: night, act: export, state: published, few: true},
		{name: "lift and erase", prepare: liftable, act: liftAndErase, desk: true},
	}
}

// stranger gives the trial details that match nobody.
func (x *trial) stranger() {
	p := x.person(nil)
	x.fields = p.fields(p.email)
	x.fields["firstName"], x.fields["lastName"] = "No"+x.name, "Body"
	x.fields["nationalInsuranceNumber"] = ""
}

// guess is a lookup of somebody who knows a person's name and date of birth and tries NINOs: others for each person,
// because what is tried is remembered beside them.
func (x *trial) guess(n int) map[string]any {
	fields := x.people[0].fields(x.emails[0])
	fields["nationalInsuranceNumber"] = fmt.Sprintf("QQ%06dA", 900_000+10*x.number+n)
	return fields
}

// request asks the helpdesk after a lookup that matched nothing.
func (x *trial) request(id string) error {
	a, err := x.send("/v1/lookups/"+id+"/helpdesk-requests", x.fields, "request")
	if err == nil && a.status != http.StatusAccepted {
		x.Errorf("%s: the request was answered %d %s", x.journey.name, a.status, a.body)
	}
	return err
}

// several stores two people who cannot be told apart.
func several(x *trial) {
	a := x.person(nil)
	b := x.person(func(i attribute.Item) {
		i["firstName"], i["lastName"], i["dateOfBirth"] = attribute.String(a.first), attribute.String(a.last), attribute.String(a.born)
	})
	for _, trn := range []string{a.trn, b.trn} {
		item := x.w.item(x, "teachers", "trn", trn)
		item["email"], item["emailKey"] = attribute.String(a.email), attribute.String(a.email)
		x.w.put(x, "teachers", item)
	}
	x.fields = a.fields(a.email)
	delete(x.fields, "nationalInsuranceNumber")
}

// poison sends both queues a message of a version that nobody knows.
func poison(x *trial) error {
	for _, queue := range []string{"matches", "emails"} {
		body := fmt.Sprintf(`{"version":9,"lookupId":%q,"kind":"trn"}`, x.lookups[0])
		_, err := x.w.SQSClient().SendMessage(x.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(x.w.Queues[queue]),
			MessageBody: &body, MessageGroupId: &x.lookups[0], MessageDeduplicationId: &x.name})
		if err != nil {
			return err
		}
	}
	return nil
}

// deadLetters are the messages of the dead-letter queues.
func deadLetters(x *trial) map[string][]string {
	type queue struct {
		Messages []struct{ Body, Reason, Source string }
	}
	all := map[string][]string{}
	for name, q := range localPage[map[string]queue](x, x.w, "/_local/queues") {
		for _, m := range q.Messages {
			all[name] = append(all[name], m.Reason+" from "+m.Source+": "+m.Body)
		}
	}
	return all
}

// setAside are the dead letters of the trial.
func setAside(x *trial) string {
	var lines []string
	for name, letters := range deadLetters(x) {
		for _, letter := range letters {
			if strings.Contains(letter, x.lookups[0]) {
				lines = append(lines, name+" "+letter)
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// object reads an object, "" if there is none.
func (x *trial) object(bucket, key string) string {
	out, err := x.m.objects.GetObject(x.Context(), &s3.GetObjectInput{Bucket: aws.String(x.m.index.Buckets[bucket]), Key: &key})
	if err != nil {
		return ""
	}
	defer out.Body.Close()
	text, err := io.ReadAll(out.Body)
	if err != nil {
		x.Fatal(err)
	}
	return string(text)
}

// extract makes people of whom an extract tells: one is new, one is changed, and a row of one is rejected.
func extract(x *trial) {
	changed, doubted := x.person(nil), x.person(nil)
	added := person{trn: fmt.Sprintf("%07d", 8_000_000+nextPerson.Add(1)), first: "Addedby", last: x.name, born: "1949-01-02", nino: "QQ700000A", email: x.name + "@example.com"}
	x.people = append(x.people, added)
	x.d.mark(x, added.trn)
	x.fields = map[string]any{"extract": "trn,first_name,last_name,date_of_birth,national_insurance_number,status,alerts,locked,updated_at,training_providers\n" +
		strings.Join([]string{added.trn, added.first, added.last, added.born, "", "active", "", "true", "2025-01-01", "|College of " + x.name}, ",") + "\n" +
		strings.Join([]string{changed.trn, changed.first, "Changed", changed.born, changed.nino, "active", "A1|Prohibition|2020-01-01|", "", "2025-01-01", ""}, ",") + "\n" +
		strings.Join([]string{doubted.trn, doubted.first, doubted.last, "never", "", "active", "", "", "2025-01-01", ""}, ",") + "\n"}
}

func drop(x *trial) error {
	_, err := x.m.objects.PutObject(x.Context(), &s3.PutObjectInput{Bucket: aws.String(x.m.index.Buckets["register"]),
		Key: aws.String("incoming/" + x.name + ".csv"), Body: strings.NewReader(fmt.Sprint(x.fields["extract"]))})
	return err
}

// loaded is what a load leaves in its bucket. Rows that an attempt before had stored already count as unchanged.
func loaded(x *trial) string {
	var summary struct{ Read, Rejected int }
	if text := x.object("register", "loads/"+x.name+"/summary.json"); text != "" {
		if err := json.Unmarshal([]byte(text), &summary); err != nil {
			x.Fatal(err)
		}
	}
	return fmt.Sprintf("%+v\n%s", summary, x.object("register", "loads/"+x.name+"/rejects.csv"))
}

// nights numbers the nights that are reported, back from ten days ago.
var nights atomic.Int64

// night chooses the night whose run is the trial's. It has its name from its day.
func night(x *trial) {
	at := time.Now().UTC().AddDate(0, 0, -10-int(nights.Add(1))).Truncate(24 * time.Hour).Add(2 * time.Hour)
	x.fields = map[string]any{"scheduledTime": at.Format(time.RFC3339)}
	x.d.mu.Lock()
	defer x.d.mu.Unlock()
	x.learn([]string{at.Format(time.DateOnly)})
}

func export(x *trial) error {
	event, err := json.Marshal(x.fields)
	if err != nil {
		return err
	}
	answer, err := x.m.index.Invoke(x.Context(), "ExportFunction", event)
	if err == nil && answer.Failed {
		err = errors.New(string(answer.Body))
	}
	return err
}

// published are the files of the trial's report.
func published(x *trial) string {
	prefix := "reports/" + x.lookups[0] + "/"
	out, err := x.m.objects.ListObjectsV2(x.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(x.m.index.Buckets["report"]), Prefix: &prefix})
	if err != nil {
		return err.Error()
	}
	var names []string
	for _, o := range out.Contents {
		names = append(names, strings.TrimPrefix(*o.Key, prefix))
	}
	return strings.Join(names, "\n")
}
