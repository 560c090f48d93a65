// The vendor's install link, in each form in which a person may paste it.

package salesforce

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"zsf/clients/transport"
)

// A PackageLink is what a pasted install link says.
type PackageLink struct {
	VersionID  string // 04t…, 18 characters
	Host       string // the host that the link leads to; empty for a bare id
	InstallURL string // the page that installs it there, without whatever else the link carried; empty for a bare id
}

// At is the page that installs the package in the org at instanceURL.
func (l PackageLink) At(instanceURL string) string {
	return strings.TrimRight(instanceURL, "/") + installPath + l.VersionID
}

const installPath = "/packaging/installPackage.apexp?p0="

// What a pasted text can be instead of a link to a package.
var (
	ErrNoPackageLink = errors.New("this is no link to a package")
	// ErrPackagePassword comes together with the link, without its password: it belongs on the page that installs the
	// package, and into no log.
	ErrPackagePassword = errors.New("the link carries a password")
)

// maxLink is the longest text that is looked at, and maxNested how deep links lie in links.
const (
	maxLink   = 8 << 10
	maxNested = 5
)

// ParsePackageLink reads an install link: of login, test, My Domain or Lightning, of installPackage.apexp or the newer
// ipLanding.app, inside the link of a sign-in or of AppExchange, percent-encoded or not, or a bare 04t id, with words around
// it or not. Only links to Salesforce's own hosts (and this machine's) are taken.
func ParsePackageLink(text string) (PackageLink, error) {
	if len(text) > maxLink {
		return PackageLink{}, fmt.Errorf("%w: it is too long", ErrNoPackageLink)
	}
	reading := linkReading{}
	for word := range strings.FieldsFuncSeq(text, isBetween) {
		reading.word(word)
	}
	if len(reading.found) == 0 { // a terminal may have broken the link into lines
		reading = linkReading{refused: reading.refused}
		reading.word(strings.Join(strings.Fields(text), ""))
	}
	switch {
	case reading.mistyped:
		return PackageLink{}, fmt.Errorf("%w: its 04t id is mistyped, copy it again", ErrNoPackageLink)
	case len(reading.found) == 0 && reading.refused != "":
		return PackageLink{}, fmt.Errorf("%w of Salesforce: it leads to %s", ErrNoPackageLink, reading.refused)
	case len(reading.found) == 0:
		return PackageLink{}, fmt.Errorf("%w: it holds no 04t id", ErrNoPackageLink)
	}
	link := reading.found[0]
	for _, other := range reading.found[1:] {
		if other.VersionID != link.VersionID {
			return PackageLink{}, fmt.Errorf("%w: it names several packages", ErrNoPackageLink)
		}
	}
	if reading.password {
		return link, ErrPackagePassword
	}
	return link, nil
}

// A linkReading is what has been found so far.
type linkReading struct {
	found    []PackageLink
	password bool
	mistyped bool
	refused  string // a host that is not Salesforce's
}

// isBetween tells what parts one link from another in a sentence, a mail or Markdown.
func isBetween(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("<>()[]{}\"'`“”‘’«»|", r)
}

// around is what may still stand around a link.
const around = ",;.!*"

func (r *linkReading) word(word string) {
	word = strings.Trim(word, around)
	if isVersionID(word) {
		r.take(word, nil)
		return
	}
	r.address(word, nil, 0)
}

var versionID = regexp.MustCompile(`^04t[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$`)

func isVersionID(text string) bool { return versionID.MatchString(text) }

func (r *linkReading) take(id string, host *url.URL) {
	whole, ok := id18(id)
	if !ok {
		r.mistyped = true
		return
	}
	link := PackageLink{VersionID: whole}
	if host != nil {
		link.Host = strings.ToLower(host.Host)
		link.InstallURL = link.At(host.Scheme + "://" + link.Host)
	}
	r.found = append(r.found, link)
}

