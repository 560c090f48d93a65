// Compares what services sent as JSON: conditions and actions element by element, whatever their order or spacing.

package snapshot

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"zsf/flows/flow"
)

// contentField is a trigger's conditions or actions. name says its elements.
func contentField(path string, content Content, name func(list string) flow.Text) field {
	f := field{path: path, content: content.Value, shown: raw(canonical(content.Value))}
	f.compare = func(path string, other field) []Change {
		return compareContent(path, "", f.content, other.content, name)
	}
	return f
}

// compareContent compares lists element by element: the one list of the actions, or those that stand by name (all, any).
func compareContent(path, list string, before, after any, name func(list string) flow.Text) []Change {
	if canonical(before) == canonical(after) {
		return nil
	}
	was, isList := before.([]any)
	is, areLists := after.([]any)
	if isList && areLists {
		return compareElements(path, was, is, name(list))
	}
	lists, named := before.(map[string]any)
	others, bothNamed := after.(map[string]any)
	if named && bothNamed && list == "" {
		var changes []Change
		for _, key := range bothKeys(lists, others) {
			changes = append(changes, compareContent(join(path, key), key, lists[key], others[key], name)...)
		}
		return changes
	}
	from, to := excerpts(valueText(before), valueText(after))
	return []Change{{Path: path, Kind: kindOf(before, after), What: name(list), Before: from, After: to}}
}

// kindOf tells what became of a value where nil is none.
func kindOf(before, after any) Kind {
	switch {
	case before == nil:
		return Appeared
	case after == nil:
		return Vanished
	}
	return Changed
}

// compareElements pairs the elements that are not the same by what they are about, and shows what differs in them.
func compareElements(path string, before, after []any, what flow.Text) []Change {
	gone, come := difference(before, after), difference(after, before)
	if len(gone)+len(come) == 0 {
		return []Change{{Path: path, Kind: Changed, What: what, Before: flow.Say("snapshot.one-order"), After: flow.Say("snapshot.another-order")}}
	}
	var changes []Change
	for _, was := range gone {
		at := slices.IndexFunc(come, func(is any) bool { return about(is) == about(was) })
		if at < 0 {
			changes = append(changes, Change{Path: path + "[" + about(was) + "]", Kind: Vanished, What: what, Before: elementText(was)})
			continue
		}
		changes = append(changes, compareElement(path+"["+about(was)+"]", what, was, come[at])...)
		come = slices.Delete(come, at, at+1)
	}
	for _, is := range come {
		changes = append(changes, Change{Path: path + "[" + about(is) + "]", Kind: Appeared, What: what, After: elementText(is)})
	}
	return changes
}

// compareElement shows a short element as a whole, and of a long one, as a webhook's body, the values that differ.
func compareElement(path string, what flow.Text, was, is any) []Change {
	if before, after := elementText(was), elementText(is); len(plain(before))+len(plain(after)) <= 2*longest {
		return []Change{{Path: path, Kind: Changed, What: what, Before: before, After: after}}
	}
	var changes []Change
	compareJSON(path, was, is, func(path string, before, after any) {
		from, to := excerpts(valueText(before), valueText(after))
		changes = append(changes, Change{Path: path, Kind: kindOf(before, after), What: what, Before: from, After: to})
	})
	return changes
}

// compareJSON tells each value that differs. JSON inside a string is compared by what it says, too.
func compareJSON(path string, before, after any, tell func(path string, before, after any)) {
	if canonical(before) == canonical(after) {
		return
	}
	switch was := before.(type) {
	case map[string]any:
		if is, ok := after.(map[string]any); ok {
			for _, key := range bothKeys(was, is) {
				compareJSON(join(path, key), was[key], is[key], tell)
			}
			return
		}
	case []any:
		if is, ok := after.([]any); ok && len(is) == len(was) {
			for i := range was {
				compareJSON(fmt.Sprintf("%s[%d]", path, i), was[i], is[i], tell)
			}
			return
		}
	case string:
		is, _ := after.(string)
		inWas, ok := embedded(was)
		inIs, alike := embedded(is)
		if ok && alike {
			compareJSON(path, inWas, inIs, tell)
			return
		}
	}
	tell(path, before, after)
}

// difference is what stands in one list more often than in the other.
func difference(one, other []any) []any {
	count := map[string]int{}
	for _, element := range other {
		count[canonical(element)]++
	}
	var left []any
	for _, element := range one {
		if count[canonical(element)]--; count[canonical(element)] < 0 {
			left = append(left, element)
		}
	}
	return left
}

// canonical is a value's JSON: keys in order, no spacing, and of strings that hold JSON what it says.
func canonical(value any) string {
	text, err := marshal(unfolded(value))
	if err != nil {
		return fmt.Sprint(value) // no value that came from JSON gets here
	}
	return string(text)
}

// unfolded marks strings that hold JSON as such, so that they equal no plain object, and each other by content.
func unfolded(value any) any {
	switch value := value.(type) {
	case map[string]any:
		same := make(map[string]any, len(value))
		for key, item := range value {
			same[key] = unfolded(item)
		}
		return same
	case []any:
		same := make([]any, len(value))
		for i, item := range value {
			same[i] = unfolded(item)
		}
		return same
	case string:
		if inside, ok := embedded(value); ok {
			return map[string]any{"\x00json": inside}
		}
	}
	return value
}

func bothKeys(one, other map[string]any) []string {
	keys := slices.Sorted(maps.Keys(one))
	for key := range other {
		if _, both := one[key]; !both {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// about is what an element is about: a condition's field and operator, an action's field.
func about(element any) string {
	of, ok := element.(map[string]any)
	if !ok {
		return ""
	}
	var parts []string
	for _, key := range []string{"field", "operator"} {
		if text, ok := of[key].(string); ok {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}

// elementText is an element as one reads it: status less_than solved.
func elementText(element any) flow.Text {
	of, ok := element.(map[string]any)
	if !ok || about(element) == "" {
		return valueText(element)
	}
	text := about(element)
	if value := plain(valueText(of["value"])); value != "" {
		text += " " + value
	}
	return raw(text)
}

// valueText is a value as one reads it: a text bare, anything else as JSON, nothing for null.
func valueText(value any) flow.Text {
	switch value := value.(type) {
	case nil:
		return flow.Text{}
	case string:
		return raw(value)
	}
	text, err := marshal(value)
	if err != nil {
		return flow.Text{}
	}
	return raw(string(text))
}

// raw is flow.Raw, and nothing for nothing.
func raw(words string) flow.Text {
	if words == "" {
		return flow.Text{}
	}
	return flow.Raw(words)
}

// plain is what a text made by raw says.
func plain(text flow.Text) string {
	words, _ := text.Args["Words"].(string)
	if text.ID != flow.RawID {
		return ""
	}
	return words
}

// longest is how much of a value is shown, in characters, and shared how much of what both have in common.
const (
	longest = 160
	shared  = 24
)

// excerpts cut two long values to where they begin to differ.
func excerpts(before, after flow.Text) (from, to flow.Text) {
	was, is := []rune(plain(before)), []rune(plain(after))
	if len(was) <= longest && len(is) <= longest {
		return before, after
	}
	common := 0
	for common < min(len(was), len(is)) && was[common] == is[common] {
		common++
	}
	start := max(0, common-shared)
	return raw(excerpt(was, start)), raw(excerpt(is, start))
}

func excerpt(of []rune, start int) string {
	if len(of) == 0 {
		return ""
	}
	end := min(len(of), start+longest)
	text := string(of[start:end])
	if start > 0 {
		text = "…" + text
	}
	if end < len(of) {
		text += "…"
	}
	return text
}
