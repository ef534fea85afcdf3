package local

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"losttrn/internal/local/template"
)

// project is the folder that holds go.mod and template.yaml.
type project string

// findProject looks for the project's folder from the working folder upwards.
func findProject() (project, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the project: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "template.yaml")); err == nil {
			return project(dir), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("there is no template.yaml in this folder or above it")
		}
		dir = parent
	}
}

func (p project) template() (*template.Template, error) {
	return template.ReadFile(filepath.Join(string(p), "template.yaml"))
}

// servers is the folder of the servers' npm manifest.
func (p project) servers() string { return filepath.Join(string(p), "internal", "local") }
