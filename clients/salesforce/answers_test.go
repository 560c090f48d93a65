package salesforce

import (
	"net/http"
	"testing"

	"zsf/clients/transport"
)

func TestALoginHostIsTold(t *testing.T) {
	const path = "/.well-known/openid-configuration"
	for name, tc := range map[string]struct {
		paths map[string]http.HandlerFunc
		kind  transport.Kind
	}{
		"it is one":    {map[string]http.HandlerFunc{path: say(200, `{"issuer":"https://acme.my.salesforce.com","token_endpoint":"https://acme.my.salesforce.com/services/oauth2/token"}`)}, ""},
		"another one":  {map[string]http.HandlerFunc{path: say(200, `{"issuer":"https://acme.example"}`)}, transport.Garbled},
		"a web page":   {map[string]http.HandlerFunc{path: say(200, `<html>a shop</html>`)}, transport.Garbled},
		"no such page": {nil, transport.NotFound},
	} {
		o := newOrg(t, tc.paths)
		if err := o.Answers(t.Context()); transport.KindOf(err) != tc.kind || (tc.kind == "") != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
