// The loopback sockets: bound before anybody is told of them, and never held up by who holds a connection open.

package oauth

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A PortsTakenError says that no port could be had.
type PortsTakenError struct {
	Service Service
	Ports   []int // all that were tried
	Errs    []error
}

func (e *PortsTakenError) Error() string {
	numbers := make([]string, len(e.Ports))
	for i, port := range e.Ports {
		numbers[i] = strconv.Itoa(port)
	}
	return fmt.Sprintf("%s: no port to be answered on: %s: %v", e.Service, strings.Join(numbers, ", "), errors.Join(e.Errs...))
}

func (e *PortsTakenError) Unwrap() []error { return e.Errs }

// listen binds the first port that is free. Where the redirect address says localhost, the port must be free in both
// loopback families, as a browser may try either: another program there would be given the code.
func (p Provider) listen(ctx context.Context, ports []int) ([]net.Listener, int, error) {
	taken := &PortsTakenError{Service: p.service, Ports: ports}
	for _, port := range ports {
		if ctx.Err() != nil {
			return nil, 0, fmt.Errorf("%s: %w", p.service, context.Cause(ctx))
		}
		listeners, err := bind(ctx, port, p.host == "localhost")
		if err == nil {
			bound, _ := listeners[0].Addr().(*net.TCPAddr)
			return listeners, bound.Port, nil
		}
		taken.Errs = append(taken.Errs, err)
	}
	return nil, 0, taken
}

func bind(ctx context.Context, port int, both bool) ([]net.Listener, error) {
	first, err := bindOne(ctx, "127.0.0.1", port)
	if err != nil || !both {
		return []net.Listener{first}, err
	}
	bound, _ := first.Addr().(*net.TCPAddr)
	second, err := bindOne(ctx, "::1", bound.Port)
	if err == nil {
		return []net.Listener{first, second}, nil
	}
	probe, absent := bindOne(ctx, "::1", 0)
	if absent != nil { // no IPv6 on this machine, so nobody else can have that port either
		return []net.Listener{first}, nil //nolint:nilerr // see above
	}
	return nil, errors.Join(err, probe.Close(), first.Close())
}

func bindOne(ctx context.Context, host string, port int) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("port %d: %w", port, err)
	}
	return listener, nil
}

// portsFor are the registered ports, or the one that was chosen instead.
func (p Provider) portsFor(chosen int) ([]int, error) {
	switch {
	case chosen == 0:
		return p.ports, nil
	case chosen < 1 || chosen > 65535:
		return nil, fmt.Errorf("%s: %w: %d", p.service, ErrNoPort, chosen)
	}
	return []int{chosen}, nil
}

// ErrNoPort is the error of a number that is no port.
var ErrNoPort = errors.New("not a port: give a number from 1 to 65535")

// A gate is a listener with so many connections at most. The newest always gets in and the oldest goes, so that
// a flood, or clients that say nothing, cannot keep the person's own browser out.
type gate struct {
	net.Listener
	most int

	mu   sync.Mutex
	open []*visitor // oldest first
}

// A visitor is a connection. Kept, it is not let go for a newer one.
type visitor struct {
	net.Conn
	gate *gate
	kept bool // under the gate's lock
}

func (g *gate) Accept() (net.Conn, error) {
	conn, err := g.Listener.Accept()
	if err != nil {
		return nil, err //nolint:wrapcheck // for http.Server, which tells it by its type
	}
	v := &visitor{Conn: conn, gate: g}
	g.mu.Lock()
	var oldest *visitor
	if len(g.open) >= g.most {
		if i := slices.IndexFunc(g.open, func(other *visitor) bool { return !other.kept }); i >= 0 {
			oldest = g.open[i]
			g.open = slices.Delete(g.open, i, i+1)
		}
	}
	g.open = append(g.open, v)
	g.mu.Unlock()
	if oldest != nil {
		_ = oldest.Conn.Close()
	}
	return v, nil
}

// Close closes the socket and every connection that came of it.
func (g *gate) Close() error {
	err := g.Listener.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, v := range g.open {
		_ = v.Conn.Close()
	}
	g.open = nil
	return err //nolint:wrapcheck // for http.Server
}

func (v *visitor) Close() error {
	v.gate.mu.Lock()
	v.gate.open = slices.DeleteFunc(v.gate.open, func(other *visitor) bool { return other == v })
	v.gate.mu.Unlock()
	return v.Conn.Close() //nolint:wrapcheck // for http.Server
}

func (v *visitor) keep() {
	v.gate.mu.Lock()
	v.kept = true
	v.gate.mu.Unlock()
}
