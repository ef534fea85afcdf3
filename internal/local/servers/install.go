// Package servers installs and runs the local DynamoDB and SQS servers.
package servers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"losttrn/internal/local/process"
)

// oldestNode is the first major version of Node that the SQS server runs on.
const oldestNode = 20

// Tools are the installed programs.
type Tools struct {
	Node     string // path of the node command
	Dynoxide string // path of the DynamoDB server
	Dir      string // folder that holds node_modules
}

// Install makes sure that the servers are installed in dir, a folder with the
// npm manifest and its lock file, and installs them if they are absent or the
// lock file has changed since. Several processes may do so at once.
func Install(ctx context.Context, dir string, progress func(string)) (Tools, error) {
	node, err := findNode(ctx)
	if err != nil {
		return Tools{}, err
	}
	tools := Tools{
		Node:     node,
		Dir:      dir,
		Dynoxide: filepath.Join(dir, "node_modules", "@dynoxide", platform(), "dynoxide"),
	}
	// The folder itself is what is locked: it leaves nothing behind.
	lock, err := os.Open(dir)
	if err != nil {
		return Tools{}, fmt.Errorf("install the local servers: %w", err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return Tools{}, fmt.Errorf("install the local servers: %w", err)
	}
	wanted, err := digest(dir)
	if err != nil {
		return Tools{}, fmt.Errorf("install the local servers: %w", err)
	}
	// npm removes node_modules first, so the mark stands only beside a whole installation.
	mark := filepath.Join(dir, "node_modules", ".installed")
	if have, err := os.ReadFile(mark); err != nil || string(have) != wanted {
		progress("Installing the DynamoDB and SQS servers from npm (once)…")
		if err := npmInstall(ctx, dir); err != nil {
			return Tools{}, err
		}
		if err := os.WriteFile(mark, []byte(wanted), 0o644); err != nil {
			return Tools{}, fmt.Errorf("install the local servers: %w", err)
		}
	}
	if _, err := os.Stat(tools.Dynoxide); err != nil {
		return Tools{}, fmt.Errorf("the DynamoDB server is not to be had for %s: npm has no @dynoxide/%s", platform(), platform())
	}
	return tools, nil
}

func findNode(ctx context.Context) (string, error) {
	const want = "the local stack needs Node %d or later (https://nodejs.org)"
	node, err := exec.LookPath("node")
	if err != nil {
		return "", fmt.Errorf(want+", and no node command was found", oldestNode)
	}
	out, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return "", fmt.Errorf(want+", and node --version failed: %w", oldestNode, err)
	}
	version := strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if n, err := strconv.Atoi(major); err != nil || n < oldestNode {
		return "", fmt.Errorf(want+", and this is %s", oldestNode, version)
	}
	return node, nil
}

func npmInstall(ctx context.Context, dir string) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("the local stack installs its servers with npm, and no npm command was found")
	}
	unreachable := npmRun(ctx, npm, dir, "view", probed, "name", "--fetch-retries=0", fmt.Sprintf("--fetch-timeout=%d", registryTimeout.Milliseconds()))
	if unreachable == nil {
		return npmRun(ctx, npm, dir, "ci", "--ignore-scripts")
	}
	// What was installed before is in npm's cache.
	if npmRun(ctx, npm, dir, "ci", "--ignore-scripts", "--offline") == nil {
		return nil
	}
	return unreachable
}

// npm tries for minutes to reach an unavailable registry. So a small request with a short time-out is made first.
const (
	probed          = "fauxqs"
	registryTimeout = 9 * time.Second
)

func npmRun(ctx context.Context, npm, dir string, args ...string) error {
	out, err := process.Run(ctx, process.Command{
		Path: npm, Args: append(args, "--no-audit", "--no-fund", "--loglevel=error"),
		Dir: dir, Env: os.Environ(),
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("npm %s failed in %s: %s", args[0], dir, tellingLines(string(out)))
	}
	return nil
}

// tellingLines returns the most informative parts of npm's output: the error's code and the line with an address, or
// else the first other line.
func tellingLines(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	var code, telling string
	for _, line := range lines {
		text, ok := strings.CutPrefix(line, "npm error ")
		if !ok {
			continue
		}
		if name, ok := strings.CutPrefix(text, "code "); ok && code == "" {
			code = name + ": "
		} else if telling == "" && !ok || strings.Contains(text, "://") && !strings.Contains(telling, "://") {
			telling = text
		}
	}
	if telling == "" {
		telling = lines[len(lines)-1]
	}
	return code + telling
}

// digest identifies the packages to install and the machine.
func digest(dir string) (string, error) {
	lock, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(lock)
	return platform() + " " + hex.EncodeToString(sum[:]), nil
}

// platform names this machine as npm does.
func platform() string {
	cpu := runtime.GOARCH
	if cpu == "amd64" {
		cpu = "x64"
	}
	return runtime.GOOS + "-" + cpu
}
