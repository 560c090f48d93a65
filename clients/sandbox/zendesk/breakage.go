package zendesk

import (
	"cmp"
	"slices"
)

// What people do to the integration's triggers and webhooks in the console, and to those who connected it.

// A TriggerChange is what somebody does to one of the triggers of the connected org. What is nil or empty stays.
type TriggerChange struct {
	Nth        int    `json:"nth"` // of those, by their ids; the first is 0
	Title      string `json:"title"`
	Active     *bool  `json:"active"`
	Deleted    bool   `json:"deleted"`
	Duplicated bool   `json:"duplicated"` // cloned, as it is; the clone is inactive
}

// changeTrigger makes a change to a trigger of the integration's org, if there is such a one.
func (a *Account) changeTrigger(c TriggerChange) {
	own := a.triggers.those(func(t trigger) bool { return ofSalesforce(t.Title) && !isOf(t, OtherOrgID) })
	slices.SortFunc(own, func(one, other trigger) int { return cmp.Compare(one.ID, other.ID) })
	if c.Nth < 0 || c.Nth >= len(own) {
		return
	}
	t := own[c.Nth]
	if c.Deleted {
		delete(a.triggers.byID, t.ID)
		return
	}
	t.Title = cmp.Or(c.Title, t.Title)
	t.RawTitle = t.Title
	if c.Active != nil {
		t.Active, t.UpdatedAt = *c.Active, a.now()
	}
	a.triggers.byID[t.ID] = t
	if c.Duplicated {
		t.Active, t.CreatedAt = false, a.now()
		a.triggers.insert(a, t)
	}
}

func isOf(t trigger, org string) bool { return t.Title == salesforceTitle(org) }

// downgradeConnector makes an agent of whoever connected. As that is the owner at first, who stays an admin, it is
// another member of the team from then on.
func (a *Account) downgradeConnector() {
	agent := len(staff) - 1
	for i := range a.webhooks.all {
		if ofSalesforce(a.webhooks.all[i].Name) {
			a.webhooks.all[i].CreatedBy = idText(staffID(agent))
		}
	}
}
