// Documents of the metadata that rows carry: Lightning pages and profiles.

package salesforce

import "strings"

// A flexiPage is a Lightning page as the Metadata API writes it.
type flexiPage struct {
	FullName        string        `json:"-" xml:"fullName"`
	Description     *string       `json:"description" xml:"description"`
	Events          []string      `json:"events" xml:"events"`
	Regions         []flexiRegion `json:"flexiPageRegions" xml:"flexiPageRegions"`
	MasterLabel     string        `json:"masterLabel" xml:"masterLabel"`
	ParentFlexiPage *string       `json:"parentFlexiPage" xml:"parentFlexiPage"`
	SobjectType     *string       `json:"sobjectType" xml:"sobjectType"`
	Template        flexiTemplate `json:"template" xml:"template"`
	Type            string        `json:"type" xml:"type"`
	URLs            *string       `json:"urls" xml:"-"`
}

type flexiRegion struct {
	Items []flexiItem `json:"itemInstances" xml:"itemInstances"`
	Mode  *string     `json:"mode" xml:"mode"`
	Name  string      `json:"name" xml:"name"`
	Type  string      `json:"type" xml:"type"`
}

type flexiItem struct {
	Component flexiComponent `json:"componentInstance" xml:"componentInstance"`
	Field     *string        `json:"fieldInstance" xml:"fieldInstance"`
}

type flexiComponent struct {
	Properties     []flexiProperty `json:"componentInstanceProperties" xml:"componentInstanceProperties"`
	Name           string          `json:"componentName" xml:"componentName"`
	Identifier     string          `json:"identifier" xml:"identifier"`
	VisibilityRule *string         `json:"visibilityRule" xml:"visibilityRule"`
}

type flexiProperty struct {
	Name  string `json:"name" xml:"name"`
	Value string `json:"value" xml:"value"`
}

type flexiTemplate struct {
	Name       string          `json:"name" xml:"name"`
	Properties []flexiProperty `json:"properties" xml:"properties"`
}

// addPages adds the record pages that the org uses, and a home page.
func (o *Org) addPages() {
	for _, e := range []string{"Account", "Contact", "Lead", "Opportunity", "Case"} {
		object, _ := o.schema.find(e, false)
		o.addPage(e+"_Record_Page", o.word(object.label+" Record Page", object.korean+" 레코드 페이지"), e, o.setup.PageComponents && e != "Case")
	}
	o.addPage("Sales_Home", o.word("Sales Home", "영업 홈"), "", false)
}

func (o *Org) addPage(name, label, object string, tickets bool) {
	page := recordPage(name, label, object, tickets)
	row := values{
		"DeveloperName": name, "MasterLabel": label, "FullName": name, "Type": page.Type, "Metadata": page,
		"EntityDefinitionId": text(object), "CreatedDate": o.cast.founded.AddDate(0, 5, 2), "active": true,
	}
	o.furniture("FlexiPage", row)
}

func recordPage(name, label, object string, tickets bool) flexiPage {
	page := flexiPage{
		FullName: name, MasterLabel: label, Type: "HomePage", Events: []string{},
		Template: flexiTemplate{Name: "home:desktopTemplate", Properties: []flexiProperty{}},
	}
	if object == "" {
		page.Regions = []flexiRegion{region("top", component("home:assistant")), region("sidebar", component("home:eventContainer"))}
		return page
	}
	page.Type, page.SobjectType = "RecordPage", &object
	page.Template.Name = "flexipage:recordHomeTemplateDesktop"
	main := []flexiItem{component("force:detailPanel"), component("force:relatedListContainer")}
	sidebar := []flexiItem{component("runtime_sales_activities:activityPanel"), component("forceChatter:recordFeedContainer")}
	if tickets {
		sidebar = append([]flexiItem{component(namespace + ":" + ticketView)}, sidebar...)
	}
	page.Regions = []flexiRegion{region("header", component("force:highlightsPanel")), region("main", main...), region("sidebar", sidebar...)}
	return page
}

func region(name string, items ...flexiItem) flexiRegion {
	return flexiRegion{Items: items, Name: name, Type: "Region"}
}

