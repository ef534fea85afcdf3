package stack

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"losttrn/internal/local/statefile"
)

// samFile is the file for `sam local invoke --env-vars`.
const samFile = "sam-env.json"

// openToContainers makes the servers reachable for functions in Docker containers, and writes the file of their
// variables.
func (s *Stack) openToContainers() error {
	host, err := s.containerHost()
	if err != nil {
		return err
	}
	environment := map[string]map[string]string{}
	for _, f := range s.declared {
		variables := s.variables(f)
		for name, value := range variables {
			variables[name] = strings.ReplaceAll(value, "127.0.0.1", host)
		}
		environment[f.ID] = variables
	}
	path := filepath.Join(s.o.Dir, samFile)
	if err := statefile.Write(path, environment); err != nil {
		return err
	}
	s.o.Progress("For Docker: sam local invoke --env-vars " + path)
	return nil
}

// containerHost returns the name of this machine in containers, and opens the servers' ports there.
func (s *Stack) containerHost() (string, error) {
	if runtime.GOOS != "linux" {
		// With Docker Desktop this name leads from containers to this machine's loopback.
		return "host.docker.internal", nil
	}
	bridge, ok := dockerBridge()
	if !ok {
		s.o.Progress("There is no Docker bridge here: the servers are reached from containers with --docker-network host alone.")
		return "127.0.0.1", nil
	}
	for _, address := range []string{s.DynamoDB, s.SQS, s.s3, s.control} {
		if err := s.forward(bridge, address); err != nil {
			return "", err
		}
	}
	return bridge, nil
}

// bridgeName is the network interface of Docker's default bridge.
const bridgeName = "docker0"

func dockerBridge() (string, bool) {
	bridge, err := net.InterfaceByName(bridgeName)
	if err != nil {
		return "", false
	}
	addresses, err := bridge.Addrs()
	if err != nil {
		return "", false
	}
	for _, a := range addresses {
		if network, ok := a.(*net.IPNet); ok && network.IP.To4() != nil {
			return network.IP.String(), true
		}
	}
	return "", false
}

// forward listens on the same port of another address of this machine, and passes
// connections on.
func (s *Stack) forward(host, to string) error {
	target, err := url.Parse(to)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, target.Port()))
	if err != nil {
		return fmt.Errorf("listen for containers: %w", err)
	}
	s.undo = append(s.undo, func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go pass(conn, target.Host)
		}
	}()
	return nil
}

// pass copies both ways until either end is done.
func pass(conn net.Conn, to string) {
	defer conn.Close()
	onward, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer onward.Close()
	var once sync.Once
	done := make(chan struct{})
	finish := func() { once.Do(func() { close(done) }) }
	for from, into := range map[net.Conn]net.Conn{conn: onward, onward: conn} {
		go func() {
			_, _ = io.Copy(into, from)
			finish()
		}()
	}
	<-done
}
