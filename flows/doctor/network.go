// The way to both services: names, connections, proxy and certificates, and how far the clocks are apart.

package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"zsf/clients/transport"
	"zsf/flows/flow"
)

// How far a clock may be wrong. A sign-in that is signed with a time (JWT) is good for minutes.
const (
	skewWarns = time.Minute
	skewFails = 5 * time.Minute
)

// paths are what each service answers without a token.
var paths = map[transport.Service]string{
	transport.Salesforce: "/services/data/",
	transport.Zendesk:    "/api/v2/users/me.json",
}

func (m Machine) address(service transport.Service, profile loaded) string {
	if given := m.Addresses[service]; given != "" {
		return given
	}
	accounts := profile.known.Profiles[profile.name]
	if service == transport.Salesforce {
		return accounts.Salesforce.URL
	}
	return accounts.Zendesk.URL
}

func (m Machine) service(ctx context.Context, service transport.Service, load func() loaded) flow.Finding {
	var profile loaded
	if m.Addresses[service] == "" {
		profile = load()
	}
	address := m.address(service, profile)
	if profile.err != nil {
		return flow.NotKnown(flow.Say("doctor.network.no-settings"))
	}
	if address == "" {
		return flow.NotKnown(flow.Say("doctor.network.no-profile")).Mend(m.signIn(service))
	}
	ctx, cancel := context.WithTimeout(ctx, serviceLimit)
	defer cancel()
	base, err := url.Parse(address)
	if err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http") {
		return flow.Failed(flow.Say("doctor.network.no-address")).Mend(lookUp(service))
	}
	target := &url.URL{Scheme: base.Scheme, Host: base.Host, Path: paths[service]}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), http.NoBody)
	if err != nil {
		return flow.Failed(flow.Say("doctor.network.no-address")).Mend(lookUp(service))
	}
	way, err := m.wayTo(request)
	if err != nil {
		// The error repeats the address, which may hold a password.
		return flow.Failed(flow.Say("doctor.network.bad-proxy")).Mend(flow.Run("env | grep -i _proxy", flow.Say("doctor.network.see-proxy")))
	}
	finding := m.ask(request, service, way)
	finding.Evidence = append(way.evidence, finding.Evidence...)
	return finding
}

// A way is how a request goes out.
type way struct {
	proxy    string // without a password; empty: none
	bundle   string // of SSL_CERT_FILE or SSL_CERT_DIR, where this system heeds them
	unread   bool   // there is none, or it cannot be read
	store    bool   // only the system's own store of certificates counts
	evidence []flow.Evidence
}

func (m Machine) wayTo(request *http.Request) (way, error) {
	proxy, err := m.Proxy(request)
	if err != nil {
		return way{}, err
	}
	w := way{evidence: []flow.Evidence{fact(flow.Say("doctor.network.host", "Host", request.URL.Host))}}
	if proxy != nil {
		w.proxy = (&url.URL{Scheme: proxy.Scheme, Host: proxy.Host}).String()
		w.evidence = append(w.evidence, fact(flow.Say("doctor.network.proxy", "Proxy", w.proxy)))
	} else if m.eitherOf("HTTPS_PROXY") != "" && m.eitherOf("NO_PROXY") != "" {
		w.evidence = append(w.evidence, fact(flow.Say("doctor.network.around-proxy", "Exceptions", m.eitherOf("NO_PROXY"))))
	}
	m.certificates(&w)
	return w, nil
}

// certificates looks at the authorities that the environment names. Go reads them on Unix; on macOS and Windows it
// asks the system's own store, whatever the environment says.
func (m Machine) certificates(w *way) {
	w.store = m.OS == "darwin" || m.OS == "windows"
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
		value := m.Getenv(name)
		if value == "" {
			continue
		}
		if w.store {
			w.evidence = append(w.evidence, marked(flow.Warn, flow.Say("doctor.network.not-heeded", "Name", name)))
			continue
		}
		paths := []string{value}
		if name == "SSL_CERT_DIR" {
			paths = strings.Split(value, ":")
		}
		for _, path := range paths {
			file, err := os.Open(path)
			if err == nil {
				_ = file.Close()
			}
			if err != nil || w.bundle == "" {
				w.bundle = path
			}
			w.unread = w.unread || err != nil
			w.evidence = append(w.evidence, marked(warnIf(err != nil), flow.Say("doctor.network.bundle", "Name", name, "Path", path)))
		}
	}
}

// eitherOf reads a variable in capitals, else in small letters.
func (m Machine) eitherOf(name string) string {
	if value := m.Getenv(name); value != "" {
		return value
	}
	return m.Getenv(strings.ToLower(name))
}

