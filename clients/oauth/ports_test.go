package oauth

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/gofrs/flock"
)

// The registered ports are one machine's: the tests of this package and those that sign in with the whole
// program take turns (cmd/zsf has the other half of this lock).
func TestMain(m *testing.M) {
	turn := flock.New(filepath.Join(os.TempDir(), "zsf-tests-ports.lock"))
	if err := turn.Lock(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = turn.Unlock()
	os.Exit(code)
}
