// Searches: SOSL, and the same by parameters, answered from the rows that the caller may see.

package salesforce

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"zsf/clients/sandbox/soql"
)

// globally are the objects that a search without RETURNING looks into.
var globally = []string{"Account", "Contact", "Lead", "Opportunity", "Case", "User"}

// find answers both kinds of search.
func (c *call) find(rest []string) answer {
	switch {
	case c.tooling || len(rest) > 0:
		return notFound()
	case c.about("search"):
		return c.only(http.MethodGet, c.sosl)
	}
	return c.parameterized()
}

// sosl answers /search?q=FIND ….
func (c *call) sosl() answer {
	source := c.query.Get("q")
	if source == "" {
		return malformedSearch("SOSL statements cannot be empty or null").answer()
	}
	s, problem := parseSOSL(source)
	if problem != nil {
		return problem.answer()
	}
	return c.runSearch(s)
}

// parameterized answers /parameterizedSearch by GET or POST.
func (c *call) parameterized() answer {
	var p searchParameters
	switch c.method {
	case http.MethodGet:
		p = parametersOf(c)
	case http.MethodPost:
		if problem := decode(c.body, &p); problem != nil {
			return problem.answer()
		}
	default:
		return notAllowed(c.method, "HEAD", "GET", "POST")
	}
	if strings.TrimSpace(p.Q) == "" {
		return (&failure{status: http.StatusBadRequest, code: "MISSING_ARGUMENT", message: "Required parameter missing: q"}).answer()
	}
	words, problem := parseSought(p.Q)
	if problem != nil {
		return problem.answer()
	}
	s := search{words: words, in: cmp.Or(strings.ToUpper(p.In), "ALL"), limit: min(cmp.Or(p.OverallLimit, mostFound), mostFound)}
	if !slices.Contains([]string{"ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR"}, s.in) {
		return malformedSearch("unknown search group: %s", p.In).answer()
	}
	for _, object := range p.Objects {
		one := searched{name: object.Name, fields: strings.Join(object.Fields, ","), limit: cmp.Or(object.Limit, p.DefaultLimit)}
		one.fields = cmp.Or(one.fields, strings.Join(p.Fields, ","), "Id")
		if object.Where != "" {
			one.rest = "WHERE " + object.Where
		}
		if object.OrderBy != "" {
			one.rest += " ORDER BY " + object.OrderBy
		}
		s.objects = append(s.objects, one)
	}
	return c.runSearch(s)
}

// searchParameters are the body of a POST; a GET has the same in its query.
type searchParameters struct {
	Q            string         `json:"q"`
	In           string         `json:"in"`
	Fields       []string       `json:"fields"`
	Objects      []searchObject `json:"sobjects"`
	OverallLimit int            `json:"overallLimit"`
	DefaultLimit int            `json:"defaultLimit"`
}

type searchObject struct {
	Name    string   `json:"name"`
	Fields  []string `json:"fields"`
	Where   string   `json:"where"`
	OrderBy string   `json:"orderBy"`
	Limit   int      `json:"limit"`
}

func parametersOf(c *call) searchParameters {
	number := func(name string) int {
		n, err := strconv.Atoi(c.query.Get(name))
		if err != nil || n < 0 {
			return 0
		}
		return n
	}
	list := func(name string) []string {
		if c.query.Get(name) == "" {
			return nil
		}
		return strings.Split(c.query.Get(name), ",")
	}
	p := searchParameters{Q: c.query.Get("q"), In: c.query.Get("in"), Fields: list("fields"), OverallLimit: number("overallLimit"), DefaultLimit: number("defaultLimit")}
	for _, name := range c.query["sobject"] {
		p.Objects = append(p.Objects, searchObject{
			Name: name, Fields: list(name + ".fields"), Where: c.query.Get(name + ".where"), OrderBy: c.query.Get(name + ".orderBy"), Limit: number(name + ".limit"),
		})
	}
	return p
}

