import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { EventDetail } from '../../../../../shared/contract/search.ts'
import { useSession } from '../../../api/session.ts'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { useExplore } from '../explore-context.ts'

interface Fact {
  name: string
  shown: ReactNode
  copy?: string
}

const text = (name: string, value: string | null): Fact[] =>
  value === null || value === '' ? [] : [{ name, shown: <Mono value={value} />, copy: value }]

const ImportLink = ({ id, children }: { id: string; children: ReactNode }) => {
  const tenantId = useSession().tenant_id
  return (
    <Link to="/t/$tenantId/imports/$importId" params={{ tenantId, importId: id }}>
      {children}
    </Link>
  )
}

const factsOf = ({ provenance: from, id }: EventDetail): Fact[] => [
  { name: 'import', shown: <ImportLink id={from.import_id}>Receipt of {from.file}</ImportLink>, copy: from.import_id },
  ...text('file', from.file),
  ...text('file SHA-256', from.file_sha256),
  ...text('member', from.member),
  { name: 'row number', shown: `${formatNumber(from.row_number)}, counted from 0`, copy: String(from.row_number) },
  ...text('artifact', from.artifact),
  ...text('source', from.artifact_source),
  ...text('client id', from.client_id),
  ...text('flow id', from.flow_id),
  ...text('hunt id', from.hunt_id),
  ...text('host key', from.host_key),
  { name: 'stored', shown: <Time at={from.ingested_at} named to="second" /> },
  { name: 'normaliser', shown: `version ${from.normaliser_version}` },
  ...text('row id', id),
]

const Facts = ({ facts }: { facts: readonly Fact[] }) => (
  <dl>
    {facts.map((fact) => (
      <div key={fact.name} className="detail-field">
        <dt>{fact.name}</dt>
        <dd className="detail-wrap">{fact.shown}</dd>
        <dd className="detail-copy">{fact.copy !== undefined && <CopyButton value={fact.copy} label={`Copy ${fact.name}`} />}</dd>
      </div>
    ))}
  </dl>
)

/** Which byte of which file this row is, and where else the same was seen. */
export const ProvenanceTab = ({ detail }: { detail: EventDetail }) => {
  const { patch } = useExplore()
  const { provenance, times, same_record } = detail
  return (
    <>
      <Facts facts={factsOf(detail)} />
      {times.length > 0 && (
        <section aria-label="Times of this row">
          <h3 className="detail-group">Times of this row</h3>
          <Facts facts={times.map((one) => ({ name: one.field, shown: <Time at={one.at} named />, copy: one.at }))} />
        </section>
      )}
      {provenance.also_in.length > 0 && (
        <section aria-label="Also delivered by">
          <h3 className="detail-group">Also delivered by</h3>
          <ul className="detail-list">
            {provenance.also_in.map((id) => (
              <li key={id}>
                <ImportLink id={id}>
                  <span className="mono">{id}</span>
                </ImportLink>
              </li>
            ))}
          </ul>
        </section>
      )}
      {same_record.length > 0 && (
        <section aria-label="The same Windows record elsewhere">
          <h3 className="detail-group">The same Windows record elsewhere</h3>
          <ul className="detail-list">
            {same_record.map((one) => (
              <li key={one.id}>
                <button type="button" className="field-link mono" onClick={() => patch({ row: one.id })}>
                  {one.artifact}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
