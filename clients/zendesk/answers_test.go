package zendesk

import (
	"testing"

	"zsf/clients/transport"
)

func TestAnAccountIsTold(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		kind   transport.Kind
	}{
		"nobody":            {200, `{"user":{"id":null,"name":"Anonymous user"}}`, ""},
		"refused":           {401, `{"error":"Couldn't authenticate you"}`, ""},
		"forbidden":         {403, `{"error":{"title":"Forbidden","message":"x"}}`, ""},
		"another API":       {200, `{"hello":"world"}`, transport.Garbled},
		"a web page":        {200, `<html>a shop</html>`, transport.Garbled},
		"no such account":   {404, `<html>No help desk at acme.zendesk.com</html>`, transport.Garbled},
		"a page of refusal": {403, `<html>go away</html>`, transport.Garbled},
	} {
		client, asked := newAccount(t, say(tc.status, tc.body))
		if err := client.Answers(t.Context()); transport.KindOf(err) != tc.kind || (tc.kind == "") != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if len(*asked) != 1 {
			t.Errorf("%s: asked %v", name, *asked)
		}
	}
}
