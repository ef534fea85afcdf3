// Package statefile stores small values in files of the local stack's data folder.
package statefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Read fills into from the JSON file at path; an absent file changes nothing.
func Read(path string, into any) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// Write atomically writes a value to the JSON file at path.
func Write(path string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return WriteBytes(path, append(text, '\n'))
}

// WriteBytes atomically writes bytes to the file at path, and creates the folders above it.
func WriteBytes(path string, content []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	// Hidden, so that a reader of the folder does not mistake it for a complete file.
	draft, err := os.CreateTemp(dir, ".draft-*")
	if err != nil {
		return err
	}
	_, err = draft.Write(content)
	if closing := draft.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(draft.Name(), path)
	}
	if err != nil {
		os.Remove(draft.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
