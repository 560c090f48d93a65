// A secret as items of a keychain: a long one is split, as Windows takes 2,560 bytes an item and macOS about 3,000.

package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// partSize is how many letters of a secret one item holds. With its head it stays below 2,560 bytes (Windows), and
// below what is left of macOS' 4,096 for one command, in which go-keyring writes three bytes as four.
const partSize = 2400

// A head is the start of the item under a secret's own name; the item's rest is the first part. The other parts
// are items of one of two generations: a new secret is written in the generation that the head does not name, and
// counts once its head is written. So a write that ends half-way leaves the old secret whole, and leaves nothing
// behind that the next write does not overwrite.
type head struct {
	generation string // "a" or "b"
	count      int    // of parts, the first included
	sum        string // of the whole secret, so that parts of two secrets are never taken for one
	first      string
}

const headMark = "zsf1"

func (h head) String() string {
	return strings.Join([]string{headMark, h.generation, strconv.Itoa(h.count), h.sum, h.first}, ":")
}

func parseHead(item string) (head, error) {
	fields := strings.SplitN(item, ":", 5)
	if len(fields) != 5 || fields[0] != headMark || (fields[1] != "a" && fields[1] != "b") {
		return head{}, ErrDamaged
	}
	count, err := strconv.Atoi(fields[2])
	if err != nil || count < 1 {
		return head{}, ErrDamaged
	}
	return head{generation: fields[1], count: count, sum: fields[3], first: fields[4]}, nil
}

// partName is the item of a part; parts are counted from 1, which is the head's.
func partName(name, generation string, part int) string {
	return fmt.Sprintf("%s#%s%d", name, generation, part)
}

func other(generation string) string {
	if generation == "a" {
		return "b"
	}
	return "a"
}

func sumOf(secret []byte) string {
	sum := sha256.Sum256(secret)
	return hex.EncodeToString(sum[:8])
}

// get reads a secret. It looks again when another process has written in between.
func (k *keychain) get(ctx context.Context, name string) ([]byte, error) {
	for attempt := 1; ; attempt++ {
		secret, err := k.getOnce(ctx, name)
		if err == nil || !errors.Is(err, ErrDamaged) || attempt == 3 {
			return secret, err
		}
	}
}

func (k *keychain) getOnce(ctx context.Context, name string) ([]byte, error) {
	item, err := k.fetch(ctx, name, nil)
	if err != nil {
		return nil, err
	}
	h, err := parseHead(item)
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	text.WriteString(h.first)
	for part := 2; part <= h.count; part++ {
		item, err := k.fetch(ctx, partName(name, h.generation, part), nil)
		if errors.Is(err, ErrEmpty) {
			return nil, ErrDamaged
		}
		if err != nil {
			return nil, err
		}
		text.WriteString(item)
	}
	secret, err := base64.RawStdEncoding.DecodeString(text.String())
	if err != nil || sumOf(secret) != h.sum {
		return nil, ErrDamaged
	}
	return secret, nil
}

func (k *keychain) set(ctx context.Context, name string, secret []byte) (err error) {
	text := base64.RawStdEncoding.EncodeToString(secret)
	if len(text) > partSize && k.folder != "" {
		unlock, err := Lock(ctx, k.folder, "keychain")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, unlock()) }()
	}
	old, err := k.oldHead(ctx, name)
	if err != nil {
		return err
	}
	h := head{generation: other(old.generation), count: 1, sum: sumOf(secret)}
	h.first, text = cut(text)
	for text != "" {
		h.count++
		var part string
		part, text = cut(text)
		if err := k.put(ctx, partName(name, h.generation, h.count), part, nil); err != nil {
			return err
		}
	}
	if err := k.put(ctx, name, h.String(), nil); err != nil {
		return err
	}
	kept, err := k.get(ctx, name)
	defer clear(kept)
	if errors.Is(err, ErrEmpty) || errors.Is(err, ErrDamaged) || err == nil && !bytes.Equal(kept, secret) {
		return ErrLost
	}
	if err == nil && old.count > 1 {
		_ = k.dropParts(ctx, name, old) // the new secret is kept; parts that stay are overwritten by the next one
	}
	return err
}

// oldHead is the head that is there; what is absent or damaged is as if it were of generation b and without parts.
func (k *keychain) oldHead(ctx context.Context, name string) (head, error) {
	item, err := k.fetch(ctx, name, nil)
	if err == nil {
		if h, err := parseHead(item); err == nil {
			return h, nil
		}
	}
	if err != nil && !errors.Is(err, ErrEmpty) {
		return head{}, err
	}
	return head{generation: "b", count: 1}, nil
}

// forget drops the head first: without it there is no secret any more, whatever happens then.
func (k *keychain) forget(ctx context.Context, name string) error {
	h, err := k.oldHead(ctx, name)
	if err != nil {
		return err
	}
	dropped := k.drop(ctx, name)
	if dropped != nil && !errors.Is(dropped, ErrEmpty) {
		return dropped
	}
	for _, old := range []head{h, {generation: other(h.generation), count: 1}} {
		if err := k.dropParts(ctx, name, old); err != nil {
			return err
		}
	}
	return dropped
}

// dropParts drops the parts that the head counts, and those that a write which ended half-way left after them.
func (k *keychain) dropParts(ctx context.Context, name string, h head) error {
	for part := h.count; part > 1; part-- { // downwards: what stays when this ends half-way has no gaps
		if err := k.drop(ctx, partName(name, h.generation, part)); err != nil && !errors.Is(err, ErrEmpty) {
			return err
		}
	}
	for part := h.count + 1; ; part++ {
		err := k.drop(ctx, partName(name, h.generation, part))
		if errors.Is(err, ErrEmpty) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func cut(text string) (part, rest string) {
	size := min(partSize, len(text))
	return text[:size], text[size:]
}
