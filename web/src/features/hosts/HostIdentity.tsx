import { Fragment, type ReactNode, useState } from 'react'
import type { hostOverview } from '../../../../shared/contract/hunt/host-tabs.ts'
import type { Host } from '../../../../shared/contract/hosts.ts'
import type { Reply } from '../../../../shared/contract/route.ts'
import { CopyButton } from '../../ui/actions/CopyButton.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import { ValueLink } from './side/ValueLink.tsx'

type Overview = Reply<typeof hostOverview>
/** So many before one asks for the others. */
const most = 6

const More = ({ count, onClick }: { count: number; onClick: () => void }) => (
  <button type="button" className="link-button" onClick={onClick}>
    {formatNumber(count)} more
  </button>
)

const List = ({ values }: { values: readonly string[] }) => {
  const [isWhole, setIsWhole] = useState(false)
  const shown = isWhole ? values : values.slice(0, most)
  return (
    <>
      <ul>
        {shown.map((value) => (
          <li key={value} className="host-value">
            <Mono value={value} />
            <CopyButton value={value} label={`Copy ${value}`} />
          </li>
        ))}
      </ul>
      {values.length > shown.length && <More count={values.length - shown.length} onClick={() => setIsWhole(true)} />}
    </>
  )
}

/** Who signed in, with how often; then who is only named in rows. */
const Users = ({ tenantId, host, overview }: { tenantId: string; host: Host; overview: Overview | undefined }) => {
  const [isWhole, setIsWhole] = useState(false)
  const logons = new Map((overview?.users ?? []).map((user) => [user.name, user.logons]))
  const names = [...logons.keys(), ...host.users_seen.filter((name) => !logons.has(name))]
  const shown = isWhole ? names : names.slice(0, most)
  const left = (overview?.users_total ?? 0) - logons.size
  return (
    <>
      <ul>
        {shown.map((name) => (
          <li key={name} className="host-user">
            <ValueLink tenantId={tenantId} field={logons.has(name) ? 'user_target_name' : 'user_name'} value={name} />
            {logons.has(name) && <span className="muted">{countOf(logons.get(name) ?? 0, 'logon')}</span>}
          </li>
        ))}
      </ul>
      {names.length > shown.length && <More count={names.length - shown.length} onClick={() => setIsWhole(true)} />}
      {left > 0 && <span className="muted">{countOf(left, 'user')} with fewer logons not listed</span>}
    </>
  )
}

export interface HostIdentityProps {
  tenantId: string
  host: Host
  overview: Overview | undefined
}

const rowsOf = ({
  tenantId,
  host,
  overview,
}: HostIdentityProps): readonly (readonly [label: string, value: ReactNode, isKnown: boolean])[] => {
  const names = [...new Set([host.fqdn, host.hostname].filter((name): name is string => name !== null && name !== ''))]
  const addresses = host.ip_addresses.length > 0 ? host.ip_addresses : host.ip_address === null ? [] : [host.ip_address]
  const domains = overview?.domains ?? []
  return [
    ['Names', <List key="n" values={names} />, true],
    ['Domain', <List key="d" values={domains} />, domains.length > 0],
    ['Addresses', <List key="a" values={addresses} />, addresses.length > 0],
    ['MAC', <List key="m" values={host.mac_addresses} />, host.mac_addresses.length > 0],
    [
      'Users',
      <Users key="u" tenantId={tenantId} host={host} overview={overview} />,
      host.users_seen.length + (overview?.users.length ?? 0) > 0,
    ],
    ['Clients', <List key="c" values={host.client_ids} />, host.client_ids.length > 0],
    ['Architecture', host.architecture, host.architecture !== null],
    ['First data', <Time key="f" at={host.first_seen} to="second" named />, host.first_seen !== null],
    ['Last data', <Time key="l" at={host.last_seen} to="second" named />, host.last_seen !== null],
  ]
}

/** Who the host is, as far as its exports say. */
export const HostIdentity = (props: HostIdentityProps) => (
  <dl className="host-facts">
    {rowsOf(props).map(([label, value, isKnown]) => (
      <Fragment key={label}>
        <dt>{label}</dt>
        <dd>{isKnown ? value : <span className="muted">not in any export</span>}</dd>
      </Fragment>
    ))}
  </dl>
)
