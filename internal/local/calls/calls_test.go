package calls_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"losttrn/internal/local/calls"
)

const tables = "arn:aws:dynamodb:eu-west-2:000000000000:table/"

func TestWhatARequestAsksFor(t *testing.T) {
	for _, c := range []struct {
		name, method, path, target, body string
		want                             []string
	}{
		{"a part of an item", "POST", "/", "DynamoDB_20120810.GetItem",
			`{"TableName":"T","Key":{"id":{"S":"1"}},"ProjectionExpression":"#a, b.c[0]","ExpressionAttributeNames":{"#a":"status"}}`,
			[]string{": dynamodb:GetItem on " + tables + "T dynamodb:Attributes=b,id,status dynamodb:Select=SPECIFIC_ATTRIBUTES"}},
		{"a whole item", "POST", "/", "DynamoDB_20120810.GetItem", `{"TableName":"T","Key":{"id":{"S":"1"}}}`,
			[]string{": dynamodb:GetItem on " + tables + "T dynamodb:Attributes=id dynamodb:Select=ALL_ATTRIBUTES"}},
		{"an index", "POST", "/", "DynamoDB_20120810.Query", `{"TableName":"T","IndexName":"byX","KeyConditionExpression":"x = :x"}`,
			[]string{": dynamodb:Query on " + tables + "T/index/byX dynamodb:Attributes=x dynamodb:Select=ALL_PROJECTED_ATTRIBUTES"}},
		{"an update", "POST", "/", "DynamoDB_20120810.UpdateItem",
			`{"TableName":"T","Key":{"id":{"S":"1"}},"UpdateExpression":"SET #m.#k = :v, seen = if_not_exists(seen, :v) REMOVE old ADD n :one",
			 "ConditionExpression":"attribute_exists(id) AND size(#m) = :n AND NOT contains(l, :v)","ExpressionAttributeNames":{"#m":"map","#k":"1234567"},"ReturnValues":"ALL_NEW"}`,
			[]string{": dynamodb:UpdateItem on " + tables + "T dynamodb:Attributes=id,l,map,n,old,seen dynamodb:ReturnValues=ALL_NEW"}},
		{"a transaction", "POST", "/", "DynamoDB_20120810.TransactWriteItems",
			`{"TransactItems":[{"Update":{"TableName":"T","Key":{"id":{"S":"1"}},"UpdateExpression":"SET a = :a"}},{"ConditionCheck":{"TableName":"U","Key":{"k":{"S":"1"}},"ConditionExpression":"b = :b"}}]}`,
			[]string{": dynamodb:UpdateItem on " + tables + "T dynamodb:Attributes=a,id", ": dynamodb:ConditionCheckItem on " + tables + "U dynamodb:Attributes=b,k"}},
		{"two tables at once", "POST", "/", "DynamoDB_20120810.BatchGetItem", `{"RequestItems":{"T":{"Keys":[{"id":{"S":"1"}}]},"U":{"Keys":[{"k":{"S":"1"}}],"ProjectionExpression":"v"}}}`,
			[]string{": dynamodb:BatchGetItem on " + tables + "T dynamodb:Attributes=id dynamodb:Select=ALL_ATTRIBUTES",
				": dynamodb:BatchGetItem on " + tables + "U dynamodb:Attributes=k,v dynamodb:Select=SPECIFIC_ATTRIBUTES"}},
		{"messages", "POST", "/", "AmazonSQS.SendMessageBatch", `{"QueueUrl":"http://x/000000000000/q.fifo"}`,
			[]string{": sqs:SendMessage on arn:aws:sqs:eu-west-2:000000000000:q.fifo"}},
		{"a parameter", "POST", "/", "AmazonSSM.GetParameter", `{"Name":"/a/b"}`, []string{": ssm:GetParameter on arn:aws:ssm:eu-west-2:000000000000:parameter/a/b"}},
		{"an object", "GET", "/bucket/a/b.csv", "", "", []string{": s3:GetObject on arn:aws:s3:::bucket/a/b.csv"}},
		{"a part of one", "PUT", "/bucket/a?partNumber=1&uploadId=2", "", "", []string{": s3:PutObject on arn:aws:s3:::bucket/a"}},
		{"an upload given up", "DELETE", "/bucket/a?uploadId=2", "", "", []string{": s3:AbortMultipartUpload on arn:aws:s3:::bucket/a"}},
		{"a list", "GET", "/bucket?list-type=2&prefix=runs/", "", "", []string{": s3:ListBucket on arn:aws:s3:::bucket s3:prefix=runs/"}},
	} {
		made, err := calls.Of(httpRequest(c.method, c.path, c.target), []byte(c.body))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, call := range made {
			got = append(got, call.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func httpRequest(method, path, target string) *http.Request {
	r := httptest.NewRequest(method, path, nil)
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	return r
}

// TestWhatIsNotUnderstoodIsAnError: it must not pass as a call that needs no right.
func TestWhatIsNotUnderstoodIsAnError(t *testing.T) {
	for _, r := range []*http.Request{httpRequest("POST", "/", "Kinesis_20131202.PutRecord"), httpRequest("GET", "/", ""),
		httpRequest("PUT", "/bucket", ""), httpRequest("PATCH", "/bucket/key", ""), httpRequest("POST", "/", "AmazonSQS.SendMessage")} {
		if _, err := calls.Of(r, []byte("nonsense")); err == nil {
			t.Errorf("%s %s %s: no error", r.Method, r.URL, r.Header.Get("X-Amz-Target"))
		}
	}
}

func TestTheRecorderPassesOnAndKeeps(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(r.Header.Get("X-Amz-Target")))
	}))
	defer server.Close()
	recorder := calls.NewRecorder()
	between, err := recorder.Between("AskFunction", server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // one call, however often
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/", strings.NewReader(`{"Name":"/a"}`))
		r.Header.Set("X-Amz-Target", "AmazonSSM.GetParameter")
		between.ServeHTTP(w, r)
		if w.Body.String() != "AmazonSSM.GetParameter" {
			t.Errorf("answered %q", w.Body)
		}
	}
	path := filepath.Join(t.TempDir(), "calls.json")
	if err := recorder.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	kept, err := calls.ReadFile(path)
	if err != nil || len(kept) != 1 || kept[0].String() != "AskFunction: ssm:GetParameter on arn:aws:ssm:eu-west-2:000000000000:parameter/a" {
		t.Errorf("%v, %v", kept, err)
	}
}
