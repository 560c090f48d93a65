//go:build unix

// Ends `sf` with its children: its installer's `sf` is a script that starts node.

package sfcli

import (
	"os/exec"
	"syscall"
)

func stopWhole(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}
