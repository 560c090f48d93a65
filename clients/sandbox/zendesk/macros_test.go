package zendesk

import (
	"testing"
)

func TestMacrosAreShownAndApplied(t *testing.T) {
	f := open(t)
	all := f.get("/api/v2/macros?page[size]=100").must(t, 200).list(t, "macros")
	active := f.get("/api/v2/macros/active").must(t, 200).list(t, "macros")
	if len(all) != len(macroRows) || len(active) != len(all)-1 {
		t.Errorf("%d macros, %d active", len(all), len(active))
	}
	for _, one := range active {
		f.get("/api/v2/macros/"+idOf(t, one)).must(t, 200)
		alone := f.get("/api/v2/macros/"+idOf(t, one)+"/apply").must(t, 200)
		whole := f.get("/api/v2/tickets/5/macros/"+idOf(t, one)+"/apply").must(t, 200)
		if alone.at(t, "result", "ticket", "id") != nil || whole.at(t, "result", "ticket", "id") != 5.0 {
			t.Errorf("%s\n%s", alone.body, whole.body)
		}
	}
	f.get("/api/v2/macros/5/apply").must(t, 404)
	f.get("/api/v2/tickets/5/macros/5/apply").must(t, 404)
	f.get("/api/v2/tickets/9999/macros/"+idOf(t, active[0])+"/apply").must(t, 404)
}
