import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { search as searchRoute } from '../../../../shared/contract/search.ts'
import { printPipeline, type Stage } from '../../../../shared/query/pipeline.ts'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { encodeRows, testId, type TestRow } from '../../../../test/harness/event-rows.ts'
import { withEventStore } from '../../../../test/harness/event-store.ts'
import { isFound } from '../../../../test/harness/rows/reference-search.ts'
import { byKeys, firstOnes } from '../../../../test/harness/rows/reference-stages.ts'
import { oddArtifacts, oddName, oddNowMs, oddPattern, oddRows, oddTest, oddTyped } from '../../../../test/harness/rows/odd-rows.ts'
import { queriesOver, stagesOver } from '../../../../test/harness/some-query.ts'
import { inTenant } from '../../../db/tenant.ts'
import { insertBlock } from '../../../events/query.ts'
import type { Ctx, TenantEvidence } from '../../../platform/ctx.ts'
import { isAppError } from '../../../platform/errors.ts'
import { createSearch } from '../index.ts'

const plane = withControlPlane()
const store = withEventStore()
const search = createSearch({ cursorKey: 'a key of the tests' })
const folder = mkdtempSync(join(tmpdir(), 'stages-'))
const canaryFile = join(folder, 'canary.txt')
/** Of the other tenant, and of a file: no answer may hold it. */
const canary = 'CANARY-7f3a'

const newCtx = async (): Promise<Ctx> => {
  const tenant = await plane.createTenant()
  const { events } = await store.createTenant(tenant.id)
  const ctx: Ctx = {
    tenant,
    actor: { kind: 'system', user_id: null, username: 'test', role: 'admin', is_platform_admin: false, session_id: null },
    db: tenant.db,
    events,
    evidence: {} as TenantEvidence,
    log: store.log,
    requestId: 'test',
    now: () => new Date(oddNowMs),
    signal: new AbortController().signal,
    client: null,
    can: () => true,
    inTx: (work) => work(ctx),
  }
  return ctx
}

const rows: readonly TestRow[] = oddRows.map((row, i) => ({ ...row, host_key: `C.${i % 5}`, host_name: `HOST-${i % 5}` }))
const stolen = rows.map((row, i) => ({
  ...row,
  id: testId(`canary ${i}`),
  process_name: `${canary}${String(row.process_name)}`,
  host_name: canary,
  host_key: canary,
  fields: Object.fromEntries(Object.entries((row.fields ?? {}) as Record<string, string[]>).map(([k, v]) => [k, [...v, canary]])),
}))
let ctx: Ctx

beforeAll(async () => {
  writeFileSync(canaryFile, canary)
  ctx = await newCtx()
  const stranger = await newCtx()
  await insertBlock(ctx.events, 'events', encodeRows(rows), 'rows')
  await insertBlock(stranger.events, 'events', encodeRows(stolen), 'canaries')
  const own = ['Name', 'name', 'Entry Location', 'EventData.User', "it's `odd`"]
  const names = oddArtifacts.flatMap((artifact) => own.map((name) => ({ tenant_id: ctx.tenant.id, artifact, name })))
  await inTenant(ctx.db, (q) => q.insertInto('field_names').values(names).execute())
})
afterAll(() => rmSync(folder, { recursive: true }))

const ask = (given: Record<string, unknown>) => search.searchRows(ctx, searchRoute.body.parse(given))
const faultOf = async (query: string, more: Record<string, unknown> = {}) => {
  const error: unknown = await ask({ query, ...more }).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!isAppError(error)) throw new Error(`no AppError but ${String(error)}`)
  return { code: error.code, message: error.message, ...error.details }
}
/** Every row by pages, with what the last page says of all. */
const allOf = async (query: string, limit: number) => {
  const ids: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await ask({ query, limit, ...(cursor === undefined ? {} : { cursor }) })
    ids.push(...page.events.map((event) => event.id))
    if (page.next_cursor === null) return { ids, total: page.total, deduplicated: page.deduplicated }
    cursor = page.next_cursor
  }
}

