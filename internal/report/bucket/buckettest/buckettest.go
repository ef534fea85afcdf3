// Package buckettest runs an S3 server for tests.
package buckettest

import (
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"losttrn/internal/report/bucket"
)

// Server starts an S3 server with empty buckets and returns a client of it. Requests go through wrap, if it is
// not nil.
func Server(t testing.TB, wrap func(http.Handler) http.Handler, buckets ...string) *s3.Client {
	t.Helper()
	backend := s3mem.New()
	for _, name := range buckets {
		if err := backend.CreateBucket(name); err != nil {
			t.Fatal(err)
		}
	}
	quiet := gofakes3.StdLog(log.New(io.Discard, "", 0))
	handler := gofakes3.New(backend, gofakes3.WithLogger(quiet)).Server()
	if wrap != nil {
		handler = wrap(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return bucket.NewClient(aws.Config{
		Region:      "eu-west-2",
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = 1 })
		},
	}, server.URL)
}

// Upload puts a folder's files into a bucket.
func Upload(t testing.TB, client *s3.Client, name, dir string) {
	t.Helper()
	files := bucket.New(client, name)
	err := filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		key, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		return files.PutFile(t.Context(), filepath.ToSlash(key), "application/octet-stream", file)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Contents returns all objects of a bucket below a prefix.
func Contents(t testing.TB, client *s3.Client, name, prefix string) map[string]string {
	t.Helper()
	b := bucket.New(client, name)
	keys, err := b.List(t.Context(), prefix)
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{}
	for _, key := range keys {
		body, err := b.Open(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		if err := body.Close(); err != nil {
			t.Fatal(err)
		}
		contents[key] = string(text)
	}
	return contents
}

// Delete removes an object.
func Delete(t testing.TB, client *s3.Client, name, key string) {
	t.Helper()
	if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &name, Key: &key}); err != nil {
		t.Fatal(err)
	}
}

// File writes a file for PutFile and returns its name.
func File(t testing.TB, body string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
