// The grammar of SOQL, as participle reads it from the tags of these structs.

package soql

import (
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// The last two rules catch what no other does, so that the parser meets it in its place and can name it.
var tokens = lexer.MustSimple([]lexer.SimpleRule{
	{Name: "Space", Pattern: `\s+`},
	{Name: "String", Pattern: `'(?:[^'\\]|\\(?s:.))*'`},
	{Name: "DateTime", Pattern: `\d{4}-\d{2}-\d{2}[Tt][0-9:.]*(?:[Zz]|[+-][0-9:]+)?`},
	{Name: "Date", Pattern: `\d{4}-\d{2}-\d{2}`},
	{Name: "DateRange", Pattern: `[A-Za-z_]+:\d+`},
	{Name: "Number", Pattern: `[+-]?(?:\d+(?:\.\d+)?|\.\d+)`},
	{Name: "Keyword", Pattern: `(?i)(?:SELECT|FROM|AS|USING|WHERE|WITH|GROUP|HAVING|ORDER|LIMIT|OFFSET|FOR|UPDATE|ALL|AND|OR|NOT|LIKE|IN|INCLUDES|EXCLUDES|NULL|TRUE|FALSE|ASC|DESC)\b`},
	{Name: "Ident", Pattern: `[A-Za-z_][A-Za-z0-9_]*`},
	{Name: "Compare", Pattern: `<=|>=|!=|<>|=|<|>`},
	{Name: "Punct", Pattern: `[(),.:]`},
	{Name: "Quote", Pattern: `'`},
	{Name: "Illegal", Pattern: `(?s:.)`},
})

var (
	tokenIdent   = tokens.Symbols()["Ident"]
	tokenIllegal = tokens.Symbols()["Illegal"]
)

// The first token of a choice decides it, so that an error names the token that is wrong and no earlier one.
var parser = participle.MustBuild[statement](
	participle.Lexer(tokens),
	participle.Elide("Space"),
	participle.CaseInsensitive("Keyword", "Ident"),
	participle.UseLookahead(0),
)

// What a single user's sandbox has no use for, such as the scope and FOR VIEW, is read and has no effect.
type statement struct {
	Select   []*selectItem `parser:"'SELECT' @@ (',' @@)*"`
	From     *from         `parser:"'FROM' @@"`
	Scope    string        `parser:"('USING' 'SCOPE' @Ident)?"`
	Where    *condition    `parser:"('WHERE' @@)?"`
	With     string        `parser:"('WITH' @('SECURITY_ENFORCED' | 'USER_MODE' | 'SYSTEM_MODE'))?"`
	GroupBy  []*expression `parser:"('GROUP' 'BY' @@ (',' @@)*"`
	Having   *condition    `parser:"('HAVING' @@)?)?"`
	OrderBy  []*ordering   `parser:"('ORDER' 'BY' @@ (',' @@)*)?"`
	Limit    *count        `parser:"('LIMIT' @@)?"`
	Offset   *count        `parser:"('OFFSET' @@)?"`
	For      []string      `parser:"('FOR' @('VIEW' | 'REFERENCE' | 'UPDATE'))*"`
	Tracking string        `parser:"('UPDATE' @('TRACKING' | 'VIEWSTAT'))?"`
	AllRows  bool          `parser:"@('ALL' 'ROWS')?"`
}

type selectItem struct {
	Children   *statement  `parser:"  '(' @@ ')'"`
	Expression *expression `parser:"| @@"`
	Alias      *alias      `parser:"  @@?"`
}

// An alias is a bare word after a column. It parses itself, as a word that neither a comma nor FROM follows
// is no alias but the token to complain of: SELECT Id FORM Account.
type alias struct{ Name string }

// Parse is what participle calls.
func (a *alias) Parse(lex *lexer.PeekingLexer) error {
	if lex.Peek().Type != tokenIdent {
		return participle.NextMatch
	}
	start := lex.MakeCheckpoint()
	word := lex.Next().Value
	if next := lex.Peek(); next.Value != "," && !strings.EqualFold(next.Value, "FROM") {
		lex.LoadCheckpoint(start)
		return participle.NextMatch
	}
	a.Name = word
	return nil
}

type from struct {
	Pos lexer.Position

	Object string   `parser:"@(Ident | 'GROUP' | 'ORDER')"`
	Path   []string `parser:"('.' @Ident)*"`
	Alias  string   `parser:"('AS'? @Ident)?"`
}

// An expression is a field, a path over parents to a field, or a function of one.
type expression struct {
	Pos lexer.Position

	Name     string      `parser:"@(Ident | 'GROUP' | 'ORDER' | 'ALL')"`
	Call     bool        `parser:"(  @'('"`
	Argument *expression `parser:"   @@? ')'"`
	Path     []string    `parser:"| ('.' @(Ident | 'GROUP' | 'ORDER'))+ )?"`
}

// A condition is one term, or terms joined by AND alone or by OR alone.
type condition struct {
	Not   bool    `parser:"@'NOT'?"`
	First *term   `parser:"@@"`
	And   []*term `parser:"( ('AND' @@)+"`
	Or    []*term `parser:"| ('OR' @@)+ )?"`
}

type term struct {
	Group      *condition  `parser:"  '(' @@ ')'"`
	Comparison *comparison `parser:"| @@"`
}

type comparison struct {
	Left     *expression `parser:"@@"`
	Operator string      `parser:"( @Compare"`
	Value    *literal    `parser:"  @@"`
	Like     *literal    `parser:"| 'LIKE' @@"`
	Multi    string      `parser:"| @('INCLUDES' | 'EXCLUDES')"`
	Values   []*literal  `parser:"  '(' @@ (',' @@)* ')'"`
	NotIn    bool        `parser:"| @'NOT'?"`
	In       *set        `parser:"  'IN' '(' @@ ')' )"`
}

type set struct {
	Join   *join      `parser:"  @@"`
	Values []*literal `parser:"| @@ (',' @@)*"`
}

// A join is the sub-select of a semi-join or an anti-join.
type join struct {
	Column *expression `parser:"'SELECT' @@"`
	From   *from       `parser:"'FROM' @@"`
	Where  *condition  `parser:"('WHERE' @@)?"`
}

type literal struct {
	Pos lexer.Position

	Text     string `parser:"  @String"`
	Number   string `parser:"| @Number"`
	DateTime string `parser:"| @DateTime"`
	Date     string `parser:"| @Date"`
	Range    string `parser:"| @DateRange"`
	Word     string `parser:"| @('NULL' | 'TRUE' | 'FALSE' | Ident)"`
	Bind     string `parser:"| ':' @Ident"`

	value   any     // once checked: nil, string, bool, int64, float64, time.Time, Date or a dateRange
	pattern pattern // of LIKE's literal, in place of the value
}

type ordering struct {
	Expression *expression `parser:"@@"`
	Descending bool        `parser:"('ASC' | @'DESC')?"`
	Nulls      string      `parser:"('NULLS' @('FIRST' | 'LAST'))?"`
}

type count struct {
	Pos lexer.Position

	Digits string `parser:"@Number"`

	n int
}
