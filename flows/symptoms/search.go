// Finds a symptom in what an admin has before them: a name, a code, a pasted message, or words for it.

package symptoms

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"zsf/clients/oauth"
	"zsf/flows/flow"
)

// Search finds the symptoms that a query means, the likeliest first. A name or a code in it decides; else its words do,
// in each language in which says puts a text.
func Search(query string, says func(flow.Text) []string) []Symptom {
	query = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(query)), "’", "'") // as a page sets it
	if symptom, ok := Find(strings.NewReplacer(" ", "-", "_", "-").Replace(query)); ok {
		return []Symptom{symptom}
	}
	if coded := byCode(query); len(coded) > 0 {
		return coded
	}
	return byWords(query, says)
}

// byCode finds the codes that stand in the query. A code of a sign-in is the one that oauth.HelpFor takes.
func byCode(query string) []Symptom {
	var found []Symptom
	for _, symptom := range table {
		if slices.ContainsFunc(symptom.Codes, func(code string) bool { return strings.Contains(query, strings.ToLower(code)) }) {
			found = append(found, symptom)
		}
	}
	cause, _, known := oauth.HelpFor(query)
	if !known {
		return found
	}
	for _, symptom := range All() {
		if symptom.Help != "" && symptom.Cause().ID == cause {
			found = append(found, symptom)
		}
	}
	return found
}

// The weights of where a word stands: what is seen tells more than a cause, and a cause more than its fix.
const (
	inSees  = 6
	inWords = 5
	inCause = 2
	inFix   = 1
)

type scored struct {
	symptom Symptom
	words   int // of the query, that it has
	weight  int
}

// most is how many symptoms words find: more are no answer.
const most = 6

// byWords finds the symptoms that have half of the query's words or more, and leaves out those that have them in
// places that tell far less than the best one's.
func byWords(query string, says func(flow.Text) []string) []Symptom {
	asked := tellingWords(query)
	if len(asked) == 0 {
		return nil
	}
	var all []scored
	best := 0
	for _, symptom := range All() {
		if is := score(symptom, asked, says); is.words >= (len(asked)+1)/2 {
			all = append(all, is)
			best = max(best, is.weight)
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return b.weight - a.weight })
	var found []Symptom
	for _, is := range all {
		if 3*is.weight >= 2*best && len(found) < most {
			found = append(found, is.symptom)
		}
	}
	return found
}

func score(symptom Symptom, asked []string, says func(flow.Text) []string) scored {
	in := func(texts ...flow.Text) string {
		var all []string
		for _, text := range texts {
			if !text.Empty() {
				all = append(all, says(text)...)
			}
		}
		return strings.ToLower(strings.Join(all, " "))
	}
	sees := in(symptom.Sees()) + " " + symptom.ID + " " + strings.ToLower(strings.Join(symptom.Codes, " "))
	words, cause, fix := in(symptom.Words()), in(symptom.Cause()), in(symptom.Fix(), symptom.More())
	is := scored{symptom: symptom}
	for _, word := range asked {
		weight := 0
		switch {
		case has(sees, word):
			weight = inSees
		case has(words, word):
			weight = inWords
		case has(cause, word):
			weight = inCause
		case has(fix, word):
			weight = inFix
		}
		is.weight += weight
		is.words += min(weight, 1)
	}
	return is
}

// has tells whether a text has a word that begins like this one.
func has(text, word string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:from+at])
		if !isPartOfWord(before) || isHangul(before) {
			return true
		}
		from += at + len(word)
	}
}

// tellingWords are the words of a query without those that every sentence has, each cut to what its forms share.
func tellingWords(query string) []string {
	var telling []string
	for _, word := range strings.FieldsFunc(query, func(r rune) bool { return !isPartOfWord(r) }) {
		if !passedOver[word] {
			telling = append(telling, stem(word))
		}
	}
	slices.Sort(telling)
	return slices.Compact(telling)
}

func isPartOfWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_')
}

func isHangul(r rune) bool { return unicode.Is(unicode.Hangul, r) }

// stem cuts an English ending, or a Korean particle: what stays is looked for as the beginning of a word.
func stem(word string) string {
	for _, particle := range particles {
		if cut, ok := strings.CutSuffix(word, particle); ok && utf8.RuneCountInString(cut) >= 2 {
			return cut
		}
	}
	for _, ending := range []string{"ing", "ed", "es", "s", "ly"} {
		if cut, ok := strings.CutSuffix(word, ending); ok && len(cut) >= 4 {
			return cut
		}
	}
	return word
}

var particles = []string{"에서", "으로", "에게", "이", "가", "은", "는", "을", "를", "의", "에", "로", "와", "과", "도", "만"}

var passedOver = func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq("a all an and are as at be but by can cannot do does every for from get gets has have how i if in " +
		"is it its me my not of on or our so some still that the then there they this to us was we what when why will with " +
		"you your just 안 못 왜 수 그 이 저 것 때") {
		words[word] = true
	}
	return words
}()
