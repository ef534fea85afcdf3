// Package rehearse runs, in order, every step of the README's first deployment that needs no AWS account, to find
// mistakes that CloudFormation would report only after ten minutes.
package rehearse

import (
	"context"
	"fmt"
	"io"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/translated"
)

// Rehearsal is the configuration of a rehearsal.
type Rehearsal struct {
	Project local.Project
	// Tools is the folder with sam and python.
	Tools string
	// Dir is a folder for temporary files.
	Dir    string
	Output io.Writer

	template *translated.Template
}

// Run runs all steps, prints the result of each, and stops at the first failure.
func (r *Rehearsal) Run(ctx context.Context) error {
	for _, step := range []struct {
		name string
		run  func(context.Context) (string, error)
	}{
		{"translate the template", r.translate},
		{"the parameters that are made by hand", r.secrets},
		{"sam build", r.build},
		{"sam package into a local S3", r.pack},
		{"the rules, and the order in which CloudFormation creates everything", r.order},
		{"names, policies and the template within AWS's limits", r.limits},
		{"a smoke lookup against the local stack", r.smoke},
	} {
		began := time.Now()
		result, err := step.run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		fmt.Fprintf(r.Output, "ok   %s: %s (%.1f s)\n", step.name, result, time.Since(began).Seconds())
	}
	return nil
}
