package compose

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/uitest"
)

func TestAPublicDraftTurnsInternalForALightAgent(t *testing.T) {
	tell(t, replyTo, func(s *stageOf) {
		s.desk.catalog.InternalOnly = true
		draft := tickets.NewDraft()
		draft.Ticket, draft.Comment, draft.Public, draft.PublicSaid, draft.Base = 48190, "begun as an agent", true, true, sampleBase()
		_ = s.drafts.Save(s.t.Context(), draft)
	}, func(s *stageOf) {
		s.Press("enter")
		s.Sees("Internal note", "begun as an agent")
		s.Press("ctrl+s", "D")
		if s.done == nil || s.desk.sent[0].Public {
			t.Errorf("%+v", s.desk.sent)
		}
	})
}

func TestEscKeepsADraftThatIsOfferedWhenOneComesBack(t *testing.T) {
	tell(t, replyTo, nil, func(s *stageOf) {
		s.types("half a sen")
		s.Press("esc")
		if !s.left || s.drafts.kept(s.t).Comment != "half a sen" {
			t.Fatal("it was left without the draft")
		}
		<-time.After(2 * time.Hour)
		s.open(asked(Note), s.model.frame)
		s.Sees("You began this before", "public: half a sen", "2 h ago")
		s.Press("enter")
		s.Sees("Public reply to R. Osei", "half a sen")
		s.types("tence.")
		s.Press("esc")
		if s.drafts.kept(s.t).Comment != "half a sentence." {
			t.Errorf("%q", s.drafts.kept(s.t).Comment)
		}
		s.open(replyTo, s.model.frame)
		s.Press("esc") // begin anew
		s.SeesNot("half a sen")
		s.types("other")
		s.Press("ctrl+l")
		s.Sees("half a sentence.")
		s.Press("ctrl+x")
		s.Sees("Once more drops")
		s.Press("ctrl+x")
		s.Sees("other")
		s.Pass(time.Second)
		if s.drafts.kept(s.t).Comment == "half a sentence." {
			t.Error("the draft is still there")
		}
	})
}

// Somebody in a hurry writes on although a draft is offered: that is no search, and nothing of it is lost.
func TestWhatIsWrittenWhileDraftsAreOfferedBeginsAnew(t *testing.T) {
	begun := func(s *stageOf) {
		draft := tickets.NewDraft()
		draft.Ticket, draft.Comment, draft.Base = 48190, "half a sen", sampleBase()
		_ = s.drafts.Save(s.t.Context(), draft)
	}
	tell(t, replyTo, begun, func(s *stageOf) {
		s.Sees("You began this before")
		s.types("Hello R.")
		s.Sees("No draft says that", "esc begins anew with it")
		s.Press("esc")
		s.SeesNot("You began this before")
		s.types(", done")
		s.Press("ctrl+s")
		s.Sees("Hello R., done", "D send")
	})
	tell(t, replyTo, begun, func(s *stageOf) {
		s.pastes("two\nlines")
		s.Press("ctrl+s")
		s.Sees("   two\n", "   lines", "D send")
	})
	edit := Request{Kind: Edit, Ticket: 48190} // the cursor is in a list, which keeps no text
	tell(t, edit, begun, func(s *stageOf) {
		s.types("Hello R.")
		s.Press("esc")
		s.types(", done")
		if written := s.model.draft.Comment; written != "Hello R., done" {
			t.Errorf("the comment is %q:\n%s", written, s.Render())
		}
	})
}

func TestAtMostASecondOfTypingIsEverAtRisk(t *testing.T) {
	tell(t, replyTo, nil, func(s *stageOf) {
		for i := range 40 { // somebody who never pauses
			s.types("x")
			s.Pass(100 * time.Millisecond)
			if i%10 == 9 {
				if kept := s.drafts.kept(s.t); len(kept.Comment) < i+1-9 {
					t.Errorf("of %d letters %d are kept", i+1, len(kept.Comment))
				}
			}
		}
		if s.drafts.saves > 8 {
			t.Errorf("%d writes in 4 s", s.drafts.saves)
		}
		s.Pass(time.Second)
		s.Sees("draft kept")
		if kept := s.drafts.kept(s.t); len(kept.Comment) != 40 {
			t.Errorf("%d letters are kept", len(kept.Comment))
		}
	})
}

