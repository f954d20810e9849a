import { Link, useParams } from '@tanstack/react-router'
import { Bell } from '../../features/notices/Bell.tsx'
import { Segmented } from '../../ui/actions/Segmented.tsx'
import { IconButton } from '../../ui/actions/IconButton.tsx'
import { Icon } from '../../ui/icons/Icon.tsx'
import { Logo } from '../../ui/icons/Logo.tsx'
import { Keys } from '../../ui/keys/Keys.tsx'
import { useTheme, useZone } from '../../ui/preferences.ts'
import { RunningImports } from './RunningImports.tsx'
import { TenantName } from './tenants/TenantName.tsx'
import { UserMenu } from './UserMenu.tsx'

const zones = [
  { value: 'utc', label: 'UTC' },
  { value: 'local', label: 'Local' },
] as const

export const TopBar = ({ onPalette }: { onPalette: () => void }) => {
  const { tenantId } = useParams({ from: '/t/$tenantId' })
  const [theme, setTheme] = useTheme()
  const [zone, setZone] = useZone()
  return (
    <header className="top">
      <Link to="/t/$tenantId" params={{ tenantId }} className="brand" aria-label="VelociCompanion, overview">
        <Logo />
      </Link>
      <TenantName />
      <span className="grow" />
      <button type="button" className="palette-button" onClick={onPalette} aria-label="Go to, run, look up">
        <Icon name="search" size={14} />
        <span className="grow cut">Go to, run, look up</span>
        <Keys name="Mod+k" />
      </button>
      <span className="grow" />
      <RunningImports />
      <Bell />
      <div className="not-phone">
        <Segmented label="Zone of all times" value={zone} options={zones} onChange={setZone} />
      </div>
      <span className="not-phone">
        <IconButton
          size="md"
          icon={theme === 'dark' ? 'sun' : 'moon'}
          label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
          onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
        />
      </span>
      <UserMenu />
    </header>
  )
}
