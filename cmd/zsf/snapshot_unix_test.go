//go:build unix

package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A pipe that nobody writes to is waited for, and given up when one is told to.
func TestAPipeThatSaysNothingIsGivenUp(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	command := exec.Command(program(t), "diff", pipe, pipe)
	command.Env = []string{"HOME=" + t.TempDir(), "LANG=C.UTF-8"}
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() })
	ended := make(chan struct{})
	go func() { _ = command.Wait(); close(ended) }()
	deadline := time.After(time.Minute)
	var writer *os.File
	for writer == nil { // until it has opened the pipe: before that nobody can write to it
		var err error
		if writer, err = os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			break
		}
		select {
		case <-ended:
			t.Fatalf("it did not wait: %s", said.String())
		case <-deadline:
			t.Fatal("it has not opened the pipe")
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Cleanup(func() { _ = writer.Close() })
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
		if code := command.ProcessState.ExitCode(); code != 130 {
			t.Errorf("exit code %d: %s", code, said.String())
		}
	case <-deadline:
		t.Error("it still waits")
	}
}
