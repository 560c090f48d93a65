// Files: those to be sent with a comment, and those that came with one.

package zendesk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"zsf/clients/transport"
)

// MaxUpload is the largest file that the service takes, in bytes.
const MaxUpload = 50 << 20

// An Upload is a file that waits for its comment, for an hour.
type Upload struct {
	Token      string     `json:"token"` // what a CommentWrite takes
	Attachment Attachment `json:"attachment"`
}

// Upload sends a file of at most MaxUpload bytes; a larger one is a *transport.TooLargeError. It can be sent again: what no
// comment takes goes away by itself. Of an empty contentType the service gets application/octet-stream.
func (c *Client) Upload(ctx context.Context, name, contentType string, content io.Reader) (Upload, error) {
	file, err := io.ReadAll(io.LimitReader(content, MaxUpload+1))
	if err != nil {
		return Upload{}, fmt.Errorf("reading %s: %w", name, err)
	}
	if len(file) > MaxUpload {
		return Upload{}, &transport.TooLargeError{Limit: MaxUpload}
	}
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	var body struct {
		Upload *Upload `json:"upload"`
	}
	answer, err := c.write(ctx, transport.Request{
		Method: http.MethodPost, Path: "/api/v2/uploads", Query: url.Values{"filename": {name}}, Body: file, Idempotent: true,
		Header: http.Header{"Content-Type": {contentType}}, Timeout: transport.MaxFileTime,
	}, nil, &body)
	if err == nil && (body.Upload == nil || body.Upload.Token == "") {
		err = c.garbled(answer, "the answer has no token")
	}
	if err != nil {
		return Upload{}, harmless(err)
	}
	return *body.Upload, nil
}

// DeleteUpload forgets a file that no comment has taken. One that is gone already is no error.
func (c *Client) DeleteUpload(ctx context.Context, token string) error {
	_, err := c.write(ctx, transport.Request{Method: http.MethodDelete, Path: "/api/v2/uploads/" + url.PathEscape(token), Idempotent: true}, nil, nil)
	if transport.KindOf(err) == transport.NotFound {
		return nil
	}
	return harmless(err)
}

// harmless is the error of a write that does not matter if it has arrived.
func harmless(err error) error {
	var unsure *UnsureError
	if errors.As(err, &unsure) {
		return unsure.Err
	}
	return err
}

// Download reads a file of at most limit bytes, and tells how many it has written. The token goes to the account's own
// host only, though the file is elsewhere. A file that is too large is a *transport.TooLargeError; of one that breaks off,
// a part has been written.
func (c *Client) Download(ctx context.Context, file Attachment, limit int64, into io.Writer) (int64, error) {
	return c.caller.Fetch(ctx, file.ContentURL, limit, into)
}
