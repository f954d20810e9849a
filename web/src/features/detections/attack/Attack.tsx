import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { attackLayer, attackMatrix } from '../../../../../shared/contract/detect/attack.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { request, urlOf } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { useMay } from '../../../api/session.ts'
import { shownTenant } from '../../../api/shown-tenant.ts'
import { Button, buttonClass } from '../../../ui/actions/Button.tsx'
import { saveAs } from '../../../ui/actions/save-as.ts'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { useLateText } from '../../../ui/forms/useLateText.ts'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { useHotkeys } from '../../../ui/keys/useHotkeys.ts'
import { PageHead } from '../../../ui/layout/PageHead.tsx'
import { BundleDialog } from './BundleDialog.tsx'
import { columnsOf, type Shown, stateOrder, stateWords } from './matrix.ts'
import { MatrixGrid, MatrixList } from './MatrixGrid.tsx'
import { TechniquePanel } from './TechniquePanel.tsx'
import '../marks/marks.css'
import '../panel/panel.css'
import './attack.css'

export interface AttackState {
  technique: string | null
  shown: Shown
  find: string
  isOnlyKnown: boolean
}
export interface AttackProps {
  tenantId: string
  state: AttackState
  onState: (change: Partial<AttackState>) => void
}
type Matrix = Reply<typeof attackMatrix>

const saveLayer = async (show: Shown) => {
  try {
    const reply = await request(urlOf(attackLayer.path, {}, { show }), { headers: shownTenant() })
    saveAs([await reply.blob()], { name: `attack-${show}.json`, type: 'application/json' })
  } catch (error) {
    toast(messageOf(error))
  }
}

const Tools = ({ state, onState, about: words }: Omit<AttackProps, 'tenantId'> & { about: string }) => {
  const [text, setText] = useLateText(
    state.find,
    useCallback((find: string) => onState({ find }), [onState]),
  )
  return (
    <div className="attack-tools">
      <Segmented
        label="Show"
        value={state.shown}
        options={[
          { value: 'coverage', label: 'Coverage' },
          { value: 'detections', label: 'Detections' },
        ]}
        onChange={(shown) => onState({ shown })}
      />
      <input
        type="search"
        className="input attack-find"
        aria-label="Find a technique"
        placeholder="Technique or id"
        maxLength={100}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Checkbox
        label={state.shown === 'coverage' ? 'Only with rules' : 'Only detected'}
        checked={state.isOnlyKnown}
        onChange={(isOnlyKnown) => onState({ isOnlyKnown })}
      />
      <span className="soft attack-about">{words}</span>
      <span className="grow" />
      {state.shown === 'coverage' && (
        <ul className="attack-legend" aria-label="Legend">
          {stateOrder.map((one) => (
            <li key={one}>
              <span className={`coverage-mark coverage-${one}`} aria-hidden="true" />
              {stateWords[one]}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

const Foot = ({ matrix, onBundle }: { matrix: Matrix; onBundle: (() => void) | undefined }) => {
  const { unknown, without_technique: without } = matrix
  return (
    <footer className="attack-foot muted">
      <span>
        ATT&CK for Enterprise {matrix.version}. {matrix.notice}
      </span>
      {unknown.length > 0 && (
        <span title={unknown.map((one) => one.id).join(', ')}>
          {countOf(unknown.length, 'id')} in tags of rules {unknown.length === 1 ? 'is' : 'are'} not in this version:{' '}
          {unknown
            .slice(0, 6)
            .map((one) => one.id)
            .join(', ')}
          {unknown.length > 6 && ` and ${formatNumber(unknown.length - 6)} more`}.
        </span>
      )}
      {without.rules > 0 && (
        <span>
          {countOf(without.rules, 'rule')} and {countOf(without.detections, 'detection')} name no technique.
        </span>
      )}
      {onBundle !== undefined && (
        <Button size="sm" variant="ghost" onClick={onBundle}>
          {matrix.bundle === null ? 'Load the full bundle' : `Bundle ${matrix.bundle.version}`}
        </Button>
      )}
    </footer>
  )
}

const about = ({ techniques }: Matrix): string => {
  const covered = techniques.filter((one) => one.state === 'covered' || one.state === 'partly').length
  const blind = techniques.filter((one) => one.state === 'blind').length
  const found = techniques.filter((one) => one.detections > 0).length
  return `${countOf(covered, 'technique')} covered, ${formatNumber(blind)} without data, ${formatNumber(found)} detected`
}

const Body = ({ matrix, state, onState, onOpen }: Omit<AttackProps, 'tenantId'> & { matrix: Matrix; onOpen: (id: string) => void }) => {
  const isPhone = useMediaQuery('(max-width: 719px)', undefined, { getInitialValueInEffect: false }) === true
  const { find, isOnlyKnown, shown } = state
  const { techniques } = matrix
  const columns = useMemo(() => columnsOf(techniques, { text: find, isOnlyKnown, shown }), [techniques, find, isOnlyKnown, shown])
  if (columns.every((column) => column.cells.length === 0))
    return (
      <p className="attack-said soft">
        {isOnlyKnown ? 'No technique with rules or detections passes. ' : 'No technique is called so. '}
        <Button size="sm" onClick={() => onState({ find: '', isOnlyKnown: false })}>
          All techniques
        </Button>
      </p>
    )
  return isPhone ? (
    <MatrixList columns={columns} shown={shown} onOpen={onOpen} />
  ) : (
    <MatrixGrid columns={columns} shown={shown} openId={state.technique} onOpen={onOpen} />
  )
}

const Main = ({ state, onState, onOpen }: Omit<AttackProps, 'tenantId'> & { onOpen: (id: string) => void }) => {
  const [isBundle, setBundle] = useState(false)
  const mayManage = useMay('platform.manage')
  const { data, error, refetch } = useQuery(queryOf(attackMatrix, { query: {} }))
  return (
    <div className="attack-main">
      <Tools state={state} onState={onState} about={data === undefined ? '' : about(data)} />
      {error !== null && (
        <div className="attack-said">
          <Note tone="bad" live action={<Button onClick={() => void refetch()}>Try again</Button>}>
            {messageOf(error)}
          </Note>
        </div>
      )}
      {data === undefined && error === null && <Skeleton rows={12} label="Loading the matrix" />}
      {data !== undefined && <Body matrix={data} state={state} onState={onState} onOpen={onOpen} />}
      {data !== undefined && <Foot matrix={data} onBundle={mayManage ? () => setBundle(true) : undefined} />}
      {isBundle && <BundleDialog onClose={() => setBundle(false)} />}
    </div>
  )
}

/** What the rules cover with the data that there is, and what was found, technique by technique. */
export const Attack = ({ tenantId, state, onState }: AttackProps) => {
  const close = () => onState({ technique: null })
  const open = (technique: string) => onState({ technique })
  useHotkeys('ATT&CK', state.technique === null ? [] : [{ keys: 'Escape', does: 'Close the technique', run: close }])
  return (
    <div className="page queue-page">
      <PageHead
        title="ATT&CK"
        actions={
          <>
            <Button icon="export" onClick={() => void saveLayer(state.shown)}>
              Navigator layer
            </Button>
            <Link to="/t/$tenantId/detections" params={{ tenantId }} className={buttonClass({})}>
              Queue
            </Link>
          </>
        }
      />
      <div className={`attack-columns ${state.technique === null ? '' : 'attack-with-panel'}`}>
        <Main state={state} onState={onState} onOpen={open} />
        {state.technique !== null && <TechniquePanel id={state.technique} tenantId={tenantId} onOpen={open} onClose={close} />}
      </div>
    </div>
  )
}
