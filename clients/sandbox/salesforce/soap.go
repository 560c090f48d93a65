// SOAP: the Metadata API's calls on settings, pages and profiles, and an honest refusal of login().

package salesforce

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const (
	metadataNamespace = "http://soap.sforce.com/2006/04/metadata"
	soapEnvelope      = "http://schemas.xmlsoap.org/soap/envelope/"
	partnerNamespace  = "urn:partner.soap.sforce.com"
)

// A soapFault is an error of a SOAP call; the service sends it with HTTP 500.
type soapFault struct{ code, message string }

// Error makes a fault an error.
func (f *soapFault) Error() string { return f.code + ": " + f.message }

func clientFault(message string) *soapFault { return &soapFault{"soapenv:Client", message} }

// serveSOAP answers under /services/Soap: m is the Metadata API, u and c are the data APIs.
func (o *Org) serveSOAP(w http.ResponseWriter, r *http.Request, escaped string) {
	parts := segments(strings.TrimPrefix(escaped, "/services/Soap"))
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		o.writeFault(w, http.StatusMethodNotAllowed, clientFault("HTTP method not allowed: "+r.Method))
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		o.writeFault(w, http.StatusInternalServerError, clientFault("The request could not be read."))
		return
	}
	envelope, err := parseXML(body)
	operation := envelope.child("Body")
	switch {
	case err != nil || operation == nil || len(operation.children) == 0:
		o.writeFault(w, http.StatusInternalServerError, clientFault("Premature end of file."))
		return
	case len(parts) < 2 || !supported("v"+parts[1]):
		o.writeFault(w, http.StatusInternalServerError, &soapFault{"sf:UNSUPPORTED_API_VERSION", "UNSUPPORTED_API_VERSION: Invalid Api version specified on URL"})
		return
	}
	var answer string
	var fault *soapFault
	if parts[0] == "m" {
		answer, fault = o.metadataCall(envelope, operation.children[0])
	} else {
		fault = dataFault(operation.children[0], parts[1])
	}
	if fault != nil {
		o.writeFault(w, http.StatusInternalServerError, fault)
		return
	}
	w.Header().Set("Sforce-Limit-Info", o.limitInfo())
	o.writeSOAP(w, http.StatusOK, metadataNamespace, answer)
}

// dataFault refuses login() as the service does: switched off in new orgs, and gone since v65.
func dataFault(operation *element, version string) *soapFault {
	switch {
	case operation.name != "login":
		return &soapFault{"sf:INVALID_SESSION_ID", "INVALID_SESSION_ID: This session is not valid for use with the API"}
	case version >= "65.0":
		return &soapFault{"sf:INVALID_OPERATION", "INVALID_OPERATION: SOAP API login() is disabled by default in this org."}
	}
	return &soapFault{"INVALID_LOGIN", "INVALID_LOGIN: Invalid username, password, security token; or user locked out."}
}

func (o *Org) metadataCall(envelope, operation *element) (string, *soapFault) {
	session := o.sessionByToken(envelope.at("Header", "SessionHeader", "sessionId").value())
	if session == "" {
		return "", &soapFault{"sf:INVALID_SESSION_ID", "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session. Session not found, missing session hash"}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	who := o.person(session)
	switch {
	case !o.apiOn(who):
		return "", &soapFault{"sf:API_DISABLED_FOR_ORG", "API_DISABLED_FOR_ORG: API is not enabled for this Organization or Partner"}
	case !o.spend(1):
		return "", &soapFault{"sf:REQUEST_LIMIT_EXCEEDED", "REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded."}
	case !who.can("ModifyMetadata") && !who.can("ModifyAllData"):
		return "", &soapFault{"sf:INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions"}
	}
	switch operation.name {
	case "readMetadata":
		return o.readMetadata(operation)
	case "updateMetadata":
		return o.updateMetadata(who, operation)
	case "listMetadata":
		return o.listMetadata(operation)
	case "describeMetadata":
		return o.describeMetadata(), nil
	}
	return "", clientFault(fmt.Sprintf("No operation available for request {%s}%s, please check the WSDL for the service.", metadataNamespace, operation.name))
}

func (o *Org) writeFault(w http.ResponseWriter, status int, f *soapFault) {
	var b bytes.Buffer
	b.WriteString("<soapenv:Fault><faultcode>")
	escapeXML(&b, f.code)
	b.WriteString("</faultcode><faultstring>")
	escapeXML(&b, f.message)
	b.WriteString("</faultstring></soapenv:Fault>")
	space := metadataNamespace
	if f.code == "INVALID_LOGIN" {
		space = partnerNamespace
	}
	o.writeSOAP(w, status, space, b.String())
}

func (o *Org) writeSOAP(w http.ResponseWriter, status int, space, body string) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `%s<soapenv:Envelope xmlns:soapenv="%s" xmlns="%s" xmlns:sf="%s" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>%s</soapenv:Body></soapenv:Envelope>`,
		xml.Header[:len(xml.Header)-1], soapEnvelope, space, space, body)
}
