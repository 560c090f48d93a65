// Package locale holds every word that a person reads, in English and Korean,
// and turns the flows' texts, times, numbers and errors into words.
package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"zsf/flows/flow"
)

//go:embed en/*.toml ko/*.toml
var embedded embed.FS

// Languages are those that zsf speaks; the first is spoken where no other fits.
var Languages = []string{"en", "ko"}

// A Locale says things in one language. It may be used from several goroutines.
type Locale struct {
	Zone *time.Location // of the times it says; New sets the machine's own

	tag       string
	zsf       string  // what commands begin with; empty: zsf alone
	demo      bool    // they are of the sandbox inside the program
	files     []fs.FS // further words
	localizer *i18n.Localizer
	messages  map[string]bool
}

// New makes the Locale that fits tag best: en, ko-KR, ko_KR.UTF-8. An empty tag is English.
// more holds further messages, below en/ and ko/, that take precedence.
// An error means that a message file is broken, or that zsf does not speak the tag's language.
func New(tag string, more ...fs.FS) (*Locale, error) { return load(tag, "", more...) }

// load is New, where commands begin with zsf; empty: as the words have them.
func load(tag, zsf string, more ...fs.FS) (*Locale, error) {
	spoken, err := match(tag)
	if err != nil {
		return nil, err
	}
	l := &Locale{Zone: time.Local, tag: spoken, zsf: zsf, files: more, messages: map[string]bool{}}
	bundle := i18n.NewBundle(language.MustParse(spoken))
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	for _, files := range append([]fs.FS{embedded}, more...) {
		messages, err := read(files, spoken)
		if err != nil {
			return nil, err
		}
		sayFor(zsf, messages)
		if err := bundle.AddMessages(language.MustParse(spoken), messages...); err != nil {
			return nil, fmt.Errorf("words of %s: %w", spoken, err)
		}
		for _, message := range messages {
			l.messages[message.ID] = true
		}
	}
	l.localizer = i18n.NewLocalizer(bundle, spoken)
	return l, nil
}

// Detect is the language tag that the environment asks for; "en" where it asks for none that zsf speaks.
// ZSF_LANG goes first, then LC_ALL, LC_MESSAGES and LANG.
func Detect(getenv func(string) string) string {
	for _, name := range []string{"ZSF_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		value := getenv(name)
		if value == "" {
			continue
		}
		if spoken, err := match(value); err == nil {
			return spoken
		}
		return Languages[0]
	}
	return Languages[0]
}

// Tag is the language: en or ko.
func (l *Locale) Tag() string { return l.tag }

// Has tells whether there are words for id.
func (l *Locale) Has(id string) bool { return id == flow.RawID || l.messages[id] }

// Say puts a flow's text into words, safe to show. An ID without words comes back as it is.
func (l *Locale) Say(text flow.Text) string {
	switch {
	case text.Empty():
		return ""
	case text.ID == flow.RawID:
		words, _ := text.Args["Words"].(string)
		return Clean(words)
	}
	return l.localize(text.ID, text.Args)
}

// T says a screen's own words; args are names and values in turn, as those of flow.Say.
func (l *Locale) T(id string, args ...any) string {
	return l.Say(flow.Say(id, args...))
}

// localize fills one message. Its plural form follows the argument Count, or else the only number.
func (l *Locale) localize(id string, args map[string]any) string {
	config := &i18n.LocalizeConfig{MessageID: id}
	if len(args) > 0 {
		data := make(map[string]any, len(args))
		for name, value := range args {
			data[name] = l.value(value)
			if err, ok := value.(error); ok {
				data[name+"Hint"] = l.Hint(err)
			}
		}
		config.TemplateData = data
		if count, ok := pluralCount(args); ok {
			config.PluralCount = count
		}
	}
	words, err := l.localizer.Localize(config)
	if err != nil && words == "" {
		return Clean(id)
	}
	return words
}

func pluralCount(args map[string]any) (any, bool) {
	if count, ok := args["Count"]; ok && isInteger(count) {
		return count, true
	}
	var only any
	for _, value := range args {
		if !isInteger(value) {
			continue
		}
		if only != nil {
			return nil, false
		}
		only = value
	}
	return only, only != nil
}

// read parses every message file of one language.
func read(files fs.FS, tag string) ([]*i18n.Message, error) {
	names, err := fs.Glob(files, tag+"/*.toml")
	if err != nil {
		return nil, fmt.Errorf("words of %s: %w", tag, err)
	}
	var messages []*i18n.Message
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("words of %s: %w", tag, err)
		}
		file, err := i18n.ParseMessageFileBytes(content, path.Base(path.Dir(name))+".toml",
			map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
		if err != nil {
			return nil, fmt.Errorf("words in %s: %w", name, err)
		}
		messages = append(messages, file.Messages...)
	}
	return messages, nil
}

// match finds the spoken language for a tag as the environment or a person writes it.
func match(tag string) (string, error) {
	name, _, _ := strings.Cut(tag, ".") // ko_KR.UTF-8
	name, _, _ = strings.Cut(name, "@")
	if name == "" || name == "C" || name == "POSIX" {
		return Languages[0], nil
	}
	wanted, err := language.Parse(strings.ReplaceAll(name, "_", "-"))
	if err != nil {
		return "", &UnknownLanguageError{Tag: tag}
	}
	base, _ := wanted.Base()
	if slices.Contains(Languages, base.String()) {
		return base.String(), nil
	}
	return "", &UnknownLanguageError{Tag: tag}
}

// An UnknownLanguageError tells that zsf does not speak a language.
type UnknownLanguageError struct{ Tag string }

// Text is what is said of it.
func (e *UnknownLanguageError) Text() flow.Text {
	return flow.Say("usage.language", "Tag", e.Tag, "Names", Languages)
}

func (e *UnknownLanguageError) Error() string {
	return fmt.Sprintf("no words in %q; there are %s", Clean(e.Tag), strings.Join(Languages, " and "))
}