func TestWhatCannotBeKeptIsNeitherSentNorLeftByOneKey(t *testing.T) {
	full := errors.New("the disk is full")
	tell(t, replyTo, func(s *stageOf) { s.drafts.err = full }, func(s *stageOf) {
		s.types("x")
		s.Pass(time.Second)
		s.Sees("The draft could not be kept: the disk is full")
		s.Press("ctrl+s", "D")
		if len(s.desk.sent) != 0 {
			t.Error("it was sent, and nobody could have told later whether it was")
		}
		s.Sees("Not sent", "the disk is full")
		s.Press("esc", "esc")
		s.Sees("esc once more leaves")
		if s.left {
			t.Fatal("what was written is gone")
		}
		s.Press("esc")
		if !s.left {
			t.Error("one cannot get out")
		}
	})
}

func TestAMacroIsLookedAtBeforeItIsTaken(t *testing.T) {
	applies := func(draft tickets.Draft) (tickets.Draft, error) {
		draft.Values = tickets.Values{tickets.StatusKey: {"pending"}}
		draft.Comment += "\nSorry for the wait."
		draft.AddTags = []string{"late"}
		return draft, nil
	}
	tell(t, replyTo, func(s *stageOf) { s.desk.applies = applies }, func(s *stageOf) {
		s.types("Hello")
		s.Press("ctrl+r")
		s.Sees("Refunds › Late", "Says sorry")
		s.Press("enter")
		s.Sees("Macro: Refunds::Late", "Open → Pending", "+late", "Sorry for the wait.", "nothing is sent yet")
		s.Press("esc")
		s.SeesNot("Sorry")
		s.Press("ctrl+r", "enter", "enter")
		s.Sees("Hello", "Sorry for the wait.", "Pending", "was Open")
		s.desk.applies = func(draft tickets.Draft) (tickets.Draft, error) { return draft, errors.New("no such macro") }
		s.Press("ctrl+r", "enter")
		s.Sees("no such macro")
		s.Press("enter")
		s.Press("esc")
		s.Sees("Hello", "Sorry for the wait.")
	})
}

func TestFilesAreNamedByTheirPath(t *testing.T) {
	folder := t.TempDir()
	log, empty, huge := filepath.Join(folder, "server log.txt"), filepath.Join(folder, "empty"), filepath.Join(folder, "huge")
	if err := errors.Join(os.WriteFile(log, make([]byte, 3000), 0o600), os.WriteFile(empty, nil, 0o600), os.WriteFile(huge, nil, 0o600), os.Truncate(huge, 51<<20)); err != nil {
		t.Fatal(err)
	}
	tell(t, replyTo, nil, func(s *stageOf) {
		s.types("See the log.")
		s.to(filesRow)
		for typed, says := range map[string]string{huge: "50 MB", folder: "no file", empty: "empty", folder + "/none": "not there"} {
			s.pastes(typed)
			s.Press("enter")
			if screen := strings.Join(strings.Fields(s.Render()), " "); !strings.Contains(screen, says) {
				s.t.Errorf("%s: %q is not said:\n%s", typed, says, s.Render())
			}
			s.Press("ctrl+u")
		}
		s.pastes(folder + "/ser")
		s.Press("ctrl+n", "enter")
		s.Sees("server log.txt", "2 KB")
		s.pastes("'" + log + "'")
		s.Press("enter")
		s.Sees("goes along already")
		s.Press("ctrl+s")
		s.Sees("enter attaches the file that is named here")
		s.Press("ctrl+u", "ctrl+s")
		s.Sees("Files that go along", "server log.txt  2 KB")
		s.Press("esc", "ctrl+x", "ctrl+s")
		s.SeesNot("server log.txt")
	})
}

