import { useSession } from '../../api/session.ts'
import { OwnSessions } from '../../features/identity/account/OwnSessions.tsx'
import { SecondFactor } from '../../features/identity/factors/SecondFactor.tsx'
import { OwnKeys } from '../../features/identity/keys/OwnKeys.tsx'
import { Passkeys } from '../../features/identity/passkeys/Passkeys.tsx'
import { PasswordForm } from '../../features/identity/PasswordForm.tsx'
import { ProfileForm } from '../../features/identity/ProfileForm.tsx'
import { Segmented } from '../../ui/actions/Segmented.tsx'
import { Checkbox } from '../../ui/forms/Checkbox.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { useSingleKeys, useTheme, useZone } from '../../ui/preferences.ts'
import './settings.css'

const Looks = () => {
  const [theme, setTheme] = useTheme()
  const [zone, setZone] = useZone()
  const [singleKeys, setSingleKeys] = useSingleKeys()
  return (
    <div className="settings-form">
      <div className="row">
        <span className="grow">Theme</span>
        <Segmented
          label="Theme"
          value={theme}
          options={[
            { value: 'dark', label: 'Dark' },
            { value: 'light', label: 'Light' },
          ]}
          onChange={setTheme}
        />
      </div>
      <div className="row">
        <span className="grow">Times</span>
        <Segmented
          label="Zone of all times, also in the top bar"
          value={zone}
          options={[
            { value: 'utc', label: 'UTC' },
            { value: 'local', label: 'Local' },
          ]}
          onChange={setZone}
        />
      </div>
      <Checkbox label="Single keys work outside of fields" checked={singleKeys} onChange={setSingleKeys} />
    </div>
  )
}

export const AccountPage = () => {
  const user = useSession()
  useTitle('Account')
  return (
    <div className="settings-stack">
      <div className="settings-narrow">
        <Panel title="Profile" padded>
          <ProfileForm key={user.id} user={user} />
        </Panel>
        <Panel title="Password" padded>
          {user.has_password ? <PasswordForm user={user} /> : <p className="muted">You have none here: you sign in by single sign-on.</p>}
        </Panel>
        <SecondFactor />
      </div>
      <Passkeys />
      <OwnSessions />
      <OwnKeys />
      <div className="settings-narrow">
        <Panel title="This browser" padded>
          <Looks />
        </Panel>
      </div>
    </div>
  )
}
