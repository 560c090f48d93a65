// The Metadata API's operations.

package salesforce

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
)

// otherTypes are metadata types that exist but that the sandbox has no components of.
var otherTypes = []string{
	"ApexClass", "ApexPage", "ApexTrigger", "AuraDefinitionBundle", "ConnectedApp", "CustomApplication", "CustomObject",
	"ExternalClientApplication", "Layout", "LightningComponentBundle", "PermissionSet", "RemoteSiteSetting", "Role",
}

const (
	maxRead   = 10 // full names that one readMetadata may ask for
	maxUpdate = 10
)

// readMetadata gives whole documents; a name that does not exist gives an empty record.
func (o *Org) readMetadata(operation *element) (string, *soapFault) {
	kind := operation.child("type").value()
	names := operation.all("fullNames")
	if len(names) > maxRead {
		return "", &soapFault{"sf:LIMIT_EXCEEDED", fmt.Sprintf("LIMIT_EXCEEDED: record limit reached. cannot submit more than %d records into this call", maxRead)}
	}
	if fault := o.checkType(kind, "reading"); fault != nil {
		return "", fault
	}
	var b bytes.Buffer
	b.WriteString("<readMetadataResponse><result>")
	for _, name := range names {
		body, err := o.component(kind, name.value())
		if err != nil {
			return "", &soapFault{"sf:UNKNOWN_EXCEPTION", "UNKNOWN_EXCEPTION: " + err.Error()}
		}
		if body == "" {
			b.WriteString(`<records xsi:nil="true"/>`)
			continue
		}
		fmt.Fprintf(&b, `<records xsi:type="%s">%s</records>`, kind, body)
	}
	b.WriteString("</result></readMetadataResponse>")
	return b.String(), nil
}

func (o *Org) checkType(kind, use string) *soapFault {
	if kind == "Settings" {
		return &soapFault{"sf:UNKNOWN_EXCEPTION", "UNKNOWN_EXCEPTION: type is not a valid metadata type for " + use}
	}
	if o.settings[kind] != nil || kind == "FlexiPage" || kind == "Profile" || slices.Contains(otherTypes, kind) {
		return nil
	}
	return &soapFault{"sf:INVALID_TYPE", "INVALID_TYPE: Unknown type:" + kind}
}

// component writes the inside of a record, or nothing where there is no such component.
func (o *Org) component(kind, fullName string) (string, error) {
	var b bytes.Buffer
	if settings := o.settings[kind]; settings != nil {
		if fullName != settings.attrs["fullName"] {
			return "", nil
		}
		b.WriteString("<fullName>" + fullName + "</fullName>")
		for _, child := range settings.children {
			child.writeTo(&b)
		}
		return b.String(), nil
	}
	table, found := o.tables[kind]
	if !found {
		return "", nil
	}
	row, found := table.first("FullName", fullName)
	if !found {
		return "", nil
	}
	document := row["Metadata"]
	if kind == "Profile" {
		document = o.profileDocument(row)
	}
	return inside(document)
}

// inside writes a document without its outermost element.
func inside(document any) (string, error) {
	var b bytes.Buffer
	encoder := xml.NewEncoder(&b)
	if err := encoder.EncodeElement(document, xml.StartElement{Name: xml.Name{Local: "x"}}); err != nil {
		return "", fmt.Errorf("writing a component: %w", err)
	}
	return strings.TrimSuffix(strings.TrimPrefix(b.String(), "<x>"), "</x>"), nil
}

// updateMetadata changes settings. What a component's own rules refuse is told in its result, not as a fault.
func (o *Org) updateMetadata(who *person, operation *element) (string, *soapFault) {
	components := operation.all("metadata")
	if len(components) > maxUpdate {
		return "", &soapFault{"sf:LIMIT_EXCEEDED", fmt.Sprintf("LIMIT_EXCEEDED: record limit reached. cannot submit more than %d records into this call", maxUpdate)}
	}
	var b bytes.Buffer
	b.WriteString("<updateMetadataResponse>")
	for _, component := range components {
		_, kind, prefixed := strings.Cut(component.attrs["type"], ":")
		if !prefixed {
			kind = component.attrs["type"]
		}
		if fault := o.checkType(kind, "updating"); fault != nil {
			return "", fault
		}
		fullName := component.child("fullName").value()
		code, message, fault := o.updateComponent(who, kind, fullName, component)
		if fault != nil {
			return "", fault
		}
		b.WriteString("<result>")
		if code != "" {
			b.WriteString("<errors><message>")
			escapeXML(&b, message)
			b.WriteString("</message><statusCode>" + code + "</statusCode></errors>")
		}
		b.WriteString("<fullName>")
		escapeXML(&b, fullName)
		fmt.Fprintf(&b, "</fullName><success>%t</success></result>", code == "" && o.settings[kind] != nil)
	}
	b.WriteString("</updateMetadataResponse>")
	return b.String(), nil
}

