package servers

import (
	"context"
	"embed"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"losttrn/internal/local/process"
)

//go:embed *.mjs
var sqsProgram embed.FS

// Server is a running server.
type Server struct {
	URL     string // http://127.0.0.1:port
	service *process.Service
	front   *front // nil: it refuses pages itself
}

// Stop ends the server.
func (s *Server) Stop() {
	if s.front != nil {
		s.front.stop()
	}
	s.service.Stop()
}

// PID returns the server's process id.
func (s *Server) PID() int { return s.service.PID() }

// Hooks are called with events of a server.
type Hooks struct {
	// Report is called when a server ended by itself and is restarted.
	Report func(error)
	// Output receives the server's output.
	Output io.Writer
}

// StartDynamoDB runs the DynamoDB server with its data in the file at path. Acknowledged writes survive any end of the
// server. If path is empty, the data is in memory and is lost when the server ends.
func StartDynamoDB(ctx context.Context, t Tools, path string, hooks Hooks) (*Server, error) {
	s, err := start(ctx, "the DynamoDB server", hooks, func(port string) process.Command {
		args := []string{"--host", "127.0.0.1", "--port", port}
		if path != "" {
			args = append(args, "--db-path", path)
		}
		return process.Command{Path: t.Dynoxide, Args: args}
	})
	if err != nil {
		return nil, err
	}
	if s.front, err = newFront(ctx, s.URL); err != nil {
		s.service.Stop()
		return nil, fmt.Errorf("start the DynamoDB server: %w", err)
	}
	s.URL = s.front.URL
	return s, nil
}

// StartSQS runs the SQS server with its queues and its program in a folder. Acknowledged messages survive any end of
// the server; messages that were received and not deleted are visible again at once.
func StartSQS(ctx context.Context, t Tools, folder string, hooks Hooks) (*Server, error) {
	if err := writePrograms(folder); err != nil {
		return nil, fmt.Errorf("start the SQS server: %w", err)
	}
	return start(ctx, "the SQS server", hooks, func(port string) process.Command {
		return process.Command{Path: t.Node, Args: []string{filepath.Join(folder, "sqs.mjs"), t.Dir, port, filepath.Join(folder, "queues.jsonl")}}
	})
}

func writePrograms(folder string) error {
	files, err := sqsProgram.ReadDir(".")
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := sqsProgram.ReadFile(file.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, file.Name()), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// attempts allows for another process taking a free port before the server does.
const attempts = 3

func start(ctx context.Context, name string, hooks Hooks, command func(port string) process.Command) (*Server, error) {
	var failure error
	for range attempts {
		port, err := FreePort()
		if err != nil {
			return nil, err
		}
		c, output := command(strconv.Itoa(port)), newListening(hooks.Output)
		c.Output = output
		service, err := process.Keep(ctx, process.Options{
			Name:    name,
			Command: c,
			Ready:   output.wait,
			Report:  hooks.Report,
		})
		if err == nil {
			return &Server{URL: "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), service: service}, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		failure = err
	}
	return nil, failure
}

// FreePort returns a port that is currently free.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
