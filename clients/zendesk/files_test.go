package zendesk

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"zsf/clients/transport"
)

func TestAFileGoesThereAndComesBack(t *testing.T) {
	served, client := aSandbox(t, 0)
	ticket := anUnclosedTicket(t, client)
	content := "a,b\n1,2\n" + strings.Repeat("x", 5000)
	sent := must(client.Upload(t.Context(), "list of things.csv", "text/csv", strings.NewReader(content)))(t)
	if sent.Token == "" || sent.Attachment.Size != int64(len(content)) {
		t.Errorf("%+v", sent)
	}
	must(client.UpdateTicket(t.Context(), ticket.ID, ticket.UpdatedAt, TicketWrite{Comment: &CommentWrite{Body: "see", Public: true, Uploads: []string{sent.Token}}}))(t)
	comments := must(client.Comments(t.Context(), ticket.ID))(t)
	files := comments[len(comments)-1].Attachments
	if len(files) != 1 || files[0].FileName != "list of things.csv" || files[0].ContentType != "text/csv" || files[0].Malware != "malware_not_found" {
		t.Fatalf("%+v", files)
	}
	var got bytes.Buffer
	if n, err := client.Download(t.Context(), files[0], 1<<20, &got); err != nil || n != int64(len(content)) || got.String() != content {
		t.Errorf("%d bytes, %v", n, err)
	}
	if there := served.Requests()[len(served.Requests())-1]; !strings.Contains(there.Path, "zdusercontent") || there.Status != 200 {
		t.Errorf("the file came from %+v", there)
	}
	var large *transport.TooLargeError
	if _, err := client.Download(t.Context(), files[0], 100, io.Discard); !errors.As(err, &large) {
		t.Errorf("%v", err)
	}
}

func TestAFileThatNoCommentTakesIsForgotten(t *testing.T) {
	_, client := aSandbox(t, 0)
	ticket := anUnclosedTicket(t, client)
	sent := must(client.Upload(t.Context(), "a.txt", "", strings.NewReader("")))(t)
	for range 2 {
		if err := client.DeleteUpload(t.Context(), sent.Token); err != nil {
			t.Error(err)
		}
	}
	var refused *RefusalError
	_, err := client.UpdateTicket(t.Context(), ticket.ID, time.Time{}, TicketWrite{Comment: &CommentWrite{Body: "x", Uploads: []string{sent.Token}}})
	if !errors.As(err, &refused) {
		t.Errorf("%v", err)
	}
}

func TestAFileThatIsTooLargeIsNotSent(t *testing.T) {
	served, client := aSandbox(t, 0)
	var large *transport.TooLargeError
	if _, err := client.Upload(t.Context(), "a", "", io.LimitReader(zeros{}, MaxUpload+1)); !errors.As(err, &large) || len(served.Requests()) != 0 {
		t.Errorf("%v", err)
	}
	if _, err := client.Upload(t.Context(), "a", "", io.LimitReader(zeros{}, 9<<20)); transport.KindOf(err) != transport.Rejected {
		t.Errorf("%v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
