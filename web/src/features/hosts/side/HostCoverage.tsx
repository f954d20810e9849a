import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { hostOverview } from '../../../../../shared/contract/hunt/host-tabs.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { Age } from '../../../ui/data/Time.tsx'
import { evidenceText } from '../../../ui/format/evidence.ts'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { artifactQuery, freshness, shortArtifact } from '../host-words.ts'
import './side.css'

type Overview = Reply<typeof hostOverview>

export interface HostCoverageProps {
  tenantId: string
  hostId: string
  overview: Overview
}

/** "Two artifacts were never collected here, so an empty result does not mean a clean host." */
const warning = (never: number): string =>
  never === 0
    ? 'Every artifact that other hosts have was collected here. An empty result still does not mean a clean host: an artifact sees only what it was made for.'
    : `${never === 1 ? '1 artifact was' : `${formatNumber(never)} artifacts were`} never collected here, so an empty result does not mean a clean host.`

/** What was collected and how new it is, and what other hosts have and this one has not. */
export const HostCoverage = ({ tenantId, hostId, overview }: HostCoverageProps) => {
  const [now] = useState(() => Date.now())
  const { artifacts, never } = overview
  const sorted = artifacts.toSorted((a, b) =>
    a.newest_at < b.newest_at ? 1 : a.newest_at > b.newest_at ? -1 : a.artifact < b.artifact ? -1 : 1,
  )
  return (
    <section aria-label="Coverage">
      <header className="row side-head">
        <h2>Coverage</h2>
        <span className="grow" />
        <span className="muted">
          {formatNumber(artifacts.length)} of {formatNumber(artifacts.length + never.length)}, age of newest row
        </span>
      </header>
      <ul className="coverage-list">
        {sorted.map((one) => {
          const { percent, is_old } = freshness(one.newest_at, now)
          return (
            <li key={one.artifact} className={is_old ? 'is-old' : ''}>
              <Link
                to="/t/$tenantId/explore"
                params={{ tenantId }}
                search={{ q: artifactQuery(one.artifact), hosts: hostId }}
                className="mono cut"
                title={`${evidenceText(one.artifact)}, ${countOf(one.rows, 'row')}${one.is_dated ? '' : ', without times: the age is since the import'}`}
              >
                {evidenceText(shortArtifact(one.artifact))}
              </Link>
              <span>
                {!one.is_dated && <span className="muted">i </span>}
                <Age at={one.newest_at} />
              </span>
              <i style={{ width: `${percent}%` }} aria-hidden="true" />
            </li>
          )
        })}
        {never.map((one) => (
          <li key={one.artifact} className="is-never">
            <span className="mono cut" title={`${evidenceText(one.artifact)}, on ${countOf(one.hosts, 'other host')}`}>
              {evidenceText(shortArtifact(one.artifact))}
            </span>
            <span>never</span>
            <i aria-hidden="true" />
          </li>
        ))}
      </ul>
      <p className="muted side-note">
        {warning(never.length)}
        {artifacts.some((one) => !one.is_dated) && ' Behind an i the rows have no time: the age is since the import.'}
      </p>
    </section>
  )
}
