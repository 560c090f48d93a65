package salesforce

import (
	"errors"
	"strings"
	"testing"
)

const (
	version15 = "04tWs000000AbCd"
	version18 = "04tWs000000AbCdIAK"
)

func TestID18(t *testing.T) {
	for _, pair := range [][2]string{
		{"001D000000IqhSL", "001D000000IqhSLIAZ"}, // of Salesforce's own documentation
		{"001D000000IqhSLIAZ", "001D000000IqhSLIAZ"},
		{"001D000000IqhSLiaz", "001D000000IqhSLIAZ"},
	} {
		if whole, ok := id18(pair[0]); !ok || whole != pair[1] {
			t.Errorf("%s: %s %v", pair[0], whole, ok)
		}
	}
	for _, wrong := range []string{"", "001D", "001d000000iqhslIAZ", "001D000000IqhSLIA"} {
		if whole, ok := id18(wrong); ok {
			t.Errorf("%q became %s", wrong, whole)
		}
	}
}

func TestEachFormOfAnInstallLink(t *testing.T) {
	if whole, _ := id18(version15); whole != version18 {
		t.Fatal(whole)
	}
	tests := map[string]string{
		version15:                 "",
		version18:                 "",
		"  <" + version18 + ">. ": "",
		"https://login.salesforce.com/packaging/installPackage.apexp?p0=" + version15:                                                                "login.salesforce.com",
		"https://test.salesforce.com/packaging/installPackage.apexp?p0=" + version18:                                                                 "test.salesforce.com",
		"http://login.salesforce.com/packaging/installPackage.apexp?p0=" + version18:                                                                 "login.salesforce.com",
		"HTTPS://LOGIN.SALESFORCE.COM/packaging/installPackage.apexp?p0=" + version18:                                                                "login.salesforce.com",
		"login.salesforce.com/packaging/installPackage.apexp?p0=" + version18:                                                                        "login.salesforce.com",
		"//login.salesforce.com/packaging/installPackage.apexp?p0=" + version18:                                                                      "login.salesforce.com",
		"https://acme.my.salesforce.com/packaging/installPackage.apexp?p0=" + version15:                                                              "acme.my.salesforce.com",
		"https://acme--uat.sandbox.my.salesforce.com/packaging/installPackage.apexp?isdtp=p1&p0=" + version15 + "&foo=%zz":                           "acme--uat.sandbox.my.salesforce.com",
		"https://acme.lightning.force.com/packaging/installPackage.apexp?p0=" + version15:                                                            "acme.lightning.force.com",
		"https://acme.lightning.force.com/packagingSetupUI/ipLanding.app?apvId=" + version18:                                                         "acme.lightning.force.com",
		"https://acme.my.salesforce-setup.com/packagingSetupUI/ipLanding.app?apvId=" + version18:                                                     "acme.my.salesforce-setup.com",
		"https://acme.lightning.force.com/one/one.app#/alohaRedirect/packagingSetupUI/ipLanding.app?apvId=" + version18:                              "acme.lightning.force.com",
		"https%3A%2F%2Flogin.salesforce.com%2Fpackaging%2FinstallPackage.apexp%3Fp0%3D" + version15:                                                  "login.salesforce.com",
		"https%253A%252F%252Flogin.salesforce.com%252Fpackaging%252FinstallPackage.apexp%253Fp0%253D" + version15:                                    "login.salesforce.com",
		"https://login.salesforce.com/?ec=302&startURL=%2Fpackaging%2FinstallPackage.apexp%3Fp0%3D" + version15:                                      "login.salesforce.com",
		"https://test.salesforce.com?startURL=%2FpackagingSetupUI%2FipLanding.app%3FapvId%3D" + version15:                                            "test.salesforce.com",
		"https://appexchange.salesforce.com/r?url=https%3A%2F%2Flogin.salesforce.com%2Fpackaging%2FinstallPackage.apexp%3Fp0%3D" + version15:         "login.salesforce.com",
		"https://appexchange.salesforce.com/r?to=%2Fx%3Fu%3Dhttps%253A%252F%252Ftest.salesforce.com%252Fp%253Fp0%253D" + version15:                   "test.salesforce.com",
		"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Flogin.salesforce.com%2Fpackaging%2Fx%3Fp0%3D" + version15 + "&data=05%7C": "login.salesforce.com",
		"Install it here: [link](https://login.salesforce.com/packaging/installPackage.apexp?p0=" + version15 + "), thanks.":                         "login.salesforce.com",
		"https://login.salesforce.com/packaging/\n  installPackage.apexp?p0=04tWs00\n 0000AbCd":                                                      "login.salesforce.com",
		"https://login.salesforce.com/packaging/installPackage.apexp?a=b&amp;p0=" + version15:                                                        "login.salesforce.com",
		"http://127.0.0.1:43121/packaging/installPackage.apexp?p0=" + version15:                                                                      "127.0.0.1:43121",
		"https://login.salesforce.com/packaging/installPackage.apexp?P0=" + version15 + " or " + version18:                                           "login.salesforce.com",
	}
	for text, host := range tests {
		link, err := ParsePackageLink(text)
		if err != nil || link.VersionID != version18 || link.Host != host {
			t.Errorf("%s: %+v %v", text, link, err)
			continue
		}
		scheme := "https://"
		if strings.HasPrefix(host, "127.") {
			scheme = "http://"
		}
		if want := scheme + host + "/packaging/installPackage.apexp?p0=" + version18; host != "" && link.InstallURL != want || host == "" && link.InstallURL != "" {
			t.Errorf("%s: %s", text, link.InstallURL)
		}
		if at := link.At("https://acme.my.salesforce.com/"); at != "https://acme.my.salesforce.com/packaging/installPackage.apexp?p0="+version18 {
			t.Error(at)
		}
	}
}

