// Command zsf connects Zendesk to Salesforce, and looks by API whether each step is really done.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	endings := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup means it
		endings = append(endings, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), endings...)
	code := run(ctx, os.Args[1:], system())
	stop()
	os.Exit(code)
}
