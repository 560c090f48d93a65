package tickets

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/zendesk"
)

// shop is a catalog with a field of each kind, a condition, and a condition below it.
func shop() Catalog {
	return Catalog{
		Statuses: []StatusChoice{{"new", "new", "New"}, {"open", "open", "Open"}, {"77", "open", "Waiting on engineering"}, {"pending", "pending", "Pending"}, {"solved", "solved", "Solved"}},
		Groups:   []Group{{1, "Support", []int64{7, 8}}, {2, "Billing", []int64{8}}},
		Agents:   []Person{{7, "Ana", "ana@x.example"}, {8, "Bo", "bo@x.example"}},
		Me:       Person{7, "Ana", "ana@x.example"},
		Forms: []Form{
			{ID: 1, Name: "Default", Default: true, All: []Field{
				{Key: SubjectKey, Kind: TextField, Title: "Subject"},
				{Key: StatusKey, Kind: ChoiceField, Title: "Status"},
				{Key: TypeKey, Kind: ChoiceField, Options: plainOptions(types)},
				{Key: PriorityKey, Kind: ChoiceField, Options: plainOptions(Priorities[1:])},
				{Key: GroupKey, Kind: ChoiceField},
				{Key: AssigneeKey, Kind: ChoiceField},
				{Key: "custom:10", Kind: ChoiceField, Title: "Product", Options: []Option{{"product_device", "Device"}, {"product_app", "App"}}},
				{Key: "custom:11", Kind: ManyField, Title: "Regions", Options: []Option{{"kr", "Korea"}, {"jp", "Japan"}}},
				{Key: "custom:12", Kind: CheckboxField, Title: "VIP", Tag: "vip"},
				{Key: "custom:13", Kind: DateField, Title: "Delivery"},
				{Key: "custom:14", Kind: IntegerField, Title: "Seats"},
				{Key: "custom:15", Kind: DecimalField, Title: "Refund"},
				{Key: "custom:16", Kind: PatternField, Title: "Serial", Pattern: `\A[A-Z]{2}-\d{6}\Z`},
				{Key: "custom:17", Kind: ParagraphField, Title: "Story"},
				{Key: "custom:18", Kind: TextField, Title: "Card", ReadOnly: true},
			}},
			{ID: 2, Name: "Refund", All: []Field{
				{Key: StatusKey, Kind: ChoiceField},
				{Key: "custom:10", Kind: ChoiceField, Options: []Option{{"product_device", "Device"}}},
				{Key: "custom:20", Kind: ChoiceField, Title: "Reason", Options: []Option{{"late", "Late"}, {"broken", "Broken"}}},
				{Key: "custom:21", Kind: TextField, Title: "How broken"},
				{Key: "custom:22", Kind: TextField, Title: "Approved by", ToSolve: true},
			}, Conditions: []Condition{
				{"custom:10", "product_device", []Shown{{"custom:20", []string{"solved"}}}},
				{"custom:20", "broken", []Shown{{"custom:21", []string{everyStatus}}}},
			}},
		},
	}
}

func keysOf(fields []Field) (keys, required, toSolve []string) {
	for _, field := range fields {
		keys = append(keys, field.Key)
		if field.Required {
			required = append(required, field.Key)
		}
		if field.ToSolve {
			toSolve = append(toSolve, field.Key)
		}
	}
	return keys, required, toSolve
}

func TestFieldsAreShownAsTheConditionsHaveThem(t *testing.T) {
	tests := map[string]struct {
		values                  Values
		keys, required, toSolve string
	}{
		"nothing chosen":        {Values{}, "status custom:10 custom:22 tags", "", "custom:22"},
		"a device":              {Values{"custom:10": {"product_device"}}, "status custom:10 custom:20 custom:22 tags", "", "custom:20 custom:22"},
		"a device, solved":      {Values{"custom:10": {"product_device"}, StatusKey: {"solved"}}, "status custom:10 custom:20 custom:22 tags", "custom:20 custom:22", "custom:20 custom:22"},
		"a broken device":       {Values{"custom:10": {"product_device"}, "custom:20": {"broken"}}, "status custom:10 custom:20 custom:21 custom:22 tags", "custom:21", "custom:20 custom:21 custom:22"},
		"broken, but no device": {Values{"custom:20": {"broken"}}, "status custom:10 custom:22 tags", "", "custom:22"},
		"a task":                {Values{TypeKey: {"task"}}, "status custom:10 custom:22 due_at tags", "", "custom:22"},
	}
	for name, test := range tests {
		keys, required, toSolve := keysOf(shop().Fields(2, test.values))
		for what, pair := range map[string][2]string{"keys": {test.keys, strings.Join(keys, " ")}, "required": {test.required, strings.Join(required, " ")}, "to solve": {test.toSolve, strings.Join(toSolve, " ")}} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s: want %q, got %q", name, what, pair[0], pair[1])
			}
		}
	}
}

