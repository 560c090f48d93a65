// Why an answer is of no use, in a person's words.

package plain

import "zsf/flows/flow"

// A worded error has its words below reason in ui/locale.
type worded struct{ name, plain string }

func (e *worded) Error() string { return e.plain }

// Text says it in words.
func (e *worded) Text() flow.Text { return flow.Say("reason." + e.name) }

// What is wrong with an answer to the walk's own questions.
var (
	errNumber error = &worded{"number", "that is not one of the numbers"}
	errDenied error = &worded{"denied", "the service says that it does not hold: nobody's word changes that"}
	errUntold error = &worded{"untold", "no API tells when it is done"}
)
