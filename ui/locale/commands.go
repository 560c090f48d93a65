// Commands as a person types them: what is said in a profile is to be done in that profile.

package locale

import (
	"regexp"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// ofAProfile finds zsf and a command that acts on a profile. A heading goes on with a dot.
var ofAProfile = regexp.MustCompile(`\bzsf (access|auth|cache|check|disconnect|doctor|journal|reconnect|setup|snapshot|diff|tickets|undo)\b( ·)?`)

// Of is the Locale that says each command for a profile: zsf --profile NAME check. What people wrote stays as it is:
// only zsf's own words are other ones.
func (l *Locale) Of(profile string) (*Locale, error) {
	other, err := load(l.tag, "zsf --profile "+profile, l.files...)
	if err != nil {
		return nil, err
	}
	other.Zone = l.Zone
	return other, nil
}

// InDemo is the Locale that says what a step's command is against the sandbox inside the program: zsf --demo check. What
// is said to somebody who leaves the rehearsal stays as it is, and so does a sign-in: the sandbox needs none.
func (l *Locale) InDemo(flags string) *Locale {
	other := *l
	other.zsf = strings.TrimSpace("zsf --demo " + flags)
	other.demo = true
	return &other
}

// Command is a command that a step names, as it is typed where the Locale speaks.
func (l *Locale) Command(command string) string {
	if l.demo && strings.HasPrefix(command, "zsf auth ") {
		return Clean(command)
	}
	return Clean(begunWith(l.zsf, command))
}

func begunWith(zsf, text string) string {
	if zsf == "" {
		return text
	}
	var b strings.Builder
	from := 0
	for _, at := range ofAProfile.FindAllStringSubmatchIndex(text, -1) {
		line, _, _ := strings.Cut(text[at[1]:], "\n")
		if isHeading := at[4] >= 0; isHeading || strings.Contains(line, "--profile") {
			continue
		}
		b.WriteString(text[from:at[0]] + zsf)
		from = at[0] + len("zsf")
	}
	return b.String() + text[from:]
}

// sayFor makes the commands of messages those of a profile.
func sayFor(zsf string, messages []*i18n.Message) {
	for _, message := range messages {
		for _, form := range []*string{&message.Zero, &message.One, &message.Two, &message.Few, &message.Many, &message.Other} {
			*form = begunWith(zsf, *form)
		}
	}
}