func TestChoicesComeFromTheAccount(t *testing.T) {
	field := func(key string, values Values) []string {
		var options []string
		for _, field := range shop().Fields(1, values) {
			if field.Key == key {
				for _, option := range field.Options {
					options = append(options, option.Value)
				}
			}
		}
		return options
	}
	for what, pair := range map[string][2][]string{
		"statuses of a new ticket":  {{"new", "open", "77", "pending", "solved", "closed"}, field(StatusKey, Values{StatusKey: {"new"}})},
		"statuses of an open one":   {{"open", "77", "pending", "solved", "closed"}, field(StatusKey, Values{StatusKey: {"77"}})},
		"agents of all":             {{"7", "8"}, field(AssigneeKey, Values{})},
		"agents of a group":         {{"8"}, field(AssigneeKey, Values{GroupKey: {"2"}})},
		"agents of no group at all": {{"7", "8"}, field(AssigneeKey, Values{GroupKey: {"99"}})},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	for said, want := range map[string]string{"open": "open", "Waiting ON engineering": "77", "77": "77", "closed": "closed", "Solved": "solved", "done": ""} {
		if got, _ := shop().StatusOf(said); got != want {
			t.Errorf("%s is %q", said, got)
		}
	}
}

// draftOf is a reply that lacks nothing.
func draftOf(values Values) Draft {
	return Draft{
		Ticket: 5, Values: values, Comment: "Hello", PublicSaid: true, Public: true,
		Base: Base{UpdatedAt: at(1), Form: 1, Category: "open", Requester: Person{9, "Jo", "jo@x.example"}, Values: Values{StatusKey: {"open"}, TagsKey: {"product_app", "urgent"}, "custom:10": {"product_app"}}},
	}
}

func TestWhatIsWrongIsSaidBeforeItIsSent(t *testing.T) {
	with := func(change func(*Draft)) Draft {
		draft := draftOf(Values{})
		change(&draft)
		return draft
	}
	light := shop()
	light.InternalOnly = true
	tests := map[string]struct {
		draft   Draft
		catalog Catalog
		want    map[string]string // field → problem
	}{
		"nothing":                    {draftOf(Values{}), shop(), nil},
		"every value fits":           {draftOf(Values{"custom:10": {"product_device"}, "custom:11": {"kr", "jp"}, "custom:12": {"true"}, "custom:13": {"2026-11-26"}, "custom:14": {"-3"}, "custom:15": {"12.50"}, "custom:16": {"KR-123456"}, "custom:17": {"a\nb"}}), shop(), nil},
		"everything can be empty":    {draftOf(Values{"custom:10": {}, "custom:13": {""}, "custom:16": nil}), shop(), nil},
		"no option":                  {draftOf(Values{"custom:10": {"Device"}, "custom:11": {"kr", "us"}}), shop(), map[string]string{"custom:10": "not-choice", "custom:11": "not-many"}},
		"two of one":                 {draftOf(Values{"custom:10": {"product_device", "product_app"}}), shop(), map[string]string{"custom:10": "single"}},
		"no date":                    {draftOf(Values{"custom:13": {"26.11.2026"}, "custom:14": {"1.5"}, "custom:15": {"1,5"}, "custom:12": {"on"}}), shop(), map[string]string{"custom:13": "not-date", "custom:14": "not-integer", "custom:15": "not-decimal", "custom:12": "not-checkbox"}},
		"a comment beyond 64 KB":     {Draft{Ticket: 1, Comment: strings.Repeat("가", 22_000), PublicSaid: true}, shop(), map[string]string{CommentKey: "long-comment"}},
		"one day or another":         {draftOf(Values{"custom:13": {"12/5"}}), shop(), map[string]string{"custom:13": "not-date-either"}},
		"no day":                     {draftOf(Values{"custom:13": {"2026-02-30"}}), shop(), map[string]string{"custom:13": "not-date"}},
		"the pattern":                {draftOf(Values{"custom:16": {"KR-12345"}}), shop(), map[string]string{"custom:16": "not-pattern"}},
		"read only":                  {draftOf(Values{"custom:18": {"1234"}}), shop(), map[string]string{"custom:18": "read-only"}},
		"no such field":              {draftOf(Values{"custom:99": {"1"}}), shop(), map[string]string{"custom:99": "no-field"}},
		"no such status":             {draftOf(Values{StatusKey: {"done"}}), shop(), map[string]string{StatusKey: "not-choice"}},
		"closing":                    {draftOf(Values{StatusKey: {"closed"}}), shop(), map[string]string{StatusKey: "closing"}},
		"closing, agreed to":         {with(func(d *Draft) { d.Values[StatusKey], d.CloseSaid = []string{"closed"}, true }), shop(), nil},
		"closed already":             {with(func(d *Draft) { d.Base.Category = "closed" }), shop(), map[string]string{WholeKey: "closed"}},
		"nobody said whom it is for": {with(func(d *Draft) { d.PublicSaid = false }), shop(), map[string]string{CommentKey: "public"}},
		"files alone":                {with(func(d *Draft) { d.Comment, d.Files = " \n", []File{{Name: "a"}} }), shop(), map[string]string{FilesKey: "files-alone"}},
		"a large file":               {with(func(d *Draft) { d.Files = []File{{Name: "a", Size: MostFileBytes + 1}} }), shop(), map[string]string{FilesKey: "file-size"}},
		"a light agent's reply":      {draftOf(Values{}), light, map[string]string{CommentKey: "internal-only"}},
		"a light agent's note":       {with(func(d *Draft) { d.Public = false }), light, nil},
		"a light agent's edit":       {with(func(d *Draft) { d.Comment, d.Values = "", Values{PriorityKey: {"high"}} }), light, map[string]string{WholeKey: "notes-only"}},
		"another's organization": {with(func(d *Draft) {
			d.Base.Organizations, d.Values[OrganizationKey] = []Option{{"3", "Acme"}}, []string{"4"}
		}), shop(), map[string]string{OrganizationKey: "organization"}},
		"of nobody":                {Draft{Comment: "x", PublicSaid: true}, shop(), map[string]string{RequesterKey: "no-requester"}},
		"of somebody without name": {Draft{Comment: "x", PublicSaid: true, Requester: Person{Email: "a@x.example"}}, shop(), map[string]string{RequesterKey: "no-name"}},
		"a new one without words":  {Draft{Requester: Person{ID: 9}}, shop(), map[string]string{CommentKey: "no-comment"}},
		"solved, not filled in": {
			with(func(d *Draft) {
				d.Base.Form, d.Values = 2, Values{StatusKey: {"solved"}, "custom:10": {"product_device"}, "custom:20": {"broken"}}
			}), shop(),
			map[string]string{"custom:21": "required", "custom:22": "required"},
		},
		"not filled in before either": {with(func(d *Draft) { d.Base.Form, d.Base.Values[StatusKey] = 2, []string{"solved"} }), shop(), nil},
	}
	for name, test := range tests {
		got := map[string]string{}
		for key, problem := range test.draft.Problems(test.catalog) {
			got[key] = strings.TrimPrefix(problem.ID, "ticket-problem.")
		}
		if test.want == nil {
			test.want = map[string]string{}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Only what was changed is sent; tags go over what others are there, and a field's own tags with it.
func TestOnlyWhatWasChangedIsSent(t *testing.T) {
	draft := draftOf(Values{StatusKey: {"77"}, SubjectKey: nil, PriorityKey: {""}, "custom:10": {"product_device"}, "custom:12": {"true"}, "custom:11": {"kr"}, "custom:14": {"3"}, "custom:13": nil})
	draft.Base.Values["custom:13"] = []string{"2026-01-01"}
	draft.Base.Values[PriorityKey] = []string{"low"}
	draft.AddTags, draft.RemoveTags = []string{"vip2"}, []string{"urgent", "never-there"}
	draft.Public = false
	sent := draft.write(shop())
	want := zendesk.TicketWrite{
		CustomStatusID: 77, Priority: zendesk.Clear[string](), Tags: zendesk.Set([]string{"product_device", "vip", "kr", "vip2"}),
		CustomFields: []zendesk.FieldWrite{{ID: 10, Value: "product_device"}, {ID: 11, Value: []string{"kr"}}, {ID: 12, Value: true}, {ID: 13}, {ID: 14, Value: "3"}},
		Comment:      &zendesk.CommentWrite{Body: "Hello"},
	}
	slices.Sort(want.Tags.Value)
	slices.Sort(sent.Tags.Value)
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Error(diff)
	}
	task := Draft{Values: Values{TypeKey: {"task"}, DueKey: {"2026-12-24"}, AssigneeKey: nil, GroupKey: {"2"}}, Requester: Person{Name: "Jo", Email: "jo@x.example"}}
	sent = task.write(shop())
	if sent.DueAt.Value.Format(time.DateOnly) != "2026-12-24" || sent.AssigneeID.Is || sent.GroupID.Value != 2 || sent.Requester.Email != "jo@x.example" || sent.Comment != nil {
		t.Errorf("%+v", sent)
	}
}

func TestAConflictShowsBothSidesAndMergesAsChosen(t *testing.T) {
	mine := draftOf(Values{PriorityKey: {"high"}, "custom:10": {"product_device"}, "custom:14": {"5"}})
	mine.AddTags, mine.RemoveTags = []string{"mine"}, []string{"urgent"}
	theirs := Base{UpdatedAt: at(9), Form: 1, Category: "open", Requester: mine.Base.Requester, Values: Values{
		StatusKey: {"pending"}, PriorityKey: {"low"}, "custom:10": {"product_app"}, "custom:14": {"5"}, TagsKey: {"product_app", "urgent", "theirs"},
	}}
	conflict := conflictOf(mine, theirs, shop())
	if len(conflict.Clashes) != 1 || conflict.Clashes[0].Field.Key != PriorityKey {
		t.Errorf("%+v", conflict.Clashes)
	}
	var beside []string
	for _, difference := range conflict.Beside {
		beside = append(beside, difference.Field.Key)
	}
	if diff := cmp.Diff([]string{StatusKey, TagsKey}, beside); diff != "" { // both gave custom:14 the same value
		t.Error(diff)
	}
	for side, want := range map[Side]string{Mine: "high", Theirs: "low"} {
		merged := Merge(mine, conflict, map[string]Side{PriorityKey: side})
		now := merged.Now()
		if now.one(PriorityKey) != want || now.one(StatusKey) != "pending" || now.one("custom:10") != "product_device" || merged.Comment != mine.Comment || !merged.Base.UpdatedAt.Equal(at(9)) {
			t.Errorf("%s: %+v", side, merged)
		}
		if diff := cmp.Diff([]string{"mine", "product_app", "theirs"}, sorted(now[TagsKey])); diff != "" {
			t.Errorf("%s: %s", side, diff)
		}
		if slices.Contains(merged.Changed(), "custom:14") {
			t.Error("what both did is sent again")
		}
	}
	if _, still := mine.Values[PriorityKey]; !still {
		t.Error("merging changed the draft that it began from")
	}
}

func sorted(values []string) []string {
	values = slices.Clone(values)
	slices.Sort(values)
	return values
}

func TestAPreviewSaysAllThatWouldBeSent(t *testing.T) {
	draft := draftOf(Values{PriorityKey: {"high"}, AssigneeKey: {"8"}, "custom:10": {"product_device"}})
	draft.Comment = "\nHello\n\nthere\n"
	draft.AddTags = []string{"b", "a", "urgent"}
	preview := draft.Preview(shop())
	var keys []string
	for _, difference := range preview.Differences {
		keys = append(keys, difference.Field.Key)
	}
	if diff := cmp.Diff([]string{PriorityKey, AssigneeKey, "custom:10", TagsKey}, keys); diff != "" {
		t.Error(diff)
	}
	if tags := preview.Differences[3]; strings.Join(tags.Add, " ") != "a b" || len(tags.Remove) != 0 {
		t.Errorf("%+v", tags)
	}
	if preview.To.Name != "Jo" || !preview.Public || strings.Join(preview.Comment, "|") != "Hello||there" || preview.Made || preview.Closes {
		t.Errorf("%+v", preview)
	}
	if words := preview.Differences[1].After; len(words) != 1 || words[0].Args["Words"] != "Bo" {
		t.Errorf("%+v", words)
	}
	made := Draft{Requester: Person{Name: "Jo", Email: "jo@x.example"}, Comment: "x"}
	if preview := made.Preview(shop()); !preview.Made || preview.To.Email != "jo@x.example" {
		t.Errorf("%+v", preview)
	}
}
