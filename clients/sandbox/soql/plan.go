// A query for rows, or a sub-query for a row's children: what to scan, how to sort, which columns to answer.

package soql

import (
	"slices"
	"strings"
)

// maxFieldsLimit is the LIMIT that FIELDS(ALL) and FIELDS(CUSTOM) must have at most, from the SOQL reference.
const maxFieldsLimit = 200

type plan struct {
	*scope
	statement  *statement
	wanted     filter
	projection projection
	order      []sorting
}

// A projection turns a row into a record.
type projection struct {
	columns []column
	single  bool // a column is one that only a single row may be asked for
}

// A column is a field, or a parent with columns of its own, or a sub-query.
type column struct {
	name     string
	value    func(Row) any
	up       *parent
	columns  *projection
	children *children
}

// children is a sub-query: the rows of another object, by the parent that they point to.
type children struct {
	plan     *plan
	link     string
	byParent map[string][]Row
}

func (s *scope) plan(st *statement) (*plan, error) {
	p := &plan{scope: s, statement: st}
	err := p.project()
	if err != nil {
		return nil, err
	}
	if p.wanted, err = s.where(st.Where, false); err != nil {
		return nil, err
	}
	for _, by := range st.OrderBy {
		made, err := s.sortable(by.Expression)
		if err != nil {
			return nil, err
		}
		p.order = append(p.order, newSorting(by, made.value))
	}
	return p, nil
}

func (s *scope) sortable(e *expression) (*operand, error) {
	made, err := s.operand(e)
	if err != nil {
		return nil, err
	}
	if made.total == nil && !made.path.field.Sortable {
		return nil, s.fail(e.Pos, malformedQuery, "field '%s' can not be sorted in a query call", made.path.field.Name)
	}
	return made, nil
}

