package main

import (
	"zsf/clients/transport"
)

// envTrace names the trace's file where no flag does.
const envTrace = "ZSF_TRACE"

// beginTrace opens what each call is written down in. On stderr it would run into a screen, so there is none then.
func (p *program) beginTrace() error {
	switch p.traceTo {
	case "":
		return nil
	case "-":
		p.plain = true
		p.trace = transport.NewTrace(p.Stderr, p.Now)
		return nil
	}
	trace, file, err := transport.OpenTrace(p.traceTo, p.Now)
	if err != nil {
		return p.usage("trace.unusable", "Reason", err)
	}
	p.trace = trace
	p.atEnd = append(p.atEnd, func() { _ = file.Close() })
	return nil
}
