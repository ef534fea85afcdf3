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

// Private makes the folder and all that is in it readable by its owner only, and so is all that this process and those
// that it starts make from then on: the local stack's files hold people.
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

// gone passes over a file that another process has just taken away.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
