// The install page of the managed package: its three choices, its progress, and its end.

package salesforce

import (
	"net/url"
	"slices"
	"time"

	"zsf/clients/sandbox/soql"
	"zsf/clients/sandbox/webform"
)

// longInstall is how long the page waits before it says that there will be an e-mail instead.
const longInstall = 30 * time.Second

func installAddress(version, request string) string {
	query := url.Values{"p0": {version}}
	if request != "" {
		query.Set("request", request)
	}
	return "/packaging/installPackage.apexp?" + query.Encode()
}

// installPage is for users who may download packages, as the same by the API is.
func (v *visit) installPage() result {
	version := soql.To18(v.at.Query().Get("p0"))
	switch {
	case !v.can("InstallPackaging"):
		return v.refused()
	case version != PackageVersionID():
		p := v.newPage(v.word("Package not found", "패키지를 찾을 수 없음"))
		p.Wrong = v.word("The package version is not available or does not exist. Check the package version id and the installation key.",
			"패키지 버전을 사용할 수 없거나 존재하지 않습니다. 패키지 버전 ID와 설치 키를 확인하십시오.")
		return result{page: p, status: 404}
	case v.sent != nil && v.did() == "done":
		return sentTo("/lightning/setup/ImportedPackage/home")
	case v.sent != nil:
		return sentTo(installAddress(version, v.startInstall(version)))
	}
	if id := v.at.Query().Get("request"); id != "" {
		request, found := v.tables["PackageInstallRequest"].first("Id", id)
		if !found {
			return v.notThere()
		}
		return shown(v.progress(version, request))
	}
	return shown(v.installChoices(version))
}

func (v *visit) installChoices(version string) *page {
	p := v.newPage(v.word("Install ", "설치: ") + integrationName)
	p.Facts = []webform.Fact{
		{Name: v.word("App Name", "앱 이름"), Value: integrationName},
		{Name: v.word("Publisher", "게시자"), Value: "Zendesk, Inc."},
		{Name: v.word("Version Name", "버전 이름"), Value: "4.12"},
	}
	if _, installed := v.tables["InstalledSubscriberPackage"].first("SubscriberPackageVersionId", version); installed {
		p.Text = []string{v.word("This version is installed. Installing it again changes who has access.", "이 버전이 설치되어 있습니다. 다시 설치하면 액세스할 수 있는 사용자가 바뀝니다.")}
	}
	choice := func(value, label string, on bool) webform.Field {
		return webform.Field{Kind: "radio", Name: "security", Value: value, Label: label, On: on}
	}
	form := webform.Form{
		Action: installAddress(version, ""),
		Fields: []webform.Field{
			choice("admins", v.word("Install for Admins Only", "관리자 전용으로 설치"), true),
			choice("all", v.word("Install for All Users", "모든 사용자용으로 설치"), false),
			choice("specific", v.word("Install for Specific Profiles...", "특정 프로필용으로 설치..."), false),
		},
		Buttons: []webform.Button{{Value: "install", Label: v.word("Install", "설치"), Main: true}},
	}
	v.eachProfile(func(profile values, set any, licence string) {
		if profile["UserLicenseId"] != v.licenceID("SFDC") {
			return // the package is for full licences
		}
		form.Fields = append(form.Fields, webform.Field{
			Kind: "check", Name: "profile", Value: str(set), Label: str(profile["Name"]), Note: licence, Beside: "specific", On: set == v.cast.sets["admin"],
		})
	})
	if p.Text != nil {
		form.Fields = append(form.Fields, webform.Field{Kind: "hidden", Name: "installed", Value: "1"})
	}
	p.Forms = []webform.Form{form}
	return p
}

// startInstall makes the same request as the API does, and gives its id.
func (v *visit) startInstall(version string) string {
	security := map[string]string{"all": "Full", "specific": "Custom"}[v.sent.Get("security")]
	if security == "" {
		security = "None"
	}
	row := values{
		"SubscriberPackageVersionKey": version, "NameConflictResolution": "Block", "SecurityType": security,
		"PackageInstallSource": "U", "EnableRss": true, "Status": "IN_PROGRESS", "due": v.now().Add(installTakes),
	}
	if security == "Custom" {
		row["sets"] = slices.Clone(v.sent["profile"])
	}
	v.stamp(row, v.who.id, v.now())
	v.await(v.now().Add(installTakes))
	return v.tables["PackageInstallRequest"].add(row)
}

func (v *visit) progress(version string, request values) *page {
	done := webform.Form{Action: installAddress(version, str(request["Id"])), Buttons: []webform.Button{{Value: "done", Label: v.word("Done", "완료"), Main: true}}}
	asked, _ := request["CreatedDate"].(time.Time)
	switch {
	case request["Status"] == "SUCCESS":
		p := v.newPage(v.word("Installation Complete!", "설치가 완료되었습니다!"))
		p.Text, p.Forms = []string{integrationName}, []webform.Form{done}
		return p
	case request["Status"] == "ERROR":
		p := v.newPage(v.word("This package can't be installed.", "이 패키지를 설치할 수 없습니다."))
		p.Wrong = v.word("There are problems that prevent this package from being installed.", "이 패키지의 설치를 막는 문제가 있습니다.") + " " + installProblem(request)
		p.Links = []webform.Link{{Label: v.word("Try Again", "다시 시도"), URL: installAddress(version, "")}}
		return p
	case v.now().Sub(asked) >= longInstall:
		p := v.newPage(v.word("This app is taking a long time to install.", "이 앱을 설치하는 데 시간이 오래 걸립니다."))
		p.Text, p.Forms = []string{v.word("You will receive an email after the installation has completed.", "설치가 완료되면 이메일을 받게 됩니다.")}, []webform.Form{done}
		p.Refresh = 5
		return p
	}
	p := v.newPage(v.word("Installing…", "설치 중…"))
	for _, granting := range []struct{ security, english, korean string }{
		{"Full", "Installing and granting access to all users…", "설치하고 모든 사용자에게 액세스 권한을 부여하는 중…"},
		{"None", "Installing and granting access to admins only…", "설치하고 관리자에게만 액세스 권한을 부여하는 중…"},
		{"Custom", "Installing and granting access to specific profiles…", "설치하고 특정 프로필에 액세스 권한을 부여하는 중…"},
	} {
		if request["SecurityType"] == granting.security {
			p.Text = []string{v.word(granting.english, granting.korean)}
		}
	}
	p.Refresh = 2
	return p
}
