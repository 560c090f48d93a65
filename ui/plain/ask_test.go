package plain_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"zsf/ui/plain"
	"zsf/ui/uitest"
)

func TestSeveralQuestionsShareOnePipe(t *testing.T) {
	var out bytes.Buffer
	asker := plain.NewAsker(t.Context(), strings.NewReader("acme\n\nbad\ngood\n"), &out, uitest.Words(t, "en"))
	check := func(answer string) error {
		if answer != "good" {
			return errors.New("that is not good")
		}
		return nil
	}
	for _, tc := range []struct {
		question plain.Question
		want     string
	}{
		{plain.Question{Name: "account", Words: "Which account?"}, "acme"},
		{plain.Question{Name: "port", Words: "Which port?", Default: "8765"}, "8765"},
		{plain.Question{Name: "mood", Words: "How is it?", Check: check}, "good"},
	} {
		if got, err := asker.Ask(t.Context(), tc.question); err != nil || got != tc.want {
			t.Errorf("%s: %q %v, want %q", tc.question.Name, got, err, tc.want)
		}
	}
	for _, line := range []string{"Which account?", "Which port? (8765)", "that is not good"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("%q was not said:\n%s", line, &out)
		}
	}
}

func TestTheEndOfTheInputIsNoAnswer(t *testing.T) {
	asker := plain.NewAsker(t.Context(), strings.NewReader("\n\n"), io.Discard, uitest.Words(t, "en"))
	_, err := asker.Ask(t.Context(), plain.Question{Name: "account", Words: "Which account?"})
	if !errors.Is(err, plain.ErrNoAnswer) || !strings.Contains(err.Error(), "account") {
		t.Errorf("%v", err)
	}
}

func TestAQuestionEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, _ := io.Pipe()
	asker := plain.NewAsker(ctx, in, io.Discard, uitest.Words(t, "en"))
	cancel()
	if _, err := asker.Ask(ctx, plain.Question{Name: "account", Words: "Which account?"}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
