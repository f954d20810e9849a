import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { IndicatorList } from '../../../../shared/contract/detect/indicator-shapes.ts'
import { listIndicatorLists } from '../../../../shared/contract/detect/indicators.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { isUnderWay } from '../../features/indicators/indicator-words.ts'
import { ListDialog } from '../../features/indicators/ListDialog.tsx'
import { ListsTable } from '../../features/indicators/ListsTable.tsx'
import { MatchesTable } from '../../features/indicators/MatchesTable.tsx'
import { Button } from '../../ui/actions/Button.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { countOf } from '../../ui/format/numbers.ts'
import { PageHead } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'

const route = getRouteApi('/t/$tenantId/indicators')

const sum = (lists: readonly IndicatorList[]): number => lists.reduce((n, list) => n + (list.is_allow_list ? 0 : list.indicators), 0)

/** All lists, and what of them was found. */
export const IndicatorsPage = () => {
  const { tenantId } = route.useParams()
  const navigate = route.useNavigate()
  const mayWrite = useMay('detections.write')
  const [isMaking, setMaking] = useState(false)
  const { data, error } = useQuery({
    ...queryOf(listIndicatorLists, {}),
    refetchInterval: (query) => (query.state.data?.some((list) => isUnderWay(list.run)) === true ? 2000 : 30_000),
  })
  const make = mayWrite ? (
    <Button variant="primary" icon="plus" onClick={() => setMaking(true)}>
      New list
    </Button>
  ) : undefined
  return (
    <div className="page">
      <PageHead
        title="Indicators"
        about={data === undefined ? undefined : countOf(sum(data), 'indicator')}
        actions={data?.length === 0 ? undefined : make}
      />
      <div className="page-body">
        {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
        {data === undefined ? (
          error === null && <Skeleton rows={6} label="Loading lists" />
        ) : data.length === 0 ? (
          <EmptyState title="No list of indicators yet" actions={make}>
            <p>
              A list holds hashes, IP addresses and ranges, domains, URLs, paths, file names, mutexes, e-mail addresses, user agents and
              registry keys. What you put in is looked for in all that is stored at once, and in every import of rows from then on.
            </p>
            <p>In Explore, the menu of any value makes it an indicator with the key n.</p>
          </EmptyState>
        ) : (
          <>
            <Panel title="Lists">
              <ListsTable tenantId={tenantId} lists={data} />
            </Panel>
            <Panel title="Found">
              <MatchesTable tenantId={tenantId} listId={null} />
            </Panel>
          </>
        )}
      </div>
      <ListDialog
        isOpen={isMaking}
        onClose={() => setMaking(false)}
        onMade={(listId) => void navigate({ to: '/t/$tenantId/indicators/$listId', params: { tenantId, listId }, search: { add: '1' } })}
      />
    </div>
  )
}