func TestTheOwnEditorGivesTheTextBack(t *testing.T) {
	tell(t, replyTo, nil, func(s *stageOf) {
		var path string
		s.types("draft")
		s.written = func(at string) {
			path = at
			if info, err := os.Stat(at); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v %v", info, err)
			}
			writeTo(t, "long\r\ntext \x1b[31m한글\n\n")(at)
		}
		s.Press("ctrl+o")
		if got := s.model.draft.Comment; got != "long\ntext [31m한글" {
			t.Errorf("%q", got)
		}
		if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
			t.Error("the file is still there")
		}
		s.editErr, s.written = errors.New("exit status 1"), writeTo(t, "saved before it broke")
		s.Press("ctrl+o")
		s.Sees("The editor did not end well: exit status 1", "saved before it broke")
		s.written = writeTo(t, "")
		s.Press("ctrl+o")
		s.Sees("saved before it broke")
		s.written = func(at string) { _ = os.RemoveAll(filepath.Dir(at)) }
		s.Press("ctrl+o")
		s.Sees("saved before it broke")
	})
}

func TestHostileWordsDoNotSteerTheTerminal(t *testing.T) {
	bad := "\x1b]0;x\x07\x1b[2J\u202eevil\u0000" + strings.Repeat("\u0301", 40) + strings.Repeat("長", 300)
	tell(t, replyTo, func(s *stageOf) {
		c := &s.desk.catalog
		for i := range c.Forms[0].All {
			c.Forms[0].All[i].Title, c.Forms[0].All[i].Hint = bad, bad
			for j := range c.Forms[0].All[i].Options {
				c.Forms[0].All[i].Options[j].Title = bad
			}
		}
		c.Agents[0].Name, c.Groups[0].Name, c.Macros[0].Title, c.Macros[0].Description, c.Forms[0].Name = bad, bad, bad, bad, bad
		s.desk.base.Requester = tickets.Person{ID: 1, Name: bad, Email: bad}
		s.desk.base.Values = tickets.Values{tickets.SubjectKey: {bad}, tickets.TagsKey: {bad}, tickets.StatusKey: {"open"}, "custom:8": {bad}}
		s.desk.applies = func(draft tickets.Draft) (tickets.Draft, error) {
			draft.Comment = bad
			return draft, nil
		}
		conflict := theirs()
		conflict.Messages[0].Author.Name, conflict.Messages[0].Lines = bad, []string{bad}
		conflict.Clashes[0].Field.Title, conflict.Clashes[0].Theirs = bad, []flow.Text{flow.Raw(bad)}
		s.desk.answers = []error{conflict}
	}, func(s *stageOf) {
		check := func() {
			t.Helper()
			screen := s.model.Render()
			uitest.Fits(t, screen, s.model.frame.Width, s.model.frame.Height)
			if strings.ContainsAny(screen, "\x07\x00\u202e") || strings.Contains(screen, "\x1b[2J") || strings.Contains(screen, "\x1b]") {
				t.Errorf("%q", screen)
			}
		}
		s.pastes(bad)
		check()
		for range 20 {
			s.Press("tab")
			check()
		}
		for _, key := range []string{"ctrl+r", "enter", "enter", "ctrl+s", "D", "esc", "esc"} {
			s.Press(key)
			check()
		}
		s.open(replyTo, s.model.frame)
		check()
	})
}

func TestLeavingAndEnteringLeavesNoAnswerBehind(t *testing.T) {
	tell(t, replyTo, func(s *stageOf) { s.desk.slow = time.Second }, func(s *stageOf) {
		s.model.Leave()
		s.Do(s.model.Enter(s.t.Context(), s.model.frame))
		s.Pass(1500 * time.Millisecond)
		s.Sees("Status", "Open")
	})
}
