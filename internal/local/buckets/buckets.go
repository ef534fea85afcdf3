// Package buckets runs the S3 server. Objects are served from memory and kept as
// files, so that a restart finds them and a person can open them.
package buckets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"losttrn/internal/local/statefile"
)

// Created describes an object that was put into a bucket.
type Created struct {
	Bucket, Key, ETag string
	Size              int64
}

// Store holds the buckets.
type Store struct {
	*s3mem.Backend
	dir     string
	created func(Created)
}

// Open reads the buckets stored below dir. created is called with each object that is put afterwards.
func Open(dir string, created func(Created)) (*Store, error) {
	s := &Store{Backend: s3mem.New(), dir: dir, created: created}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the buckets: %w", err)
	}
	for _, entry := range entries {
		if entry.IsDir() && entry.Name() != metadata {
			if err := s.load(entry.Name()); err != nil {
				return nil, fmt.Errorf("read the bucket %s: %w", entry.Name(), err)
			}
		}
	}
	return s, nil
}

// Handler answers the S3 API.
func (s *Store) Handler() http.Handler {
	quiet := gofakes3.StdLog(log.New(io.Discard, "", 0))
	return gofakes3.New(s, gofakes3.WithLogger(quiet), gofakes3.WithoutVersioning()).Server()
}

// Create makes a bucket, unless it is there.
func (s *Store) Create(name string) error {
	if there, _ := s.BucketExists(name); there {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(s.dir, name), 0o700); err != nil {
		return fmt.Errorf("create the bucket %s: %w", name, err)
	}
	return s.CreateBucket(name)
}

// Put writes an object as a client would.
func (s *Store) Put(bucket, key, contentType string, content []byte) error {
	_, err := s.PutObject(bucket, key, map[string]string{"Content-Type": contentType}, bytes.NewReader(content), int64(len(content)), nil)
	return err
}

// Get reads a whole object.
func (s *Store) Get(bucket, key string) ([]byte, error) {
	o, err := s.GetObject(bucket, key, nil)
	if err != nil {
		return nil, err
	}
	defer o.Contents.Close()
	return io.ReadAll(o.Contents)
}

// PutObject stores the object as a file and calls created.
func (s *Store) PutObject(bucket, key string, meta map[string]string, input io.Reader, size int64, conditions *gofakes3.PutConditions) (gofakes3.PutObjectResult, error) {
	content, err := gofakes3.ReadAll(input, size)
	if err != nil {
		return gofakes3.PutObjectResult{}, err
	}
	result, err := s.Backend.PutObject(bucket, key, meta, bytes.NewReader(content), size, conditions)
	if err != nil {
		return result, err
	}
	if err := s.save(bucket, key, meta, content); err != nil {
		return result, err
	}
	head, err := s.HeadObject(bucket, key)
	if err != nil {
		return result, err
	}
	s.created(Created{Bucket: bucket, Key: key, ETag: fmt.Sprintf("%x", head.Hash), Size: size})
	return result, nil
}

// CopyObject uses PutObject, so that the copy is stored and reported in the same way.
func (s *Store) CopyObject(fromBucket, fromKey, bucket, key string, meta map[string]string) (gofakes3.CopyObjectResult, error) {
	return gofakes3.CopyObject(s, fromBucket, fromKey, bucket, key, meta)
}

// DeleteObject removes the object's file as well.
func (s *Store) DeleteObject(bucket, key string) (gofakes3.ObjectDeleteResult, error) {
	result, err := s.Backend.DeleteObject(bucket, key)
	if err == nil {
		s.drop(bucket, key)
	}
	return result, err
}

// DeleteMulti removes the objects' files as well.
func (s *Store) DeleteMulti(bucket string, keys ...string) (gofakes3.MultiDeleteResult, error) {
	result, err := s.Backend.DeleteMulti(bucket, keys...)
	if err == nil {
		for _, key := range keys {
			s.drop(bucket, key)
		}
	}
	return result, err
}

// metadata is the folder of the objects' metadata. No bucket can have such a name.
const metadata = "_metadata"

func (s *Store) save(bucket, key string, meta map[string]string, content []byte) error {
	if err := statefile.WriteBytes(filepath.Join(s.dir, bucket, path(key)), content); err != nil {
		return fmt.Errorf("keep the object %s: %w", key, err)
	}
	return statefile.Write(filepath.Join(s.dir, metadata, bucket, path(key)+".json"), meta)
}

func (s *Store) drop(bucket, key string) {
	_ = os.Remove(filepath.Join(s.dir, bucket, path(key)))
	_ = os.Remove(filepath.Join(s.dir, metadata, bucket, path(key)+".json"))
}

// load reads a bucket's files into memory.
func (s *Store) load(bucket string) error {
	if err := s.CreateBucket(bucket); err != nil {
		return err
	}
	root := filepath.Join(s.dir, bucket)
	return filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".draft-") {
			return err
		}
		relative, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		key, err := keyOf(relative)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var meta map[string]string
		if text, err := os.ReadFile(filepath.Join(s.dir, metadata, bucket, relative+".json")); err == nil {
			if err := json.Unmarshal(text, &meta); err != nil {
				return err
			}
		}
		_, err = s.Backend.PutObject(bucket, key, meta, bytes.NewReader(content), int64(len(content)), nil)
		return err
	})
}

// path returns the path of a key's file, which is always within the bucket's folder.
func path(key string) string {
	segments := strings.Split(key, "/")
	for i, segment := range segments {
		switch escaped := url.PathEscape(segment); escaped {
		case "":
			segments[i] = "%"
		case ".", "..":
			segments[i] = strings.ReplaceAll(escaped, ".", "%2E")
		default:
			segments[i] = escaped
		}
	}
	return filepath.Join(segments...)
}

func keyOf(path string) (string, error) {
	segments := strings.Split(filepath.ToSlash(path), "/")
	for i, segment := range segments {
		if segment == "%" {
			segments[i] = ""
			continue
		}
		name, err := url.PathUnescape(segment)
		if err != nil {
			return "", err
		}
		segments[i] = name
	}
	return strings.Join(segments, "/"), nil
}
