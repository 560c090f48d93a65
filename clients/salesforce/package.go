// Rows about the managed package, what it brings, and the pages where that is placed. All are of the Tooling API.

package salesforce

import "fmt"

// An InstalledPackage is a package in the org.
type InstalledPackage struct {
	ID                string `json:"Id"`
	SubscriberPackage struct {
		Name            string  `json:"Name"`
		NamespacePrefix *string `json:"NamespacePrefix"` // nil: it has none. SOQL cannot filter by it
	} `json:"SubscriberPackage"`
	SubscriberPackageVersion struct {
		ID           string `json:"Id"` // 04t…
		Name         string `json:"Name"`
		MajorVersion int    `json:"MajorVersion"`
		MinorVersion int    `json:"MinorVersion"`
		PatchVersion int    `json:"PatchVersion"`
		BuildNumber  int    `json:"BuildNumber"`
	} `json:"SubscriberPackageVersion"`
}

// Version is the package's version as Setup writes it: 4.12, or 4.12.1 where it is a patch.
func (p InstalledPackage) Version() string {
	v := p.SubscriberPackageVersion
	if v.PatchVersion > 0 {
		return fmt.Sprintf("%d.%d.%d", v.MajorVersion, v.MinorVersion, v.PatchVersion)
	}
	return fmt.Sprintf("%d.%d", v.MajorVersion, v.MinorVersion)
}

// InstalledPackageQuery finds all installed packages.
const InstalledPackageQuery = "SELECT Id, SubscriberPackage.Name, SubscriberPackage.NamespacePrefix, " +
	"SubscriberPackageVersion.Id, SubscriberPackageVersion.Name, SubscriberPackageVersion.MajorVersion, " +
	"SubscriberPackageVersion.MinorVersion, SubscriberPackageVersion.PatchVersion, SubscriberPackageVersion.BuildNumber " +
	"FROM InstalledSubscriberPackage"

// An ApexPage is a Visualforce page.
type ApexPage struct {
	ID              string  `json:"Id"`
	Name            string  `json:"Name"`
	NamespacePrefix *string `json:"NamespacePrefix"`
}

// TicketViewPageQuery finds the package's Visualforce pages: Zendesk_Ticket_View_Account and its sisters.
var TicketViewPageQuery = "SELECT Id, Name, NamespacePrefix FROM ApexPage WHERE Name LIKE '" + QuoteLike(ticketView) + "%'"

// An AuraDefinitionBundle is a Lightning component.
type AuraDefinitionBundle struct {
	ID              string  `json:"Id"`
	DeveloperName   string  `json:"DeveloperName"`
	NamespacePrefix *string `json:"NamespacePrefix"`
}

// TicketViewComponentQuery finds the package's Lightning component.
var TicketViewComponentQuery = "SELECT Id, DeveloperName, NamespacePrefix FROM AuraDefinitionBundle WHERE DeveloperName LIKE '" + QuoteLike(ticketView) + "%'"

// ticketView begins the names of what the package brings (support.zendesk.com 4408834115738).
const ticketView = "Zendesk_Ticket_View"

// A FlexiPage is a Lightning page.
type FlexiPage struct {
	ID                 string `json:"Id"`
	DeveloperName      string `json:"DeveloperName"`
	MasterLabel        string `json:"MasterLabel"`
	EntityDefinitionID string `json:"EntityDefinitionId"` // the object that it shows: Account
	Type               string `json:"Type"`               // RecordPage
}

// RecordPageQuery finds the Lightning record pages of these objects.
func RecordPageQuery(objects []string) string {
	return "SELECT Id, DeveloperName, MasterLabel, EntityDefinitionId, Type FROM FlexiPage " +
		"WHERE Type = 'RecordPage' AND EntityDefinitionId IN (" + quoteAll(objects) + ")"
}

// FlexiPageMetadata is what is on a Lightning page, told for one page at a time
// (developer.salesforce.com, Metadata API: FlexiPage; itemInstances since 49.0, componentInstances before).
type FlexiPageMetadata struct {
	FullName string `json:"FullName"`
	Metadata struct {
		Regions []struct {
			Name  string `json:"name"`
			Items []struct {
				Component *componentInstance `json:"componentInstance"` // nil: a field
			} `json:"itemInstances"`
			Components []componentInstance `json:"componentInstances"`
		} `json:"flexiPageRegions"`
	} `json:"Metadata"`
}

type componentInstance struct {
	Name       string `json:"componentName"` // namespace:name for a package's component
	Properties []struct {
		Name  string `json:"name"`
		Value any    `json:"value"`
	} `json:"componentInstanceProperties"`
}

// Components names what is on the page, region by region: each component, and each Visualforce page that one shows.
func (m FlexiPageMetadata) Components() []string {
	var names []string
	for _, region := range m.Metadata.Regions {
		for _, item := range region.Items {
			if item.Component != nil {
				names = append(names, item.Component.names()...)
			}
		}
		for _, component := range region.Components {
			names = append(names, component.names()...)
		}
	}
	return names
}

func (i componentInstance) names() []string {
	names := []string{i.Name}
	for _, property := range i.Properties {
		if page, ok := property.Value.(string); ok && property.Name == "pageName" && page != "" {
			names = append(names, page)
		}
	}
	return names
}
