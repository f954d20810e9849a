import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { attackTechnique } from '../../../../../shared/contract/detect/attack.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { type DetectionStatus, detectionStatuses } from '../../../../../shared/domain/detections.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { StatusMark, TechniqueChip } from '../marks/Marks.tsx'
import { SeverityMark } from '../../../ui/marks/SeverityMark.tsx'
import { tacticName } from '../marks/detection-words.ts'
import { searchOfFilter } from '../state/queue-state.ts'
import { stateWords } from './matrix.ts'

type TechniqueDetail = Reply<typeof attackTechnique>
const statusOf = (text: string): DetectionStatus => detectionStatuses.find((one) => one === text) ?? 'new'

const Says = ({ one }: { one: TechniqueDetail }) => {
  const { state, rules, enabled, running } = one.coverage
  const said = {
    none: 'No rule of this tenant names it.',
    off: `${countOf(rules, 'rule')} ${rules === 1 ? 'names' : 'name'} it, none of them enabled.`,
    blind: `${countOf(enabled, 'enabled rule')} ${enabled === 1 ? 'names' : 'name'} it, and there is no row of the log sources that they need.`,
    partly: `${formatNumber(running)} of ${countOf(enabled, 'enabled rule')} have rows to look at.`,
    covered: `${countOf(enabled, 'enabled rule')} ${enabled === 1 ? 'has' : 'have'} rows to look at.`,
  }[state]
  return <p className="soft panel-words">{said}</p>
}

const Rules = ({ one, tenantId }: { one: TechniqueDetail; tenantId: string }) => (
  <section className="panel-part" aria-label="Rules">
    <h3 className="panel-title">{countOf(one.rules_total, 'rule')}</h3>
    <ul className="technique-rules">
      {one.rules.map((rule) => (
        <li key={rule.id}>
          {rule.level === null ? <span className="severity" /> : <SeverityMark severity={rule.level} bare />}
          <Link to="/t/$tenantId/rules/$ruleId" params={{ tenantId, ruleId: rule.id }} className="grow cut">
            {rule.title}
          </Link>
          {!rule.is_enabled ? (
            <span className="muted">off</span>
          ) : rule.sources.length === 0 ? (
            <Chip tone="warn">no log source</Chip>
          ) : rule.rows === 0 ? (
            <Chip tone="warn">no rows</Chip>
          ) : (
            <span className="muted">{countOf(rule.rows, 'row')}</span>
          )}
        </li>
      ))}
    </ul>
    {one.rules_total > one.rules.length && (
      <p className="muted panel-words">
        The first {formatNumber(one.rules.length)} of {formatNumber(one.rules_total)}.
      </p>
    )}
    {one.sources.length > 0 && (
      <>
        <h4>Log sources that they need</h4>
        <ul className="around-artifacts">
          {one.sources.map((source) => (
            <li key={source.id}>
              <span className="cut">{source.title}</span>
              <span className={source.rows === 0 ? 'why-absent' : 'num'}>
                {source.rows === 0 ? 'never collected' : countOf(source.rows, 'row')}
              </span>
            </li>
          ))}
        </ul>
      </>
    )}
  </section>
)

const Found = ({ one, tenantId }: { one: TechniqueDetail; tenantId: string }) => (
  <section className="panel-part" aria-label="Detections">
    <div className="row panel-title-row">
      <h3 className="panel-title">{countOf(one.detections_total, 'detection')}</h3>
      <span className="grow" />
      {one.detections_total > 0 && (
        <Link to="/t/$tenantId/detections" params={{ tenantId }} search={searchOfFilter({ technique: [one.id] })}>
          In the queue
        </Link>
      )}
    </div>
    <ul className="episode">
      {one.detections.slice(0, 20).map((found) => (
        <li key={found.id}>
          <SeverityMark severity={found.severity} bare />
          <Link
            to="/t/$tenantId/detections/$detectionId"
            params={{ tenantId, detectionId: found.id }}
            search={searchOfFilter({ technique: [one.id] })}
            className="grow cut"
          >
            {found.title}
          </Link>
          <Mono value={found.host_name} />
          <StatusMark status={statusOf(found.status)} />
        </li>
      ))}
    </ul>
  </section>
)

