package bucket

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
)

// API is the calls of S3 that a Bucket makes.
type API interface {
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// Bucket is a bucket of S3. Its errors are fs.ErrNotExist, fault.Conflict, fault.Throttled, fault.Unavailable, or
// of no kind.
type Bucket struct {
	api  API
	name string
}

// New returns the bucket of a name.
func New(api API, name string) *Bucket { return &Bucket{api, name} }

// List returns the keys of all objects with a prefix.
func (b *Bucket) List(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	pages := s3.NewListObjectsV2Paginator(b.api, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, failure("list "+prefix, err)
		}
		for _, object := range page.Contents {
			keys = append(keys, aws.ToString(object.Key))
		}
	}
	return keys, nil
}

// maxDocument bounds what Document reads. Documents describe a few files.
const maxDocument = 1 << 20

// Document reads a small object, and returns it with its version.
func (b *Bucket) Document(ctx context.Context, key string) (body []byte, version string, err error) {
	out, err := b.api.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: &key})
	if err != nil {
		return nil, "", failure("read "+key, err)
	}
	defer out.Body.Close()
	body, err = io.ReadAll(io.LimitReader(out.Body, maxDocument))
	if err != nil {
		return nil, "", failure("read "+key, err)
	}
	return body, aws.ToString(out.ETag), nil
}

// ReadJSON reads a small object that is JSON.
func (b *Bucket) ReadJSON(ctx context.Context, key string, into any) error {
	body, _, err := b.Document(ctx, key)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	return nil
}

// PutDocument writes a small object if its version is still the given one; "" stands for an object that does not exist.
// If the version is another, the error wraps fault.Conflict.
func (b *Bucket) PutDocument(ctx context.Context, key, contentType string, body []byte, version string) error {
	in := &s3.PutObjectInput{Bucket: &b.name, Key: &key, Body: bytes.NewReader(body), ContentType: &contentType}
	if version == "" {
		in.IfNoneMatch = aws.String("*")
	} else {
		in.IfMatch = &version
	}
	_, err := b.api.PutObject(ctx, in)
	return failure("write "+key, err)
}

// Replace writes a small object unconditionally.
func (b *Bucket) Replace(ctx context.Context, key, contentType string, body []byte) error {
	_, err := b.api.PutObject(ctx, &s3.PutObjectInput{Bucket: &b.name, Key: &key, Body: bytes.NewReader(body), ContentType: &contentType})
	return failure("write "+key, err)
}

// PutFile writes a file as an object.
func (b *Bucket) PutFile(ctx context.Context, key, contentType, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	defer file.Close()
	_, err = b.api.PutObject(ctx, &s3.PutObjectInput{Bucket: &b.name, Key: &key, Body: file, ContentType: &contentType})
	return failure("write "+key, err)
}

func failure(doing string, err error) error {
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		switch response.HTTPStatusCode() {
		case http.StatusNotFound:
			return fmt.Errorf("%s: %w", doing, fs.ErrNotExist)
		case http.StatusPreconditionFailed, http.StatusConflict:
			return fmt.Errorf("%s: %w: %w", doing, fault.Conflict, err)
		}
	}
	return cloud.Failure(doing, err)
}
