package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
)

// control is the sandbox's own interface: what was asked of it, and what shall go wrong.
func (s *Sandbox) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /requests", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, s.Requests())
	})
	mux.HandleFunc("POST /reset", func(w http.ResponseWriter, _ *http.Request) {
		s.Reset()
		reply(w, http.StatusOK, map[string]string{"scenario": s.Scenario().Name})
	})
	mux.HandleFunc("POST /scenario", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Name string `json:"name"`
		}
		if !read(w, r, &body) {
			return
		}
		if err := s.SetScenario(body.Name); err != nil {
			reply(w, http.StatusNotFound, map[string]string{"error": err.Error()})
			return
		}
		reply(w, http.StatusOK, map[string]string{"scenario": body.Name})
	})
	mux.HandleFunc("POST /faults", func(w http.ResponseWriter, r *http.Request) {
		var rule FaultRule
		if !read(w, r, &rule) {
			return
		}
		if !slices.Contains([]string{"", "salesforce", "zendesk"}, rule.Service) {
			reply(w, http.StatusBadRequest, map[string]string{"error": "sandbox: a fault's service is salesforce, zendesk, or empty for both"})
			return
		}
		reply(w, http.StatusCreated, s.AddFault(rule))
	})
	mux.HandleFunc("GET /people", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, s.People())
	})
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]int{"left": s.FaultsLeft()})
	})
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		reply(w, http.StatusOK, map[string]int{"left": 0})
	})
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, _ *http.Request) {
		state, err := s.State()
		if err != nil {
			reply(w, http.StatusInternalServerError, map[string]string{"error": err.Error()})
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(state)
	})
	mux.HandleFunc("POST /org", func(w http.ResponseWriter, r *http.Request) {
		var change OrgChange
		apply(w, r, &change, func() error { return s.ChangeOrg(change) })
	})
	mux.HandleFunc("POST /account", func(w http.ResponseWriter, r *http.Request) {
		var change AccountChange
		apply(w, r, &change, func() error { return s.ChangeAccount(change) })
	})
	return mux
}

// apply reads a change and makes it.
func apply[T any](w http.ResponseWriter, r *http.Request, change *T, do func() error) {
	if !read(w, r, change) {
		return
	}
	if err := do(); err != nil {
		reply(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	reply(w, http.StatusOK, change)
}

// Requests are those that both services have answered so far, as they ended.
func (s *Sandbox) Requests() []Request {
	s.traffic.mu.Lock()
	defer s.traffic.mu.Unlock()
	return append([]Request{}, s.traffic.requests...)
}

// AddFault makes the next answers that fit the rule go wrong. It gives the rule as it holds.
func (s *Sandbox) AddFault(rule FaultRule) FaultRule {
	if rule.Times == 0 {
		rule.Times = 1
	}
	s.traffic.mu.Lock()
	defer s.traffic.mu.Unlock()
	s.traffic.rules = append(slices.Clip(s.traffic.rules), rule)
	return rule
}

// FaultsLeft is how many answers are still to go wrong.
func (s *Sandbox) FaultsLeft() int {
	s.traffic.mu.Lock()
	defer s.traffic.mu.Unlock()
	left := 0
	for _, rule := range s.traffic.rules {
		left += rule.Times
	}
	return left
}

// ClearFaults lets everything go well again. What was done meanwhile stays.
func (s *Sandbox) ClearFaults() {
	s.traffic.mu.Lock()
	defer s.traffic.mu.Unlock()
	s.traffic.rules = nil
}

// Reset begins the scenario anew, and forgets faults and log.
func (s *Sandbox) Reset() {
	s.traffic.mu.Lock()
	s.traffic.rules, s.traffic.requests = nil, nil
	s.traffic.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Store(s.build(s.scenario))
}

func read(w http.ResponseWriter, r *http.Request, into any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		reply(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return false
	}
	return true
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
