package uitest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// A Story drives a screen as a person would: it presses keys, lets time pass, and looks.
// It lives in a synctest bubble, so that time passes at once and nothing is left to chance.
type Story struct {
	T      testing.TB
	Update func(tea.Msg) tea.Cmd
	Render func() string
	Quit   bool     // the program was asked to end
	Sent   []string // messages that only Bubble Tea understands, as the clipboard's

	mu    sync.Mutex
	queue []tea.Msg
}

// Begin sets the bubble's clock to when the sample's look begins.
func Begin() { <-time.After(time.Until(Read.Add(-400 * time.Millisecond))) }

// Do runs a command and everything that follows from it, short of waiting.
func (s *Story) Do(command tea.Cmd) {
	s.T.Helper()
	s.start(command)
	s.settle()
}

// Press presses keys, one after the other: r, enter, down, ctrl+c.
func (s *Story) Press(keys ...string) {
	s.T.Helper()
	for _, key := range keys {
		s.Send(Key(key))
	}
}

// Send gives the screen a message.
func (s *Story) Send(message tea.Msg) {
	s.T.Helper()
	s.start(s.Update(message))
	s.settle()
}

// Pass lets time pass.
func (s *Story) Pass(span time.Duration) {
	s.T.Helper()
	const step = 10 * time.Millisecond
	for ; span > 0; span -= step {
		<-time.After(min(step, span))
		s.settle()
	}
}

// Sees fails the test unless the screen shows all of the words.
func (s *Story) Sees(words ...string) {
	s.T.Helper()
	screen := ansi.Strip(s.Render())
	for _, want := range words {
		if !strings.Contains(screen, want) {
			s.T.Errorf("the screen does not show %q:\n%s", want, screen)
		}
	}
}

// SeesNot fails the test if the screen shows one of the words.
func (s *Story) SeesNot(words ...string) {
	s.T.Helper()
	screen := ansi.Strip(s.Render())
	for _, unwanted := range words {
		if strings.Contains(screen, unwanted) {
			s.T.Errorf("the screen shows %q:\n%s", unwanted, screen)
		}
	}
}

// Line is the first line of the screen that has the words, without styles; empty when none has.
func (s *Story) Line(words string) string {
	for line := range strings.Lines(ansi.Strip(s.Render())) {
		if strings.Contains(line, words) {
			return strings.TrimRight(line, "\n")
		}
	}
	return ""
}

func (s *Story) start(command tea.Cmd) {
	if command == nil {
		return
	}
	go func() {
		message := command()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.queue = append(s.queue, message)
	}()
}

func (s *Story) settle() {
	for {
		synctest.Wait()
		s.mu.Lock()
		queue := s.queue
		s.queue = nil
		s.mu.Unlock()
		if len(queue) == 0 {
			return
		}
		for _, message := range queue {
			s.handle(message)
		}
	}
}

func (s *Story) handle(message tea.Msg) {
	switch message := message.(type) {
	case nil:
	case tea.BatchMsg:
		for _, command := range message {
			s.start(command)
		}
	case tea.QuitMsg:
		s.Quit = true
	default:
		if kind := fmt.Sprintf("%T", message); strings.HasPrefix(kind, "tea.") {
			s.Sent = append(s.Sent, fmt.Sprintf("%s %v", kind, message))
		}
		s.start(s.Update(message))
	}
}

var named = map[string]rune{
	"up": tea.KeyUp, "down": tea.KeyDown, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp,
	"left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "pgdown": tea.KeyPgDown, "enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace,
	"delete": tea.KeyDelete, "f1": tea.KeyF1, "f2": tea.KeyF2,
}

// Key is the press of a key by its name.
func Key(name string) tea.KeyPressMsg {
	if code, ok := named[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	for prefix, mod := range map[string]tea.KeyMod{"ctrl+": tea.ModCtrl, "shift+": tea.ModShift, "alt+": tea.ModAlt} {
		if letter, ok := strings.CutPrefix(name, prefix); ok {
			key := Key(letter)
			return tea.KeyPressMsg{Code: key.Code, Mod: mod}
		}
	}
	code, _ := utf8.DecodeRuneInString(name)
	return tea.KeyPressMsg{Code: code, Text: name}
}
