//go:build unix && !linux

package process

import (
	"os/exec"
	"syscall"
)

// bind gives the child a group of its own. The kernel here has no way to kill a
// child with its parent, so a shell stands between them.
func bind(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	watch(cmd)
}