// address looks through one address, and through those inside it. outer is the one that a bare path belongs to.
func (r *linkReading) address(text string, outer *url.URL, depth int) {
	if depth > maxNested || text == "" {
		return
	}
	if decoded, err := url.PathUnescape(text); err == nil && decoded != text && !strings.Contains(text, "?") {
		r.address(decoded, outer, depth+1) // https%3A%2F%2Flogin…
		return
	}
	address, host := parseLink(text, outer)
	if address == nil {
		return
	}
	if host != nil && !isSalesforceHost(host) {
		r.refused = transport.Clean(host.Hostname())
		host = nil // what lies inside it may still be a link to Salesforce
	}
	query := queryOf(address.RawQuery)
	for _, pair := range query {
		r.parameter(pair[0], pair[1], host, depth)
	}
	if address.Fragment != "" { // Lightning: /one/one.app#/alohaRedirect/packagingSetupUI/ipLanding.app?apvId=…
		r.address(address.Fragment, host, depth+1)
	}
}

func (r *linkReading) parameter(name, value string, host *url.URL, depth int) {
	value = strings.TrimSpace(value)
	switch strings.ToLower(name) {
	case "p0", "apvid":
		if id := strings.Trim(value, around); isVersionID(id) && host != nil {
			r.take(id, host)
			return
		}
	case "password", "pw", "installationkey":
		r.password = r.password || value != ""
		return
	}
	if strings.ContainsAny(value, "/?%") { // startURL, retURL, url, q…
		r.address(value, host, depth+1)
	}
}

// parseLink reads an address, or a path on the outer one's host. It gives the address, and its host where it has one.
func parseLink(text string, outer *url.URL) (address, host *url.URL) {
	switch {
	case strings.HasPrefix(text, "//"):
		text = "https:" + text
	case strings.HasPrefix(text, "/"):
		address, err := url.Parse(text)
		if err != nil {
			return nil, nil
		}
		return address, outer
	case !strings.Contains(text, "://"):
		if host, _, _ := strings.Cut(text, "/"); !strings.Contains(host, ".") {
			return nil, nil // a word
		}
		text = "https://" + text // login.salesforce.com/packaging/…
	}
	address, err := url.Parse(text)
	if err != nil || address.Hostname() == "" || address.User != nil {
		return nil, nil
	}
	address.Scheme = strings.ToLower(address.Scheme)
	return address, address
}

// queryOf are a query's parameters in order, also those that are not quite well formed.
func queryOf(raw string) [][2]string {
	var pairs [][2]string
	raw = strings.ReplaceAll(raw, "&amp;", "&") // copied from a page's source
	for part := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(part, "=")
		if decoded, err := url.QueryUnescape(value); err == nil {
			value = decoded
		}
		if decoded, err := url.QueryUnescape(name); err == nil {
			name = decoded
		}
		pairs = append(pairs, [2]string{name, value})
	}
	return pairs
}

// isSalesforceHost takes https on Salesforce's domains, and anything on this machine: a sandbox.
func isSalesforceHost(address *url.URL) bool {
	host := strings.ToLower(address.Hostname())
	if host == "127.0.0.1" || host == "localhost" || host == "::1" {
		return address.Scheme == "http" || address.Scheme == "https"
	}
	if address.Scheme != "https" && address.Scheme != "http" || address.Port() != "" && address.Port() != "443" {
		return false
	}
	for _, domain := range []string{"salesforce.com", "force.com", "salesforce-setup.com", "appexchange.com"} {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			address.Scheme = "https"
			return true
		}
	}
	return false
}

// id18 is the 18-character form of an id; false where its last three characters do not fit the first fifteen,
// as in an id whose capitals were lost.
func id18(id string) (string, bool) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	if !isID(id) {
		return "", false
	}
	suffix := make([]byte, 3)
	for i := range suffix {
		bits := 0
		for j, r := range []byte(id[i*5 : i*5+5]) {
			if r >= 'A' && r <= 'Z' {
				bits |= 1 << j
			}
		}
		suffix[i] = letters[bits]
	}
	whole := id[:15] + string(suffix)
	return whole, len(id) == 15 || strings.EqualFold(whole, id)
}
