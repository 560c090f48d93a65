// The way back by hand, from a browser on another machine: its address, or the code alone.

package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// Why what was pasted is of no use. None of them ends the attempt.
var (
	ErrNotACode   = errors.New("neither the address that the browser ended on nor a code")
	ErrNotYet     = errors.New("the address to sign in at, not the one that the browser ends on after it")
	ErrWrongState = errors.New("the address of another sign-in: use the one that this sign-in ended on")
	ErrSettled    = errors.New("this sign-in is already over")
)

// Paste takes the whole address that the browser ended on, or the bare code. Nil means that the attempt is settled
// and Wait has its outcome, a Denial included. What is wrong with text, or what the service refuses it for
// (an *transport.Error), does not end the attempt: a person may try again.
func (a *Attempt) Paste(ctx context.Context, text string) error {
	if a.isSettled() {
		return ErrSettled
	}
	result, err := a.readPaste(text)
	if err != nil {
		return err
	}
	select {
	case a.turn <- struct{}{}:
	case <-a.ctx.Done():
		return ErrSettled
	case <-ctx.Done():
		return fmt.Errorf("pasting: %w", context.Cause(ctx))
	}
	defer func() { <-a.turn }()
	if a.isSettled() {
		return ErrSettled
	}
	o := outcome{page: pageOver}
	if result.denial != nil {
		o.err = result.denial
	} else if o.tokens, err = a.trade(result.code); err != nil { // not under ctx: a code is spent even if nobody waits
		return err
	}
	if !a.settle(o) {
		return ErrSettled
	}
	a.log("finished by pasting")
	a.handOn()
	return nil
}

const shortestCode = 16

// percent is a byte as an address spells it. No code of either service has one of its own.
var percent = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

// readPaste reads an address, the part of it from the question mark on, or a code.
func (a *Attempt) readPaste(text string) (wayBack, error) {
	text = unwrap(text)
	query, isAddress := pastedQuery(text)
	if !isAddress {
		if percent.MatchString(text) {
			if spelled, err := url.PathUnescape(text); err == nil {
				text = spelled
			}
		}
		if len(text) < shortestCode || !isSecret(text) || strings.ContainsAny(text, `/\:?&"'<>{}()[],;`) {
			return wayBack{}, ErrNotACode
		}
		return wayBack{code: text}, nil
	}
	switch {
	case query.Has("code_challenge") || query.Has("response_type"):
		return wayBack{}, ErrNotYet
	case !query.Has("code") && !query.Has("error"):
		return wayBack{}, ErrNotACode
	case query.Has("state") && !a.isState(query["state"]), !query.Has("state") && query.Has("error"):
		return wayBack{}, ErrWrongState
	}
	result, err := a.read(query)
	if err != nil {
		return wayBack{}, ErrNotACode
	}
	return result, nil
}

// unwrap takes away what a terminal, a mail or a chat puts around and into an address: line breaks, quotes, brackets.
func unwrap(text string) string {
	text = strings.Trim(strings.TrimSpace(text), "\"'`<>")
	if strings.ContainsAny(text, "?=") {
		text = strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, text)
	}
	return strings.ReplaceAll(text, "&amp;", "&")
}

// pastedQuery is the query of an address, whole or in part.
func pastedQuery(text string) (url.Values, bool) {
	address, rest, asks := strings.Cut(text, "?")
	switch {
	case strings.Contains(address, "://") || asks:
	case strings.HasPrefix(text, "code=") || strings.HasPrefix(text, "state=") || strings.HasPrefix(text, "error="):
		rest = text
	default:
		return nil, false
	}
	rest, _, _ = strings.Cut(rest, "#")
	query, err := url.ParseQuery(rest)
	if err != nil {
		return nil, true
	}
	return query, true
}
