import { Link } from '@tanstack/react-router'
import type { Host } from '../../../../shared/contract/hosts.ts'
import { buttonClass } from '../../ui/actions/Button.tsx'
import { CopyButton } from '../../ui/actions/CopyButton.tsx'
import { Chip } from '../../ui/data/Chip.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { Age } from '../../ui/data/Time.tsx'
import { formatNumber } from '../../ui/format/numbers.ts'
import { Icon } from '../../ui/icons/Icon.tsx'
import { systemOf } from './host-words.ts'
import './hosts.css'

/** Which host it is, and the way to all of its rows. */
export const HostHead = ({ host, tenantId }: { host: Host; tenantId: string }) => {
  const system = systemOf(host)
  const address = host.ip_addresses[0] ?? host.ip_address
  const client = host.client_ids[0]
  return (
    <header className="host-head">
      <div className="row">
        <h1>
          <Mono value={host.hostname} />
        </h1>
        {host.labels.map((label) => (
          <Chip key={label}>{label}</Chip>
        ))}
      </div>
      <p className="host-line soft">
        {system !== '' && <span>{system}</span>}
        {address !== null && <Mono value={address} />}
        {host.last_seen !== null && (
          <span>
            last data <Age at={host.last_seen} /> ago
          </span>
        )}
        {client !== undefined && (
          <span className="host-client">
            <Mono value={client} /> <CopyButton value={client} label="Copy client id" />
          </span>
        )}
      </p>
      <div className="row">
        <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ hosts: host.id }} className={buttonClass({ size: 'sm' })}>
          <Icon name="search" size={14} />
          All rows <span className="muted">{formatNumber(host.rows)}</span>
        </Link>
        <Link
          to="/t/$tenantId/hosts/compare"
          params={{ tenantId }}
          search={{ left: `hosts:${host.id}` }}
          title="Compare with another host, an import or a hunt"
          className={buttonClass({ size: 'sm' })}
        >
          Compare
        </Link>
        <Link to="/t/$tenantId/hosts/coverage" params={{ tenantId }} className={buttonClass({ size: 'sm', variant: 'ghost' })}>
          Coverage of all hosts
        </Link>
      </div>
    </header>
  )
}
