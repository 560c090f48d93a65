package faces

import "zsf/clients/store"

// A Cache is what is kept, or what was removed.
type Cache struct {
	Path  string
	Size  int64 // of the file, in bytes
	Limit int64
	Kept  []store.Kept
}
