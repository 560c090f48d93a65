package tickets_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"zsf/clients/sandbox"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
)

// aFile is an attachment of the sandbox.
func aFile(t *testing.T, desk *tickets.Desk, account *zendesk.Client) tickets.Attachment {
	t.Helper()
	search, err := account.SearchTickets(t.Context(), zendesk.TicketQuery{}, "updated_at", true, 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, ticket := range search.Tickets {
		shown, err := desk.Show(t.Context(), ticket.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, message := range shown.Messages {
			for _, file := range message.Attachments {
				return file
			}
		}
	}
	t.Fatal("the sandbox has no attachment")
	return tickets.Attachment{}
}

func TestAnAttachmentIsSavedOverNothing(t *testing.T) {
	desk, account, served := atDesk(t)
	file, folder := aFile(t, desk, account), t.TempDir()
	path := filepath.Join(folder, "file")
	saved, err := desk.Save(t.Context(), file, "~/file", folder)
	if err != nil || saved != path {
		t.Fatalf("%q %v", saved, err)
	}
	read, err := os.ReadFile(path)
	if err != nil || int64(len(read)) != file.Size {
		t.Errorf("%d bytes of %d: %v", len(read), file.Size, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}

	var notSaved *tickets.SaveError
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Save(t.Context(), file, path, ""); !errors.As(err, &notSaved) || notSaved.Why != "exists" {
		t.Errorf("%v", err)
	}
	if read, err := os.ReadFile(path); err != nil || string(read) != "mine" {
		t.Errorf("it was written over: %q %v", read, err)
	}
	if _, err := desk.Save(t.Context(), file, filepath.Join(folder, "none", "file"), ""); !errors.As(err, &notSaved) || notSaved.Why != "no-folder" {
		t.Errorf("%v", err)
	}

	// Of one that breaks off nothing stays.
	served.AddFault(sandbox.FaultRule{Times: -1, Fault: sandbox.Fault{CutAfter: 5}})
	broken := filepath.Join(folder, "broken")
	if _, err := desk.Save(t.Context(), file, broken, ""); err == nil {
		t.Error("half a file was taken for a whole one")
	}
	if _, err := os.Stat(broken); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something stayed: %v", err)
	}
}
