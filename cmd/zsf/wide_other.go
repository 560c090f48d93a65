//go:build !unix

package main

import (
	"context"
	"io"

	"zsf/flows/doctor"
)

// measureWide is not had from this system's console.
func measureWide(context.Context, uintptr, io.Writer) (int, error) { return 0, doctor.ErrCannotAsk }
