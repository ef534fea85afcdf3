package process

import (
	"os/exec"
	"syscall"
)

// bind gives the child a group of its own and has the kernel kill it when the
// thread that started it is gone.
func bind(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