// Names whose columns are spelt in one way only, so that the reference needs no rule for two.
const single = fc.constantFrom(...oddTyped, 'Entry Location', 'EventData.User', "it's `odd`")

describe('stages of rows', () => {
  it('sort by any fields, keep one row of each combination, and give every row once by pages of any size', async () => {
    let left = 0
    await fc.assert(
      fc.asyncProperty(
        queriesOver(single, oddTest, oddPattern),
        stagesOver(single),
        fc.integer({ min: 20, max: 300 }),
        async (filter, stages, limit) => {
          const stage = <K extends Stage['kind']>(kind: K) => stages.find((one): one is Extract<Stage, { kind: K }> => one.kind === kind)
          fc.pre(stage('stack') === undefined)
          const query = printPipeline({ filter, stages })
          const found = await allOf(query, limit).catch((error: unknown) => {
            if (isAppError(error) && error.code === 'syntax') return null
            throw new Error(query, { cause: error })
          })
          if (found === null) return
          const keys = stage('sort')?.keys.map(({ field, descending }) => ({ name: field.name, descending })) ?? [
            { name: 'timestamp', descending: true },
          ]
          const sorted = rows.filter((row) => isFound(row, filter, oddNowMs)).sort(byKeys(keys))
          const expected = firstOnes(sorted, stage('dedup')?.fields.map((field) => field.name) ?? null)
          expect(found.ids, query).toEqual(expected.map((row) => row.id))
          expect({ ...found, ids: [] }, query).toEqual({ ids: [], total: expected.length, deduplicated: sorted.length - expected.length })
          if (found.deduplicated > 0) left++
        },
      ),
      { numRuns: Number(process.env.SEARCH_RUNS ?? 150) / 5 + 60 },
    )
    expect(left).toBeGreaterThan(2)
  }, 3_600_000)

  it('say which columns they ask for, as the data spell them', async () => {
    expect((await ask({ query: '| fields process.name, "entry location", raw.name, artifact', limit: 1 })).columns).toEqual([
      'process_name',
      'Entry Location',
      'Name',
      'artifact',
    ])
    expect((await ask({ query: 'process_name:*', limit: 1 })).columns).toBeNull()
  })

  it('give way to a sort of the request', async () => {
    const { events } = await ask({ query: 'process_pid:* | sort process_pid', sort: '-process_pid', limit: 1 })
    expect(events[0]?.ecs.process_pid).toBe(4_294_967_295)
  })

  it('that name what nobody knows are told at the place, with the name that was meant', async () => {
    expect(await faultOf('a | sort process_nam')).toMatchObject({
      code: 'syntax',
      position: 9,
      length: 11,
      message: 'No field is named process_nam (character 10). Did you mean process_name?',
      suggestion: 'process_name',
    })
    expect(await faultOf('proces_name:a | stack "EntryLocation"')).toMatchObject({ position: 0, suggestion: 'process_name' })
    expect(await faultOf('| stack "EntryLocation"')).toMatchObject({ position: 8, length: 15, suggestion: '"Entry Location"' })
  })
})

describe('values too long for a cursor', () => {
  it('end a page all the same: the next one begins behind the row, in any order and with rows left out', async () => {
    const long = await newCtx()
    const texts = Array.from({ length: 5 }, (_, n) => `${'\u0001'.repeat(20_000)}${'x'.repeat(1000)}${n}`)
    const block = encodeRows(
      texts.map((text, n) => ({ ...rows[0], id: testId(`long ${n}`), fields: { Long: [text], Other: [texts[4 - n] ?? ''] } })),
    )
    await insertBlock(long.events, 'events', block, 'long')
    for (const query of ['| sort Long, -Other', '| sort -Long', '| sort Other | dedup Long'])
      for (const limit of [1, 2]) {
        const found: string[] = []
        for (let cursor: string | undefined; ; ) {
          const body = searchRoute.body.parse({ query, limit, cursor })
          const { events, next_cursor } = await search.searchRows(long, body)
          expect(next_cursor?.length ?? 0).toBeLessThan(1000)
          found.push(...events.map((row) => row.fields.Long?.[0]?.at(-1) ?? ''))
          if (next_cursor === null) break
          cursor = next_cursor
        }
        expect(found, query).toEqual(query.includes('sort Long') ? ['0', '1', '2', '3', '4'] : ['4', '3', '2', '1', '0'])
      }
  })
})

