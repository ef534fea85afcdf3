package rehearse

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"losttrn/internal/local/process"
	"losttrn/internal/local/stack"
)

// person is the first of the sample register's three people.
const person = `{"email": "anthony.morgan21@example.com", "firstName": "Anthony", "lastName": "Morgan", "dateOfBirth": "1960-06-02", "nationalInsuranceNumber": "QQ896778A"}`

// smoke looks a person up as the pipeline does after a deployment.
func (r *Rehearsal) smoke(ctx context.Context) (string, error) {
	s, err := stack.Start(ctx, stack.Options{Project: r.Project, Dir: filepath.Join(r.Dir, "stack"), Sample: true, Limits: true})
	if err != nil {
		return "", err
	}
	defer s.Stop()
	return r.lookUp(ctx, s.Gateway)
}

// lookUp looks the person up at an address.
func (r *Rehearsal) lookUp(ctx context.Context, url string) (string, error) {
	out, err := process.Run(ctx, process.Command{Path: filepath.Join(string(r.Project), ".ci", "smoke"), Dir: string(r.Project),
		Env: append(os.Environ(), "SMOKE_URL="+url, "SMOKE_PERSON="+person), Args: []string{"dev"}})
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, strings.TrimSpace(string(out)))
	}
	return "the person was found", nil
}
