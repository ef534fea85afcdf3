//go:build unix

package process

import "os/exec"

// watcher runs a command and kills it when standard input, the pipe from the
// stack, closes.
const watcher = `exec 3<&0
"$@" </dev/null &
child=$!
(cat <&3 >/dev/null; kill -9 "$child") 2>/dev/null &
watch=$!
exec 3<&-
wait "$child"
code=$?
kill -9 "$watch" 2>/dev/null
exit "$code"`

// watch puts a shell with the watcher between the stack and the command.
func watch(cmd *exec.Cmd) {
	cmd.Args = append([]string{"/bin/sh", "-c", watcher, "watch", cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
}
