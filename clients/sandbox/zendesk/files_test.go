package zendesk

import (
	"net/http"
	"strings"
	"testing"
)

func TestAFileIsUploadedAndTakenByAComment(t *testing.T) {
	f := open(t)
	path := f.made(nil)
	first := f.call(http.MethodPost, "/api/v2/uploads?filename=a.png", "one", "Content-Type", "image/png").must(t, 201)
	token := first.at(t, "upload", "token").(string)
	both := f.call(http.MethodPost, "/api/v2/uploads?filename=b.txt&token="+token, "two").must(t, 201)
	if files := both.at(t, "upload", "attachments").([]any); len(files) != 2 || both.at(t, "upload", "token") != token {
		t.Errorf("%s", both.body)
	}
	comment := map[string]any{"body": "see", "public": true, "uploads": []string{token}}
	f.call(http.MethodPut, path, update(map[string]any{"comment": comment})).must(t, 200)
	comments := f.get(path+"/comments").must(t, 200).list(t, "comments")
	if files := comments[1]["attachments"].([]any); len(files) != 2 || files[0].(map[string]any)["size"] != 3.0 {
		t.Errorf("%v", comments[1])
	}
	f.call(http.MethodPut, path, update(map[string]any{"comment": comment})).must(t, 422) // the token is used up
	other := f.call(http.MethodPost, "/api/v2/uploads?filename=c.txt", "three").must(t, 201).at(t, "upload", "token").(string)
	f.call(http.MethodDelete, "/api/v2/uploads/"+other, nil).must(t, 204)
	f.call(http.MethodDelete, "/api/v2/uploads/"+other, nil).must(t, 404)
	f.call(http.MethodPost, "/api/v2/uploads", "x").must(t, 400)
	f.call(http.MethodPost, "/api/v2/uploads?filename=d", strings.Repeat("x", maxBody)).must(t, 413)
	late := f.call(http.MethodPost, "/api/v2/uploads?filename=e", "late").must(t, 201).at(t, "upload", "token").(string)
	*f.clock = f.clock.Add(uploadLives)
	f.token = f.tokenWith("read write")
	f.call(http.MethodPut, path, update(map[string]any{"comment": map[string]any{"body": "late", "uploads": []string{late}}})).must(t, 422)
}
