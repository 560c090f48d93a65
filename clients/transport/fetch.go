// Files that a service names by an address of its own or of another host, read as they come.

package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// MaxFileTime is how long one file may take, to be sent or to be read.
const MaxFileTime = 5 * time.Minute

// A TooLargeError is a file of more bytes than are wanted.
type TooLargeError struct{ Limit int64 }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the file is larger than %d bytes", e.Limit)
}

// Fetch reads a file from an address that the service gave, of at most limit bytes, and tells how many it has written.
// The token goes to the service's own host only; a redirect to another host is followed without it. Addresses are https;
// http, and hosts on this machine, only where the service itself is on this machine. A file that is too large is a
// *TooLargeError; of one that breaks off or is too large, a part may have been written. What into says comes back as it is.
func (c *Caller) Fetch(ctx context.Context, address string, limit int64, into io.Writer) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, MaxFileTime)
	defer cancel()
	next, err := url.Parse(address)
	if err != nil {
		return 0, c.badAddress("it is not a URL")
	}
	for range maxRedirects + 1 {
		if why := c.unfetchable(next); why != "" {
			return 0, c.badAddress(why)
		}
		resp, req, err := c.fetch(ctx, next)
		if err != nil {
			return 0, err
		}
		if resp.StatusCode < 300 || resp.StatusCode > 399 {
			n, err := c.take(resp, limit, into)
			return n, c.fileError(ctx, req, err)
		}
		_ = resp.Body.Close()
		if next, err = next.Parse(resp.Header.Get("Location")); err != nil {
			return 0, c.badAddress("it redirects to what is not a URL")
		}
	}
	return 0, c.badAddress("too many redirects")
}

// unfetchable tells why an address is not called; empty for one that is.
func (c *Caller) unfetchable(address *url.URL) string {
	home := isLoopback(c.base.Hostname())
	switch {
	case address.User != nil:
		return "it carries a user name"
	case address.Hostname() == "" || address.Opaque != "":
		return "it names no host"
	case address.Scheme == "https" && (home || !isLoopback(address.Hostname())):
		return ""
	case address.Scheme == "http" && home && isLoopback(address.Hostname()):
		return ""
	}
	return "it is not https"
}

func (c *Caller) badAddress(why string) *Error {
	return &Error{Service: c.config.Service, Host: c.base.Host, Call: fileCall, Kind: Garbled, Code: "BAD_ADDRESS", Message: "the file's address is not usable: " + why}
}

// fileCall names the reading of a file: its address may itself let one in, so it is not told.
const fileCall = "GET a file"

// fetch makes one request, at the service's own host with the token, which is renewed once.
func (c *Caller) fetch(ctx context.Context, address *url.URL) (*http.Response, *http.Request, error) {
	own := sameHost(c.base, address)
	for again := range 2 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
		if err != nil {
			return nil, nil, c.badAddress("it is not a URL")
		}
		req.Header.Set("User-Agent", c.config.UserAgent)
		token := c.config.session.current()
		if own && token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		started := c.config.Now()
		resp, err := c.config.Base.RoundTrip(req)
		done := Try{Service: c.config.Service, Method: http.MethodGet, Path: "a file", Number: again + 1, Started: started, Duration: c.config.Now().Sub(started)}
		if resp != nil {
			done.Status = resp.StatusCode
		}
		c.config.OnTry(done)
		if err != nil {
			return nil, nil, c.fileError(ctx, req, err)
		}
		if !own || resp.StatusCode != http.StatusUnauthorized || again > 0 || c.config.Renew == nil {
			return resp, req, nil
		}
		_ = resp.Body.Close()
		if err := c.config.session.renew(ctx, token); err != nil {
			return nil, nil, c.notSignedIn(Request{Method: http.MethodGet, Path: "a file"}, err)
		}
	}
	return nil, nil, c.badAddress("it is not there")
}

// take writes a file's bytes, or tells why it is none.
func (c *Caller) take(resp *http.Response, limit int64, into io.Writer) (int64, error) {
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return 0, c.Fail(Answer{Call: fileCall, Status: resp.StatusCode, Header: resp.Header}, KindOfStatus(resp.StatusCode), "", http.StatusText(resp.StatusCode))
	}
	if resp.ContentLength > limit {
		return 0, &TooLargeError{Limit: limit}
	}
	to := &keeping{to: into}
	n, err := io.Copy(to, io.LimitReader(resp.Body, limit))
	switch {
	case to.err != nil:
		return n, to.err
	case err != nil:
		return n, fmt.Errorf("reading a file: %w", err)
	}
	if more, _ := io.ReadFull(resp.Body, make([]byte, 1)); more > 0 {
		return n, &TooLargeError{Limit: limit}
	}
	if resp.ContentLength > n {
		return n, io.ErrUnexpectedEOF
	}
	return n, nil
}

// keeping writes, and tells a failure of its own from one of whoever is read.
type keeping struct {
	to  io.Writer
	err error
}

func (k *keeping) Write(p []byte) (int, error) {
	n, err := k.to.Write(p)
	if err != nil {
		k.err = &notKept{err}
	}
	return n, k.err
}

// notKept is that a file which was read could not be written: no fault of the service.
type notKept struct{ err error }

func (e *notKept) Error() string { return "writing a file: " + e.err.Error() }
func (e *notKept) Unwrap() error { return e.err }

// fileError makes an *Error of what broke a request, without its address.
func (c *Caller) fileError(ctx context.Context, req *http.Request, err error) error {
	var tooLarge *TooLargeError
	var own *notKept
	if err == nil || errors.As(err, &tooLarge) || errors.As(err, &own) {
		return err
	}
	failed := c.config.broken(ctx, c.base, req, err)
	failed.Host, failed.Call = req.URL.Host, fileCall
	failed.Message = strings.ReplaceAll(failed.Message, req.URL.String(), "the address")
	return failed
}