// updateComponent tells why a component was not changed. For types that are no settings it tells nothing,
// as the service, too, can fail without <errors>.
func (o *Org) updateComponent(who *person, kind, fullName string, update *element) (code, message string, fault *soapFault) {
	document := o.settings[kind]
	switch {
	case document == nil:
		return "", "", nil
	case fullName != document.attrs["fullName"]:
		return "INVALID_CROSS_REFERENCE_KEY", fmt.Sprintf("In field: fullName - no %s named %s found", kind, fullName), nil
	case !who.can("CustomizeApplication"):
		return "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on cross-reference id", nil
	}
	before, changed := document, document.clone()
	if err := merge(changed, update); err != nil {
		return "", "", clientFault(strings.ToUpper(err.Error()[:1]) + err.Error()[1:])
	}
	o.settings[kind] = changed
	o.auditSettings(who, kind, before, changed)
	return "", "", nil
}

func (o *Org) auditSettings(who *person, kind string, before, after *element) {
	lock := func(e *element) string { return e.at("sessionSettings", "lockSessionsToIp").value() }
	switch {
	case kind == "SecuritySettings" && lock(before) != lock(after):
		o.audit("lockSessionsToIp", "Session Settings", "Changed Lock sessions to the IP address from which they originated from "+lock(before)+" to "+lock(after), who.id, o.now())
	default:
		o.audit("changed"+kind, inWords(kind), "Changed "+inWords(kind), who.id, o.now())
	}
}

func (o *Org) listMetadata(operation *element) (string, *soapFault) {
	var b bytes.Buffer
	b.WriteString("<listMetadataResponse>")
	for _, query := range operation.all("queries") {
		kind := query.child("type").value()
		if kind != "Settings" {
			if fault := o.checkType(kind, "listing"); fault != nil {
				return "", fault
			}
		}
		for _, name := range o.componentNames(kind) {
			b.WriteString("<result><createdById>" + o.cast.connecting + "</createdById><fileName>")
			escapeXML(&b, name)
			b.WriteString("</fileName><fullName>")
			escapeXML(&b, name)
			b.WriteString("</fullName><id/><type>" + kind + "</type></result>")
		}
	}
	b.WriteString("</listMetadataResponse>")
	return b.String(), nil
}

func (o *Org) componentNames(kind string) []string {
	var names []string
	switch kind {
	case "Settings":
		for _, document := range o.settings {
			names = append(names, document.attrs["fullName"])
		}
		slices.Sort(names)
	case "FlexiPage", "Profile":
		o.tables[kind].each(func(row values) { names = append(names, str(row["FullName"])) })
	}
	return names
}

func (o *Org) describeMetadata() string {
	var b bytes.Buffer
	b.WriteString("<describeMetadataResponse><result>")
	for _, t := range []struct{ name, folder, suffix string }{
		{"FlexiPage", "flexipages", "flexipage"}, {"Profile", "profiles", "profile"}, {"Settings", "settings", "settings"},
	} {
		fmt.Fprintf(&b, "<metadataObjects><directoryName>%s</directoryName><inFolder>false</inFolder><metaFile>false</metaFile><suffix>%s</suffix><xmlName>%s</xmlName></metadataObjects>", t.folder, t.suffix, t.name)
	}
	fmt.Fprintf(&b, "<organizationNamespace></organizationNamespace><partialSaveAllowed>true</partialSaveAllowed><testRequired>%t</testRequired></result></describeMetadataResponse>", o.setup.Production)
	return b.String()
}
