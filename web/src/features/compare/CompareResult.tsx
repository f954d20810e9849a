import { type CompareState, compareStates } from '../../../../shared/contract/hunt/compare.ts'
import { messageOf } from '../../api/problem.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Tabs } from '../../ui/actions/Tabs.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import type { CompareUrl } from './compare-state.ts'
import { EntryDetail } from './EntryDetail.tsx'
import { EntryList } from './EntryList.tsx'
import { idOfEntry, stateWords } from './entry-words.ts'
import { NameChips } from './NameChips.tsx'
import { type Comparison, hasBaseline, useComparison, type Wanted } from './useComparison.ts'

type Page = NonNullable<Comparison['data']>['pages'][number]
type Change = (change: Partial<CompareUrl>) => void

const SideSum = ({ name, side, parts }: { name: string; side: Page['left']; parts: string }) => (
  <p className="compare-sum tabular">
    <b>{name}</b> {countOf(side.rows, 'row')}
    {side.repeats > 0 && ` = ${countOf(side.keys, 'key')} + ${formatNumber(side.repeats)} more under the same keys`}
    {side.repeats === 0 && side.rows > 0 && ', each under a key of its own'}
    {side.rows > 0 && `; ${formatNumber(side.keys)} = ${parts}`}
    {side.without_key > 0 &&
      `. ${countOf(side.without_key, 'row has', 'rows have')} no value in the key and stand${side.without_key === 1 ? 's' : ''} under one empty key`}
    .
  </p>
)

/** The numbers, so that one sees that they add up. */
const Sums = ({ page: { left, right, counts } }: { page: Page }) => {
  const both = `${formatNumber(counts.changed)} changed + ${formatNumber(counts.same)} same`
  return (
    <div className="compare-sums">
      <SideSum name="Left" side={left} parts={`${formatNumber(counts.gone)} gone + ${both}`} />
      <SideSum name="Right" side={right} parts={`${formatNumber(counts.new)} new + ${both}`} />
    </div>
  )
}

/** None of the kind that is shown: what there is instead, each with its count. */
const NoEntries = ({ wanted, page, change }: { wanted: Wanted; page: Page; change: Change }) => {
  const { label, about } = stateWords[wanted.show]
  return (
    <EmptyState
      title={`Nothing is ${label.toLowerCase()}`}
      actions={compareStates.flatMap((show) =>
        page.counts[show] === 0
          ? []
          : [
              <Button key={show} onClick={() => change({ show, open: null })}>
                {stateWords[show].label} ({formatNumber(page.counts[show])})
              </Button>,
            ],
      )}
    >
      <p>
        {about}: none of {countOf(page.counts.keys, 'key')}.
      </p>
      {wanted.show === 'changed' && (wanted.key ?? page.key).length === 0 && (
        <p>By the whole row a thing is the same or another, never changed. Choose the fields above that name the same thing.</p>
      )}
    </EmptyState>
  )
}

const Entries = ({
  wanted,
  comparison,
  page,
  change,
  tenantId,
}: {
  wanted: Wanted
  comparison: Comparison
  page: Page
  change: Change
  tenantId: string
}) => {
  const entries = comparison.data?.pages.flatMap((one) => one.entries) ?? []
  const entry = entries.find((one) => idOfEntry(one) === wanted.open)
  const total = page.counts[wanted.show]
  const { label, about } = stateWords[wanted.show]
  if (total === 0) return <NoEntries wanted={wanted} page={page} change={change} />
  return (
    <div className={`compare-split ${entry === undefined ? '' : 'with-entry'}`}>
      <EntryList
        label={`${label}: ${about.toLowerCase()}`}
        columns={page.key}
        entries={entries}
        total={total}
        open={wanted.open}
        onOpen={(open) => change({ open })}
        onMore={() => void comparison.fetchNextPage()}
        hasMore={comparison.hasNextPage}
        isLoading={comparison.isFetching}
        problem={comparison.error === null ? null : messageOf(comparison.error)}
      />
      {entry !== undefined && (
        <EntryDetail
          tenantId={tenantId}
          artifact={wanted.artifact}
          entry={entry}
          fields={page.key}
          onClose={() => change({ open: null })}
        />
      )}
    </div>
  )
}

/** By what rows are the same thing, and what of them may differ. */
const How = ({ wanted, page, change }: { wanted: Wanted; page: Page; change: Change }) => {
  const { artifact } = wanted
  if (artifact === null || hasBaseline(wanted))
    return (
      <p className="compare-sum">
        Groups of <span className="mono">{page.key.join(', ')}</span>, among the rows that the query of the baseline finds.
      </p>
    )
  return (
    <>
      <NameChips
        label="Same thing by"
        none="the whole row"
        names={wanted.key ?? page.key}
        artifact={artifact}
        most={8}
        onChange={(key) => change({ key, open: null })}
      />
      <NameChips
        own
        label="Not compared"
        none="nothing is left out"
        names={wanted.ignore ?? page.ignore}
        artifact={artifact}
        most={50}
        onChange={(ignore) => change({ ignore, open: null })}
      />
    </>
  )
}

/** What a comparison found: how it was made, its numbers, and its entries by state. */
export const CompareResult = ({ wanted, change, tenantId }: { wanted: Wanted; change: Change; tenantId: string }) => {
  const comparison = useComparison(wanted)
  const page = comparison.data?.pages[0]
  if (page === undefined)
    return comparison.error === null ? (
      <Skeleton rows={10} label="Comparing" />
    ) : (
      <Note
        tone="bad"
        live
        action={
          <Button size="sm" onClick={() => void comparison.refetch()}>
            Try again
          </Button>
        }
      >
        {messageOf(comparison.error)}
      </Note>
    )
  const tabs = compareStates.map((value) => ({ value, label: stateWords[value].label, count: page.counts[value] }))
  return (
    <>
      <How wanted={wanted} page={page} change={change} />
      <Sums page={page} />
      <div className="compare-found" aria-busy={comparison.isPlaceholderData}>
        <Tabs
          label="What became of the rows"
          value={wanted.show}
          tabs={tabs}
          panelId="compare-panel"
          onChange={(show: CompareState) => change({ show, open: null })}
        />
        <div id="compare-panel" role="tabpanel" aria-label={stateWords[wanted.show].label} className="compare-panel">
          {comparison.isPlaceholderData ? (
            <Skeleton rows={8} label="Comparing" />
          ) : (
            <Entries wanted={wanted} comparison={comparison} page={page} change={change} tenantId={tenantId} />
          )}
        </div>
      </div>
    </>
  )
}