describe('a stack of a search', () => {
  it('answers groups beside no events, and pages through all of them', async () => {
    const values: string[] = []
    let answered = null
    for (let cursor: string | undefined; ; ) {
      const page = await ask({
        query: 'process_name:* | stack process_name, artifact top',
        limit: 7,
        ...(cursor === undefined ? {} : { cursor }),
      })
      expect(page.events).toEqual([])
      answered = page
      values.push(...(page.stack?.groups ?? []).map((group) => group.values.join('\n')))
      if (page.next_cursor === null) break
      cursor = page.next_cursor
    }
    const named = rows.filter((row) => row.process_name !== '')
    const expected = new Set(named.map((row) => `${String(row.process_name)}\n${String(row.artifact)}`))
    expect(answered).toMatchObject({ total: named.length, deduplicated: 0, columns: null, stack: { total_groups: expected.size } })
    expect(new Set(values)).toEqual(expected)
    expect(values).toHaveLength(expected.size)
  })
  it('takes no sort of rows', async () => {
    expect(await faultOf('a | stack process_name', { sort: 'process_pid' })).toMatchObject({ code: 'validation' })
  })
})

describe('any query with any stages', () => {
  it("finds the tenant's own rows only, opens no file, and fails by a sentence or not at all", async () => {
    const before = [readFileSync(canaryFile, 'utf8'), statSync(canaryFile).mtimeMs, readdirSync(folder)]
    const attacks = [
      `file('${canaryFile}')`,
      `' UNION SELECT * FROM file('${canaryFile}') --`,
      canaryFile,
      `INTO OUTFILE '${join(folder, 'x')}'`,
      canary,
    ]
    const attack = fc.constantFrom(...attacks)
    const name = fc.oneof({ weight: 6, arbitrary: oddName }, { weight: 1, arbitrary: attack })
    const test = fc.oneof(
      { weight: 4, arbitrary: oddTest },
      { weight: 1, arbitrary: attack.map((text) => ({ kind: 'is' as const, pattern: [{ text }] })) },
    )
    const word = fc.oneof({ weight: 4, arbitrary: oddPattern }, { weight: 1, arbitrary: attack.map((text) => [{ text }]) })
    const own = new Set(rows.map((row) => row.id))
    let answered = 0
    await fc.assert(
      fc.asyncProperty(queriesOver(name, test, word), stagesOver(name), async (filter, stages) => {
        const query = printPipeline({ filter, stages })
        const reply = await ask({ query, limit: 50 }).catch((error: unknown) => {
          if (isAppError(error) && ['syntax', 'validation'].includes(error.code)) return null
          throw new Error(query, { cause: error })
        })
        if (reply === null) return
        answered++
        expect(
          reply.events.every((event) => own.has(event.id)),
          query,
        ).toBe(true)
        expect(reply.total).toBeLessThanOrEqual(rows.length)
        expect(JSON.stringify([reply.events, reply.stack?.groups]), query).not.toContain(canary)
      }),
      { numRuns: Number(process.env.SEARCH_RUNS ?? 120) },
    )
    expect(answered).toBeGreaterThan(10)
    expect([readFileSync(canaryFile, 'utf8'), statSync(canaryFile).mtimeMs, readdirSync(folder)]).toEqual(before)
  }, 3_600_000)
})
