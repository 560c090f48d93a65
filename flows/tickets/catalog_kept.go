// What an account offers is kept between one thing that is written and the next.

package tickets

import (
	"context"
	"sync"
	"time"

	"zsf/clients/zendesk"
)

// CatalogLives is for how long a catalog is used before it is read again: agents and fields seldom change, and what is
// not offered any more is refused by the service.
const CatalogLives = 5 * time.Minute

// A KeptCatalog is a catalog in memory. Its zero value is empty; it is safe for concurrent use.
type KeptCatalog struct {
	mu      sync.Mutex
	of      *zendesk.Client // other sign-ins may see another one
	catalog Catalog
}

// Read is what the desk's account offers: as it was read in the last minutes, or read now. One of which something could not
// be read is not kept.
func (k *KeptCatalog) Read(ctx context.Context, d *Desk) (Catalog, error) {
	k.mu.Lock()
	of, kept := k.of, k.catalog
	k.mu.Unlock()
	if d.account != nil && of == d.account && d.now().Sub(kept.ReadAt) < CatalogLives {
		return kept, nil
	}
	catalog, err := d.Catalog(ctx)
	if err != nil || len(catalog.Missing) > 0 {
		return catalog, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.of, k.catalog = d.account, catalog
	return catalog, nil
}
