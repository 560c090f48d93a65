// Attachments, saved on this machine.

package tickets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
)

// A SaveError says why an attachment was not saved.
type SaveError struct {
	Why  string // exists, no-folder, refused
	Path string
	Err  error
}

func (e *SaveError) Error() string { return "save " + e.Path + ": " + e.Why }

func (e *SaveError) Unwrap() error { return e.Err }

// Text says it in words.
func (e *SaveError) Text() flow.Text {
	return flow.Say("not-saved."+e.Why, "Path", e.Path, "Reason", e.Err)
}

// Save writes an attachment to a path, and tells where it is; ~/ is home. A file that is there already stays as it is: that is a
// *SaveError. Of a file that breaks off, nothing stays.
func (d *Desk) Save(ctx context.Context, file Attachment, path, home string) (saved string, err error) {
	if d.account == nil {
		return "", &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	if rest, below := strings.CutPrefix(path, "~/"); below && home != "" {
		path = filepath.Join(home, rest)
	}
	into, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", whyNot(path, err)
	}
	_, err = d.account.Download(ctx, file, zendesk.MaxUpload, into)
	if err == nil {
		err = into.Sync()
	}
	if err = errors.Join(err, into.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("save %s: %w", path, err), os.Remove(path))
	}
	return path, nil
}

func whyNot(path string, err error) error {
	why := "refused"
	switch {
	case errors.Is(err, fs.ErrExist):
		why = "exists"
	case errors.Is(err, fs.ErrNotExist):
		why = "no-folder"
	}
	var cause *fs.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return &SaveError{why, path, err}
}

// longestName is how many bytes a file's name has at most, as most file systems have it.
const longestName = 200

// FileName is what an attachment may be called on this machine: no folder, no control or hidden character, nothing that
// a shell or Windows takes for something else, and never empty.
func FileName(name string) string {
	name = transport.Clean(strings.ReplaceAll(name, `\`, "/"))
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) || unicode.IsControl(r) || r == utf8.RuneError {
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(name, ". -~") // hidden, an option, somebody's home, what Windows drops
	base, _, _ := strings.Cut(strings.ToLower(name), ".")
	if reserved[base] {
		name = "_" + name
	}
	if name == "" {
		return "attachment"
	}
	return shorten(name)
}

// shorten cuts a long name before its ending.
func shorten(name string) string {
	ending := filepath.Ext(name)
	if len(ending) > 20 {
		ending = ""
	}
	start := strings.TrimSuffix(name, ending)
	if len(start)+len(ending) <= longestName {
		return name
	}
	start = start[:longestName-len(ending)]
	for !utf8.ValidString(start) { // not in the midst of a letter
		start = start[:len(start)-1]
	}
	return start + ending
}

// reserved are names that Windows keeps for devices.
var reserved = map[string]bool{
	"con": true, "prn": true, "aux": true, "nul": true,
	"com1": true, "com2": true, "com3": true, "com4": true, "com5": true, "com6": true, "com7": true, "com8": true, "com9": true,
	"lpt1": true, "lpt2": true, "lpt3": true, "lpt4": true, "lpt5": true, "lpt6": true, "lpt7": true, "lpt8": true, "lpt9": true,
}
