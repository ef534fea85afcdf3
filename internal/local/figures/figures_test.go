package figures

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"losttrn/internal/metric"
)

func TestWhatFunctionsWriteIsAddedUpByNameAndDimension(t *testing.T) {
	var log bytes.Buffer
	r := metric.New(&log, "LostTRN", "lookup", time.Now)
	r.Count("lookups", 1, metric.By("outcome", "no_match"))
	r.Count("lookups", 2, metric.By("outcome", "trn_sent"))
	r.Count("lookups", 3, metric.By("outcome", "trn_sent"))
	r.Seconds("search", 1500*time.Millisecond)
	for range 2 {
		r.Count("unlocks", 1, metric.Beside("domain", "abc"))
	}
	for i := range 12 {
		r.Count("unlocks", 1, metric.Beside("domain", "other-"+string(rune('a'+i))))
	}
	log.WriteString(`{"msg":"lookup"}` + "\n")
	log.WriteString("not JSON\n")
	log.WriteString(`{"_aws":{"CloudWatchMetrics":[{"Namespace":"LostTRN","Dimensions":[["function"]],"Metrics":[{"Name":"search","Unit":"Seconds"}]}]},"function":"lookup","search":[0.5,1]}` + "\n")
	s := New(time.Unix(0, 0).UTC())
	for _, line := range bytes.Split(log.Bytes(), []byte("\n")) {
		s.Add(line)
	}
	summary := s.Summary()
	if all := summary.Contributors; len(all) != 10 || all[0] != (Contributor{Beside{"unlocks", "domain", "abc"}, 2}) || all[1].Value != "other-a" {
		t.Errorf("beside the figures: %v", all)
	}
	summary.Contributors = nil
	got, err := json.Marshal(summary)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"since":"1970-01-01T00:00:00Z","metrics":[` +
		`{"namespace":"LostTRN","name":"lookups","unit":"Count","series":[` +
		`{"dimensions":{"function":"lookup"},"sum":6,"samples":3,"minimum":1,"maximum":3},` +
		`{"dimensions":{"function":"lookup","outcome":"no_match"},"sum":1,"samples":1,"minimum":1,"maximum":1},` +
		`{"dimensions":{"function":"lookup","outcome":"trn_sent"},"sum":5,"samples":2,"minimum":2,"maximum":3}]},` +
		`{"namespace":"LostTRN","name":"search","unit":"Seconds","series":[` +
		`{"dimensions":{"function":"lookup"},"sum":3,"samples":3,"minimum":0.5,"maximum":1.5}]},` +
		`{"namespace":"LostTRN","name":"unlocks","unit":"Count","series":[` +
		`{"dimensions":{"function":"lookup"},"sum":14,"samples":14,"minimum":1,"maximum":1}]}],"contributors":null}`
	if string(got) != want {
		t.Errorf("the sums are %s", got)
	}
}

func TestNothingIsAListNotNull(t *testing.T) {
	if got, _ := json.Marshal(New(time.Unix(0, 0).UTC()).Summary()); string(got) != `{"since":"1970-01-01T00:00:00Z","metrics":[],"contributors":[]}` {
		t.Errorf("%s", got)
	}
}
