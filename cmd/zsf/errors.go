package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"zsf/clients/oauth"
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/signin"
	"zsf/flows/steps"
	"zsf/ui/report"
)

// The exit codes.
const (
	exitOK          = 0
	exitWrong       = 1   // something is wrong and was said
	exitUsage       = 2   // wrong usage
	exitSignIn      = 3   // a sign-in is missing or no longer good
	exitUnreachable = 4   // a service cannot be reached
	exitFailed      = 5   // a check failed
	exitInterrupted = 130 // by Ctrl+C
)

// A saidError is a result that was shown already; only its exit code is left to give.
type saidError struct{ code int }

func (e *saidError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// A codedError is an error that has an exit code of its own.
type codedError struct {
	code int
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }
func (e *codedError) Unwrap() error { return e.err }

// A hintedError is something that is wrong, already in the person's words, and what to do about it.
type hintedError struct{ code, message, hint string }

func (e *hintedError) Error() string { return e.message }

// fail shows an error of the command at path once, in the face that was asked for, and returns its exit code.
func (p *program) fail(err error, path string) int {
	var said *saidError
	if errors.As(err, &said) {
		return said.code
	}
	code, name := exitWrong, "failed"
	var wrong *usageError
	var coded *codedError
	switch {
	case errors.As(err, &coded):
		code, name = coded.code, map[int]string{exitSignIn: "sign-in", exitUnreachable: "unreachable"}[coded.code]
	case errors.As(err, &wrong):
		code, name = exitUsage, "usage"
	case errors.Is(err, context.Canceled):
		code, name = exitInterrupted, "interrupted"
	}
	failure := report.Failure{Code: name, Message: err.Error()}
	if p.words != nil {
		failure = p.worded(err, name)
	}
	if code == exitUsage && signin.PartOf(err) == "" {
		failure.Hint = p.usageHint(err, path)
	}
	if p.json {
		write := func() error { return report.WriteError(p.Stdout, failure) }
		if p.events {
			write = func() error {
				return report.WriteEvent(p.Stdout, map[string]string{
					"event": "error", "code": failure.Code, "message": failure.Message, "hint": failure.Hint,
				})
			}
		}
		if write() == nil {
			return code
		}
	}
	message := "zsf: " + failure.Message + "\n"
	if failure.Message == p.warned { // it stands there already
		message = ""
	}
	_, _ = io.WriteString(p.Stderr, strings.TrimRight(message+failure.Hint, "\n")+"\n")
	return code
}

// worded is an error as a person, or a script, is told of it.
func (p *program) worded(err error, name string) report.Failure {
	failure := report.Failure{Code: name, Message: p.words.Error(err), Hint: p.words.Hint(err)}
	var denied *oauth.Denial
	if errors.As(err, &denied) {
		cause, wayOut, _ := denied.Help()
		failure.Code, failure.Hint = denied.Code, p.words.T(cause)+" "+p.words.T(wayOut)
	}
	var hinted *hintedError
	if errors.As(err, &hinted) {
		failure = report.Failure{Code: hinted.code, Message: hinted.message, Hint: hinted.hint}
	}
	if part := signin.PartOf(err); part != "" {
		if !signin.IsAway(err) {
			failure.Message = p.words.T("signin.wrong."+string(part), "Reason", failure.Message)
		}
		if failure.Code == "failed" {
			failure.Code = string(part)
		}
		if failure.Hint == "" || signin.IsOfEntered(err) {
			failure.Hint = p.words.T("signin.mend." + string(part))
		}
		if part == signin.Key && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)) {
			failure.Hint = p.words.T("signin.mend.key-file")
		}
	}
	return failure
}

// codeOf is the exit code of a look: a sign-in that is missing goes before a service that is away,
// as it can be mended here, and both before a failed check, as they hide others. What a step needs counts,
// too: a step that is blocked was not found to be well.
func codeOf(looked flow.Report) int {
	signins := []flow.ID{steps.SalesforceSignin.ID, steps.ZendeskSignin.ID}
	code := exitOK
	for _, finding := range slices.Concat(looked.Findings, looked.Needed) {
		switch kind := transport.KindOf(finding.Err); {
		case kind == transport.SignInMissing, kind == transport.SignInExpired, kind == transport.Anonymous:
			return exitSignIn
		case isAway(kind), slices.Contains(signins, finding.Step) && finding.Err != nil:
			code = exitUnreachable
		case finding.Verdict == flow.Fail && code == exitOK:
			code = exitFailed
		}
	}
	return code
}

// isAway tells whether a service could not be reached, or answered nothing that could be read.
func isAway(kind transport.Kind) bool {
	switch kind {
	case transport.Unreachable, transport.TimedOut, transport.Unavailable, transport.RateLimited, transport.Garbled:
		return true
	}
	return false
}

func (p *program) print(text string) error {
	if _, err := io.WriteString(p.Stdout, text); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
