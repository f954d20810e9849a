import type { IndicatorRun } from '../../../../shared/contract/detect/indicator-shapes.ts'
import {
  type IndicatorFormat,
  type IndicatorKind,
  indicatorKinds,
  type IndicatorState,
  kindFacts,
  type Tlp,
  tlps,
} from '../../../../shared/domain/indicators.ts'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'

export const stateWords: Readonly<Record<IndicatorState, string>> = {
  active: 'Active',
  expired: 'Expired',
  allowed: 'Known good',
  too_common: 'Too common',
}

export const formatWords: Readonly<Record<IndicatorFormat, string>> = {
  text: 'a list of values',
  csv: 'CSV',
  stix: 'STIX',
  misp: 'MISP',
  openioc: 'OpenIOC',
  by_hand: 'by hand',
}

export const tlpWords = (tlp: Tlp): string => (tlp === 'none' ? '' : `TLP:${tlp.toUpperCase()}`)
export const tlpOptions = tlps.map((tlp) => ({ value: tlp, label: tlp === 'none' ? 'Nothing said' : tlpWords(tlp) }))

export const kindOptions: readonly { value: IndicatorKind; label: string }[] = indicatorKinds.map((kind) => ({
  value: kind,
  label: kindFacts[kind].label,
}))

/** Where indicators of a kind are looked for. */
export const looksWords = (kind: IndicatorKind): string => {
  const { columns, everywhere, how } = kindFacts[kind]
  const where = [...(columns.length === 0 ? [] : [columns.join(', ')]), ...(everywhere ? ['every value of a row'] : [])].join(' and ')
  return `${where}. ${how}`
}

export const isUnderWay = (run: IndicatorRun | null): boolean => run !== null && (run.state === 'queued' || run.state === 'running')

const common = (n: number): string =>
  n === 0 ? '' : ` ${countOf(n, 'indicator')} stood in so many rows that they are not kept as matches.`

export const runWords = (run: IndicatorRun): string => {
  if (run.state === 'queued') return 'Waits to be looked for in all that is stored.'
  if (run.state === 'running')
    return `Looking at ${run.step === '' ? 'what is stored' : run.step}: step ${run.steps_done + 1} of ${Math.max(run.steps, 1)}.`
  if (run.state === 'cancelled') return 'Stopped before its end: not all that is stored was looked at.'
  if (run.state === 'failed') return `Not all that is stored was looked at. ${run.error ?? ''}`
  const found = `${countOf(run.matched_indicators, 'indicator')} found in ${countOf(run.matched_rows, 'row')}`
  return `Looked at ${formatNumber(run.rows_looked_at)} rows: ${found}.${common(run.too_common)}`
}
