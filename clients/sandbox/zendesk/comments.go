package zendesk

import (
	"html"
	"slices"
	"strings"
	"time"
)

// A comment on a ticket: public, or a note among agents.
type comment struct {
	ID          int64        `json:"id"`
	Type        string       `json:"type"`
	AuthorID    int64        `json:"author_id"`
	Body        string       `json:"body"`
	HTMLBody    string       `json:"html_body"`
	PlainBody   string       `json:"plain_body"`
	Public      bool         `json:"public"`
	Attachments []attachment `json:"attachments"`
	AuditID     int64        `json:"audit_id"`
	Via         via          `json:"via"`
	CreatedAt   time.Time    `json:"created_at"`
	Metadata    metadata     `json:"metadata"`
}

type metadata struct {
	System struct{} `json:"system"`
	Custom struct{} `json:"custom"`
}

type attachment struct {
	URL              string       `json:"url"`
	ID               int64        `json:"id"`
	FileName         string       `json:"file_name"`
	ContentURL       string       `json:"content_url"`
	MappedContentURL string       `json:"mapped_content_url"`
	ContentType      string       `json:"content_type"`
	Size             int          `json:"size"`
	Width            *string      `json:"width"`
	Height           *string      `json:"height"`
	Inline           bool         `json:"inline"`
	Deleted          bool         `json:"deleted"`
	MalwareOverride  bool         `json:"malware_access_override"`
	MalwareResult    string       `json:"malware_scan_result"`
	Thumbnails       []attachment `json:"thumbnails"`
}

const (
	commentIDs    idRange = 30_418_225_701_146
	attachmentIDs idRange = 33_907_114_336_538
	perTicket             = 4096 // comments that a ticket has numbers for
)

func commentID(ticket int64, n int) int64 { return commentIDs.id(int(ticket)*perTicket + n) }

// commentsOf are all of a ticket's, the oldest first.
func (a *Account) commentsOf(t ticket) []comment {
	return append(a.seedComments(t), a.tickets.comments[t.ID]...)
}

func (a *Account) seedComments(t ticket) []comment {
	var all []comment
	n := int(t.ID - 1)
	if n < a.seed.Tickets() {
		for i, said := range a.seed.Comments(n) {
			author := t.RequesterID
			if said.ByAgent {
				author = staffID(adminCount + n%(len(staff)-adminCount))
			}
			one := newComment(t.ID, i, author, said.Body, said.Public, said.At)
			one.Via = t.Via
			if said.File != "" {
				one.Attachments = append(one.Attachments, a.attachment(one.ID, said.File))
			}
			all = append(all, one)
		}
	}
	return all
}

func newComment(ticket int64, n int, author int64, body string, public bool, at time.Time) comment {
	id := commentID(ticket, n)
	return comment{
		ID: id, Type: "Comment", AuthorID: author, Body: body, PlainBody: body, HTMLBody: htmlBody(body),
		Public: public, Attachments: []attachment{}, AuditID: id - 1, Via: via{Channel: "api"}, CreatedAt: at,
	}
}

// htmlBody has a paragraph for each that the text has.
func htmlBody(body string) string {
	var b strings.Builder
	b.WriteString(`<div class="zd-comment" dir="auto">`)
	for _, paragraph := range strings.Split(body, "\n\n") {
		b.WriteString("<p dir=\"auto\">" + strings.ReplaceAll(html.EscapeString(paragraph), "\n", "<br>\n") + "</p>")
	}
	b.WriteString("</div>")
	return b.String()
}

// listComments: with a cursor by sort=created_at or -created_at, without one by sort_order.
func (a *Account) listComments(c *call, t ticket) answer {
	all := a.commentsOf(t)
	var authors []int64
	at := func(one comment) position { return position{one.CreatedAt.Unix(), one.ID} }
	said := page(a, c, list[comment]{
		name: "comments", path: "tickets/" + idText(t.ID) + "/comments",
		show:     func(one comment) any { authors = append(authors, one.AuthorID); return one },
		total:    func() int { return len(all) },
		byOffset: func(yield func(comment) bool) { inOrder(all, c.query().Get("sort_order") == "desc", yield) },
		byCursor: func(sort string) (ordering[comment], bool) {
			switch sort {
			case "", "created_at":
				return sorted("created_at,id", all, false, at), true
			case "-created_at":
				fallen := slices.Clone(all)
				slices.Reverse(fallen)
				return sorted("-created_at,id", fallen, true, at), true
			}
			return ordering[comment]{}, false
		},
	})
	if slices.Contains(c.include(), "users") {
		said = said.with(member{"users", a.besideUsers(authors)})
	}
	return said
}

func (a *Account) countComments(_ *call, t ticket) answer {
	return counted(len(a.commentsOf(t)), a.now())
}
