package statefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// othersMay are the permissions of everybody but a file's owner.
const othersMay = 0o077

// Private makes a folder and its content readable by its owner only, and sets the umask so that new files of this
// process and its children are too. The local stack's files hold personal data.
func Private(folder string) error {
	syscall.Umask(othersMay)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return gone(err)
		}
		info, err := entry.Info()
		if err != nil {
			return gone(err)
		}
		if info.Mode().Perm()&othersMay == 0 || info.Mode()&fs.ModeSymlink != 0 {
			return nil
		}
		return gone(os.Chmod(path, info.Mode().Perm()&^othersMay))
	})
}

// gone ignores the error about a file that another process has just removed.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