func component(name string) flexiItem {
	identifier := strings.NewReplacer(":", "_").Replace(name)
	return flexiItem{Component: flexiComponent{Properties: []flexiProperty{}, Name: name, Identifier: identifier}}
}

// A profileDoc is a profile as the Metadata API writes it.
type profileDoc struct {
	FullName          string              `json:"-" xml:"fullName"`
	Custom            bool                `json:"custom" xml:"custom"`
	Description       *string             `json:"description" xml:"description"`
	LoginIPRanges     []string            `json:"loginIpRanges" xml:"loginIpRanges"`
	ObjectPermissions []profileObject     `json:"objectPermissions" xml:"objectPermissions"`
	PageAccesses      []profilePage       `json:"pageAccesses" xml:"pageAccesses"`
	UserLicense       string              `json:"userLicense" xml:"userLicense"`
	UserPermissions   []profilePermission `json:"userPermissions" xml:"userPermissions"`
}

type profileObject struct {
	AllowCreate      bool   `json:"allowCreate" xml:"allowCreate"`
	AllowDelete      bool   `json:"allowDelete" xml:"allowDelete"`
	AllowEdit        bool   `json:"allowEdit" xml:"allowEdit"`
	AllowRead        bool   `json:"allowRead" xml:"allowRead"`
	ModifyAllRecords bool   `json:"modifyAllRecords" xml:"modifyAllRecords"`
	Object           string `json:"object" xml:"object"`
	ViewAllRecords   bool   `json:"viewAllRecords" xml:"viewAllRecords"`
}

type profilePage struct {
	ApexPage string `json:"apexPage" xml:"apexPage"`
	Enabled  bool   `json:"enabled" xml:"enabled"`
}

type profilePermission struct {
	Enabled bool   `json:"enabled" xml:"enabled"`
	Name    string `json:"name" xml:"name"`
}

// profileDocument writes a profile's row as a document. "Approve Uninstalled Connected Apps" is in it, and
// only in that of the standard System Administrator: no column of an object tells of it.
func (o *Org) profileDocument(profile fieldReader) profileDoc {
	id, _ := profile.Value("Id").(string)
	doc := profileDoc{FullName: str(profile.Value("FullName")), LoginIPRanges: []string{}}
	set, _ := o.tables["PermissionSet"].first("ProfileId", id)
	doc.Custom = set["IsCustom"] == true
	for _, licence := range o.licences() {
		if licence["Id"] == profile.Value("UserLicenseId") {
			doc.UserLicense = str(licence["Name"])
		}
	}
	for _, p := range o.schema.permissions {
		if set["Permissions"+p.name] == true {
			doc.UserPermissions = append(doc.UserPermissions, profilePermission{true, p.name})
		}
	}
	if id == o.cast.profiles["admin"] {
		doc.UserPermissions = append(doc.UserPermissions, profilePermission{true, "CanApproveUninstalledApps"})
	}
	o.tables["ObjectPermissions"].each(func(row values) {
		if row["ParentId"] == set["Id"] {
			doc.ObjectPermissions = append(doc.ObjectPermissions, profileObject{
				AllowCreate: row["PermissionsCreate"] == true, AllowDelete: row["PermissionsDelete"] == true,
				AllowEdit: row["PermissionsEdit"] == true, AllowRead: row["PermissionsRead"] == true,
				ModifyAllRecords: row["PermissionsModifyAllRecords"] == true, Object: str(row["SobjectType"]),
				ViewAllRecords: row["PermissionsViewAllRecords"] == true,
			})
		}
	})
	o.tables["ApexPage"].each(func(page values) {
		name := str(page["Name"])
		if prefix := str(page["NamespacePrefix"]); prefix != "" {
			name = prefix + "__" + name
		}
		doc.PageAccesses = append(doc.PageAccesses, profilePage{name, o.granted(set["Id"], page["Id"])})
	})
	return doc
}

// str is v where it is a string, and empty elsewhere.
func str(v any) string {
	s, _ := v.(string)
	return s
}
