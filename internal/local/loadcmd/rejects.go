package loadcmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// lazyFile is created at the first write, so that a load without rejects leaves no rejects file. A file of an earlier
// load of the same extract is removed.
type lazyFile struct {
	path string
	file *os.File
}

func (l *lazyFile) Write(p []byte) (int, error) {
	if l.file == nil {
		// Readable by its owner alone, as an extract should be.
		file, err := os.OpenFile(l.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return 0, err
		}
		l.file = file
	}
	return l.file.Write(p)
}

func (l *lazyFile) end() error {
	if l.file != nil {
		return l.file.Close()
	}
	if err := os.Remove(l.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the rejects file of an earlier load: %w", err)
	}
	return nil
}
