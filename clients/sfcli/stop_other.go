//go:build !unix

package sfcli

import "os/exec"

// stopWhole leaves the children of `sf` to end by themselves; their pipes are closed.
func stopWhole(*exec.Cmd) {}
