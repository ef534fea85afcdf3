package exports_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/local"
	"losttrn/internal/local/exports"
	"losttrn/internal/local/localtest"
	"losttrn/internal/local/waiting"
)

// bucket keeps objects, and the order in which they came.
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	order   []string
	refuse  bool
}

func (b *bucket) Put(_, key, _ string, content []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse {
		return errors.New("there is no such bucket")
	}
	b.objects[key] = content
	b.order = append(b.order, path.Base(key))
	return nil
}

type rig struct {
	t       *testing.T
	servers *local.Servers
	bucket  *bucket
	client  *dynamodb.Client
	options exports.Options
}

func start(t *testing.T) *rig {
	t.Helper()
	s := localtest.Servers(t)
	r := &rig{t: t, servers: s, bucket: &bucket{objects: map[string][]byte{}}}
	r.options = exports.Options{
		DynamoDB: s.DynamoDB, Objects: r.bucket, State: filepath.Join(t.TempDir(), "exports.json"),
		ARN:         func(table string) string { return "arn:aws:dynamodb:eu-west-2:000000000000:table/" + table },
		Recoverable: func(table string) bool { return table != s.Tables["limits"] },
		Report:      func(err error) { t.Log(err) },
	}
	r.open()
	return r
}

// open starts an exporter over what was exported before.
func (r *rig) open() {
	r.t.Helper()
	e, err := exports.Open(r.options)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(e.Close)
	h, err := e.Handler()
	if err != nil {
		r.t.Fatal(err)
	}
	server := httptest.NewServer(h)
	r.t.Cleanup(server.Close)
	r.client = dynamodb.NewFromConfig(local.Config(), func(o *dynamodb.Options) { o.BaseEndpoint = &server.URL })
}

func (r *rig) export(table, token string, at time.Time) (*types.ExportDescription, error) {
	out, err := r.client.ExportTableToPointInTime(r.t.Context(), &dynamodb.ExportTableToPointInTimeInput{
		TableArn: aws.String(r.options.ARN(r.servers.Tables[table])), S3Bucket: aws.String("exports"), S3Prefix: aws.String("nightly"),
		ClientToken: &token, ExportTime: &at,
	})
	if err != nil {
		return nil, err
	}
	return out.ExportDescription, nil
}

// finish waits for an export to end.
func (r *rig) finish(arn *string) (description *types.ExportDescription) {
	r.t.Helper()
	waiting.Until(r.t, "the export ends", func() bool {
		out, err := r.client.DescribeExport(r.t.Context(), &dynamodb.DescribeExportInput{ExportArn: arn})
		if err != nil {
			r.t.Fatal(err)
		}
		description = out.ExportDescription
		return description.ExportStatus != types.ExportStatusInProgress
	})
	return description
}

