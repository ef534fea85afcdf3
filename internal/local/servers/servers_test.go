package servers_test

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/servers"
	"losttrn/internal/local/waiting"
)

// manifest is the folder of the servers' npm manifest.
func manifest(t *testing.T) string {
	t.Helper()
	project, err := local.FindProject()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(string(project), "internal", "local")
}

// tool puts a program of a few lines of shell into a folder, and makes that the
// whole PATH.
func tools(t *testing.T, scripts map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, script := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

// copyManifest makes a folder in which nothing is installed.
func copyManifest(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json"} {
		content, err := os.ReadFile(filepath.Join(manifest(t), name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestWhatIsMissingIsToldInASentence(t *testing.T) {
	for name, c := range map[string]struct {
		tools map[string]string
		want  string
	}{
		"no Node":    {nil, "the local stack needs Node 20 or later (https://nodejs.org), and no node command was found"},
		"old Node":   {map[string]string{"node": "echo v18.19.0"}, "the local stack needs Node 20 or later (https://nodejs.org), and this is v18.19.0"},
		"odd Node":   {map[string]string{"node": "exit 1"}, "node --version failed"},
		"no npm":     {map[string]string{"node": "echo v22.0.0"}, "no npm command was found"},
		"npm fails":  {map[string]string{"node": "echo v22.0.0", "npm": "echo npm error code E404 >&2; echo 'npm error 404 Not Found' >&2; exit 1"}, "E404: 404 Not Found"},
		"npm alone":  {map[string]string{"node": "echo v22.0.0", "npm": "printf 'npm error code ECONNREFUSED\\nnpm error syscall connect\\nnpm error FetchError: request to http://127.0.0.1:9/x failed\\n'; exit 1"}, "ECONNREFUSED: FetchError: request to http://127.0.0.1:9/x failed"},
		"npm brings": {map[string]string{"node": "echo v22.0.0", "npm": "/bin/mkdir -p node_modules"}, "the DynamoDB server is not to be had for"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyManifest(t)
			tools(t, c.tools)
			_, err := servers.Install(t.Context(), dir, func(string) {})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnInstallationIsMadeOnceAndWhenTheLockFileChanges(t *testing.T) {
	dir := copyManifest(t)
	// npm's part is to make the file that is looked for.
	tools(t, map[string]string{"node": "echo v22.0.0", "npm": `
		[ "$1" = ci ] || exit 0
		echo x >> runs
		/bin/rm -rf node_modules
		for p in linux-x64 linux-arm64 darwin-x64 darwin-arm64; do
			/bin/mkdir -p node_modules/@dynoxide/$p && : > node_modules/@dynoxide/$p/dynoxide
		done`})
	install := func(want string) {
		t.Helper()
		if _, err := servers.Install(t.Context(), dir, func(string) {}); err != nil {
			t.Fatal(err)
		}
		if runs, _ := os.ReadFile(filepath.Join(dir, "runs")); strings.ReplaceAll(string(runs), "\n", "") != want {
			t.Errorf("npm ran %q, not %q", runs, want)
		}
	}
	install("x")
	install("x")
	if err := os.WriteFile(filepath.Join(dir, "package-lock.json"), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	install("xx")
	// An installation that was cut short is made again.
	if err := os.Remove(filepath.Join(dir, "node_modules", ".installed")); err != nil {
		t.Fatal(err)
	}
	install("xxx")
}

// TestARegistryThatIsAwayIsToldSoon: by npm itself, with a registry that refuses and one that never answers.
func TestARegistryThatIsAwayIsToldSoon(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	for address, want := range map[string]string{
		"http://127.0.0.1:9/":                    "ECONNREFUSED: FetchError: request to http://127.0.0.1:9/",
		"http://" + silent.Addr().String() + "/": "FETCH_ERROR: network timeout at: http://" + silent.Addr().String(),
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			dir := copyManifest(t)
			settings := "registry=" + address + "\ncache=" + t.TempDir() + "\n"
			if err := os.WriteFile(filepath.Join(dir, ".npmrc"), []byte(settings), 0o644); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			_, err := servers.Install(t.Context(), dir, func(string) {})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v", err)
			}
			took := time.Since(began)
			if t.Logf("after %.1f s", took.Seconds()); took > 20*time.Second {
				t.Error("that is too late")
			}
		})
	}
}

func TestAnInterruptedInstallationEndsNPM(t *testing.T) {
	dir := copyManifest(t)
	tools(t, map[string]string{"node": "echo v22.0.0", "npm": "echo $$ > pid; exec /bin/sleep 600"})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for {
			if text, err := os.ReadFile(filepath.Join(dir, "pid")); err == nil && len(text) > 0 {
				cancel()
				return
			}
		}
	}()
	began := time.Now()
	if _, err := servers.Install(ctx, dir, func(string) {}); err == nil || ctx.Err() == nil || time.Since(began) > time.Minute {
		t.Errorf("got %v", err)
	}
}

func TestAServerThatDiesComesBackAtTheSameAddress(t *testing.T) {
	installed, err := servers.Install(t.Context(), manifest(t), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	hooks := servers.Hooks{Report: func(error) {}, Output: t.Output()}
	for name, start := range map[string]func() (*servers.Server, error){
		"DynamoDB": func() (*servers.Server, error) {
			return servers.StartDynamoDB(t.Context(), installed, filepath.Join(t.TempDir(), "tables.db"), hooks)
		},
		"SQS": func() (*servers.Server, error) { return servers.StartSQS(t.Context(), installed, t.TempDir(), hooks) },
	} {
		s, err := start()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Cleanup(s.Stop)
		before := s.PID()
		if err := syscall.Kill(before, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		deadline := time.Now().Add(waiting.Limit)
		for s.PID() == before || !answers(s.URL) {
			if time.Now().After(deadline) {
				t.Fatalf("%s does not come back at %s", name, s.URL)
			}
		}
	}
}

// answers tells whether a server answers HTTP at its address.
func answers(url string) bool {
	response, err := http.Get(url)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode != http.StatusBadGateway
}
