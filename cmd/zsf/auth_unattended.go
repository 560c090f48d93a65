package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// byKey signs in to an org with a private key; nobody is asked, now or later.
func (l *login) byKey(ctx context.Context) error {
	address, clientID, err := l.where(ctx)
	if err != nil {
		return err
	}
	path, err := filepath.Abs(l.request.jwtKey)
	if err != nil {
		return fmt.Errorf("--jwt-key: %w", err)
	}
	done, err := l.flow.ByKey(ctx, address, clientID, l.request.username, path)
	if err != nil {
		return asEntered(err)
	}
	return l.done(done, done.Where)
}

// bySecret signs in to an account with the secret of a confidential client.
func (l *login) bySecret(ctx context.Context) error {
	secret, err := l.clientSecret()
	if err != nil {
		return err
	}
	if err := l.openVault(ctx); err != nil {
		return err
	}
	address, clientID, err := l.where(ctx)
	if err != nil {
		return err
	}
	done, err := l.flow.BySecret(ctx, address, clientID, secret)
	if err != nil {
		return asEntered(err)
	}
	return l.done(done, done.Where)
}

const maxClientSecret = 16 << 10

// clientSecret is read from a file, from standard input, or from the environment: never from an argument, which
// every process on the machine can see.
func (l *login) clientSecret() (string, error) {
	var from io.Reader
	switch l.request.secretFile {
	case "":
		return l.Getenv(envZendeskSecret), nil
	case "-":
		from = l.Stdin
	default:
		file, err := os.Open(l.request.secretFile)
		if err != nil {
			return "", fmt.Errorf("--client-secret-file: %w", err)
		}
		defer func() { _ = file.Close() }()
		from = file
	}
	text, err := io.ReadAll(io.LimitReader(from, maxClientSecret))
	defer clear(text)
	if err != nil {
		return "", fmt.Errorf("--client-secret-file: %w", err)
	}
	return string(text), nil
}
