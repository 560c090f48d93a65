// Package zendesk is the sandbox's Zendesk account: the Support API and its OAuth over one state.
package zendesk

// A Setup is how the account stands when it starts. The zero value is an account with an admin
// signed in and no Salesforce integration; Ready is the same account with ticket sync on.
type Setup struct {
	Language      string // of names and titles: "en" (also when empty) or "ko"
	NotAdmin      bool   // the signed-in user is an agent
	LightAgent    bool   // … and a light one
	TokenExpired  bool   // the given access token is no longer good
	TicketSync    bool   // the triggers and the webhook "(Salesforce Integration) …" of the connected org exist
	TriggersOff   bool   // … its triggers are inactive
	WebhookOff    bool   // … its webhook is inactive
	OtherOrg      bool   // active triggers and a webhook of another org exist too
	ConnectedOrg  string // the 18-character id of the connected Salesforce org
	OrgName       string // … its name,
	OrgUser       string // … who connected it there,
	OrgProduction bool   // … and whether it is a production org
	Layout        Layout // of Admin Center's page
	Disconnected  bool   // that connection was ended; the triggers and the webhook that it made are still there
}

// Ready is a Setup with ticket sync on for that org.
func Ready(org string) Setup { return Setup{TicketSync: true, ConnectedOrg: org} }
