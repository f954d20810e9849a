// Sigma rules over what is stored, as a hunt does it: the engine tells alike rows once, a thread matches them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEventStore } from '../../server/events/open.ts'
import { queryRows, table } from '../../server/events/query.ts'
import { Matcher } from '../../server/features/detections/hunt/matcher.ts'
import type { RunnableRule } from '../../server/features/detections/hunt/messages.ts'
import { slicesOf } from '../../server/features/detections/hunt/slices.ts'
import { classesOf, groupsOf, spansOf } from '../../server/features/detections/hunt/store-rows.ts'
import { readSigma } from '../../server/features/detections/index.ts'
import type { TenantEvents } from '../../server/platform/ctx.ts'
import { createLog } from '../../server/platform/log.ts'
import { sql } from '../../server/platform/sql.ts'
import type { Line } from './table.ts'

const data = '../shared/data'
export const hasAttackLogs = existsSync(join(data, 'attack-logs.tar.gz'))

export const unpacked = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-bench-data-'))
  execFileSync('tar', ['xzf', join(data, `${name}.tar.gz`), '-C', folder])
  return folder
}

/** Every rule of the pack for Windows. */
const windowsRules = (): RunnableRule[] => {
  const folder = unpacked('sigma-rules')
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.yml') && path.startsWith('rules'))
      .flatMap((path) => readSigma(readFileSync(join(folder, path), 'utf8'), { valuesOf: () => null }))
      .flatMap((one, i) =>
        one.ok && one.document.kind === 'rule' && one.document.logsource.product === 'windows'
          ? [{ key: String(i), rule: one.document }]
          : [],
      )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Hunted {
  ms: number
  rows: number
  groups: number
  matches: number
  peakMb: number
}

const huntAll = async (events: TenantEvents, rules: readonly RunnableRule[], share: number): Promise<Hunted> => {
  const { rows: found } = await queryRows<{ id: string }>(
    events,
    sql`SELECT toString(import_id) AS id FROM ${table(events, 'events')} GROUP BY import_id ORDER BY id`,
  )
  const spans = await spansOf(
    events,
    found.slice(0, Math.ceil(found.length * share)).map(({ id }) => id),
  )
  const slices = slicesOf(spans.map((one, i) => ({ ...one, seq: i + 1 })))
  const matcher = new Matcher()
  const set = { name: `${rules.length}`, rules }
  const { signal } = new AbortController()
  await matcher.plan(set, [])
  const hunted: Hunted = { ms: 0, rows: 0, groups: 0, matches: 0, peakMb: 0 }
  const begun = performance.now()
  for (const slice of slices) {
    const classes = await classesOf(events, slice, signal)
    hunted.rows += slice.rows
    for (const pass of await matcher.plan(set, classes)) {
      const matched = await matcher.match(set, { pass: pass.pass, chunks: groupsOf(events, { slice, classes, pass, signal }) })
      hunted.groups += matched.groups
      hunted.matches += matched.found.reduce((sum, { ids }) => sum + ids.length / 16, 0)
      hunted.peakMb = Math.max(hunted.peakMb, process.memoryUsage.rss() / 1e6)
    }
  }
  hunted.ms = performance.now() - begun
  await matcher.close()
  return hunted
}

/** Of a data folder whose server is stopped. */
export const benchDetect = async (dataDir: string, tenantId: string, what: string): Promise<Line[]> => {
  rmSync(`${dataDir}/operator.sock`, { force: true })
  const store = await openEventStore({ dataDir, memoryBytes: 3_000_000_000, queryTimeoutMs: 600_000, log: createLog('silent') })
  try {
    const events = store.forTenant(tenantId)
    const rules = windowsRules()
    const lines: Line[] = []
    for (const [name, of, share] of [
      ['half of the rules', rules.filter((_rule, i) => i % 2 === 0), 1],
      ['half of the imports', rules, 0.5],
      ['all', rules, 1],
    ] as const) {
      const { ms, rows, groups, matches, peakMb } = await huntAll(events, of, share)
      lines.push({
        what: `hunt over ${what}, ${name}: ${of.length} Windows rules, ${rows.toLocaleString('en')} rows in ${groups.toLocaleString('en')} groups, ${matches.toLocaleString('en')} matches`,
        measured: `${(ms / 1000).toFixed(1)} s`,
        memory: `${peakMb.toFixed(0)} MB beside the engine`,
        ratio: `${((rows / ms) * 1000).toFixed(0)} rows/s`,
      })
    }
    return lines
  } finally {
    await store.close()
  }
}
