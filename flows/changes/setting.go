// One of the org's settings, by the Metadata API. The whole document around it is compared.

package changes

import (
	"context"
	"strings"

	"zsf/clients/salesforce"
	"zsf/flows/flow"
	"zsf/flows/world"
)

const settingKind = "salesforce.setting"

// A Setting is a setting and the value that it is to have.
type Setting struct {
	Type  string `json:"type"` // SecuritySettings
	Name  string `json:"name"` // Security
	Path  string `json:"path"` // sessionSettings.lockSessionsToIp
	Value string `json:"value"`
}

// The settings that zsf changes, and what Zendesk needs them to be.
var (
	SessionLockOff = Setting{Type: salesforce.SecuritySettingsKind, Name: "Security", Path: salesforce.LockSessionsToIPPath, Value: "false"}
	PKCEPolicyOff  = Setting{Type: salesforce.OauthOidcSettingsKind, Name: "OauthOidc", Path: salesforce.PkceRequiredPath, Value: "false"}
)

// Change completes the change to this setting.
func (s Setting) Change(change flow.Change) (flow.Change, error) {
	return prepared(change, settingKind, s)
}

type settingMaker struct{}

func (settingMaker) Read(ctx context.Context, w *world.World, change flow.Change) (flow.State, error) {
	setting, err := dataOf[Setting](change)
	if err != nil {
		return nil, err
	}
	org, err := client(w)
	if err != nil {
		return nil, err
	}
	document, err := org.ReadSettings(ctx, setting.Type, setting.Name)
	if err != nil {
		return nil, err
	}
	state := flow.State{}
	for path, values := range document.Values {
		state[path] = strings.Join(values, "\n")
	}
	return state, nil
}

func (m settingMaker) Make(ctx context.Context, w *world.World, change flow.Change) error {
	setting, err := dataOf[Setting](change)
	if err != nil {
		return err
	}
	return m.set(ctx, w, setting, setting.Value)
}

func (m settingMaker) TakeBack(ctx context.Context, w *world.World, change flow.Change) error {
	setting, err := dataOf[Setting](change)
	if err != nil {
		return err
	}
	return m.set(ctx, w, setting, change.Before[setting.Path])
}

func (settingMaker) set(ctx context.Context, w *world.World, setting Setting, value string) error {
	org, err := client(w)
	if err != nil {
		return err
	}
	return org.UpdateSetting(ctx, setting.Type, setting.Name, setting.Path, value)
}

func (settingMaker) Judge(change flow.Change, now flow.State) (flow.Outcome, []flow.Difference) {
	setting, err := dataOf[Setting](change)
	if err != nil {
		return flow.NotMade, flow.Compare(change.Before, now)
	}
	want := cloned(change.Before)
	want[setting.Path] = setting.Value
	return flow.JudgeBy(change.Before, want, now)
}
