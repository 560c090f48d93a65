package vault

// Cheap makes the file's key cost nothing to derive, for tests that open many.
func Cheap(v Vault) Vault {
	if kept, ok := v.(*file); ok {
		kept.work = 1
	}
	return v
}
