package rehearse

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"losttrn/internal/local"
	"losttrn/internal/local/buckets"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/process"
	"losttrn/internal/local/translated"
)

// sam runs the SAM CLI in the project.
func (r *Rehearsal) sam(ctx context.Context, environment []string, args ...string) error {
	out, err := process.Run(ctx, process.Command{Path: filepath.Join(r.Tools, "sam"), Dir: string(r.Project),
		Env: append(append(os.Environ(), "SAM_CLI_TELEMETRY=0", "AWS_DEFAULT_REGION="+naming.Region), environment...), Args: args})
	if err != nil {
		return fmt.Errorf("%w\n%s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

func (r *Rehearsal) built() string { return filepath.Join(r.Dir, "build") }

// build builds the functions as for a deployment, and checks their architecture.
func (r *Rehearsal) build(ctx context.Context) (string, error) {
	if err := r.sam(ctx, nil, "build", "--build-dir", r.built()); err != nil {
		return "", err
	}
	n, err := translated.CheckBuild(r.built(), "arm64")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d functions for arm64", n), nil
}

const artifacts = "artifacts"

// pack uploads the functions with SAM to a local S3, and checks the uploaded files.
func (r *Rehearsal) pack(ctx context.Context) (string, error) {
	store, err := buckets.Open(filepath.Join(r.Dir, "buckets"), func(buckets.Created) {})
	if err != nil {
		return "", err
	}
	if err := store.Create(artifacts); err != nil {
		return "", err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: store.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }()
	defer server.Close()

	packaged := filepath.Join(r.Dir, "packaged.yaml")
	err = r.sam(ctx, []string{"AWS_ENDPOINT_URL_S3=http://" + l.Addr().String(), "AWS_ACCESS_KEY_ID=" + local.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + local.SecretAccessKey},
		"package", "--template-file", filepath.Join(r.built(), "template.yaml"), "--s3-bucket", artifacts, "--output-template-file", packaged, "--region", naming.Region)
	if err != nil {
		return "", err
	}
	return r.uploaded(ctx, packaged, "http://"+l.Addr().String())
}

// uploaded downloads the code of each function of a packaged template, and checks its program.
func (r *Rehearsal) uploaded(ctx context.Context, packaged, s3 string) (string, error) {
	text, err := os.ReadFile(packaged)
	if err != nil {
		return "", err
	}
	var template struct {
		Resources map[string]struct {
			Type       string `yaml:"Type"`
			Properties struct {
				CodeURI yaml.Node `yaml:"CodeUri"`
			} `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(text, &template); err != nil {
		return "", err
	}
	functions := 0
	size := int64(0)
	for id, resource := range template.Resources {
		if resource.Type != "AWS::Serverless::Function" {
			continue
		}
		functions++
		key, ok := strings.CutPrefix(resource.Properties.CodeURI.Value, "s3://"+artifacts+"/")
		if !ok {
			return "", fmt.Errorf("%s: its code is at %q, not in the bucket", id, resource.Properties.CodeURI.Value)
		}
		n, err := program(ctx, s3+"/"+artifacts+"/"+key, filepath.Join(r.Dir, "code.zip"))
		if err != nil {
			return "", fmt.Errorf("%s: %w", id, err)
		}
		size += n
	}
	if functions == 0 {
		return "", errors.New("the packaged template has no functions")
	}
	return fmt.Sprintf("%d functions, %.1f MB", functions, float64(size)/1e6), nil
}

// program downloads a function's code and returns its size, or an error if it contains no executable program.
func program(ctx context.Context, url, path string) (int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the bucket answered %s", response.Status)
	}
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	size, err := file.ReadFrom(response.Body)
	if err != nil {
		return 0, err
	}
	code, err := zip.NewReader(file, size)
	if err != nil {
		return 0, err
	}
	for _, f := range code.File {
		if f.Name == "bootstrap" {
			if f.Mode()&0o111 == 0 {
				return 0, errors.New("the program bootstrap cannot be executed")
			}
			return size, nil
		}
	}
	return 0, errors.New("there is no program bootstrap in it")
}