func (p *plan) project() error {
	seen := map[string]bool{}
	for _, item := range p.statement.Select {
		if err := p.projectItem(item, seen); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) projectItem(item *selectItem, seen map[string]bool) error {
	if item.Children != nil {
		return p.projectChildren(item.Children, seen)
	}
	e := item.Expression
	if e.Call && strings.EqualFold(e.Name, "FIELDS") {
		return p.projectFields(e, seen)
	}
	if item.Alias != nil && !e.Call {
		return malformed("only aggregate expressions use field aliasing")
	}
	made, err := p.operand(e)
	if err != nil {
		return err
	}
	if item.Alias != nil {
		if err := once(seen, item.Alias.Name); err != nil {
			return err
		}
		p.projection.columns = append(p.projection.columns, column{name: item.Alias.Name, value: made.read})
		return nil
	}
	return p.projectPath(made.path, made.shown, seen)
}

// projectPath adds a field's column. shown is as in an operand.
func (p *plan) projectPath(found *path, shown func(string, any) any, seen map[string]bool) error {
	if err := once(seen, found.String()); err != nil {
		return err
	}
	into := &p.projection
	for _, up := range found.parents {
		into = into.parent(up)
	}
	name := found.field.Name
	own := &operand{typ: found.field.Type, shown: shown, value: func(row Row) any { return row.Value(name) }}
	into.columns = append(into.columns, column{name: name, value: own.read})
	p.projection.single = p.projection.single || needsSingleRow(found)
	return nil
}

// needsSingleRow is true of the Tooling API's Metadata and FullName, which are made anew for each row.
func needsSingleRow(found *path) bool {
	metadata, ok := found.object.field("Metadata")
	return ok && metadata.Type == "complexvalue" && (found.field == metadata || found.field.Name == "FullName")
}

// parent gives the columns of a parent, which stand where the query first named it.
func (p *projection) parent(up parent) *projection {
	for i := range p.columns {
		if p.columns[i].up != nil && p.columns[i].up.reference == up.reference {
			return p.columns[i].columns
		}
	}
	inner := &projection{}
	p.columns = append(p.columns, column{name: up.reference.RelationshipName, up: &up, columns: inner})
	return inner
}

func once(seen map[string]bool, name string) error {
	key := strings.ToLower(name)
	if seen[key] {
		return &Error{Code: invalidField, Message: "duplicate field selected: " + name}
	}
	seen[key] = true
	return nil
}

// projectFields is FIELDS(ALL), FIELDS(STANDARD) and FIELDS(CUSTOM). Documents, which are no columns, are left out.
func (p *plan) projectFields(e *expression, seen map[string]bool) error {
	which := ""
	if e.Argument != nil && !e.Argument.Call && len(e.Argument.Path) == 0 {
		which = strings.ToUpper(e.Argument.Name)
	}
	if !slices.Contains([]string{"ALL", "STANDARD", "CUSTOM"}, which) {
		return p.noFunction(e)
	}
	if limit := p.statement.Limit; which != "STANDARD" && (limit == nil || limit.n > maxFieldsLimit) {
		return malformed("The SOQL FIELDS function must have a LIMIT of at most %d", maxFieldsLimit)
	}
	for i := range p.object.Fields {
		field := &p.object.Fields[i]
		if field.Type == "complexvalue" || which == "STANDARD" && field.Custom || which == "CUSTOM" && !field.Custom {
			continue
		}
		if err := p.projectPath(&path{object: p.object, field: field}, nil, seen); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) projectChildren(st *statement, seen map[string]bool) error {
	if _, isAggregate := st.shape(); isAggregate {
		return malformed("only root queries support aggregate expressions")
	}
	name := st.From.Object
	if len(st.From.Path) == 1 && p.isOwnName(name) {
		name = st.From.Path[0]
	}
	relation, ok := p.object.child(name)
	var object *Object
	if ok {
		object, ok = p.rows.Object(relation.Object)
	}
	if !ok {
		return p.fail(st.From.Pos, invalidType, "Didn't understand relationship '%s' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.", name)
	}
	if err := once(seen, relation.Relationship); err != nil {
		return err
	}
	made, err := (&scope{running: p.running, object: object, alias: st.From.Alias}).plan(st)
	if err != nil {
		return err
	}
	p.projection.columns = append(p.projection.columns, column{
		name:     relation.Relationship,
		children: &children{plan: made, link: relation.Field},
	})
	return nil
}

// records scans, sorts, cuts and projects. Without ORDER BY the scan stops at LIMIT.
func (p *plan) records() ([]Record, error) {
	enough := -1
	if len(p.order) == 0 {
		enough = p.statement.enough()
	}
	var rows []Row
	if enough != 0 {
		err := p.scan(p.wanted, func(row Row) bool {
			rows = append(rows, row)
			return len(rows) != enough
		})
		if err != nil {
			return nil, err
		}
	}
	return p.finish(rows)
}

func (p *plan) finish(rows []Row) ([]Record, error) {
	sortRows(rows, p.order)
	rows = cut(rows, p.statement)
	if p.projection.single && len(rows) > 1 {
		return nil, malformed("When retrieving results with Metadata or FullName fields, the query qualifications must specify no more than one row for retrieval. Result size: %d", len(rows))
	}
	records := make([]Record, 0, len(rows))
	for i, row := range rows {
		if i%checkEvery == 0 && p.cancelled() != nil {
			return nil, p.stopped()
		}
		record, err := p.projection.record(p.rows, p.object, row)
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

func (p *projection) record(rows Rows, object *Object, row Row) (Record, error) {
	made := Record{Object: object, Columns: make([]Column, len(p.columns))}
	made.ID, _ = row.Value("Id").(string)
	for i := range p.columns {
		from := &p.columns[i]
		made.Columns[i].Name = from.name
		switch {
		case from.children != nil:
			found, err := from.children.of(made.ID)
			if err != nil {
				return Record{}, err
			}
			if found != nil {
				made.Columns[i].Value = found
			}
		case from.up != nil:
			up, upObject := from.up.find(rows, row)
			if up == nil {
				continue
			}
			inner, err := from.columns.record(rows, upObject, up)
			if err != nil {
				return Record{}, err
			}
			made.Columns[i].Value = &inner
		default:
			made.Columns[i].Value = from.value(row)
		}
	}
	return made, nil
}

// of gives a parent's children, or nil where there are none. The first call scans them all.
func (c *children) of(parent string) (*Result, error) {
	if c.byParent == nil {
		c.byParent = map[string][]Row{}
		err := c.plan.scan(c.plan.wanted, func(row Row) bool {
			if parent := idKey(row.Value(c.link)); parent != "" {
				c.byParent[parent] = append(c.byParent[parent], row)
			}
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	records, err := c.plan.finish(c.byParent[To18(parent)])
	if err != nil || len(records) == 0 {
		return nil, err
	}
	return &Result{Query: c.plan.query, Records: records, Total: len(records)}, nil
}
