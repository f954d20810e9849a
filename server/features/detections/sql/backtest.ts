// What a rule would find before it is enabled.
import type { BacktestReply } from '../../../../shared/contract/detect/hunts.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError } from '../../../platform/errors.ts'
import { resolveHostKeys } from '../../hosts/index.ts'
import { rulesByIds } from '../rules/enabled/enabled-rules.ts'
import { readSigma } from '../sigma/read-sigma.ts'
import type { DetectionRule } from '../sigma/rule.ts'
import { fitOf } from '../sources/fit.ts'
import { keysOf } from '../sources/keys.ts'
import { readField } from '../sources/read-field.ts'
import { sourcesOf } from '../sources/sources.ts'
import { compileRule } from './compile-rule.ts'
import { type FoundPart, namesOfSource, partsOf, type Range, type SampleRow, sampleOf, statementOf } from './store.ts'

interface Body {
  rule?: string | undefined
  rule_id?: string | undefined
  from?: string | undefined
  to?: string | undefined
  with_sql: boolean
}

const notRun = (message: string): AppError => new AppError('validation', message)

const ruleOfText = (written: string): DetectionRule => {
  const read = readSigma(written, { valuesOf: () => null })
  const failed = read.find((one) => !one.ok)
  if (failed !== undefined && !failed.ok) throw notRun(failed.reasons[0]?.message ?? 'The rule cannot be read.')
  const rules = read.flatMap((one) => (one.ok && one.document.kind === 'rule' ? [one.document] : []))
  const [rule, more] = rules
  if (rule === undefined) throw notRun('There is no rule in the text. Correlations and filters are run in a hunt, not in a back-test.')
  if (more !== undefined) throw notRun('There are several rules in the text: give one of them.')
  return rule
}

const ruleOf = async (ctx: Ctx, body: Body): Promise<DetectionRule> => {
  if (body.rule !== undefined) return ruleOfText(body.rule)
  const [found] = await rulesByIds(ctx, [body.rule_id ?? ''])
  if (found === undefined) throw new AppError('not_found', 'There is no such rule.')
  if (found.document.kind !== 'rule') throw notRun('A correlation is run in a hunt, not in a back-test.')
  return found.document
}

const microsOf = (at: string | undefined): number | null => (at === undefined ? null : Date.parse(at) * 1000)
const isoOf = (micros: number): string => new Date(micros / 1000).toISOString()
const noTime = -2_208_988_800_000_000

const mostBuckets = 120
const smallestBucketS = 300
const bucketsOf = (parts: readonly FoundPart[]): { bucket_s: number; buckets: { at: string; rows: number }[] } => {
  const timed = parts.filter((part) => part.is_timed === 1).map((part) => ({ at: Number(part.at), rows: Number(part.rows) }))
  if (timed.length === 0) return { bucket_s: smallestBucketS, buckets: [] }
  const [first, last] = [timed.reduce((a, b) => Math.min(a, b.at), Infinity), timed.reduce((a, b) => Math.max(a, b.at), -Infinity)]
  const bucket_s = Math.max(1, Math.ceil((last - first + smallestBucketS) / smallestBucketS / mostBuckets)) * smallestBucketS
  const counts = Array.from({ length: Math.floor((last - first) / bucket_s) + 1 }, () => 0)
  for (const { at, rows } of timed) {
    const place = Math.floor((at - first) / bucket_s)
    counts[place] = (counts[place] ?? 0) + rows
  }
  return { bucket_s, buckets: counts.map((rows, i) => ({ at: isoOf((first + i * bucket_s) * 1e6), rows })) }
}

const mostHosts = 20
const hostsOf = async (ctx: Ctx, parts: readonly FoundPart[]): Promise<Pick<BacktestReply, 'hosts' | 'top_hosts'>> => {
  const byKey = new Map<string, { host_name: string; rows: number }>()
  for (const { host_key, host_name, rows } of parts)
    byKey.set(host_key, { host_name, rows: (byKey.get(host_key)?.rows ?? 0) + Number(rows) })
  const top = [...byKey].toSorted(([, a], [, b]) => b.rows - a.rows).slice(0, mostHosts)
  const ids = await resolveHostKeys(
    ctx,
    top.map(([key]) => key),
  )
  return { hosts: byKey.size, top_hosts: top.map(([host_key, of]) => ({ host_id: ids.get(host_key) ?? null, host_key, ...of })) }
}

const sampled = (rule: DetectionRule, rows: readonly SampleRow[]): BacktestReply['rows'] =>
  rows.map(({ row_id, micros, host_name, artifact, fields }) => {
    const own = new Map(Object.entries(fields))
    const known = new Set(own.keys())
    const values = rule.used_fields.flatMap((field) => {
      const found = sourcesOf(rule.logsource)
        .map((source) => readField(own, keysOf(source, field, known)))
        .find((one) => one !== null && one.length > 0)
      return found === undefined || found === null ? [] : [{ field, values: [...found] }]
    })
    return { row_id, at: Number(micros) === noTime ? null : isoOf(Number(micros)), host_name, artifact, values }
  })

const sampleRows = 50

/** @throws AppError validation: no rule that can be run · timeout */
export const backtest = async (ctx: Ctx, body: Body): Promise<BacktestReply> => {
  const begun = performance.now()
  const rule = await ruleOf(ctx, body)
  const range: Range = { from: microsOf(body.from), to: microsOf(body.to) }
  const { signal } = ctx
  const sources = sourcesOf(rule.logsource)
  if (sources.length === 0)
    throw notRun('The log source of the rule is not mapped to any artifact or channel, so that there are no rows to look at.')
  const known = new Map<string, { rows: number; names: Set<string> }>()
  for (const source of sources) {
    const { rows, names } = await namesOfSource(ctx.events, source, { range, signal })
    known.set(source.id, { rows, names: new Set(names) })
  }
  const where = compileRule(rule, (source) => known.get(source.id)?.names ?? null)
  const [parts, rows] = [
    await partsOf(ctx.events, where, { range, signal }),
    await sampleOf(ctx.events, where, { range, signal, limit: sampleRows }),
  ]
  const timed = parts.filter((part) => part.is_timed === 1)
  const statement = body.with_sql ? statementOf(ctx.events, where, range) : null
  const sum = (of: readonly FoundPart[]): number => of.reduce((total, part) => total + Number(part.rows), 0)
  return {
    total: sum(parts),
    ...(await hostsOf(ctx, parts)),
    first_at: timed.length === 0 ? null : isoOf(timed.reduce((least, part) => Math.min(least, Number(part.first)), Infinity)),
    last_at: timed.length === 0 ? null : isoOf(timed.reduce((most, part) => Math.max(most, Number(part.last)), -Infinity)),
    without_time: sum(parts) - sum(timed),
    ...bucketsOf(parts),
    rows: sampled(rule, rows),
    sources: sources.map((source) => {
      const { runs, missing } = fitOf(source, rule, null)
      return { id: source.id, title: source.title, rows: known.get(source.id)?.rows ?? 0, missing: [...missing], runs }
    }),
    took_ms: Math.round(performance.now() - begun),
    sql: statement?.query ?? null,
    parameters: statement?.params ?? null,
  }
}
