// Lightning App Builder in its simplest form: a page's regions, the ticket view in them or not, and Activation.

package salesforce

import (
	"net/url"
	"slices"
	"strings"

	"zsf/clients/sandbox/webform"
)

const builderHome = "/lightning/setup/FlexiPageList/home"

func builderOf(page values) string {
	return "/visualEditor/appBuilder.app?pageId=" + url.QueryEscape(str(page["Id"]))
}

func (v *visit) builderList() *page {
	p := v.setup(v.word("User Interface", "사용자 인터페이스"), v.word("Lightning App Builder", "Lightning 앱 빌더"))
	list := webform.Table{Heads: []string{v.word("Action", "작업"), v.word("Label", "레이블"), v.word("Object", "개체"), v.word("Type", "유형"), ticketView}}
	v.tables["FlexiPage"].each(func(row values) {
		document, _ := row["Metadata"].(flexiPage)
		state := webform.Text("—")
		if document.shows(ticketView) {
			state = webform.Cell{Text: v.word("on the page", "페이지에 있음"), Good: true}
		}
		list.Rows = append(list.Rows, []webform.Cell{
			{Text: v.word("Edit", "편집"), URL: builderOf(row)},
			webform.Text(str(row["MasterLabel"])),
			webform.Text(str(row["EntityDefinitionId"])), webform.Text(inWords(document.Type)), state,
		})
	})
	p.Tables = []webform.Table{list}
	return p
}

func (f flexiPage) shows(component string) bool {
	for _, region := range f.Regions {
		for _, item := range region.Items {
			if strings.HasSuffix(item.Component.Name, component) {
				return true
			}
		}
	}
	return false
}

// with is the page with the component at the top of its sidebar, or without it.
func (f flexiPage) with(name string, on bool) flexiPage {
	regions := make([]flexiRegion, len(f.Regions))
	for i, region := range f.Regions {
		region.Items = slices.DeleteFunc(slices.Clone(region.Items), func(item flexiItem) bool { return item.Component.Name == name })
		if on && region.Name == "sidebar" {
			region.Items = append([]flexiItem{component(name)}, region.Items...)
		}
		regions[i] = region
	}
	f.Regions = regions
	return f
}

// builderPage edits one page. The component can be chosen once the package that brings it is installed.
func (v *visit) builderPage() result {
	if !v.can("CustomizeApplication") {
		return v.refused()
	}
	row, found := v.tables["FlexiPage"].first("Id", v.at.Query().Get("pageId"))
	if !found {
		return v.notThere()
	}
	if v.sent != nil {
		return v.savePage(row)
	}
	if v.at.Query().Get("activation") != "" {
		return shown(v.activation(row))
	}
	document, _ := row["Metadata"].(flexiPage)
	p := v.setup(v.word("User Interface", "사용자 인터페이스"), v.word("Lightning App Builder", "Lightning 앱 빌더"), str(row["MasterLabel"]))
	for _, region := range document.Regions {
		var names []string
		for _, item := range region.Items {
			names = append(names, item.Component.Name)
		}
		p.Facts = append(p.Facts, webform.Fact{Name: region.Name, Value: strings.Join(names, ", ")})
	}
	form := webform.Form{
		Action: builderOf(row), Title: v.word("Components", "구성 요소"),
		Buttons: []webform.Button{{Value: "save", Label: v.word("Save", "저장"), Main: true}, {Value: "activation", Label: v.word("Activation...", "활성화...")}},
	}
	if _, brought := v.tables["AuraDefinitionBundle"].first("DeveloperName", ticketView); brought && document.Type == "RecordPage" {
		form.Fields = []webform.Field{{
			Kind: "check", Name: "component", Value: namespace + ":" + ticketView, Label: ticketView,
			Note: v.word("Custom - Managed", "사용자 정의 - 관리"), On: document.shows(ticketView),
		}}
	} else {
		p.Note = v.word("There are no custom components that can go on this page.", "이 페이지에 놓을 수 있는 사용자 정의 구성 요소가 없습니다.")
	}
	p.Forms = []webform.Form{form}
	p.Links = []webform.Link{{Label: v.word("Back", "뒤로"), URL: builderHome}}
	return shown(p)
}

func (v *visit) savePage(row values) result {
	switch v.did() {
	case "save":
		document, _ := row["Metadata"].(flexiPage)
		_, brought := v.tables["AuraDefinitionBundle"].first("DeveloperName", ticketView)
		on := v.sent.Get("component") != ""
		if brought && document.Type == "RecordPage" && on != document.shows(ticketView) {
			row["Metadata"] = document.with(namespace+":"+ticketView, on)
			v.touch(row)
			v.audit("changedFlexiPage", "Lightning Pages", "Changed Lightning page "+str(row["DeveloperName"]), v.who.id, v.now())
		}
		return sentTo(builderOf(row) + "&saved=1")
	case "activate":
		row["active"] = true
		return sentTo(builderOf(row) + "&activation=1&saved=1")
	case "back":
		return sentTo(builderOf(row))
	}
	return sentTo(builderOf(row) + "&activation=1")
}

// activation tells who sees the page. The org's own pages are its defaults from the start.
func (v *visit) activation(row values) *page {
	p := v.setup(v.word("User Interface", "사용자 인터페이스"), v.word("Lightning App Builder", "Lightning 앱 빌더"), v.word("Activation: ", "활성화: ")+str(row["MasterLabel"]))
	state := v.word("not assigned", "할당되지 않음")
	if row["active"] == true {
		state = v.word("assigned as org default", "조직 기본값으로 할당됨")
	}
	p.Facts = []webform.Fact{{Name: v.word("Org Default", "조직 기본값"), Value: state}}
	p.Forms = []webform.Form{{Action: builderOf(row), Buttons: []webform.Button{
		{Value: "activate", Label: v.word("Assign as Org Default", "조직 기본값으로 할당"), Main: row["active"] != true},
		{Value: "back", Label: v.word("Back", "뒤로")},
	}}}
	return p
}