func (m Machine) ask(request *http.Request, service transport.Service, w way) flow.Finding {
	sent := m.Now()
	response, err := m.HTTP.Do(request)
	if err != nil {
		return broken(err, request.URL, service, w)
	}
	defer func() { _ = response.Body.Close() }()
	finding := m.clock(response.Header.Get("Date"), sent, m.Now(), service)
	if finding.Verdict == flow.Fail {
		return finding
	}
	if odd := strange(response, service); !odd.Empty() {
		return flow.Warned(odd).With(finding.Evidence...).Mend(lookUp(service))
	}
	if w.unread && finding.Verdict == flow.Pass {
		return flow.Warned(flow.Say("doctor.network.no-bundle", "Path", w.bundle)).With(finding.Evidence...).
			Mend(flow.Run("ls -l "+quote(w.bundle), flow.Say("doctor.network.mend-bundle")))
	}
	return finding
}

// strange tells of an answer that is not one of the service's API; empty when it is one.
func strange(response *http.Response, service transport.Service) flow.Text {
	switch response.StatusCode {
	case http.StatusOK, http.StatusUnauthorized, http.StatusForbidden:
	default:
		return flow.Say("doctor.network.status", "Status", strconv.Itoa(response.StatusCode))
	}
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err == nil && kind == "text/html" {
		return flow.Say("doctor.network.page", "Service", string(service))
	}
	return flow.Text{}
}

// clock compares this machine's clock, halfway through the request, with the answer's Date, which has whole seconds.
func (m Machine) clock(date string, sent, got time.Time, service transport.Service) flow.Finding {
	theirs, err := http.ParseTime(date)
	if err != nil {
		return flow.NotKnown(flow.Say("doctor.network.no-date", "Service", string(service)))
	}
	ours := sent.Add(got.Sub(sent) / 2)
	skew := ours.Sub(theirs).Truncate(time.Second)
	direction := "doctor.network.fast"
	if skew < 0 {
		direction = "doctor.network.slow"
	}
	off := flow.Say(direction, "Skew", skew.Abs(), "Service", string(service))
	switch {
	case skew.Abs() > skewFails:
		return flow.Failed(off).With(marked(flow.Fail, off)).Mend(m.setClock())
	case skew.Abs() > skewWarns:
		return flow.Warned(off).With(marked(flow.Warn, off)).Mend(m.setClock())
	}
	return flow.Passed(flow.Say("doctor.network.good", "Took", got.Sub(sent))).
		With(marked(flow.Pass, flow.Say("doctor.network.clock-good", "Skew", skew.Abs())))
}

func (m Machine) setClock() flow.Remedy {
	command := "sudo timedatectl set-ntp true"
	switch m.OS {
	case "darwin":
		command = "sudo sntp -sS time.apple.com"
	case "windows":
		command = "w32tm /resync"
	}
	return flow.Run(command, flow.Say("doctor.network.set-clock"))
}

// broken tells what kept the request from an answer.
func broken(err error, target *url.URL, service transport.Service, w way) flow.Finding {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	host := target.Hostname()
	failed := func(id string) flow.Finding {
		return flow.Failed(flow.Say("doctor.network."+id, "Host", host, "Proxy", w.proxy)).Because(err).
			With(marked(flow.Fail, flow.Say("fact.error", "Reason", err)))
	}
	seeProxy := flow.Run("env | grep -i _proxy", flow.Say("doctor.network.see-proxy"))
	var operation *net.OpError
	var name *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		return failed("proxy-away").Mend(seeProxy)
	case errors.As(err, &name) && name.IsNotFound:
		return failed("no-name").Mend(lookUp(service))
	case errors.As(err, &name):
		return failed("no-names").Mend(flow.Run("nslookup "+quote(host), flow.Say("doctor.network.ask-name")))
	case errors.Is(err, syscall.ECONNREFUSED):
		return failed("refused").Mend(lookUp(service), seeProxy)
	case isTLS(err):
		return badTLS(err, failed, w.store)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return failed("timed-out").Mend(seeProxy)
	case w.proxy != "":
		return failed("proxy-refuses").Mend(seeProxy)
	}
	return failed("broken").Mend(seeProxy)
}

func isTLS(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &alert) ||
		strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "x509: ")
}

func badTLS(err error, failed func(string) flow.Finding, store bool) flow.Finding {
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	bundle := flow.Run("export SSL_CERT_FILE=/path/to/company-ca.pem", flow.Say("doctor.network.set-bundle"))
	if store {
		bundle = flow.Tell(flow.Say("doctor.network.add-to-store"))
	}
	switch {
	case errors.As(err, &authority):
		return failed("tls-authority").Mend(bundle)
	case errors.As(err, &host):
		return failed("tls-host").Mend(flow.Tell(flow.Say("doctor.network.ask-network")))
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return failed("tls-expired").Mend(flow.Run("date -u", flow.Say("doctor.network.see-clock")))
	}
	return failed("tls").Mend(flow.Tell(flow.Say("doctor.network.ask-network")))
}

func (m Machine) signIn(service transport.Service) flow.Remedy {
	command := "zsf auth login " + strings.ToLower(string(service))
	if m.Profile != "" {
		command += " --profile " + quote(m.Profile)
	}
	return flow.Run(command, flow.Say("doctor.network.sign-in"))
}

func lookUp(service transport.Service) flow.Remedy {
	return flow.Run("zsf auth status", flow.Say("doctor.network.see-address", "Service", string(service)))
}
