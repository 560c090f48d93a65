// What a record was matched to, and what beside it: for programs.

package report

import (
	"zsf/flows/tickets"
	"zsf/ui/faces"
)

// ticketLink is what a match says beyond what it compared.
type ticketLink struct {
	Targets []ticketTarget    `json:"targets"`
	Link    tickets.LinkState `json:"link"`           // new, holds, or changed
	Was     []ticketTarget    `json:"was,omitempty"`  // of changed: what it was matched to before
	With    []ticketReach     `json:"with,omitempty"` // contacts and child accounts, where they were asked for
}

type ticketTarget struct {
	Kind string           `json:"kind"` // organization or user
	ID   int64            `json:"id"`
	Name string           `json:"name"`
	Of   []ticketRelative `json:"of,omitempty"` // whom it stands for
}

type ticketRelative struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type ticketReach struct {
	What     string         `json:"what"` // contacts or children
	Records  int            `json:"records"`
	More     bool           `json:"more"` // there are others, which were not looked at
	Found    int            `json:"found"`
	NoEmails bool           `json:"no_emails,omitempty"` // only exact links were followed
	Targets  []ticketTarget `json:"targets"`
}

func linkOf(list faces.TicketList) ticketLink {
	link := ticketLink{Targets: targetsOf(list.Match.Targets), Link: list.Link}
	if list.Link == tickets.LinkChanged {
		link.Was = targetsOf(list.Was.Targets)
	}
	for _, reach := range list.Match.With {
		row := ticketReach{
			What: reach.What, Records: reach.Records, More: reach.More, Found: reach.Found, NoEmails: reach.NoEmails, Targets: []ticketTarget{},
		}
		for _, one := range list.Match.Beside {
			if one.What != reach.What {
				continue
			}
			target := ticketTarget{Kind: one.Kind, ID: one.ID, Name: one.Name}
			for _, of := range one.Of {
				target.Of = append(target.Of, ticketRelative(of))
			}
			row.Targets = append(row.Targets, target)
		}
		link.With = append(link.With, row)
	}
	return link
}

func targetsOf(targets []tickets.Target) []ticketTarget {
	rows := []ticketTarget{}
	for _, target := range targets {
		rows = append(rows, ticketTarget{Kind: target.Kind, ID: target.ID, Name: target.Name})
	}
	return rows
}
