// Package tickets goes from a Salesforce record to its Zendesk tickets: it finds the record, matches it as the integration
// does, lists what it matched, and writes tickets: each once, whatever happens on the way.
package tickets

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/world"
)

// A Desk is where records and tickets are looked up. It is safe for concurrent use.
type Desk struct {
	world   *world.World
	org     *salesforce.Client
	account *zendesk.Client
	now     func() time.Time
	drafts  Drafts
	journal Journal // nil: nothing is written down
	who     string
	usual   By // the profile's own way to match; empty: as the integration does

	mu     sync.Mutex
	asked  []Asked
	labels labels
}

// New makes a desk in a world.
func New(w *world.World, now func() time.Time) *Desk {
	return &Desk{world: w, org: w.SalesforceClient(), account: w.ZendeskClient(), now: now, drafts: &MemoryDrafts{}}
}

// An Asked is a call that was made, and how much it found.
type Asked struct {
	Service transport.Service
	What    string // in the service's own words
	Found   int
	Err     error
	At      time.Time
}

// Asked are the calls so far, in the order in which they were answered.
func (d *Desk) Asked() []Asked {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]Asked(nil), d.asked...)
}

// mostAsked is how many calls are kept.
const mostAsked = 1000

func (d *Desk) note(service transport.Service, what string, found int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.asked) >= mostAsked { // a pane that looks all day keeps the last ones
		d.asked = append(d.asked[:0], d.asked[mostAsked/2:]...)
	}
	d.asked = append(d.asked, Asked{service, transport.Clean(what), found, err, d.now()})
}

// A Record is the account, contact, lead or opportunity whose tickets are asked for.
type Record struct {
	salesforce.Record
	URL string // its page
}

// A Hit is a record that words found.
type Hit struct{ ID, Object, Name, URL string }

// mostHits is how many records a search lists.
const mostHits = 20

// Find is the record that a text means: an id, an address, or words. What is no record is one of this package's errors.
func (d *Desk) Find(ctx context.Context, text string) (Record, error) {
	ref, err := d.resolve(ctx, text)
	if err != nil {
		return Record{}, err
	}
	return d.Read(ctx, ref)
}

// resolve is which record a text means; only words are asked about.
func (d *Desk) resolve(ctx context.Context, text string) (salesforce.RecordRef, error) {
	if err := d.enter(ctx); err != nil {
		return salesforce.RecordRef{}, err
	}
	ref, err := salesforce.ParseRecord(text)
	var none *salesforce.NoRecordError
	switch {
	case errors.As(err, &none) && none.Why == salesforce.JustWords:
		return d.search(ctx, none.What)
	case errors.As(err, &none):
		return salesforce.RecordRef{}, &NoRecordError{why: string(none.Why), what: none.What, err: err}
	}
	return ref, err
}

// enter waits until the org said which version of its API it speaks.
func (d *Desk) enter(ctx context.Context) error {
	if d.org == nil {
		return &transport.Error{Service: transport.Salesforce, Kind: transport.SignInMissing}
	}
	d.world.Load(ctx, world.Versions)
	d.world.Wait(world.Versions)
	return d.world.Versions().Err
}

func (d *Desk) search(ctx context.Context, words string) (salesforce.RecordRef, error) {
	hits, err := d.org.SearchRecords(ctx, words, mostHits)
	d.note(transport.Salesforce, "parameterizedSearch "+salesforce.SearchWords(words), len(hits), err)
	switch {
	case err != nil:
		return salesforce.RecordRef{}, err
	case len(hits) == 0 && salesforce.TooShort(words):
		return salesforce.RecordRef{}, &NoRecordError{why: "short", what: words}
	case len(hits) == 0:
		return salesforce.RecordRef{}, &NoRecordError{why: "nothing", what: words}
	case len(hits) > 1:
		if exact, ok := calledSo(hits, words); ok {
			return exact, nil
		}
		return salesforce.RecordRef{}, &SeveralError{Words: words, Hits: d.hits(hits), More: len(hits) >= mostHits}
	}
	return salesforce.RecordRef{ID: hits[0].ID, Object: hits[0].Object}, nil
}

// calledSo is the one record whose whole name was said: an account is meant before its opportunities, which carry its name.
func calledSo(hits []salesforce.Hit, words string) (ref salesforce.RecordRef, ok bool) {
	for _, hit := range hits {
		if !strings.EqualFold(hit.Name, words) {
			continue
		}
		if ok { // two of them
			return salesforce.RecordRef{}, false
		}
		ref, ok = salesforce.RecordRef{ID: hit.ID, Object: hit.Object}, true
	}
	return ref, ok
}

func (d *Desk) hits(found []salesforce.Hit) []Hit {
	hits := make([]Hit, len(found))
	for i, hit := range found {
		hits[i] = Hit{hit.ID, hit.Object, hit.Name, d.page(hit.Object, hit.ID)}
	}
	return hits
}

// Recent are the records that the signed-in user looked at last.
func (d *Desk) Recent(ctx context.Context) ([]Hit, error) {
	if err := d.enter(ctx); err != nil {
		return nil, err
	}
	found, err := d.org.RecentRecords(ctx)
	d.note(transport.Salesforce, "RecentlyViewed", len(found), err)
	return d.hits(found), err
}

// Read reads one record.
func (d *Desk) Read(ctx context.Context, ref salesforce.RecordRef) (Record, error) {
	record, err := d.org.ReadRecord(ctx, ref)
	found := 1
	if err != nil {
		found = 0
	}
	d.note(transport.Salesforce, ref.Object+" "+ref.ID, found, err)
	var gone *salesforce.GoneError
	if errors.As(err, &gone) {
		what := gone.Record.Object + " " + gone.Record.ID
		return Record{}, &NoRecordError{why: string(gone.Why), what: what, other: gone.MasterID, host: d.elsewhere(ref), err: err}
	}
	return Record{Record: record, URL: d.page(record.Object, record.ID)}, err
}

// elsewhere is the host of a pasted address where it may be another org's.
func (d *Desk) elsewhere(ref salesforce.RecordRef) string {
	if ref.Host == "" || sameOrg(ref.Host, d.org.InstanceURL()) {
		return ""
	}
	return ref.Host
}

func (d *Desk) page(object, id string) string {
	return d.org.InstanceURL() + "/lightning/r/" + object + "/" + id + "/view"
}
