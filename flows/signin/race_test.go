//go:build race

package signin_test

// The race detector makes the start of each process fifty times as long; it sees nothing across processes.
func init() { rounds = 4 }
