import { Fragment, type ReactNode } from 'react'
import type { Host } from '../../../../shared/contract/hosts.ts'
import { CopyButton } from '../../ui/actions/CopyButton.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { Time } from '../../ui/data/Time.tsx'

const List = ({ values }: { values: readonly string[] }) => (
  <ul>
    {values.map((value) => (
      <li key={value} className="host-value">
        <Mono value={value} />
        <CopyButton value={value} label={`Copy ${value}`} />
      </li>
    ))}
  </ul>
)

const rowsOf = (host: Host): readonly (readonly [label: string, value: ReactNode, isKnown: boolean])[] => {
  const names = [...new Set([host.fqdn, host.hostname].filter((name): name is string => name !== null && name !== ''))]
  const addresses = host.ip_addresses.length > 0 ? host.ip_addresses : host.ip_address === null ? [] : [host.ip_address]
  return [
    ['Names', <List key="n" values={names} />, true],
    ['Addresses', <List key="a" values={addresses} />, addresses.length > 0],
    ['MAC', <List key="m" values={host.mac_addresses} />, host.mac_addresses.length > 0],
    ['Users', <List key="u" values={host.users_seen} />, host.users_seen.length > 0],
    ['Clients', <List key="c" values={host.client_ids} />, host.client_ids.length > 0],
    ['Architecture', host.architecture, host.architecture !== null],
    ['First data', <Time key="f" at={host.first_seen} to="second" named />, host.first_seen !== null],
    ['Last data', <Time key="l" at={host.last_seen} to="second" named />, host.last_seen !== null],
  ]
}

/** Who the host is, as far as its exports say. */
export const HostIdentity = ({ host }: { host: Host }) => (
  <dl className="host-facts">
    {rowsOf(host).map(([label, value, isKnown]) => (
      <Fragment key={label}>
        <dt>{label}</dt>
        <dd>{isKnown ? value : <span className="muted">not in any export</span>}</dd>
      </Fragment>
    ))}
  </dl>
)
