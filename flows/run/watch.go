// How often to look while a person acts in the browser.

package run

import "time"

// Pause is how long to wait for the next look, when a person has been acting for so long: quickly at
// first, then less often, so that a walk to the console costs few API requests.
func Pause(waited time.Duration) time.Duration {
	switch {
	case waited < 30*time.Second:
		return 2 * time.Second
	case waited < 2*time.Minute:
		return 4 * time.Second
	case waited < 10*time.Minute:
		return 10 * time.Second
	}
	return 30 * time.Second
}