func TestAnExportHasTheDocumentedLayout(t *testing.T) {
	r := start(t)
	const items = 25
	for i := range items {
		// The exporter passes other calls on.
		_, err := r.client.PutItem(t.Context(), &dynamodb.PutItemInput{
			TableName: aws.String(r.servers.Tables["emails"]),
			Item: map[string]types.AttributeValue{
				"email": &types.AttributeValueMemberS{Value: fmt.Sprintf("p%d@example.com", i)},
				"trns":  &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"1000000": &types.AttributeValueMemberS{Value: "é"}}},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	at := time.Now().Add(-time.Minute)
	begun, err := r.export("emails", "token", at)
	if err != nil {
		t.Fatal(err)
	}
	done := r.finish(begun.ExportArn)
	if done.ExportStatus != types.ExportStatusCompleted || *done.ItemCount != items || done.ExportTime.Unix() != at.Unix() {
		t.Fatalf("export: %+v", done)
	}
	folder := "nightly/AWSDynamoDB/" + path.Base(*begun.ExportArn) + "/"
	if *done.ExportManifest != folder+"manifest-summary.json" {
		t.Errorf("manifest: %s", *done.ExportManifest)
	}
	// The summary tells that all is there, so it comes last.
	if last := r.bucket.order[len(r.bucket.order)-1]; last != "manifest-summary.json" {
		t.Errorf("%s came last", last)
	}
	for _, name := range []string{"manifest-summary", "manifest-files"} {
		sum := md5.Sum(r.bucket.objects[folder+name+".json"])
		if got := string(r.bucket.objects[folder+name+".checksum"]); got != base64.StdEncoding.EncodeToString(sum[:]) {
			t.Errorf("checksum of %s: %q", name, got)
		}
	}
	var summary struct {
		Version, ExportArn, TableArn, ExportTime, S3Bucket, S3Prefix, ManifestFilesS3Key, OutputFormat string
		ItemCount                                                                                      int
	}
	if err := json.Unmarshal(r.bucket.objects[folder+"manifest-summary.json"], &summary); err != nil {
		t.Fatal(err)
	}
	if summary.ItemCount != items || summary.ExportArn != *begun.ExportArn || summary.S3Bucket != "exports" || summary.S3Prefix != "nightly" ||
		summary.ManifestFilesS3Key != folder+"manifest-files.json" || summary.OutputFormat != "DYNAMODB_JSON" {
		t.Errorf("summary: %+v", summary)
	}
	r.checkData(folder, items)
}

// checkData reads the data files that the manifest lists.
func (r *rig) checkData(folder string, items int) {
	r.t.Helper()
	emails := map[string]bool{}
	empty := false
	manifest := bufio.NewScanner(bytes.NewReader(r.bucket.objects[folder+"manifest-files.json"]))
	for manifest.Scan() {
		var file struct {
			ItemCount                        int
			MD5Checksum, ETag, DataFileS3Key string
		}
		if err := json.Unmarshal(manifest.Bytes(), &file); err != nil {
			r.t.Fatal(err)
		}
		content := r.bucket.objects[file.DataFileS3Key]
		if sum := md5.Sum(content); file.MD5Checksum != base64.StdEncoding.EncodeToString(sum[:]) || file.ETag == "" {
			r.t.Errorf("%s: checksum %s", file.DataFileS3Key, file.MD5Checksum)
		}
		if !strings.HasPrefix(file.DataFileS3Key, folder+"data/") || !strings.HasSuffix(file.DataFileS3Key, ".json.gz") {
			r.t.Errorf("data file %s", file.DataFileS3Key)
		}
		zip, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			r.t.Fatal(err)
		}
		n := 0
		lines := bufio.NewScanner(zip)
		for ; lines.Scan(); n++ {
			var line struct {
				Item struct {
					Email struct{ S string }
					TRNs  struct{ M map[string]struct{ S string } }
				}
			}
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.Item.TRNs.M["1000000"].S != "é" {
				r.t.Fatalf("line %s: %v", lines.Bytes(), err)
			}
			emails[line.Item.Email.S] = true
		}
		if n != file.ItemCount {
			r.t.Errorf("%d items, not %d", n, file.ItemCount)
		}
		empty = empty || n == 0
	}
	if len(emails) != items || !empty {
		r.t.Errorf("%d items in all, an empty file: %v", len(emails), empty)
	}
}

func TestAClientTokenStandsForOneExport(t *testing.T) {
	r := start(t)
	at := time.Now().Truncate(time.Second).Add(-time.Minute)
	first, err := r.export("emails", "token", at)
	if err != nil {
		t.Fatal(err)
	}
	r.finish(first.ExportArn)
	r.open() // also after a restart
	second, err := r.export("emails", "token", at)
	if err != nil || *second.ExportArn != *first.ExportArn {
		t.Errorf("the same again: %v, %v", second, err)
	}
	var conflict *types.ExportConflictException
	if _, err := r.export("emails", "token", at.Add(-time.Second)); !errors.As(err, &conflict) {
		t.Errorf("another time: %v", err)
	}
	other, err := r.export("lookups", "token2", at)
	if err != nil {
		t.Fatal(err)
	}
	r.finish(other.ExportArn)
	list, err := r.client.ListExports(t.Context(), &dynamodb.ListExportsInput{})
	var arns []string
	for _, x := range list.ExportSummaries {
		arns = append(arns, *x.ExportArn)
	}
	if err != nil || !slices.Equal(arns, []string{*other.ExportArn, *first.ExportArn}) {
		t.Errorf("list: %v, %v", arns, err)
	}
	list, err = r.client.ListExports(t.Context(), &dynamodb.ListExportsInput{TableArn: first.TableArn})
	if err != nil || len(list.ExportSummaries) != 1 {
		t.Errorf("list of a table: %v, %v", list, err)
	}
}

func TestExportsThatCannotBe(t *testing.T) {
	r := start(t)
	now := time.Now()
	var noRecovery *types.PointInTimeRecoveryUnavailableException
	if _, err := r.export("limits", "a", now); !errors.As(err, &noRecovery) {
		t.Errorf("without recovery: %v", err)
	}
	var invalid *types.InvalidExportTimeException
	if _, err := r.export("emails", "b", now.Add(time.Hour)); !errors.As(err, &invalid) {
		t.Errorf("in the future: %v", err)
	}
	var noTable *types.TableNotFoundException
	if _, err := r.client.ExportTableToPointInTime(t.Context(), &dynamodb.ExportTableToPointInTimeInput{TableArn: aws.String("arn:x"), S3Bucket: aws.String("b")}); !errors.As(err, &noTable) {
		t.Errorf("no table: %v", err)
	}
	var noExport *types.ExportNotFoundException
	if _, err := r.client.DescribeExport(t.Context(), &dynamodb.DescribeExportInput{ExportArn: aws.String("arn:aws:dynamodb:eu-west-2:000000000000:table/x/export/1")}); !errors.As(err, &noExport) {
		t.Errorf("no export: %v", err)
	}
	r.bucket.refuse = true
	begun, err := r.export("emails", "c", now)
	if err != nil {
		t.Fatal(err)
	}
	if done := r.finish(begun.ExportArn); done.ExportStatus != types.ExportStatusFailed || *done.FailureCode != "S3NoSuchBucket" {
		t.Errorf("no bucket: %+v", done)
	}
}
