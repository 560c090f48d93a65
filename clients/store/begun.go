package store

// Begun tells whether anything has been kept yet, without making the database.
func (s Store) Begun() (bool, error) { return s.exists() }

// At is a store in a folder of its own, for what is not to stay.
func At(folder string) Store { return Store{folder: folder} }
