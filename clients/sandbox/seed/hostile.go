package seed

import (
	"strconv"
	"strings"
)

// Hostile is the same business with names, subjects, words and file names that mean harm to whoever shows them. What they
// were is still inside them; addresses of e-mail and of the web stay as they are.
func (s *Seed) Hostile() *Seed {
	other := *s
	other.hostile = true
	return &other
}

// poisons make a text hostile, each in its own way.
var poisons = []func(string) string{
	// Escape sequences: clear, colour, title, link, a key's answer, the clipboard, other screens.
	func(s string) string { return "\x1b[2J\x1b[31;5m" + s + "\x1b]0;owned\x07\x1b[6n" },
	func(s string) string { return "\x1b]8;;javascript:alert(1)\x07" + s + "\x1b]8;;\x07" },
	func(s string) string {
		return s + "\x1b]52;c;cm0gLXJmIH4=\x1b\\\x1bP1$r0m\x1b\\\x1b_Gi=1\x1b\\\x1b[?1049h\x1bc"
	},
	func(s string) string { return "\x1b[" + s + "\x1b]0;without an end" },
	// The same in one byte, control bytes, and what is no character at all.
	func(s string) string { return "\u009b2J" + s + "\u009d0;owned\u009c\u0090q\u009c\u0085" },
	func(s string) string { return "\x00\x08\x08" + s + "\x7f\x0e\x0f\x1a\a" },
	func(s string) string { return s + "\ufffe\uffff\U000e0001\U000e0041\ufff9a\ufffab\ufffb" },
	// Turned about, and hidden.
	func(s string) string { return "\u202e" + s + "\u2066\u2067 gnp.exe\u202d" },
	func(s string) string { return spread(s, "\u200b\u200d\u2060\ufeff\u00ad") },
	func(s string) string { return "\u3164\u115f" + s + "\u034f\u180e\u2800" },
	// Too much of something.
	func(s string) string { return spread(s, strings.Repeat("\u0301\u0489\u20dd", 40)) },
	func(s string) string { return s + strings.Repeat("W", 10_000) },
	func(s string) string {
		return s + strings.Repeat("漢", 5_000) + strings.Repeat("👩‍👩‍👧‍👦", 50)
	},
	// Lines where there is one.
	func(s string) string { return "first\n" + s + "\r\nthird\rover\u2028more\u2029\v\f\tend" },
	// What looks like a link, a command, or a cell that reckons.
	func(s string) string { return s + " javascript:alert(1) file:///etc/passwd data:text/html,x" },
	func(s string) string {
		return s + " http://user:secret@evil.example/ https://evil.example\u202e/moc.dnekez ]( http://[::1"
	},
	func(s string) string { return `=HYPERLINK("http://evil.example";"` + s + `")` },
	func(s string) string {
		return "-rf `reboot` $(reboot) %s%n {{.}} {{" + s + "}} \" ' \\ <script>alert(1)</script>"
	},
}

// spread puts something after each character.
func spread(s, between string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
		b.WriteString(between)
	}
	return b.String()
}

var hostileFiles = []string{
	"../../../.ssh/authorized_keys", `..\..\Windows\System32\calc.exe`, "/etc/passwd", "invoice\u202efdp.exe", "a\x00.png", "\x1b[2Jlog.txt", "two\nlines.csv",
	".bashrc", "-rf", "CON", "nul.txt", "", ".", "..", "~", "a:stream.txt", strings.Repeat("long", 200) + ".png", "%2e%2e%2fx.png", "x\u200b.png.exe ", "report.csv\u0085",
}

// poison makes a text hostile in the way that item n has; of a business that is not, it stays.
func (s *Seed) poison(k kind, n int, text string) string {
	if !s.hostile {
		return text
	}
	return poisons[(n+int(k))%len(poisons)](text)
}

// poisonFile is a hostile name for a file. Few systems would take it for what it is.
func (s *Seed) poisonFile(n int, name string) string {
	if !s.hostile || name == "" {
		return name
	}
	if file := hostileFiles[n%len(hostileFiles)]; file != "" {
		return file
	}
	return " " + strconv.Itoa(n)
}
