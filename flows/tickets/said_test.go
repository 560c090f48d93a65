package tickets

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWordsAreTakenAsTheAccountHasThem(t *testing.T) {
	catalog := shop()
	catalog.Agents = append(catalog.Agents, Person{9, "Bo", "bo2@x.example"})
	catalog.Macros = []Macro{{1, "Refunds::Late", ""}, {2, "Refunds::Broken", ""}, {3, "Other::Late", ""}}
	say := func(do func(*Draft) error) (Values, error) {
		draft := NewDraft()
		draft.Base.Organizations = []Option{{"3", "Acme"}}
		err := do(&draft)
		return draft.Values, err
	}
	field := func(name string, said ...string) func(*Draft) error {
		return func(draft *Draft) error {
			field, err := catalog.FieldCalled(name)
			for _, one := range said {
				err = errors.Join(err, draft.Say(field, one))
			}
			return err
		}
	}
	for name, test := range map[string]struct {
		do   func(*Draft) error
		want Values
		id   string // of the error
	}{
		"an option by its title":  {field("product", "device"), Values{"custom:10": {"product_device"}}, ""},
		"by its value":            {field("10", "product_app"), Values{"custom:10": {"product_app"}}, ""},
		"several":                 {field("custom:11", "Korea", "jp"), Values{"custom:11": {"kr", "jp"}}, ""},
		"emptied":                 {field("Product", "none"), Values{"custom:10": nil}, ""},
		"emptied by nothing":      {field("Seats", ""), Values{"custom:14": nil}, ""},
		"ticked":                  {field("vip", "YES"), Values{"custom:12": {"true"}}, ""},
		"ticked in Korean":        {field("vip", "아니요"), Values{"custom:12": {"false"}}, ""},
		"no option":               {field("Product", "Boat"), Values{}, "no-value"},
		"no field":                {field("Colour", "red"), Values{"": {"red"}}, "no-field"},
		"a status of the account": {func(d *Draft) error { return d.SayStatus(catalog, "waiting on ENGINEERING") }, Values{StatusKey: {"77"}}, ""},
		"no status":               {func(d *Draft) error { return d.SayStatus(catalog, "done") }, Values{}, "no-status"},
		"me":                      {func(d *Draft) error { return d.SayAssignee(catalog, "me") }, Values{AssigneeKey: {"7"}}, ""},
		"nobody":                  {func(d *Draft) error { return d.SayAssignee(catalog, "none") }, Values{AssigneeKey: nil}, ""},
		"an agent by the address": {func(d *Draft) error { return d.SayAssignee(catalog, "BO2@x.example") }, Values{AssigneeKey: {"9"}}, ""},
		"two agents of a name":    {func(d *Draft) error { return d.SayAssignee(catalog, "Bo") }, Values{}, "several-agents"},
		"no agent":                {func(d *Draft) error { return d.SayAssignee(catalog, "Cy") }, Values{}, "no-agent"},
		"a group":                 {func(d *Draft) error { return d.SayGroup(catalog, "billing") }, Values{GroupKey: {"2"}}, ""},
		"no group":                {func(d *Draft) error { return d.SayGroup(catalog, "x") }, Values{}, "no-group"},
		"an organization":         {func(d *Draft) error { return d.SayOrganization("acme") }, Values{OrganizationKey: {"3"}}, ""},
		"another's organization":  {func(d *Draft) error { return d.SayOrganization("Other") }, Values{}, "no-organization"},
		"no form":                 {func(d *Draft) error { return d.SayForm(catalog, "x") }, Values{}, "no-form"},
		"a macro of two groups":   {func(*Draft) error { _, err := catalog.MacroCalled("late"); return err }, Values{}, "several-macros"},
		"a macro":                 {func(*Draft) error { _, err := catalog.MacroCalled("Broken"); return err }, Values{}, ""},
		"a macro of no such name": {func(*Draft) error { _, err := catalog.MacroCalled("x"); return err }, Values{}, "no-macro"},
	} {
		values, err := say(test.do)
		id := ""
		var meant *MeantError
		if errors.As(err, &meant) {
			id = strings.TrimPrefix(meant.text.ID, "usage-write.")
		}
		if id != test.id || id == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, values); diff != "" && test.id == "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Whatever is said of a field, it is taken as it was said, refused, or told as a problem; nothing panics, and nothing else is set.
func FuzzWhatIsSaidOfAField(f *testing.F) {
	for _, said := range []string{"Product=Device", "=", "VIP=yes", "Serial=KR-123456", "Seats= 12 ", "Story=a=b", "custom:16=\xff", "11=kr", "Delivery=2026-02-30", "\x00=\x1b[2J", "예=아니요"} {
		f.Add(said)
	}
	catalog := shop()
	f.Fuzz(func(t *testing.T, said string) {
		name, value, err := ParseField(said)
		if err != nil {
			if name+value != "" {
				t.Error("a refusal with a value")
			}
			return
		}
		if name == "" || strings.Contains(name, "=") || strings.TrimSpace(name) != name || !strings.Contains(said, value) {
			t.Errorf("%q: %q %q", said, name, value)
		}
		field, err := catalog.FieldCalled(name)
		if err != nil {
			return
		}
		draft := draftOf(Values{})
		if err := draft.Say(field, value); err != nil {
			return
		}
		if len(draft.Values) != 1 || len(draft.Values[field.Key]) > 1 {
			t.Errorf("%q: %v", said, draft.Values)
		}
		problems := draft.Problems(catalog)
		if set := draft.Values.one(field.Key); len(field.Options) > 0 && set != "" && !field.has(set) && problems[field.Key].Empty() {
			t.Errorf("%q: %v", said, draft.Values)
		}
		_ = draft.write(catalog)
	})
}
