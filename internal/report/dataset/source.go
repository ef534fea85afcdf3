package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// Source reads the files of exports, from a bucket or a folder. Names have slashes on every system. Open fails with
// fs.ErrNotExist if there is no such file. Both methods must be safe for concurrent use.
type Source interface {
	// List names every file whose name begins with the prefix.
	List(ctx context.Context, prefix string) ([]string, error)
	Open(ctx context.Context, name string) (io.ReadCloser, error)
}

// Folder is a folder of this machine as a Source. Links that lead out of it are not followed.
type Folder struct{ root *os.Root }

// OpenFolder opens a folder; Close it when done.
func OpenFolder(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		if err := notAFolder(dir); err != nil {
			return nil, err
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refuse(dir, "does not exist.")
	}
	if err != nil {
		return nil, fmt.Errorf("open the export's folder: %w", err)
	}
	return &Folder{root}, nil
}

// Close closes the folder.
func (f *Folder) Close() error { return f.root.Close() }

// List names every file whose name begins with the prefix.
func (f *Folder) List(ctx context.Context, prefix string) ([]string, error) {
	var names []string
	err := fs.WalkDir(f.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
		return errors.Join(err, ctx.Err())
	})
	return names, err
}

// Open opens a file.
func (f *Folder) Open(_ context.Context, name string) (io.ReadCloser, error) {
	return f.root.Open(name)
}
