// One ticket with its conversation.

package tickets

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
)

// An Attachment is a file beside a message.
type Attachment = zendesk.Attachment

// A Message is one comment of a conversation.
type Message struct {
	ID          int64
	Author      Person
	Public      bool
	Lines       []string
	Attachments []Attachment
	At          time.Time
}

// A Conversation is a ticket and what was said in it, the oldest first.
type Conversation struct {
	Ticket
	Messages []Message
	ReadAt   time.Time
}

// Show reads a ticket and its conversation.
func (d *Desk) Show(ctx context.Context, id int64) (Conversation, error) {
	if d.account == nil {
		return Conversation{}, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	var (
		ticket   zendesk.Ticket
		users    []zendesk.User
		comments []zendesk.Comment
		labels   map[int64]string
		calls    errgroup.Group
	)
	calls.Go(func() (err error) {
		ticket, users, err = d.account.Ticket(ctx, id)
		return err
	})
	calls.Go(func() (err error) {
		comments, err = d.account.Comments(ctx, id)
		return err
	})
	calls.Go(func() error {
		labels = d.statusLabels(ctx)
		return nil
	})
	if err := calls.Wait(); err != nil {
		return Conversation{}, err //nolint:wrapcheck // a service's own error
	}
	rows := []zendesk.Ticket{ticket}
	for _, comment := range comments {
		rows = append(rows, zendesk.Ticket{RequesterID: comment.AuthorID})
	}
	people, err := d.people(ctx, rows, users)
	if err != nil {
		return Conversation{}, err
	}
	shown := Conversation{Ticket: d.ticket(ticket, people, labels), ReadAt: d.now()}
	for _, comment := range comments {
		shown.Messages = append(shown.Messages, messageOf(comment, people))
	}
	return shown, nil
}

func messageOf(comment zendesk.Comment, people map[int64]Person) Message {
	return Message{
		ID: comment.ID, Author: people[comment.AuthorID], Public: comment.Public, Lines: comment.Text(),
		Attachments: comment.Attachments, At: comment.CreatedAt,
	}
}

// IsNoTicket tells that there is no ticket of a number, or none that this user may see.
func IsNoTicket(err error) bool { return transport.KindOf(err) == transport.NotFound }
