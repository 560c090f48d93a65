package settings_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"zsf/clients/settings"
	"zsf/clients/vault"
	"zsf/clients/vault/private"
)

func open(t testing.TB) settings.File {
	t.Helper()
	return openIn(t, t.TempDir())
}

func openIn(t testing.TB, folder string) settings.File {
	t.Helper()
	file, err := settings.Open(func(name string) string {
		return map[string]string{"XDG_CONFIG_HOME": folder}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func put(t testing.TB, file settings.File, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file.Path()), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file.Path(), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func load(t testing.TB, file settings.File) settings.Settings {
	t.Helper()
	read, err := file.Load()
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func acme() settings.Settings {
	return settings.Settings{
		Default: "acme", Store: vault.Keychain,
		Profiles: map[string]settings.Profile{
			"acme": {
				Salesforce: settings.Account{
					URL: "https://acme.my.salesforce.com", LoginURL: "https://login.salesforce.com", ClientID: "3MVG9.x_y", Port: 1717,
					User: "ada@acme.example", Environment: settings.Production, Source: settings.Browser,
				},
				Zendesk: settings.Account{URL: "https://acme.zendesk.com", ClientID: "zsf", Source: settings.Variables},
			},
			"acme.test-1_b": {Salesforce: settings.Account{Source: settings.SF, SFUsername: "ada@acme.example.test", Environment: settings.Sandbox}},
			"empty":         {},
		},
	}
}

func TestTheFileIsWhereXDGPutsIt(t *testing.T) {
	for name, row := range map[string]struct {
		environment map[string]string
		want        string
	}{
		"as XDG says":                 {map[string]string{"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, "/x/zsf/config.toml"},
		"at home":                     {map[string]string{"HOME": "/h"}, "/h/.config/zsf/config.toml"},
		"at home, as XDG is relative": {map[string]string{"XDG_CONFIG_HOME": "x", "HOME": "/h"}, "/h/.config/zsf/config.toml"},
		"at home on Windows":          {map[string]string{"USERPROFILE": "/h"}, "/h/.config/zsf/config.toml"},
		"nowhere":                     {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := settings.Open(func(name string) string { return row.environment[name] })
			if (err != nil) != (row.want == "") || err == nil && file.Path() != row.want {
				t.Errorf("got %q, %v, want %q", file.Path(), err, row.want)
			}
		})
	}
}

func TestAFirstStartHasNoSettingsAndMakesNoFile(t *testing.T) {
	file := open(t)
	if diff := cmp.Diff(settings.Settings{}, load(t, file)); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(filepath.Dir(file.Path())); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading made a folder: %v", err)
	}
}

func TestWhatIsChangedIsReadBack(t *testing.T) {
	file := open(t)
	if err := file.Change(t.Context(), func(s *settings.Settings) error { *s = acme(); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(acme(), load(t, file)); diff != "" {
		t.Error(diff)
	}
}

func TestTheFileIsItsOwnersAlone(t *testing.T) {
	file := open(t)
	folder := filepath.Dir(file.Path())
	put(t, file, `default = "acme"`)
	for path, mode := range map[string]os.FileMode{file.Path(): 0o664, folder: 0o755} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Change(t.Context(), func(*settings.Settings) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{file.Path(): 0o600, folder: 0o700} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", path, info.Mode().Perm(), want)
		}
	}
	left, err := filepath.Glob(filepath.Join(folder, ".*new*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left beside the file: %v, %v", left, err)
	}
}

func TestALinkIsNeitherReadNorWritten(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	const before = "default = \"theirs\"\n"
	for name, plant := range map[string]func(t *testing.T, file settings.File){
		"in place of the file": func(t *testing.T, file settings.File) {
			put(t, file, "")
			if err := errors.Join(os.Remove(file.Path()), os.Symlink(elsewhere, file.Path())); err != nil {
				t.Fatal(err)
			}
		},
		"in place of the folder": func(t *testing.T, file settings.File) {
			if err := os.Symlink(filepath.Dir(elsewhere), filepath.Dir(file.Path())); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(elsewhere, []byte(before), 0o600); err != nil {
				t.Fatal(err)
			}
			file := open(t)
			plant(t, file)
			if _, err := file.Load(); !errors.Is(err, private.ErrUnsafe) {
				t.Errorf("Load: got %v, want ErrUnsafe", err)
			}
			if err := file.Change(t.Context(), func(*settings.Settings) error { return nil }); !errors.Is(err, private.ErrUnsafe) {
				t.Errorf("Change: got %v, want ErrUnsafe", err)
			}
			if text, err := os.ReadFile(elsewhere); err != nil || string(text) != before {
				t.Errorf("the file elsewhere is now %q, %v", text, err)
			}
		})
	}
}

func TestAFileThatEverybodyMayWriteToIsRefused(t *testing.T) {
	file := open(t)
	put(t, file, `default = "acme"`)
	if err := os.Chmod(file.Path(), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Load(); !errors.Is(err, private.ErrUnsafe) {
		t.Errorf("got %v, want ErrUnsafe", err)
	}
}

func TestAMistakeIsToldWithItsLineAndNeverWithItsValue(t *testing.T) {
	for name, row := range map[string]struct {
		text string
		line int
		key  string
	}{
		"not TOML":                {"default = \"a\"\nhunter2 hunter2\n", 2, ""},
		"a key that is not known": {"default = \"a\"\n\ncolour = \"hunter2\"\n", 3, "colour"},
		"a key twice":             {"default = \"a\"\ndefault = \"hunter2\"\n", 2, ""},
		"a key in other letters":  {"Default = \"hunter2\"", 1, "Default"},
		"a token in an account":   {"[profiles.acme]\n[profiles.acme.zendesk]\nurl = \"https://acme.zendesk.com\"\naccess_token = \"hunter2\"\n", 4, "profiles.acme.zendesk.access_token"},
		"a table that is not known": {
			"[profiles.acme.zendesk]\nurl = \"https://acme.zendesk.com\"\n[profiles.acme.jira]\nurl = \"hunter2\"\n",
			3, "profiles.acme.jira",
		},
		"a key in an inline table":       {"profiles.a.zendesk = {url = \"https://a.zendesk.com\", pass = \"hunter2\"}", 1, "profiles.a.zendesk.pass"},
		"a text that is a number":        {"\n\ndefault = 7\n", 3, ""},
		"a table that is a text":         {"profiles = \"hunter2\"", 1, ""},
		"a profile's name":               {"\n[profiles.\"a b hunter2\".zendesk]\nurl = \"https://a.zendesk.com\"", 2, ""},
		"a store that there is not":      {"store = \"hunter2\"", 1, "store"},
		"an environment":                 {"[profiles.a.zendesk]\nenvironment = \"hunter2\"", 2, "profiles.a.zendesk.environment"},
		"a source":                       {"[profiles.a.zendesk]\nsource = \"hunter2\"", 2, "profiles.a.zendesk.source"},
		"a port":                         {"[profiles.a.zendesk]\nport = 65536", 2, "profiles.a.zendesk.port"},
		"http to another machine":        {"[profiles.a.zendesk]\nurl = \"http://hunter2.zendesk.com\"", 2, "profiles.a.zendesk.url"},
		"a password in an address":       {"[profiles.a.zendesk]\nurl = \"https://u:hunter2@a.zendesk.com\"", 2, "profiles.a.zendesk.url"},
		"a token in an address":          {"[profiles.a.salesforce]\nlogin_url = \"https://a.my.salesforce.com/?sid=hunter2\"", 2, "profiles.a.salesforce.login_url"},
		"a path in an address":           {"[profiles.a.salesforce]\nurl = \"https://a.my.salesforce.com/hunter2\"", 2, "profiles.a.salesforce.url"},
		"a fragment in an address":       {"[profiles.a.salesforce]\nurl = \"https://a.my.salesforce.com#hunter2\"", 2, "profiles.a.salesforce.url"},
		"a session id as client id":      {"[profiles.a.salesforce]\nclient_id = \"00D5e000001abcd!AQhunter2\"", 2, "profiles.a.salesforce.client_id"},
		"a key file that is not a path":  {"[profiles.a.salesforce]\nkey_file = \"hunter2\"", 2, "profiles.a.salesforce.key_file"},
		"a private key as the key file":  {"[profiles.a.salesforce]\nkey_file = \"\"\"\n-----BEGIN PRIVATE KEY-----\nhunter2\"\"\"", 4, "profiles.a.salesforce.key_file"},
		"a key in escapes, last of many": {"default = \"a\"\n\"\\u0063olour\" = \"\"\"\nhunter2\n\"\"\"\n", 4, "colour"},
	} {
		t.Run(name, func(t *testing.T) {
			file := open(t)
			put(t, file, row.text)
			_, err := file.Load()
			var mistake *settings.Mistake
			if !errors.As(err, &mistake) {
				t.Fatalf("got %v, want a Mistake", err)
			}
			if mistake.Line != row.line || mistake.Path != file.Path() || row.key != "" && mistake.Key != row.key {
				t.Errorf("got %q in line %d, want %q in line %d", mistake.Key, mistake.Line, row.key, row.line)
			}
			if strings.Contains(err.Error(), "hunter2") && name != "a profile's name" {
				t.Errorf("the value is repeated: %v", err)
			}
			err = file.Change(t.Context(), func(*settings.Settings) error { return nil })
			if text, _ := os.ReadFile(file.Path()); err == nil || string(text) != row.text {
				t.Errorf("the file was changed to %q, %v", text, err)
			}
		})
	}
}

func TestWhatMayNotStandInTheFileIsNotWritten(t *testing.T) {
	file := open(t)
	put(t, file, "default = \"acme\"\n")
	failure := errors.New("changed my mind")
	for name, edit := range map[string]func(*settings.Settings) error{
		"a token in an address": func(s *settings.Settings) error {
			return s.Put("acme", settings.Profile{Zendesk: settings.Account{URL: "https://acme.zendesk.com?access_token=hunter2"}})
		},
		"two lines": func(s *settings.Settings) error {
			return s.Put("acme", settings.Profile{Zendesk: settings.Account{User: "a\nb"}})
		},
		"not UTF-8": func(s *settings.Settings) error {
			return s.Put("acme", settings.Profile{Zendesk: settings.Account{User: "\xff"}})
		},
		"a profile name": func(s *settings.Settings) error { s.Profiles = map[string]settings.Profile{"": {}}; return nil },
		"edit fails":     func(s *settings.Settings) error { s.Default = "other"; return failure },
	} {
		t.Run(name, func(t *testing.T) {
			err := file.Change(t.Context(), edit)
			var mistake *settings.Mistake
			if !errors.As(err, &mistake) && !errors.Is(err, failure) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v", err)
			}
			if text, _ := os.ReadFile(file.Path()); string(text) != "default = \"acme\"\n" {
				t.Errorf("the file is now %q", text)
			}
		})
	}
}

func TestProfiles(t *testing.T) {
	var s settings.Settings
	choose := func(name, want string, wantErr error) {
		t.Helper()
		if got, err := s.Choose(name); got != want || !errors.Is(err, wantErr) {
			t.Errorf("Choose(%q) is %q, %v, want %q, %v", name, got, err, want, wantErr)
		}
	}
	does := func(err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	choose("", "", settings.ErrNoProfile)
	does(s.Add("acme", settings.Profile{}), nil)
	does(s.Add("test", settings.Profile{Zendesk: settings.Account{User: "ada"}}), nil)
	does(s.Add("test", settings.Profile{}), settings.ErrProfileExists)
	choose("", "acme", nil)
	choose("test", "test", nil)
	choose("Test", "", settings.ErrNoProfile)
	does(s.Rename("acme", "test"), settings.ErrProfileExists)
	does(s.Rename("nobody", "x"), settings.ErrNoProfile)
	does(s.Rename("acme", "-x"), settings.ErrProfileName)
	does(s.Rename("acme", "prod"), nil)
	choose("", "prod", nil)
	does(s.SetDefault("nobody"), settings.ErrNoProfile)
	does(s.SetDefault("test"), nil)
	does(s.Remove("test"), nil)
	does(s.Remove("test"), settings.ErrNoProfile)
	choose("", "prod", nil) // the only one
	does(s.Put("prod", settings.Profile{Zendesk: settings.Account{User: "bo"}}), nil)
	if got := s.Profiles["prod"].Zendesk.User; got != "bo" {
		t.Errorf("the profile was not changed: %q", got)
	}
	for _, name := range []string{"", "a b", ".hidden", "ä", "a/b", "a\n", strings.Repeat("a", 65)} {
		does(s.Add(name, settings.Profile{}), settings.ErrProfileName)
	}
	does(s.Add(strings.Repeat("a", 64), settings.Profile{}), nil)
}

func TestChangesAtOnceLoseNothing(t *testing.T) {
	file := open(t)
	failed := make(chan error)
	const writers, changes = 4, 10
	for writer := range writers {
		go func() {
			var err error
			for change := range changes {
				err = errors.Join(err, file.Change(t.Context(), func(s *settings.Settings) error {
					return s.Add(string(rune('a'+writer))+string(rune('a'+change)), settings.Profile{})
				}))
			}
			failed <- err
		}()
	}
	for range writers {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if got := len(load(t, file).Profiles); got != writers*changes {
		t.Errorf("%d profiles are left of %d", got, writers*changes)
	}
}

// texts are what the file may say, within the rules.
var texts = rapid.StringMatching(`[ -~äß한🙂]{0,20}`).Filter(func(text string) bool { return !strings.Contains(text, "!") })

func account() *rapid.Generator[settings.Account] {
	address := rapid.SampledFrom([]string{"", "https://acme.zendesk.com", "https://a.my.salesforce.com/", "http://127.0.0.1:8080", "http://[::1]:1"})
	return rapid.Custom(func(t *rapid.T) settings.Account {
		return settings.Account{
			URL: address.Draw(t, "url"), LoginURL: address.Draw(t, "login"), ClientID: texts.Draw(t, "client"),
			Port: rapid.IntRange(0, 65535).Draw(t, "port"), User: texts.Draw(t, "user"),
			Environment: rapid.SampledFrom([]settings.Environment{"", settings.Sandbox, settings.Production}).Draw(t, "environment"),
			Source: rapid.SampledFrom([]settings.Source{
				"", settings.Browser, settings.SF, settings.JWT, settings.ClientCredentials, settings.Variables,
			}).Draw(t, "source"),
			SFUsername: texts.Draw(t, "sf"), KeyFile: rapid.SampledFrom([]string{"", "/k.pem"}).Draw(t, "key"),
		}
	})
}

func TestWhateverIsWrittenIsReadBackTheSame(t *testing.T) {
	base, round := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._-]{0,63}`)
		want := settings.Settings{
			Default: rapid.OneOf(rapid.Just(""), name).Draw(rt, "default"),
			Store:   rapid.SampledFrom([]vault.Kind{"", vault.Keychain, vault.File}).Draw(rt, "store"),
		}
		for range rapid.IntRange(0, 4).Draw(rt, "profiles") {
			_ = want.Put(name.Draw(rt, "name"), settings.Profile{Salesforce: account().Draw(rt, "sf"), Zendesk: account().Draw(rt, "zd")})
		}
		round++
		file := openIn(t, filepath.Join(base, strconv.Itoa(round)))
		if err := file.Change(t.Context(), func(s *settings.Settings) error { *s = want; return nil }); err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want, load(t, file)); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func FuzzAnyFileIsReadOrRefusedAndWrittenTheSame(f *testing.F) {
	for _, text := range []string{
		"", "default = \"a\"", "[profiles.a.zendesk]\nurl = \"https://a.zendesk.com\"\nport = 8080\n", "[[profiles]]", "store = 'file'",
		"profiles.\"a.b\".salesforce = {user = \"x\"}", "\xff", "\ufeffdefault=\"a\"", "default = \"\"\"", "a.b.c = 1979-05-27", "\"\\u0064efault\" = \"a\"",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := open(t)
		put(t, file, text)
		read, err := file.Load()
		if err != nil {
			return
		}
		if err := file.Change(t.Context(), func(*settings.Settings) error { return nil }); err != nil {
			t.Fatalf("%q is read, and cannot be written: %v", text, err)
		}
		if diff := cmp.Diff(read, load(t, file)); diff != "" {
			t.Fatalf("%q: %s", text, diff)
		}
	})
}
