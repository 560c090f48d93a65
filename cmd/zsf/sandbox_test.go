package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

// The sandbox prints one line when it listens, serves until it is interrupted, and exits well.
func TestTheSandboxServesUntilItIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program(t), "sandbox", "--scenario", "ready", "--accounts", "3", "--tickets", "3")
	command.Env = []string{"HOME=" + t.TempDir(), "LANG=C.UTF-8"}
	var stderr strings.Builder
	command.Stderr = &stderr
	pipe, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(pipe)
	line, err := out.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var info sandbox.Info
	decoder := json.NewDecoder(strings.NewReader(string(line)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&info); err != nil || info.Schema != 1 {
		t.Errorf("%v: %s", err, line)
	}
	for name, value := range map[string]string{
		"login_url": info.Salesforce.LoginURL, "instance_url": info.Salesforce.InstanceURL, "client_id": info.Salesforce.ClientID,
		"username": info.Salesforce.Username, "access_token": info.Salesforce.AccessToken, "refresh_token": info.Salesforce.RefreshToken,
		"url": info.Zendesk.URL, "Zendesk's client_id": info.Zendesk.ClientID, "email": info.Zendesk.Email,
		"Zendesk's access_token": info.Zendesk.AccessToken, "Zendesk's refresh_token": info.Zendesk.RefreshToken,
	} {
		if value == "" {
			t.Errorf("%s is empty: %s", name, line)
		}
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, info.ControlURL+"/requests", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("the control URL answers %d", answer.StatusCode)
	}
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	more, err := io.ReadAll(out)
	if err != nil || len(more) > 0 {
		t.Errorf("%v: more than one line: %s", err, more)
	}
	if err := command.Wait(); err != nil || stderr.String() != "" {
		t.Errorf("%v: %s", err, stderr.String())
	}
}
