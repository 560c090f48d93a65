package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zsf/flows/tickets"
)

// A writeRequest is what is to be written of a ticket, as the flags say it.
type writeRequest struct {
	subject, comment, commentFile             string
	public, internal                          bool
	status, priority, kind, assignee, group   string
	organization, due, form, macro, requester string
	fields, addTags, removeTags, attach       []string
	closing, yes, dryRun                      bool
	who                                       string
	said                                      map[string]bool // the flags that were given
	files                                     []tickets.File
	today                                     time.Time
	followUp                                  int64
}

// mostComment is the longest comment that is read, in bytes: more than the service takes.
const mostComment = 1 << 20

// writeFlags are those of new and edit alike.
func (p *program) writeFlags(command *cobra.Command, request *writeRequest) {
	flags := command.Flags()
	text := func(into *string, name string) { flags.StringVar(into, name, "", p.words.T("flag-write."+name)) }
	yes := func(into *bool, name string) { flags.BoolVar(into, name, false, p.words.T("flag-write."+name)) }
	list := func(into *[]string, name string) {
		flags.StringArrayVar(into, name, nil, p.words.T("flag-write."+name))
	}
	text(&request.subject, "subject")
	text(&request.comment, "comment")
	text(&request.commentFile, "comment-file")
	yes(&request.public, "public")
	yes(&request.internal, "internal")
	text(&request.status, "status")
	yes(&request.closing, "close")
	text(&request.priority, "priority")
	text(&request.kind, "type")
	text(&request.assignee, "assignee")
	text(&request.group, "group")
	text(&request.organization, "organization")
	text(&request.due, "due")
	text(&request.form, "form")
	list(&request.fields, "field")
	list(&request.attach, "attach")
	text(&request.macro, "macro")
	yes(&request.yes, "yes")
	yes(&request.dryRun, "dry-run")
	text(&request.who, "who")
}

// changesAnything tells whether the flags say anything to change.
func (request *writeRequest) changesAnything() bool {
	for _, given := range request.said {
		if given {
			return true
		}
	}
	return len(request.fields)+len(request.addTags)+len(request.removeTags)+len(request.attach) > 0
}

// checkWrite looks at the flags alone, before anything is read or called.
func (p *program) checkWrite(command *cobra.Command, request *writeRequest) error {
	request.said, request.today = map[string]bool{}, p.Now()
	for _, name := range []string{"subject", "comment", "comment-file", "status", "priority", "type", "assignee", "group", "organization", "due", "form", "macro"} {
		request.said[name] = command.Flags().Changed(name)
	}
	speaks := request.said["comment"] || request.said["comment-file"]
	switch {
	case request.said["comment"] && request.said["comment-file"]:
		return p.usage("usage-write.comments")
	case request.public && request.internal:
		return p.usage("usage-write.both")
	case speaks && !request.public && !request.internal:
		return p.usage("usage-write.mode")
	case !speaks && !request.said["macro"] && (request.public || request.internal):
		return p.usage("usage-write.mode-alone")
	case request.commentFile == "-" && !request.yes && !request.dryRun:
		return p.usage("usage-write.stdin-yes")
	}
	for _, said := range request.fields {
		if _, _, err := tickets.ParseField(said); err != nil {
			return &usageError{err: err}
		}
	}
	if request.said["comment-file"] {
		if err := p.readComment(request); err != nil {
			return err
		}
	}
	if speaks && strings.TrimSpace(request.comment) == "" {
		return p.usage("usage-write.empty-comment")
	}
	for _, path := range request.attach {
		file, err := tickets.Attach(path)
		if err != nil {
			return err
		}
		request.files = append(request.files, file)
	}
	return nil
}

// readComment reads the comment from a file, or from standard input.
func (p *program) readComment(request *writeRequest) error {
	from := p.Stdin
	if request.commentFile != "-" {
		file, err := os.Open(request.commentFile)
		if err != nil {
			return fmt.Errorf("read the comment: %w", err)
		}
		defer func() { _ = file.Close() }()
		from = file
	}
	text, err := io.ReadAll(io.LimitReader(from, mostComment+1))
	if err != nil {
		return fmt.Errorf("read the comment: %w", err)
	}
	if len(text) > mostComment {
		return p.usage("usage-write.long-comment", "Path", request.commentFile)
	}
	request.comment = strings.TrimPrefix(strings.ToValidUTF8(string(text), "\uFFFD"), "\uFEFF")
	return nil
}

// fill puts what the flags say into a draft. A macro comes first: what was said goes over it.
func (request *writeRequest) fill(ctx context.Context, desk *tickets.Desk, catalog tickets.Catalog, draft *tickets.Draft) error {
	if request.said["form"] {
		if err := draft.SayForm(catalog, request.form); err != nil {
			return err
		}
	}
	draft.PublicSaid, draft.Public, draft.CloseSaid = request.public || request.internal, request.public, request.closing
	if request.said["macro"] {
		macro, err := catalog.MacroCalled(request.macro)
		if err != nil {
			return err
		}
		if *draft, err = desk.Apply(ctx, *draft, catalog, macro.ID); err != nil {
			return err
		}
	}
	if request.comment != "" {
		draft.Comment = request.comment
	}
	draft.Files = append(draft.Files, request.files...)
	draft.AddTags, draft.RemoveTags = append(draft.AddTags, tagsOf(request.addTags)...), append(draft.RemoveTags, tagsOf(request.removeTags)...)
	return request.fillFields(catalog, draft)
}

func (request *writeRequest) fillFields(catalog tickets.Catalog, draft *tickets.Draft) error {
	say := func(field tickets.Field, said string) error {
		if field.Kind == tickets.DateField {
			said = tickets.DayOf(said, request.today)
		}
		return draft.Say(field, said)
	}
	plain := func(key string) func(string) error {
		return func(said string) error {
			field, err := catalog.FieldCalled(key)
			if err != nil {
				return err
			}
			return say(field, said)
		}
	}
	for _, one := range []struct {
		flag, said string
		say        func(string) error
	}{
		{"subject", request.subject, plain(tickets.SubjectKey)},
		{"status", request.status, func(said string) error { return draft.SayStatus(catalog, said) }},
		{"priority", request.priority, plain(tickets.PriorityKey)},
		{"type", request.kind, plain(tickets.TypeKey)},
		{"group", request.group, func(said string) error { return draft.SayGroup(catalog, said) }},
		{"assignee", request.assignee, func(said string) error { return draft.SayAssignee(catalog, said) }},
		{"organization", request.organization, draft.SayOrganization},
		{"due", request.due, plain(tickets.DueKey)},
	} {
		if !request.said[one.flag] {
			continue
		}
		if err := one.say(one.said); err != nil {
			return err
		}
	}
	for _, said := range request.fields {
		name, value, err := tickets.ParseField(said)
		if err != nil {
			return err
		}
		field, err := catalog.FieldCalled(name)
		if err != nil {
			return err
		}
		if err := say(field, value); err != nil {
			return err
		}
	}
	return nil
}

// tagsOf takes several tags from one flag, too: a tag has neither spaces nor commas.
func tagsOf(said []string) []string {
	return strings.FieldsFunc(strings.Join(said, ","), func(r rune) bool { return r == ',' || r == ' ' })
}
