//go:build race

package flows_test

// The race detector makes the start of each process many times as long; it sees nothing across processes.
func init() { killEach = 60 }
