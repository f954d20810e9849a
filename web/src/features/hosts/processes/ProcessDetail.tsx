import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import type { HostProcess } from '../../../../../shared/contract/hunt/host-tabs.ts'
import { buttonClass } from '../../../ui/actions/Button.tsx'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { ValueLink } from '../side/ValueLink.tsx'
import { endWords, orphanWords } from './ProcessRow.tsx'

export interface ProcessDetailProps {
  tenantId: string
  hostId: string
  process: HostProcess
  parent: HostProcess | undefined
  /** Another process of the host has had the same id. */
  isIdShared: boolean
  onSelect: (key: string) => void
  onClose: () => void
}

const Times = ({ process }: { process: HostProcess }) => (
  <>
    {process.started_at === null ? <span className="muted">start not collected</span> : <Time at={process.started_at} named />}
    {process.ended_at !== null && (
      <>
        {' to '}
        <Time at={process.ended_at} named />
      </>
    )}
    {process.ended !== null && process.ended_at === null && <span className="muted">, ended: {endWords(process).toLowerCase()}</span>}
  </>
)

const CommandLine = ({ process }: { process: HostProcess }) => (
  <span className="process-value">
    <Mono value={process.command_line} />
    {process.command_line_length > [...process.command_line].length && (
      <span className="muted">
        {' '}
        … the first {formatNumber([...process.command_line].length)} of {countOf(process.command_line_length, 'character')}; a row has it
        whole
      </span>
    )}
    <CopyButton value={process.command_line} label="Copy the command line" />
  </span>
)

const Parent = ({ process, parent, onSelect }: Pick<ProcessDetailProps, 'process' | 'parent' | 'onSelect'>) =>
  parent !== undefined ? (
    <button type="button" className="link-button mono" onClick={() => onSelect(parent.key)}>
      {parent.name} {parent.pid}
    </button>
  ) : process.orphan !== null ? (
    <span className="warn-text">{orphanWords(process)}</span>
  ) : (
    <span className="muted">none</span>
  )

const Sources = ({ tenantId, hostId, process }: ProcessDetailProps) => (
  <ul className="process-sources">
    {process.sources.map((one) => (
      <li key={one.source}>
        <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ q: `process_pid:${process.pid}`, hosts: hostId, row: one.row_id }}>
          {one.source}
        </Link>{' '}
        <span className="muted">{countOf(one.rows, 'row')}</span>
      </li>
    ))}
  </ul>
)

/** Rows that bear its id; of the time of this process where another had the same id. */
const rowsOf = ({ process, hostId, isIdShared }: ProcessDetailProps) => ({
  q: `process_pid:${process.pid}`,
  hosts: hostId,
  ...(isIdShared && process.started_at !== null ? { from: process.started_at } : {}),
  ...(isIdShared && process.ended_at !== null ? { to: process.ended_at } : {}),
})

const factsOf = (props: ProcessDetailProps): readonly (readonly [string, ReactNode])[] => {
  const { tenantId, process } = props
  return [
    ['Command line', process.command_line === '' ? <span className="muted">not collected</span> : <CommandLine process={process} />],
    [
      'Executable',
      process.executable === '' ? (
        <span className="muted">not collected</span>
      ) : (
        <ValueLink tenantId={tenantId} field="process_executable" value={process.executable} />
      ),
    ],
    ['Time', <Times key="t" process={process} />],
    ['User', <ValueLink key="u" tenantId={tenantId} field="user_name" value={process.user} />],
    ['Parent', <Parent key="p" {...props} />],
    ...(process.guid === null ? [] : [['GUID', <Mono key="g" value={process.guid} />] as const]),
    ['Told by', <Sources key="s" {...props} />],
  ]
}

/** One process: what all its sources say together, with the ways to its rows. */
export const ProcessDetail = (props: ProcessDetailProps) => {
  const { tenantId, process, onClose } = props
  return (
    <section className="process-detail" aria-label={`Process ${process.name} ${process.pid}`}>
      <header className="row">
        <h2>
          <ValueLink tenantId={tenantId} field="process_name" value={process.name} /> <span className="muted mono">{process.pid}</span>
        </h2>
        <Link to="/t/$tenantId/explore" params={{ tenantId }} search={rowsOf(props)} className={buttonClass({ size: 'sm' })}>
          Its rows
        </Link>
        <span className="grow" />
        <IconButton icon="close" label="Close" onClick={onClose} />
      </header>
      <dl className="host-facts">
        {factsOf(props).map(([label, value]) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  )
}
