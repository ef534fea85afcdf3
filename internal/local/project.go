package local

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"losttrn/internal/local/template"
)

// Project is the folder that holds template.yaml, Makefile and go.mod.
type Project string

// FindProject returns the project's folder, which it searches for from the working folder upwards.
func FindProject() (Project, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the project: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "template.yaml")); err == nil {
			return Project(dir), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("there is no template.yaml in this folder or above it")
		}
		dir = parent
	}
}

// ReadTemplate reads the template of the project that the working folder is in.
func ReadTemplate() (*template.Template, error) {
	project, err := FindProject()
	if err != nil {
		return nil, err
	}
	return project.Template()
}

// Template reads the project's template.
func (p Project) Template() (*template.Template, error) {
	return template.ReadFile(filepath.Join(string(p), "template.yaml"))
}