const Under = ({ one, onOpen }: { one: TechniqueDetail; onOpen: (id: string) => void }) => {
  if (one.sub_techniques.length === 0) return null
  return (
    <section className="panel-part" aria-label="Sub-techniques">
      <h3 className="panel-title">{countOf(one.sub_techniques.length, 'sub-technique')}</h3>
      <ul className="technique-rules">
        {one.sub_techniques.map((sub) => (
          <li key={sub.id}>
            <span className={`coverage-mark coverage-${sub.state}`} aria-hidden="true" />
            <button type="button" className="link-button grow cut" onClick={() => onOpen(sub.id)}>
              {sub.id} {sub.name}
            </button>
            <span className="muted">
              {stateWords[sub.state]}
              {sub.detections > 0 && `, ${countOf(sub.detections, 'detection')}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What a loaded bundle says; without one its name and tactics are all that is known. */
const Told = ({ one }: { one: TechniqueDetail }) => (
  <section className="panel-part" aria-label="From ATT&CK">
    {one.description === null ? (
      <p className="muted panel-words">No ATT&CK bundle is loaded: names and tactics only.</p>
    ) : (
      <details className="panel-fold">
        <summary>Description by MITRE</summary>
        <p className="soft panel-words technique-description">{one.description}</p>
      </details>
    )}
    {one.groups.length > 0 && (
      <details className="panel-fold">
        <summary>{countOf(one.groups.length, 'group')} that used it</summary>
        <p className="soft panel-words">{one.groups.map((group) => group.name).join(', ')}</p>
      </details>
    )}
    {one.software.length > 0 && (
      <details className="panel-fold">
        <summary>{formatNumber(one.software.length)} software</summary>
        <p className="soft panel-words">{one.software.map((software) => software.name).join(', ')}</p>
      </details>
    )}
    <p className="muted panel-words mono">{one.url}</p>
  </section>
)

export interface TechniquePanelProps {
  id: string
  tenantId: string
  onOpen: (id: string) => void
  onClose: () => void
}

const Head = ({ id, one, onOpen, onClose }: Omit<TechniquePanelProps, 'tenantId'> & { one: TechniqueDetail | undefined }) => (
  <header className="detection-head">
    <div className="row">
      <TechniqueChip id={id} />
      {one !== undefined && one.asked_as.toUpperCase() !== one.id && <span className="muted">called {one.id} now</span>}
      <span className="grow" />
      {typeof one?.parent_id === 'string' && (
        <button type="button" className="link-button" onClick={() => onOpen(one.parent_id ?? id)}>
          {one.parent_id}
        </button>
      )}
      <IconButton icon="close" label="Close" onClick={onClose} />
    </div>
    <h2>{one?.name ?? id}</h2>
    {one !== undefined && <p className="soft panel-words">{one.tactics.map(tacticName).join(', ')}</p>}
  </header>
)

const Loaded = ({ one, tenantId, onOpen }: Pick<TechniquePanelProps, 'tenantId' | 'onOpen'> & { one: TechniqueDetail }) => {
  const lastAt = one.detections[0]?.last_at ?? null
  return (
    <>
      <div className="panel-part">
        <p className="row">
          <span className={`coverage-mark coverage-${one.coverage.state}`} aria-hidden="true" />
          {stateWords[one.coverage.state].replace(/^./, (letter) => letter.toUpperCase())}
          {lastAt !== null && (
            <span className="muted">
              last detection <Time at={lastAt} to="minute" />
            </span>
          )}
        </p>
        <Says one={one} />
      </div>
      <Found one={one} tenantId={tenantId} />
      <Rules one={one} tenantId={tenantId} />
      <Under one={one} onOpen={onOpen} />
      <Told one={one} />
    </>
  )
}

/** One technique: its rules with the data they need, and its detections down to their rows. */
export const TechniquePanel = (props: TechniquePanelProps) => {
  const { id, tenantId, onOpen } = props
  const { data: one, error } = useQuery(queryOf(attackTechnique, { params: { technique_id: id }, query: {} }))
  return (
    <aside className="detection-panel technique-panel" aria-label="Technique">
      <Head {...props} one={one} />
      <div className="detection-body" role="region" tabIndex={0} aria-label="About the technique">
        {error !== null && (
          <div className="panel-part">
            <Note tone="bad">{messageOf(error)}</Note>
          </div>
        )}
        {one === undefined && error === null && <Skeleton rows={8} label="Loading the technique" />}
        {one !== undefined && <Loaded one={one} tenantId={tenantId} onOpen={onOpen} />}
      </div>
    </aside>
  )
}
