// Files go up before the comment that they belong to; a retry does not send them again.

package tickets

import (
	"context"
	"errors"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// tokenLives is how long an upload can still be used: Zendesk keeps one for an hour.
const tokenLives = 50 * time.Minute

// upload sends the files that are not there yet, one after the other, and keeps each token before the next.
// A draft that may have arrived is left as it is: its repeat has to say the same.
func (d *Desk) upload(ctx context.Context, draft Draft, keep saver) (Draft, error) {
	if !draft.Sending.IsZero() && draft.Ticket == 0 {
		return draft, nil
	}
	draft.Files = slices.Clone(draft.Files)
	for i, file := range draft.Files {
		if file.Token != "" && d.now().Sub(file.At) < tokenLives {
			continue
		}
		token, err := d.uploadOne(ctx, file)
		if err != nil {
			return draft, err
		}
		draft.Files[i].Token, draft.Files[i].At = token, d.now()
		if err := keep.save(ctx, draft); err != nil {
			return draft, err
		}
	}
	return draft, nil
}

func (d *Desk) uploadOne(ctx context.Context, file File) (token string, err error) {
	now, err := Attach(file.Path)
	if err != nil {
		return "", err
	}
	if now.Size != file.Size {
		return "", &FileError{Path: file.Path, Err: errOtherSize}
	}
	content, err := os.Open(file.Path)
	if err != nil {
		return "", &FileError{Path: file.Path, Err: err}
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	uploaded, err := d.account.Upload(ctx, file.Name, mime.TypeByExtension(filepath.Ext(file.Name)), content)
	if err != nil {
		return "", err
	}
	return uploaded.Token, nil
}
