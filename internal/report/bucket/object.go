package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"losttrn/internal/fault"
)

const (
	// stalled is how long a body may send nothing before the request is abandoned.
	stalled = 20 * time.Second
	// resumptions is how often the reading of one object is resumed.
	resumptions = 5
)

// Open returns a reader of an object's body. A body that breaks off or stalls is resumed where it stopped, as long as
// the object is unchanged, because in a large export some connections break.
func (b *Bucket) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	o := &object{ctx: ctx, bucket: b, key: key}
	if err := o.request(); err != nil {
		return nil, err
	}
	return o, nil
}

// OpenAt does as Open, from an offset in a given version of the object. If the object has another version, the error
// wraps fault.Conflict.
func (b *Bucket) OpenAt(ctx context.Context, key, version string, at int64) (io.ReadCloser, error) {
	described, err := b.Describe(ctx, key)
	if err != nil {
		return nil, err
	}
	if described.Version != version {
		return nil, fmt.Errorf("read %s: another was put in its place: %w", key, fault.Conflict)
	}
	o := &object{ctx: ctx, bucket: b, key: key, etag: version, at: at, length: described.Size}
	if at >= described.Size {
		return o, nil
	}
	if err := o.request(); err != nil {
		return nil, err
	}
	return o, nil
}

// Description describes an object without its content.
type Description struct {
	Version  string
	Size     int64
	Metadata map[string]string // names in lower case
}

// Describe returns the description of an object.
func (b *Bucket) Describe(ctx context.Context, key string) (Description, error) {
	out, err := b.api.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &b.name, Key: &key})
	if err != nil {
		return Description{}, failure("read "+key, err)
	}
	d := Description{Version: aws.ToString(out.ETag), Size: aws.ToInt64(out.ContentLength), Metadata: map[string]string{}}
	for name, value := range out.Metadata {
		d.Metadata[strings.ToLower(name)] = value
	}
	return d, nil
}

// object is an object that is being read.
type object struct {
	ctx    context.Context
	bucket *Bucket
	key    string

	etag    string
	at      int64 // bytes read so far
	length  int64 // of the whole, -1 if S3 did not say
	resumed int
	body    io.ReadCloser
	cancel  context.CancelFunc
}

func (o *object) request() error {
	ctx, cancel := context.WithCancel(o.ctx)
	in := &s3.GetObjectInput{Bucket: &o.bucket.name, Key: &o.key}
	if o.etag != "" {
		in.Range, in.IfMatch = aws.String(fmt.Sprintf("bytes=%d-", o.at)), &o.etag
	}
	out, err := o.bucket.api.GetObject(ctx, in)
	if err != nil {
		cancel()
		return failure("read "+o.key, err)
	}
	if o.etag == "" {
		o.etag, o.length = aws.ToString(out.ETag), -1
		if out.ContentLength != nil {
			o.length = *out.ContentLength
		}
	}
	o.body, o.cancel = out.Body, cancel
	return nil
}

func (o *object) Read(p []byte) (int, error) {
	for {
		if o.body == nil {
			if o.length >= 0 && o.at >= o.length {
				return 0, io.EOF
			}
			if err := o.request(); err != nil {
				return 0, err
			}
		}
		watch := time.AfterFunc(stalled, o.cancel)
		n, err := o.body.Read(p)
		watch.Stop()
		o.at += int64(n)
		if err == io.EOF && o.length >= 0 && o.at < o.length {
			err = io.ErrUnexpectedEOF
		}
		if err == nil || err == io.EOF {
			return n, err
		}
		_ = o.Close()
		o.resumed++
		if o.ctx.Err() != nil || o.resumed > resumptions {
			return n, fmt.Errorf("read %s: %w: %w", o.key, fault.Unavailable, errors.Join(err, o.ctx.Err()))
		}
		if n > 0 {
			return n, nil
		}
	}
}

// Close closes the body.
func (o *object) Close() error {
	if o.body == nil {
		return nil
	}
	o.cancel()
	err := o.body.Close()
	o.body = nil
	return err
}
