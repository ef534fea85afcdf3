package buckets_test

import (
	"bytes"
	"io"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"losttrn/internal/local"
	"losttrn/internal/local/buckets"
)

func open(t *testing.T, dir string, created func(buckets.Created)) (*buckets.Store, *s3.Client) {
	t.Helper()
	store, err := buckets.Open(dir, created)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Create("reports"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(store.Handler())
	t.Cleanup(server.Close)
	// As the functions make it: an address and nothing more.
	return store, s3.NewFromConfig(local.Config(), func(o *s3.Options) { o.BaseEndpoint = &server.URL })
}

// Keys that no folder must be left by, and that are no plain file names.
var keys = []string{"a.txt", "reports/2026/latest.json", "../../escape", "a/../b", "with space/é", "%41", "folder/"}

func TestObjectsSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	var told []buckets.Created
	_, client := open(t, dir, func(c buckets.Created) { told = append(told, c) })
	for _, key := range keys {
		_, err := client.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String("reports"), Key: &key, ContentType: aws.String("text/csv"), Body: bytes.NewReader([]byte("content of " + key)),
		})
		if err != nil {
			t.Fatalf("put %q: %v", key, err)
		}
	}
	if len(told) != len(keys) || told[0].Bucket != "reports" || told[0].Key != "a.txt" || told[0].Size != 16 || len(told[0].ETag) != 32 {
		t.Errorf("told: %+v", told)
	}

	_, again := open(t, dir, func(c buckets.Created) { t.Errorf("told of %s at the restart", c.Key) })
	for _, key := range keys {
		out, err := again.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("reports"), Key: &key})
		if err != nil {
			t.Errorf("get %q: %v", key, err)
			continue
		}
		content, _ := io.ReadAll(out.Body)
		if string(content) != "content of "+key || *out.ContentType != "text/csv" {
			t.Errorf("%q: %q, %s", key, content, *out.ContentType)
		}
	}
	out, err := again.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("reports"), Prefix: aws.String("reports/")})
	if err != nil || len(out.Contents) != 1 || *out.Contents[0].Key != "reports/2026/latest.json" {
		t.Errorf("list: %+v, %v", out, err)
	}
}

func TestDeletedObjectsStayDeleted(t *testing.T) {
	dir := t.TempDir()
	store, client := open(t, dir, func(buckets.Created) {})
	for _, key := range keys {
		if err := store.Put("reports", key, "text/plain", nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range keys[1:] {
		if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("reports"), Key: &key}); err != nil {
			t.Fatal(err)
		}
	}
	_, again := open(t, dir, func(buckets.Created) {})
	out, err := again.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("reports")})
	if err != nil || len(out.Contents) != 1 || *out.Contents[0].Key != keys[0] {
		t.Errorf("list: %+v, %v", out, err)
	}
}

func TestCopiesAreToldOf(t *testing.T) {
	var told []string
	store, client := open(t, t.TempDir(), func(c buckets.Created) { told = append(told, c.Key) })
	if err := store.Put("reports", "a", "text/plain", []byte("x")); err != nil {
		t.Fatal(err)
	}
	_, err := client.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: aws.String("reports"), Key: aws.String("b"), CopySource: aws.String("reports/a")})
	if err != nil || !slices.Equal(told, []string{"a", "b"}) {
		t.Errorf("told of %v, %v", told, err)
	}
}
