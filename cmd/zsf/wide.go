package main

import (
	"regexp"
	"strconv"

	"zsf/flows/doctor"
)

// wideProbe is a wide character at the start of a line, and the question where the cursor is then;
// wideGone takes it off the screen again.
const (
	wideProbe = "\r" + doctor.WideCharacter + "\x1b[6n"
	wideGone  = "\r\x1b[K"
)

var cursorReply = regexp.MustCompile(`\x1b\[\d{1,5};(\d{1,5})R`)

// cellsIn reads how many cells the character took from the terminal's answer, once it is whole.
func cellsIn(reply []byte) (cells int, ok bool) {
	found := cursorReply.FindSubmatch(reply)
	if found == nil {
		return 0, false
	}
	column, err := strconv.Atoi(string(found[1]))
	return column - 1, err == nil
}
