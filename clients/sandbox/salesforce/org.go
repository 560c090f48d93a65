// The org itself: what it is made from, what it holds, and the credentials that open it.

package salesforce

import (
	"crypto/sha256"
	"encoding/binary"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"zsf/clients/sandbox/seed"
	"zsf/clients/sandbox/soql"
)

// Options is what an org is made from.
type Options struct {
	Setup  Setup
	Seed   *seed.Seed       // the business data; nil for none
	URL    string           // where the org is served, such as http://127.0.0.1:4711
	Clock  func() time.Time // what the org takes for now
	Random func() uint64    // for new tokens; a fixed sequence when nil
	// Callback is where Zendesk's connected app has its people sent back to; without it nobody can connect.
	Callback string
}

// Credentials open an org. They are the same for every Setup, so that they outlive a change of scenario.
type Credentials struct {
	LoginURL     string
	InstanceURL  string
	ClientID     string
	Username     string
	AccessToken  string
	RefreshToken string
}

// An Org is one Salesforce org. It is an http.Handler and may be used by many at once.
type Org struct {
	setup    Setup
	seed     *seed.Seed
	base     string
	clock    func() time.Time
	random   func() uint64
	callback string
	id       string
	schema   *schema
	used     atomic.Int64 // API requests in the last 24 hours
	due      atomic.Int64 // when the next package is through, in Unix nanoseconds; 0 for none

	objects sync.Map // what a person sees of an object: objectKey → *soql.Object

	mu       sync.RWMutex // guards all below
	tables   map[string]*table
	settings map[string]*element
	cast     cast
	oauth    authority
	installs Installs
	cursors  cursors
}

// New makes an org as its Setup says. It costs the same for any size of the seed.
func New(o Options) *Org {
	org := &Org{
		setup:    o.Setup,
		seed:     o.Seed,
		base:     o.URL,
		clock:    o.Clock,
		random:   o.Random,
		callback: o.Callback,
		id:       OrgID(o.Setup),
		schema:   loadSchema(),
		tables:   map[string]*table{},
	}
	if org.seed == nil {
		org.seed = &seed.Seed{}
	}
	if org.clock == nil {
		org.clock = time.Now
	}
	if org.random == nil {
		org.random = fixedSequence()
	}
	org.furnish()
	return org
}

// OrgID is the 18-character id of the org that New makes from setup.
func OrgID(setup Setup) string {
	if setup.Production {
		return soql.To18("00D5g000004Xk2p")
	}
	return soql.To18(sandboxID)
}

const sandboxID = "00DWs0000009Lqe"

// ID is the org's 18-character id.
func (o *Org) ID() string { return o.id }

// Credentials tells how to sign in as the org's signed-in user.
func (o *Org) Credentials() Credentials {
	return Credentials{
		LoginURL:     o.base,
		InstanceURL:  o.base,
		ClientID:     ownClientID,
		Username:     o.cast.username,
		AccessToken:  givenAccessToken,
		RefreshToken: givenRefreshToken,
	}
}

// ServeHTTP answers as the org's hosts do: the API's, the login's and the browser's.
func (o *Org) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.settle()
	compressed, finish := compress(w, r)
	defer finish()
	o.route(compressed, r)
}

func (o *Org) now() time.Time { return o.clock().UTC().Truncate(time.Second) }

// fixedSequence gives the same numbers to every org, and no number twice to one.
func fixedSequence() func() uint64 {
	var n atomic.Uint64
	return func() uint64 {
		var seed [8]byte
		binary.BigEndian.PutUint64(seed[:], n.Add(1))
		sum := sha256.Sum256(append([]byte("zsf sandbox sequence "), seed[:]...))
		return binary.BigEndian.Uint64(sum[:8])
	}
}
