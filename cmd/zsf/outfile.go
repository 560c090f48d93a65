package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"zsf/flows"
	"zsf/ui/report"
)

// reportKinds are what can be written into a file beside what is printed, by their flags.
var reportKinds = []string{"html", "junit"}

// canBeWritten refuses a file that a report could not replace, before anything is looked at.
func (p *program) canBeWritten(flag, path string) error {
	if path == "" {
		return p.usage("usage-snapshot.outcome", "Flag", flag)
	}
	found, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		found, err = os.Stat(filepath.Dir(path))
		if err != nil || !found.IsDir() {
			return p.usage("usage-snapshot.file", "Path", path)
		}
	case err != nil || !found.Mode().IsRegular():
		return p.usage("usage-snapshot.file", "Path", path)
	}
	return nil
}

// writeReports writes a look into the files that were asked for.
func (p *program) writeReports(files map[string]*string, now checked) error {
	for _, kind := range reportKinds {
		path, asked := files[kind]
		if !asked {
			continue
		}
		err := writeWhole(*path, func(w io.Writer) error {
			if kind == "html" {
				return report.WriteHTML(w, p.words, flows.Preflight, now.Report, now.drift)
			}
			return report.WriteJUnit(w, p.words, now.Report, now.drift)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// tellWritten names the files that reports are in, on stderr: stdout is for what was found.
func (p *program) tellWritten(files map[string]*string) {
	for _, kind := range reportKinds {
		if path, asked := files[kind]; asked {
			_, _ = io.WriteString(p.Stderr, p.words.T("written."+kind, "Path", *path)+"\n")
		}
	}
}

// writeWhole replaces a file by what write writes, or leaves it as it was: nobody reads half a report.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return err
	}
	if linked, linkErr := filepath.EvalSymlinks(path); linkErr == nil {
		path = linked
	}
	beside := path + ".zsf-" + rand.Text()[:8]
	file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // others may read it, as far as the umask lets them
	if err != nil {
		return atPath(path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(beside)
			err = atPath(path, err)
		}
	}()
	_, err = file.Write(text.Bytes())
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(beside, path) //nolint:wrapcheck // wrapped above
}

// atPath names the file that was meant, and not the one beside it.
func atPath(path string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return &fs.PathError{Op: "write", Path: path, Err: err}
}
