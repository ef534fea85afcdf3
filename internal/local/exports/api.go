package exports

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

const (
	target      = "DynamoDB_20120810."
	contentType = "application/x-amz-json-1.0"
)

// Calls reports whether a request is one of the DynamoDB API.
func Calls(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("X-Amz-Target"), target)
}

// Handler answers the DynamoDB API: the export calls itself, all others by the
// local server.
func (e *Exporter) Handler() (http.Handler, error) {
	server, err := url.Parse(e.o.DynamoDB)
	if err != nil {
		return nil, err
	}
	pass := httputil.NewSingleHostReverseProxy(server)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch strings.TrimPrefix(r.Header.Get("X-Amz-Target"), target) {
		case "ExportTableToPointInTime":
			e.answer(w, r, e.exportTable)
		case "DescribeExport":
			e.answer(w, r, e.describeExport)
		case "ListExports":
			e.answer(w, r, e.listExports)
		default:
			pass.ServeHTTP(w, r)
		}
	}), nil
}

// request holds the members of all three calls.
type request struct {
	TableArn     string
	ExportArn    string
	ExportTime   float64 // epoch seconds
	ClientToken  string
	S3Bucket     string
	S3Prefix     string
	ExportFormat string
	ExportType   string
}

func (e *Exporter) answer(w http.ResponseWriter, r *http.Request, do func(request) (any, error)) {
	var q request
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(body)).Decode(&q)
	}
	var result any
	if err != nil {
		err = errValidation
	} else {
		result, err = do(q)
	}
	w.Header().Set("Content-Type", contentType)
	if err != nil {
		status, kind := http.StatusInternalServerError, "InternalServerError"
		for _, known := range []error{errConflict, errInvalidTime, errNoRecovery, errNotFound, errTableNotFound, errValidation} {
			if errors.Is(err, known) {
				status, kind = http.StatusBadRequest, known.Error()
			}
		}
		w.WriteHeader(status)
		result = map[string]string{"__type": "com.amazonaws.dynamodb.v20120810#" + kind, "message": err.Error()}
	}
	_ = json.NewEncoder(w).Encode(result)
}

func (e *Exporter) exportTable(q request) (any, error) {
	table := q.TableArn[strings.LastIndex(q.TableArn, "/")+1:]
	if table == "" || q.TableArn != e.o.ARN(table) {
		return nil, errTableNotFound
	}
	if q.ExportFormat != "" && q.ExportFormat != "DYNAMODB_JSON" || q.ExportType != "" && q.ExportType != "FULL_EXPORT" {
		return nil, errors.Join(errValidation, errors.New("the local stack makes full exports in DYNAMODB_JSON alone"))
	}
	want := export{ClientToken: q.ClientToken, S3Bucket: q.S3Bucket, S3Prefix: q.S3Prefix}
	if q.ExportTime != 0 {
		seconds, fraction := math.Modf(q.ExportTime)
		want.ExportTime = time.Unix(int64(seconds), int64(fraction*1e9)).UTC()
	}
	x, err := e.begin(table, want)
	if err != nil {
		return nil, err
	}
	return map[string]any{"ExportDescription": describe(x)}, nil
}

func (e *Exporter) describeExport(q request) (any, error) {
	x, err := e.find(q.ExportArn)
	if err != nil {
		return nil, err
	}
	return map[string]any{"ExportDescription": describe(x)}, nil
}

func (e *Exporter) listExports(q request) (any, error) {
	summaries := []any{}
	for _, x := range e.list(q.TableArn) {
		summaries = append(summaries, map[string]string{
			"ExportArn": x.ExportArn, "ExportStatus": x.ExportStatus, "ExportType": "FULL_EXPORT",
		})
	}
	return map[string]any{"ExportSummaries": summaries}, nil
}

// describe writes an export as the API does: what is not known yet is left out.
func describe(x export) map[string]any {
	d := map[string]any{
		"ExportArn": x.ExportArn, "ExportStatus": x.ExportStatus, "StartTime": epoch(x.StartTime),
		"TableArn": x.TableArn, "TableId": x.TableID, "ExportTime": epoch(x.ExportTime),
		"S3Bucket": x.S3Bucket, "S3SseAlgorithm": "AES256",
		"ExportFormat": "DYNAMODB_JSON", "ExportType": "FULL_EXPORT",
	}
	for name, value := range map[string]string{
		"ClientToken": x.ClientToken, "S3Prefix": x.S3Prefix, "ExportManifest": x.ExportManifest,
		"FailureCode": x.FailureCode, "FailureMessage": x.FailureMessage,
	} {
		if value != "" {
			d[name] = value
		}
	}
	if !x.EndTime.IsZero() {
		d["EndTime"] = epoch(x.EndTime)
	}
	if x.ExportStatus == completed {
		d["ItemCount"], d["BilledSizeBytes"] = x.ItemCount, x.BilledSize
	}
	return d
}

func epoch(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