// runSearch asks one query per object, of the rows that have the words.
func (c *call) runSearch(s search) answer {
	if s.objects == nil {
		for _, name := range globally {
			if _, known := c.view(false).Object(name); known {
				s.objects = append(s.objects, searched{name: name, fields: "Id"})
			}
		}
	}
	records := []any{}
	for _, one := range s.objects {
		found, problem := c.searchObject(s, one)
		if problem != nil {
			return *problem
		}
		for i := range found {
			if len(records) < s.limit {
				records = append(records, c.record(&found[i]))
			}
		}
	}
	return ok(document{{"searchRecords", records}})
}

func (c *call) searchObject(s search, one searched) ([]soql.Record, *answer) {
	parsed, err := soql.Parse("SELECT " + one.fields + " FROM " + one.name + " " + one.rest)
	if err != nil {
		refused := queryFailure(err)
		return nil, &refused
	}
	rows := &wordView{view: c.view(false), search: s, object: one.name, scores: map[string]int{}}
	result, err := soql.Run(c.ctx, parsed, rows, c.org.now)
	if err != nil {
		refused := queryFailure(err)
		return nil, &refused
	}
	found := result.Records
	if !strings.Contains(strings.ToUpper(one.rest), "ORDER BY") {
		slices.SortStableFunc(found, func(a, b soql.Record) int { return cmp.Compare(rows.scores[b.ID], rows.scores[a.ID]) })
	}
	found = found[min(one.offset, len(found)):]
	return found[:min(cmp.Or(one.limit, mostFound), len(found))], nil
}

// A wordView shows, of one object, only the rows that have the words of a search.
type wordView struct {
	*view
	search search
	object string
	scores map[string]int // how well a row fits, by its id
}

// Scan visits the rows that fit.
func (v *wordView) Scan(object *soql.Object, yield func(soql.Row) bool) {
	if !strings.EqualFold(object.Name, v.object) {
		v.view.Scan(object, yield)
		return
	}
	fields := searchedFields(object, v.search.in)
	v.view.Scan(object, func(row soql.Row) bool {
		var stored fieldReader = row
		if s, isSeen := row.(seen); isSeen {
			stored = s.row // texts are as stored, and there are many rows
		}
		if !v.search.words.in(textsOf(stored, fields)) {
			return true
		}
		v.scores[str(row.Value("Id"))] = v.search.words.score(str(row.Value("Name")))
		return yield(row)
	})
}

// searchedFields are those that a search group looks at.
func searchedFields(object *soql.Object, in string) []string {
	var fields []string
	for i := range object.Fields {
		f := &object.Fields[i]
		var within bool
		switch in {
		case "NAME":
			within = f.Name == "Name" || f.NameField
		case "EMAIL":
			within = f.Type == "email"
		case "PHONE":
			within = f.Type == "phone"
		case "SIDEBAR":
			within = f.Name == "Name" || f.NameField || f.Type == "email" || f.Type == "phone"
		default:
			within = f.Type == "string" || f.Type == "email" || f.Type == "phone" || f.Type == "url" || f.Type == "textarea"
		}
		if within {
			fields = append(fields, f.Name)
		}
	}
	return fields
}

func textsOf(row fieldReader, fields []string) []string {
	texts := make([]string, 0, len(fields))
	for _, field := range fields {
		if text, isText := row.Value(field).(string); isText && text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// score puts a row whose name is what was sought before one whose name begins so, and that before any other.
func (s sought) score(name string) int {
	best := 0
	for _, group := range s {
		var want []string
		for _, word := range group {
			if !word.without {
				want = append(want, word.parts...)
			}
		}
		have := searchWords(name)
		switch joined, whole := strings.Join(want, " "), strings.Join(have, " "); {
		case joined == whole:
			best = max(best, 3)
		case strings.HasPrefix(whole, joined):
			best = max(best, 2)
		case sought([][]soughtWord{group}).in([]string{name}):
			best = max(best, 1)
		}
	}
	return best
}
