package calls

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Use is what calls used, in the units that AWS charges for.
type Use struct {
	Requests              map[string]int // by service: DynamoDB, SQS, SSM, S3
	ReadUnits, WriteUnits float64        // of DynamoDB
	// Read and Written are the units by table, and by table and index, with a slash between, for those of an index.
	Read, Written map[string]float64
}

// Use returns the use of all calls so far.
func (r *Recorder) Use() Use {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.use
	u.Requests, u.Read, u.Written = maps.Clone(u.Requests), maps.Clone(u.Read), maps.Clone(u.Written)
	return u
}

// Since returns what was used since an earlier moment.
func (u Use) Since(before Use) Use {
	since := Use{Requests: map[string]int{}, ReadUnits: u.ReadUnits - before.ReadUnits, WriteUnits: u.WriteUnits - before.WriteUnits,
		Read: less(u.Read, before.Read), Written: less(u.Written, before.Written)}
	for service, n := range u.Requests {
		since.Requests[service] = n - before.Requests[service]
	}
	return since
}

// less returns the differences that are not 0.
func less(now, before map[string]float64) map[string]float64 {
	since := map[string]float64{}
	for resource, units := range now {
		if more := units - before[resource]; more != 0 {
			since[resource] = more
		}
	}
	return since
}

const unitsAsked = "ReturnConsumedCapacity"

// askForUnits makes DynamoDB return the consumed units, of tables and of indexes. The request's signature is no longer valid then, but local
// servers do not check it.
func askForUnits(request *http.Request, body []byte) {
	var members map[string]json.RawMessage
	if !strings.HasPrefix(request.Header.Get("X-Amz-Target"), "DynamoDB") || json.Unmarshal(body, &members) != nil || members[unitsAsked] != nil {
		return
	}
	if strings.Contains(request.Header.Get("X-Amz-Target"), "Export") {
		return
	}
	members[unitsAsked] = json.RawMessage(`"INDEXES"`)
	changed, err := json.Marshal(members)
	if err != nil {
		return // impossible: it was JSON
	}
	request.Body = io.NopCloser(bytes.NewReader(changed))
	request.ContentLength = int64(len(changed))
	request.Header.Set("Content-Length", strconv.Itoa(len(changed)))
}

// measure adds the units that an answer of DynamoDB reports.
func (r *Recorder) measure(answer *http.Response) error {
	_, operation, _ := strings.Cut(answer.Request.Header.Get("X-Amz-Target"), ".")
	if !strings.HasPrefix(answer.Request.Header.Get("X-Amz-Target"), "DynamoDB") {
		return nil
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	var said struct{ ConsumedCapacity json.RawMessage }
	if json.Unmarshal(body, &said) != nil || said.ConsumedCapacity == nil {
		return nil // a failure, which says nothing of it
	}
	type units struct{ CapacityUnits float64 }
	type taken struct {
		units
		TableName              string
		Table                  units
		GlobalSecondaryIndexes map[string]units
	}
	var all []taken
	if json.Unmarshal(said.ConsumedCapacity, &all) != nil {
		var one taken
		if err := json.Unmarshal(said.ConsumedCapacity, &one); err != nil {
			return err
		}
		all = []taken{one}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range all {
		sum, by := &r.use.WriteUnits, r.use.Written
		if slices.Contains(reads, operation) {
			sum, by = &r.use.ReadUnits, r.use.Read
		}
		*sum += one.CapacityUnits
		by[one.TableName] += one.Table.CapacityUnits
		for index, taken := range one.GlobalSecondaryIndexes {
			by[one.TableName+"/"+index] += taken.CapacityUnits
		}
	}
	return nil
}
