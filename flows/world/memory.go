package world

import "time"

// A Memory is what the journal has of the profile, as steps want to know it.
type Memory struct {
	Answers      map[string][]string // what people said, by question
	Taken        Past                // the snapshot that was taken in this run; its ID is 0 where there is none
	Before       Past                // the last one in which the integration was at work; its ID is 0 where there is none
	Disconnected time.Time           // when zsf last saw a disconnect to its end; zero: never
}

// A Past is what a snapshot tells of an earlier moment.
type Past struct {
	ID       int64
	At       time.Time
	OrgID    string
	Since    time.Time // of the newest token of the connection; zero: there was none, or it was not told
	User     string    // who the connection was
	Triggers []PastTrigger
	Told     bool // Triggers is known
	Webhooks []PastWebhook
	Answers  map[string][]string // what people had said of the syncs and the ticket view
}

// A PastTrigger is a trigger as it was.
type PastTrigger struct {
	ID     int64
	Title  string
	OrgID  string
	Active bool
}

// A PastWebhook is a webhook as it was.
type PastWebhook struct {
	ID, Name string
	Active   bool
}

// Remember takes in what the journal has by now.
func (w *World) Remember(memory Memory) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.memory = memory
}

// Memory is what the journal has of the profile; empty where no run has read it.
func (w *World) Memory() Memory {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.memory
}

// Trigger is how a trigger was; false where it is not known of.
func (p Past) Trigger(id int64) (PastTrigger, bool) {
	for _, trigger := range p.Triggers {
		if trigger.ID == id {
			return trigger, true
		}
	}
	return PastTrigger{}, false
}

// Webhook is how a webhook was; false where it is not known of.
func (p Past) Webhook(id string) (PastWebhook, bool) {
	for _, webhook := range p.Webhooks {
		if webhook.ID == id {
			return webhook, true
		}
	}
	return PastWebhook{}, false
}
