package seed

// A word is written in its own script, and in plain letters for addresses.
type word struct{ native, plain string }

// A form is what a company's name has around its two words, as in ООО «… …».
type form struct{ before, between, after, plain string }

type place struct{ city, country string }

// A locale is how companies and people of one language are called and what they write.
// trades runs parallel to the list of all trades in trades.go.
type locale struct {
	code       string // of the address, empty for the plain .example
	tradeFirst bool   // Transports Lefèvre, not Lefèvre Transports
	phone      string // the digits that stand for # are made up
	names      []word
	trades     []string
	forms      []form
	first      []word
	last       []word
	places     []place
	titles     []string
	topics     []topic
	greeting   string // before a first name
	closing    string // before the signature
}

// A topic is what a ticket is about; # in it becomes a number.
type topic struct{ subject, body string }

// A share tells how many of every hundred accounts are of a locale.
type share struct {
	locale *locale
	of     int
}

var (
	worldwide = []share{{english, 38}, {korean, 14}, {japanese, 10}, {french, 7}, {german, 7}, {arabic, 7}, {russian, 7}, {spanish, 6}, {greek, 4}}
	mostlyKo  = []share{{korean, 78}, {english, 10}, {japanese, 4}, {arabic, 2}, {russian, 2}, {french, 1}, {german, 1}, {spanish, 1}, {greek, 1}}
)

// block is how many neighbours have among them exactly the shares above.
const block = 100

// localeOf gives account n its locale, and its rank among those of that locale,
// so that each locale can go through its names without using one twice.
func (s *Seed) localeOf(n int) (l *locale, rank int) {
	shares := worldwide
	if s.language == "ko" {
		shares = mostlyKo
	}
	number := n / block
	at := shuffled(uint64(s.dice(ofBlock, number)), n%block, block)
	last := len(shares) - 1
	for _, share := range shares[:last] {
		if at < share.of {
			return share.locale, number*share.of + at
		}
		at -= share.of
	}
	return shares[last].locale, number*shares[last].of + at
}

// trades are the lines of business, with the value of Salesforce's Industry for each.
var trades = [...]struct{ plain, industry string }{
	{"logistics", "Transportation"},
	{"foods", "Food & Beverage"},
	{"software", "Technology"},
	{"energy", "Energy"},
	{"insurance", "Insurance"},
	{"medical", "Healthcare"},
	{"chemicals", "Chemicals"},
	{"textiles", "Apparel"},
	{"media", "Media"},
	{"construction", "Construction"},
	{"electronics", "Electronics"},
	{"travel", "Hospitality"},
	{"education", "Education"},
	{"finance", "Finance"},
	{"pharma", "Biotechnology"},
	{"design", "Consulting"},
	{"motors", "Manufacturing"},
	{"telecom", "Telecommunications"},
	{"water", "Utilities"},
	{"robotics", "Machinery"},
	{"coffee", "Food & Beverage"},
	{"books", "Retail"},
	{"furniture", "Retail"},
	{"games", "Entertainment"},
	{"farms", "Agriculture"},
	{"shipping", "Shipping"},
	{"hotels", "Hospitality"},
	{"optics", "Engineering"},
	{"sports", "Recreation"},
	{"bank", "Banking"},
}