func TestWhatIsNoInstallLink(t *testing.T) {
	tests := map[string]string{
		"":                                    "no 04t id",
		"please":                              "no 04t id",
		"04t":                                 "no 04t id",
		"033Ws000000AbCd":                     "no 04t id",
		"https://login.salesforce.com/":       "no 04t id",
		"https://login.salesforce.com/?p0=":   "no 04t id",
		"javascript:alert(1)?p0=" + version15: "",
		"https://evil.example/packaging/installPackage.apexp?p0=" + version15:                                                               "it leads to evil.example",
		"https://salesforce.com.evil.example/packaging/installPackage.apexp?p0=" + version15:                                                "it leads to salesforce.com.evil.example",
		"https://notsalesforce.com/packaging/installPackage.apexp?p0=" + version15:                                                          "it leads to notsalesforce.com",
		"https://login.salesforce.com@evil.example/?p0=" + version15:                                                                        "no 04t id",
		"https://login.salesforce.com:8443/?p0=" + version15:                                                                                "it leads to login.salesforce.com",
		"ftp://login.salesforce.com/?p0=" + version15:                                                                                       "it leads to login.salesforce.com",
		"https://login.salesforce.com/packaging/installPackage.apexp?p0=" + strings.ToLower(version18):                                      "mistyped",
		"https://login.salesforce.com/packaging/installPackage.apexp?p0=" + version15 + " https://login.salesforce.com/?p0=04tWs000000AbCe": "several packages",
		strings.Repeat("x", maxLink+1):                                                                                                      "too long",
	}
	for text, words := range tests {
		link, err := ParsePackageLink(text)
		if !errors.Is(err, ErrNoPackageLink) || !strings.Contains(err.Error(), words) || link != (PackageLink{}) {
			t.Errorf("%.80s: %+v %v", text, link, err)
		}
	}
}

func TestALinksPasswordIsNotKept(t *testing.T) {
	for _, text := range []string{
		"https://login.salesforce.com/packaging/installPackage.apexp?p0=" + version15 + "&password=hunter2",
		"https://login.salesforce.com/?startURL=%2Fpackaging%2FinstallPackage.apexp%3Fpassword%3Dhunter2%26p0%3D" + version15,
	} {
		link, err := ParsePackageLink(text)
		if !errors.Is(err, ErrPackagePassword) || link.VersionID != version18 {
			t.Errorf("%+v %v", link, err)
		}
		if strings.Contains(link.InstallURL+err.Error()+link.Host, "hunter2") {
			t.Error("the password was kept")
		}
	}
}

func FuzzParsePackageLink(f *testing.F) {
	f.Add(version15)
	f.Add("https://login.salesforce.com/packaging/installPackage.apexp?p0=" + version18 + "&password=hunter2")
	f.Add("https%3A%2F%2Flogin.salesforce.com%2F%3Fp0%3D" + version15)
	f.Add("https://a.lightning.force.com/one/one.app#/x?apvId=" + version15)
	f.Add("https://x.example/?u=//test.salesforce.com/?p0=" + version15)
	f.Fuzz(func(t *testing.T, text string) {
		link, err := ParsePackageLink(text)
		if err != nil && !errors.Is(err, ErrPackagePassword) {
			if !errors.Is(err, ErrNoPackageLink) || link != (PackageLink{}) {
				t.Fatalf("%+v %v", link, err)
			}
			return
		}
		if whole, ok := id18(link.VersionID); !ok || whole != link.VersionID || !isVersionID(link.VersionID) {
			t.Fatalf("%q", link.VersionID)
		}
		if strings.ContainsAny(link.Host, "\x1b/@?# \n") || (link.Host == "") != (link.InstallURL == "") {
			t.Fatalf("%+v", link)
		}
		if link.Host == "" {
			return
		}
		again, err := ParsePackageLink(link.InstallURL)
		if err != nil || again != link {
			t.Fatalf("%+v became %+v: %v", link, again, err)
		}
	})
}
