// Where secrets are kept: the keychain, or the encrypted file and why.

package doctor

import (
	"context"
	"errors"

	"zsf/clients/vault"
	"zsf/flows/flow"
)

func (m Machine) keychain(ctx context.Context, want vault.Kind) flow.Finding {
	opened, err := m.Vault(ctx, want)
	switch {
	case err != nil:
		return flow.Failed(flow.Say("doctor.keychain.unusable", "Why", whyNot(err))).Because(err).
			With(marked(flow.Fail, flow.Say("fact.error", "Reason", err))).Mend(m.unlock(err)...)
	case opened.Fallback != nil:
		finding := flow.Warned(flow.Say("doctor.keychain.fallback", "Why", whyNot(opened.Fallback))).Because(opened.Fallback)
		return m.file(finding, opened).With(marked(flow.Warn, flow.Say("fact.error", "Reason", opened.Fallback))).
			Mend(m.unlock(opened.Fallback)...)
	case opened.Kind() == vault.File:
		return m.file(flow.Passed(flow.Say("doctor.keychain.file", "Where", opened.Where())), opened)
	}
	return flow.Passed(flow.Say("doctor.keychain.works", "Where", flow.Say("kept.keychain", "Name", vault.KeychainName)))
}

// file adds where the encrypted file is, and where its passphrase comes from.
func (m Machine) file(finding flow.Finding, opened vault.Opened) flow.Finding {
	passphrase := flow.Say("doctor.keychain.passphrase-asked")
	for _, name := range []string{"ZSF_VAULT_PASSPHRASE_FILE", "ZSF_VAULT_PASSPHRASE"} {
		if m.Getenv(name) != "" {
			passphrase = flow.Say("doctor.keychain.passphrase-set", "Name", name)
		}
	}
	return finding.With(fact(flow.Say("doctor.keychain.where", "Where", opened.Where())), fact(passphrase))
}

func whyNot(err error) flow.Text {
	switch {
	case errors.Is(err, vault.ErrLocked):
		return flow.Say("doctor.keychain.locked")
	case errors.Is(err, vault.ErrMissing):
		return flow.Say("doctor.keychain.missing")
	case errors.Is(err, vault.ErrSlow):
		return flow.Say("doctor.keychain.hangs")
	case errors.Is(err, vault.ErrLost):
		return flow.Say("doctor.keychain.loses")
	}
	return flow.Say("doctor.keychain.broken")
}

func (m Machine) unlock(err error) []flow.Remedy {
	toFile := flow.Run("zsf auth login zendesk --store file", flow.Say("doctor.keychain.use-file"))
	switch {
	case errors.Is(err, vault.ErrLocked) && m.OS == "darwin":
		return []flow.Remedy{flow.Run("security unlock-keychain", flow.Say("doctor.keychain.unlock")), toFile}
	case errors.Is(err, vault.ErrLocked):
		return []flow.Remedy{flow.Tell(flow.Say("doctor.keychain.unlock")), toFile}
	}
	return []flow.Remedy{toFile}
}
