package zendesk

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// files are what was uploaded: by token until a comment takes them, and the bytes of each, by its attachment's id.
type files struct {
	uploads map[string]upload
	content map[int64]storedFile
	byToken map[string]int64 // of the address of a file → its attachment
	made    int
}

type upload struct {
	userID int64
	files  []attachment
	at     time.Time
}

type storedFile struct {
	name, kind string
	body       []byte
}

const (
	uploadLives = 60 * time.Minute
	largestFile = maxBody - 1 // the service takes 50 MB
	uploadedIDs = attachmentIDs + made
)

func (a *Account) uploadEndpoints() []endpoint {
	return []endpoint{
		{pattern: "POST /api/v2/uploads", action: "uploads/create", resource: "tickets", do: a.createUpload},
		{pattern: "DELETE /api/v2/uploads/{token}", action: "uploads/destroy", resource: "tickets", do: a.deleteUpload},
	}
}

// createUpload keeps a file for an hour. With a token it joins those that came before.
func (a *Account) createUpload(c *call) answer {
	name, kind := c.query().Get("filename"), c.request.Header.Get("Content-Type")
	switch {
	case name == "":
		return missingParameter("filename")
	case len(c.body) > largestFile: // RECALLED: that it is refused is known, in which words is not
		return refusal(http.StatusRequestEntityTooLarge, "AttachmentTooLarge", "The attachment is too large")
	}
	token := cmp.Or(c.query().Get("token"), derived("upload", idText(int64(a.files.made))))
	before, known := a.files.uploads[token]
	if c.query().Has("token") && (!known || a.now().Sub(before.at) >= uploadLives) {
		return recordNotFound()
	}
	one := a.newAttachment(uploadedIDs.id(a.files.made), name, kind, len(c.body))
	if a.files.uploads == nil {
		a.files.uploads, a.files.content, a.files.byToken = map[string]upload{}, map[int64]storedFile{}, map[string]int64{}
	}
	a.files.made++
	a.files.content[one.ID] = storedFile{name, one.ContentType, bytes.Clone(c.body)}
	a.files.byToken[contentToken(one.ID)] = one.ID
	all := append(slices.Clone(before.files), one)
	a.files.uploads[token] = upload{c.user.ID, all, a.now()}
	return answer{status: http.StatusCreated, body: object{{"upload", object{
		{"token", token}, {"expires_at", a.now().Add(uploadLives)}, {"attachments", all}, {"attachment", one},
	}}}}
}

func (a *Account) deleteUpload(c *call) answer {
	token := c.request.PathValue("token")
	if _, known := a.files.uploads[token]; !known {
		return recordNotFound()
	}
	delete(a.files.uploads, token)
	return noContent()
}

// attached are the files of some uploads, which a comment takes.
// RECALLED: a token that is not known makes a comment invalid; in which words is not known.
func (a *Account) attached(tokens []string, wrong *problems) []attachment {
	all := []attachment{}
	for _, token := range tokens {
		sent, known := a.files.uploads[token]
		if !known || a.now().Sub(sent.at) >= uploadLives {
			wrong.add("base", "Attachment: the upload token is invalid", "InvalidValue")
		}
		all = append(all, sent.files...)
	}
	return all
}

// consume ends the uploads that a comment has taken.
func (a *Account) consume(sent []attachment) {
	for token, one := range a.files.uploads {
		if slices.ContainsFunc(one.files, func(file attachment) bool {
			return slices.ContainsFunc(sent, func(taken attachment) bool { return taken.ID == file.ID })
		}) {
			delete(a.files.uploads, token)
		}
	}
}

var contentTypes = map[string]string{".png": "image/png", ".csv": "text/csv", ".txt": "text/plain"}

// attachment is a made-up file beside a comment of the seed.
func (a *Account) attachment(commentID int64, file string) attachment {
	n, _ := commentIDs.number(commentID)
	return a.newAttachment(attachmentIDs.id(n), file, contentTypes[path.Ext(file)], len(attachedContent(file)))
}

func contentToken(id int64) string { return derived("attachment", idText(id)) }

func (a *Account) newAttachment(id int64, file, kind string, size int) attachment {
	one := attachment{ID: id, FileName: file, ContentType: cmp.Or(kind, "application/octet-stream"), MalwareResult: "malware_not_found", Thumbnails: []attachment{}, Size: size}
	one.URL = a.resource("attachments", one.ID)
	one.ContentURL = a.url + "/attachments/token/" + contentToken(id) + "/?name=" + url.QueryEscape(file)
	one.MappedContentURL = one.ContentURL
	return one
}

// attachedContent is the same for every file of that name.
func attachedContent(file string) string { return "The sandbox made this up: " + file + "\n" }

// contentPath is where files are, on a host of their own.
const contentPath = "/zdusercontent/"

// leadToContent needs no sign-in, as the token in the address is what lets one in. The file is on another host, as it is
// with the service (RECALLED: zdusercontent.com): this machine by its other name.
func (a *Account) leadToContent(w http.ResponseWriter, r *http.Request) {
	to := url.URL{Scheme: "http", Host: otherName(r.Host), Path: contentPath + r.PathValue("token") + "/", RawQuery: url.Values{"name": {r.URL.Query().Get("name")}}.Encode()}
	http.Redirect(w, r, to.String(), http.StatusFound)
}

func otherName(host string) string {
	if name, port, found := strings.Cut(host, ":"); found && name == "127.0.0.1" {
		return "localhost:" + port
	}
	return strings.Replace(host, "localhost", "127.0.0.1", 1)
}

// serveContent refuses who shows a sign-in, as stores of files do: it belongs to another host.
func (a *Account) serveContent(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		http.Error(w, "Only one auth mechanism allowed", http.StatusBadRequest)
		return
	}
	name := r.URL.Query().Get("name")
	file := storedFile{name, contentTypes[path.Ext(name)], []byte(attachedContent(name))}
	a.mu.Lock()
	if id, uploaded := a.files.byToken[r.PathValue("token")]; uploaded {
		file = a.files.content[id]
	}
	a.mu.Unlock()
	w.Header().Set("Content-Type", file.kind)
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(file.name))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.Copy(w, bytes.NewReader(file.body)) // a client that went away is no trouble of the account's
}
