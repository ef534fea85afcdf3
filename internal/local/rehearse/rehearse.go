// Package rehearse does every step of the README's first deployment that needs no account, in its order: what would be
// found out by CloudFormation after ten minutes is found out here.
package rehearse

import (
	"context"
	"fmt"
	"io"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/translated"
)

// Rehearsal is where it is played and with what.
type Rehearsal struct {
	Project local.Project
	// Tools is the folder of sam and python.
	Tools string
	// Dir is a folder for what is made.
	Dir    string
	Output io.Writer

	template *translated.Template
}

// Run plays all steps, says what each came to, and ends with the first that fails.
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
