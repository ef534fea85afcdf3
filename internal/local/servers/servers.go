package servers

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"losttrn/internal/local/process"
)

//go:embed sqs.mjs
var sqsProgram []byte

// Server is a running server.
type Server struct {
	URL     string // http://127.0.0.1:port
	service *process.Service
}

// Stop ends the server.
func (s *Server) Stop() { s.service.Stop() }

// PID is the server's process id.
func (s *Server) PID() int { return s.service.PID() }

// Hooks let the caller follow a server's life.
type Hooks struct {
	// Revived is called after the server ended by itself and answers again.
	Revived func(context.Context) error
	// Report is told of such an end.
	Report func(error)
	// Output takes what the server writes.
	Output io.Writer
}

// StartDynamoDB runs the DynamoDB server with its data in the file at path.
// What was acknowledged survives any end of it.
func StartDynamoDB(ctx context.Context, t Tools, path string, hooks Hooks) (*Server, error) {
	return start(ctx, "the DynamoDB server", hooks, func(port string) process.Command {
		return process.Command{
			Path: t.Dynoxide,
			Args: []string{"--host", "127.0.0.1", "--port", port, "--db-path", path},
		}
	})
}

// StartSQS runs the SQS server, which keeps its queues in memory. folder is where
// it may put its program.
func StartSQS(ctx context.Context, t Tools, folder string, hooks Hooks) (*Server, error) {
	program := filepath.Join(folder, "sqs.mjs")
	if err := os.WriteFile(program, sqsProgram, 0o644); err != nil {
		return nil, fmt.Errorf("start the SQS server: %w", err)
	}
	return start(ctx, "the SQS server", hooks, func(port string) process.Command {
		return process.Command{Path: t.Node, Args: []string{program, t.Dir, port}}
	})
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
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		c := command(strconv.Itoa(port))
		c.Output = hooks.Output
		service, err := process.Keep(ctx, process.Options{
			Name:    name,
			Command: c,
			Ready:   func(ctx context.Context) error { return answers(ctx, address) },
			Revived: hooks.Revived,
			Report:  hooks.Report,
		})
		if err == nil {
			return &Server{URL: "http://" + address, service: service}, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		failure = err
	}
	return nil, failure
}

// FreePort finds a port that nobody listens on just now.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// patience is how long a server may take to listen: a laptop that is busy
// building may keep Node waiting.
const patience = 30 * time.Second

// answers returns once something listens on address.
func answers(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var dialer net.Dialer
	for {
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return fmt.Errorf("it does not listen on %s after %s", address, patience)
			}
			return ctx.Err()
		case <-tick.C:
		}
	}
}
