package salesforce

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	sandboxorg "zsf/clients/sandbox/salesforce"
	"zsf/clients/transport"
)

// inSandbox is a client of a whole org, as the signed-in user of a scenario.
func inSandbox(t *testing.T, scenario string) (*Client, *sandbox.Sandbox, *time.Time) {
	t.Helper()
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	served, err := sandbox.Start(context.Background(), sandbox.Options{
		Scenario: scenario, Accounts: 5, Tickets: 5, Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := served.Close(); err != nil {
			t.Error(err)
		}
	})
	info := served.Info().Salesforce
	client, err := New(info.InstanceURL, info.AccessToken, transport.Config{
		Now:   func() time.Time { return now },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, served, &now
}

func TestASettingIsChangedAndNothingElse(t *testing.T) {
	for _, test := range []struct{ scenario, kind, fullName, path string }{
		{"session-locked", SecuritySettingsKind, "Security", LockSessionsToIPPath},
		{"pkce-required", OauthOidcSettingsKind, "OauthOidc", PkceRequiredPath},
	} {
		client, _, now := inSandbox(t, test.scenario)
		before, err := client.ReadSettings(t.Context(), test.kind, test.fullName)
		if value, ok := before.Value(test.path); err != nil || !ok || value != "true" || !before.At.Equal(*now) {
			t.Fatalf("%+v %v", before, err)
		}
		if err := client.UpdateSetting(t.Context(), test.kind, test.fullName, test.path, "false"); err != nil {
			t.Fatal(err)
		}
		after, err := client.ReadSettings(t.Context(), test.kind, test.fullName)
		if err != nil {
			t.Fatal(err)
		}
		if len(before.Values) < 2 {
			t.Errorf("a document of one value proves nothing: %v", before)
		}
		before.Values[test.path] = []string{"false"}
		if diff := cmp.Diff(before.Values, after.Values); diff != "" {
			t.Error(diff)
		}
	}
}

func TestAUserWithoutTheRightChangesNoSetting(t *testing.T) {
	client, _, _ := inSandbox(t, "not-salesforce-admin")
	err := client.UpdateSetting(t.Context(), SecuritySettingsKind, "Security", LockSessionsToIPPath, "true")
	if failed := failureOf(t, err); failed.Kind != transport.Forbidden || !strings.HasSuffix(failed.Call, "(updateMetadata SecuritySettings)") {
		t.Errorf("%+v", failed)
	}
}

func TestTheSessionLockHasAHistory(t *testing.T) {
	client, _, now := inSandbox(t, "session-locked")
	if err := client.UpdateSetting(t.Context(), SecuritySettingsKind, "Security", LockSessionsToIPPath, "false"); err != nil {
		t.Fatal(err)
	}
	events, told, err := client.SessionLockEvents(t.Context())
	if err != nil || !told || len(events) == 0 {
		t.Fatalf("%v %v %v", events, told, err)
	}
	if !events[0].CreatedDate.Equal(*now) || events[0].CreatedBy == nil || events[0].CreatedBy.Username == "" || events[0].Display == "" {
		t.Errorf("%+v", events[0])
	}
	for i, event := range events {
		if !event.IsSessionLock() || i > 0 && event.CreatedDate.After(events[i-1].CreatedDate.Time) {
			t.Errorf("%+v", event)
		}
	}
	weak, _, _ := inSandbox(t, "not-salesforce-admin")
	if events, told, err := weak.SessionLockEvents(t.Context()); err != nil || told || events != nil {
		t.Errorf("%v %v %v", events, told, err)
	}
}

// profileSets are the permission sets that profiles own, without access to the app, and the app.
func profileSets(t *testing.T, client *Client) (sets []string, app string) {
	t.Helper()
	apps, err := Query[ConnectedApplication](t.Context(), client, ConnectedApplicationQuery)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range apps {
		if strings.Contains(a.Name, "Zendesk") {
			app = a.ID
		}
	}
	granted, err := Query[SetupEntityAccess](t.Context(), client, AccessQuery([]string{app}))
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for _, row := range granted {
		has[row.ParentID] = true
	}
	all, err := Query[struct {
		ID string `json:"Id"`
	}](t.Context(), client, "SELECT Id FROM PermissionSet WHERE IsOwnedByProfile = true")
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range all {
		if !has[set.ID] {
			sets = append(sets, set.ID)
		}
	}
	if app == "" || len(sets) < 3 {
		t.Fatalf("%q %v", app, sets)
	}
	return sets, app
}

func TestAccessIsGivenAndTakenBack(t *testing.T) {
	client, _, _ := inSandbox(t, "ready")
	sets, app := profileSets(t, client)
	first, err := client.GrantAccess(t.Context(), []Grant{{sets[0], app}})
	if err != nil || len(first) != 1 || first[0].Err != nil || first[0].Already || first[0].ID == "" {
		t.Fatalf("%+v %v", first, err)
	}
	// One of these is there already: the others are made all the same.
	made, err := client.GrantAccess(t.Context(), []Grant{{sets[1], app}, {sets[0], app}, {sets[2], app}})
	if err != nil || made[0].Err != nil || made[0].ID == "" || made[2].Err != nil || made[2].ID == "" {
		t.Fatalf("%+v %v", made, err)
	}
	if !made[1].Already || !SameID(made[1].ID, first[0].ID) {
		t.Errorf("%+v, want %s", made[1], first[0].ID)
	}
	left, _ := profileSets(t, client)
	if diff := cmp.Diff(sets[3:], left); diff != "" {
		t.Error(diff)
	}
	ids := []string{made[0].ID, made[2].ID}
	for _, already := range []bool{false, true} {
		gone, err := client.RevokeAccess(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range gone {
			if row.Err != nil || row.Already != already || row.ID != ids[i] {
				t.Errorf("%+v", row)
			}
		}
	}
	mixed, err := client.RevokeAccess(t.Context(), []string{ids[0], first[0].ID})
	if err != nil || !mixed[0].Already || mixed[1].Already || mixed[1].Err != nil {
		t.Errorf("%+v %v", mixed, err)
	}
	if left, _ := profileSets(t, client); len(left) != len(sets) {
		t.Errorf("%d of %d", len(left), len(sets))
	}
}

func TestOneBadRowTakesTheOthersBack(t *testing.T) {
	client, _, _ := inSandbox(t, "ready")
	sets, app := profileSets(t, client)
	rows, err := client.GrantAccess(t.Context(), []Grant{{sets[0], app}, {"0PS000000000000AAA", app}})
	if err != nil || codeOf(rows[0].Err) != RolledBack || rows[1].Err == nil || rows[1].Already {
		t.Fatalf("%+v %v", rows, err)
	}
	if left, _ := profileSets(t, client); len(left) != len(sets) {
		t.Errorf("%d of %d", len(left), len(sets))
	}
	weak, _, _ := inSandbox(t, "not-salesforce-admin")
	rows, err = weak.GrantAccess(t.Context(), []Grant{{sets[0], app}})
	if err == nil {
		err = rows[0].Err
	}
	if err == nil {
		t.Error("a user without rights gave access")
	}
}

func TestAWriteThatGotNoAnswerIsNotRepeated(t *testing.T) {
	_, served, _ := inSandbox(t, "session-locked")
	info, tries := served.Info().Salesforce, 0
	client, err := New(info.InstanceURL, info.AccessToken, transport.Config{
		OnTry: func(transport.Try) { tries++ },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	served.AddFault(sandbox.FaultRule{Service: "salesforce", Times: -1, Fault: sandbox.Fault{Reset: true}})
	calls := map[string]struct {
		call  func() error
		tries int
	}{
		"grant":   {func() error { _, err := client.GrantAccess(t.Context(), []Grant{{"0PS", "0H4"}}); return err }, 1},
		"revoke":  {func() error { _, err := client.RevokeAccess(t.Context(), []string{"0J0000000000000AAA"}); return err }, 1},
		"install": {func() error { _, err := client.InstallPackage(t.Context(), "04tWs000000AbCdIAK", "Block"); return err }, 1},
		"setting": {func() error { // the same value twice is the same value
			return client.UpdateSetting(t.Context(), SecuritySettingsKind, "Security", LockSessionsToIPPath, "false")
		}, 4},
	}
	for name, test := range calls {
		tries = 0
		if err := test.call(); transport.KindOf(err) != transport.Unreachable {
			t.Errorf("%s: %v", name, err)
		}
		if tries != test.tries {
			t.Errorf("%s: %d tries", name, tries)
		}
	}
}

func TestAPackageIsInstalled(t *testing.T) {
	client, _, now := inSandbox(t, "no-package")
	link, err := ParsePackageLink(client.InstanceURL() + "/packaging/installPackage.apexp?p0=" + sandboxorg.PackageVersionID()[:15])
	if err != nil {
		t.Fatal(err)
	}
	id, err := client.InstallPackage(t.Context(), link.VersionID, "Block")
	if err != nil {
		t.Fatal(err)
	}
	request, err := client.ReadPackageInstallRequest(t.Context(), id)
	if err != nil || request.Settled() || request.SecurityType != "Full" || request.NameConflictResolution != "Block" || !SameID(request.SubscriberPackageVersionKey, link.VersionID) {
		t.Fatalf("%+v %v", request, err)
	}
	*now = now.Add(time.Minute)
	if request, err = client.ReadPackageInstallRequest(t.Context(), id); err != nil || request.Status != InstallSuccess || !request.Settled() {
		t.Fatalf("%+v %v", request, err)
	}
	unknown, err := client.InstallPackage(t.Context(), "04t000000000000AAA", "Block")
	if err != nil {
		t.Fatal(err)
	}
	*now = now.Add(time.Minute)
	request, err = client.ReadPackageInstallRequest(t.Context(), unknown)
	if err != nil || request.Status != InstallError || len(request.Errors) != 1 || !strings.Contains(request.Errors[0], "not available") {
		t.Fatalf("%+v %v", request, err)
	}
	if _, err := client.InstallPackage(t.Context(), "033000000000000AAA", "Block"); !errors.Is(err, errNotVersion) {
		t.Error(err)
	}
	weak, _, _ := inSandbox(t, "not-salesforce-admin")
	_, err = weak.InstallPackage(t.Context(), link.VersionID, "Block")
	if failed := failureOf(t, err); failed.Kind != transport.Forbidden && failed.Kind != transport.NotFound {
		t.Errorf("%+v", failed)
	}
}

func TestWhatAUserMaySee(t *testing.T) {
	client, _, _ := inSandbox(t, "ready")
	all, err := Query[User](t.Context(), client, strings.TrimSuffix(userColumns, "WHERE "))
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range all[:3] {
		for _, words := range []string{user.ID, user.ID[:15], user.Username, strings.ToUpper(user.Username), user.Email, user.Name} {
			found, err := client.FindUsers(t.Context(), words)
			if err != nil || len(found) != 1 || found[0].ID != user.ID {
				t.Errorf("%s: %+v %v", words, found, err)
			}
		}
	}
	for _, words := range []string{"", " ", "nobody at all", "' OR Name LIKE '%", "%"} {
		if found, err := client.FindUsers(t.Context(), words); err != nil || len(found) != 0 {
			t.Errorf("%q: %+v %v", words, found, err)
		}
	}
	_, app := profileSets(t, client)
	seen := map[bool]int{}
	for _, user := range all {
		access, err := client.UserAccess(t.Context(), user.ID)
		if err != nil || errors.Join(access.AssignmentsErr, access.GrantsErr, access.ObjectsErr, access.FieldsErr) != nil {
			t.Fatalf("%+v %v", access, err)
		}
		owned := 0
		for _, assigned := range access.Assignments {
			if assigned.PermissionSet.IsOwnedByProfile && SameID(assigned.PermissionSet.ProfileID, user.Profile.ID) {
				owned++
			}
		}
		if owned != 1 {
			t.Errorf("%s: %+v", user.Name, access.Assignments)
		}
		minimum := user.Profile.Name == "Minimum Access - Salesforce"
		if access.CanReadObject("Contact") == minimum || access.CanReadField("Contact.Email") == minimum {
			t.Errorf("%s (%s): %+v", user.Name, user.Profile.Name, access)
		}
		seen[len(access.MayUse(app)) > 0]++
	}
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("%v", seen)
	}
}
