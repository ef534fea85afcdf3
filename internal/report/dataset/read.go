package dataset

import (
	"bufio"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"sync/atomic"

	"github.com/klauspost/compress/gzip" // unpacks a quarter faster than the standard library's
	"golang.org/x/sync/errgroup"
)

// MaxLine is the longest line accepted, in bytes: an item of 400 KB is at most about 2.6 MB of DynamoDB JSON
// (nothing but control characters or nulls).
const MaxLine = 4 << 20

const (
	bufferSize    = 64 << 10
	progressEvery = 20_000 // items
)

// Reader processes the items of one worker. An error ends the reading and is returned unchanged.
type Reader struct {
	Item func(item *Item) error // is given one item after another, each valid only during the call
	End  func() error           // is called after the last
}

// Read streams all items of the export to readers, one for each worker, in no order. If it returns nil, every file had
// the MD5 and the number of items of the manifest; items that readers got before are not yet verified. progress is
// called with the number of items read since the last call, by many goroutines at once.
func (e *Export) Read(ctx context.Context, source Source, workers int, newReader func() Reader, progress func(items int64)) error {
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(workers, len(e.Files)) {
		group.Go(func() error {
			w := worker{read: newReader(), progress: progress, in: bufio.NewReaderSize(nil, bufferSize), out: bufio.NewReaderSize(nil, bufferSize)}
			for {
				i := next.Add(1) - 1
				if i >= int64(len(e.Files)) {
					return w.read.End()
				}
				if err := w.file(ctx, source, e.Files[i]); err != nil {
					return err
				}
			}
		})
	}
	return group.Wait()
}

// worker reads files one after another, in the same buffers.
type worker struct {
	read     Reader
	progress func(int64)
	in, out  *bufio.Reader
	unzip    gzip.Reader
	decoder  decoder
	long     []byte // of a line longer than the buffer
}

// watched passes bytes on, hashes them, and keeps a failure of the source apart from those of the file's content.
type watched struct {
	ctx  context.Context
	from io.Reader
	sum  hash.Hash
	read int64
	err  error
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		w.err = err
		return 0, err
	}
	n, err := w.from.Read(p)
	w.sum.Write(p[:n])
	w.read += int64(n)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

func (w *worker) file(ctx context.Context, source Source, file File) error {
	opened, err := source.Open(ctx, file.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return refuse(file.Name, "is missing, though %s lists it.", filesName)
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", file.Name, err)
	}
	defer opened.Close()
	raw := &watched{ctx: ctx, from: opened, sum: md5.New()}
	items, readErr := w.items(raw, file)
	if raw.err != nil {
		return fmt.Errorf("read %s: %w", file.Name, raw.err)
	}
	var damage *unreadable
	if readErr != nil && !errors.As(readErr, &damage) {
		return readErr
	}
	// Whatever broke the reading, a wrong MD5 is the better explanation, unless the file simply ends too early.
	if _, err := io.Copy(io.Discard, raw); err != nil {
		return fmt.Errorf("read %s: %w", file.Name, err)
	}
	switch {
	case damage != nil && damage.download:
		return refuse(file.Name, "%s", damage.why)
	case damage != nil && damage.truncated:
		return refuse(file.Name, "is truncated: its compressed data ends after %d bytes.", raw.read)
	case [md5.Size]byte(raw.sum.Sum(nil)) != file.MD5:
		return refuse(file.Name, "is damaged: its MD5 is not the one in %s.", filesName)
	case damage != nil:
		return refuse(file.Name, "%s", damage.why)
	case items != file.Items:
		return refuse(file.Name, "holds %d items where %s says %d.", items, filesName, file.Items)
	}
	return nil
}

// unreadable is a fault in the content of a file, as opposed to its source.
type unreadable struct {
	why       string
	truncated bool
	download  bool // the reason is damage during the download
}

func (u *unreadable) Error() string { return u.why }

func (w *worker) items(raw *watched, file File) (items int64, err error) {
	w.in.Reset(raw)
	if _, err := w.in.Peek(1); err == io.EOF {
		if file.Items == 0 {
			return 0, nil // an empty partition may be an empty file
		}
		return 0, &unreadable{why: "is empty.", truncated: true}
	}
	if start, _ := w.in.Peek(64); downloadDamage(start) != "" {
		return 0, &unreadable{why: downloadDamage(start), download: true}
	}
	if err := w.unzip.Reset(w.in); err != nil {
		return 0, unzipError(err)
	}
	w.out.Reset(&w.unzip)
	reported := int64(0)
	defer func() { w.progress(items - reported) }()
	for number := 1; ; number++ {
		line, err := w.line()
		if err == io.EOF {
			return items, nil
		}
		if err != nil {
			return items, err
		}
		if len(line) == 0 {
			continue
		}
		items++
		item, err := w.decoder.decode(line)
		switch {
		case errors.Is(err, errNoItem):
			return items, &unreadable{why: fmt.Sprintf("line %d holds no item: it is not of a full export.", number)}
		case err != nil:
			return items, &unreadable{why: fmt.Sprintf("line %d is not the JSON of an item.", number)}
		}
		item.file, item.line = file.Name, number
		if err := w.read.Item(item); err != nil {
			return items, err
		}
		if items-reported == progressEvery {
			w.progress(progressEvery)
			reported = items
		}
	}
}

// line returns the next line without its end. The last may lack one.
func (w *worker) line() ([]byte, error) {
	part, err := w.out.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		w.long = w.long[:0]
		for err == bufio.ErrBufferFull {
			if w.long = append(w.long, part...); len(w.long) > MaxLine {
				return nil, &unreadable{why: fmt.Sprintf("has a line longer than %d MiB, which no item can be.", MaxLine>>20)}
			}
			part, err = w.out.ReadSlice('\n')
		}
		w.long = append(w.long, part...)
		part = w.long
	}
	switch {
	case err == nil:
		return part[:len(part)-1], nil
	case err != io.EOF:
		return nil, unzipError(err)
	case len(part) > 0:
		return part, nil
	}
	return nil, io.EOF
}

func unzipError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &unreadable{truncated: true}
	}
	return &unreadable{why: "is damaged: it is not gzip throughout."}
}
