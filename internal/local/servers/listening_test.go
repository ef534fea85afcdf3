package servers_test

import (
	"net"
	"net/url"
	"path/filepath"
	"testing"

	"losttrn/internal/local/process"
	"losttrn/internal/local/servers"
)

// TestAPortThatAnotherTookFirst: between the choice of a port and the server's start another process listens there, and
// answers connections. It is not taken for the server.
func TestAPortThatAnotherTookFirst(t *testing.T) {
	installed, err := servers.Install(t.Context(), manifest(t), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string]func(port string) (program string, args []string){
		"DynamoDB": func(port string) (string, []string) {
			return installed.Dynoxide, []string{"--host", "127.0.0.1", "--port", port}
		},
		"SQS": func(port string) (string, []string) {
			program, err := filepath.Abs("sqs.mjs")
			if err != nil {
				t.Fatal(err)
			}
			return installed.Node, []string{program, installed.Dir, port, filepath.Join(t.TempDir(), "queues.jsonl")}
		},
	} {
		var taken string
		s, err := servers.Start(t.Context(), name, servers.Hooks{Output: t.Output()}, func(port string) process.Command {
			if taken == "" {
				var config net.ListenConfig
				other, err := config.Listen(t.Context(), "tcp", "127.0.0.1:"+port)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { other.Close() })
				taken = port
			}
			path, args := args(port)
			return process.Command{Path: path, Args: args}
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Cleanup(s.Stop)
		if at, err := url.Parse(s.URL); err != nil || at.Port() == taken {
			t.Errorf("%s is said to be at %s, where another process listens (%v)", name, s.URL, err)
			continue
		}
		if !answers(s.URL) {
			t.Errorf("%s does not answer at %s", name, s.URL)
		}
	}
}
