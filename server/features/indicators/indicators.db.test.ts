import { beforeAll, describe, expect, it } from 'vitest'
import type { Indicator, IndicatorBatch, IndicatorList } from '../../../shared/contract/detect/indicator-shapes.ts'
import type { IndicatorMatch, IndicatorPreview } from '../../../shared/contract/detect/indicators.ts'
import { type Caller, withApp } from '../../../test/harness/app.ts'
import { encodeRows, testRow } from '../../../test/harness/event-rows.ts'
import { insertBlock } from '../../events/query.ts'
import { newId } from '../../platform/ids.ts'
import { systemContext } from '../../job-rooms.ts'
import { createBind } from '../../bind.ts'
import { createIndicators } from './index.ts'

const app = withApp()
let analyst: Caller
let viewer: Caller
let tenantId: string
let folded: string[] = []

const sha = 'ab'.repeat(32)
const at = (second: number) => ({
  timestamp: 1_741_600_000_000_000n + BigInt(second) * 1_000_000n,
  time_field: 'At',
  host_key: `C.${second % 3}`,
})
const rows = (of: string, importId: string) =>
  [
    { hash_sha256: sha },
    { destination_ip: '10.9.8.7' },
    { source_ip: '10.9.8.7' },
    { destination_ip: '172.16.5.5' },
    { dns_question_name: 'Cdn.Evil.example' },
    { url_domain: 'notevil.example' },
    { url_full: 'HTTPS://Evil.example:443/Drop/#top' },
    { file_path: 'C:\\Users\\bob\\AppData\\Roaming\\Loader.DLL' },
    { process_name: 'Mimikatz.EXE' },
    { registry_path: 'HKEY_USERS\\S-1-5-21-1-2-3-1001\\Software\\Evil\\Run\\x' },
    { registry_path: '\\REGISTRY\\MACHINE\\System\\ControlSet002\\Services\\EvilSvc' },
    { fields: { Name: ['\\Sessions\\1\\BaseNamedObjects\\AsyncMutex_6SI8'], Other: ['x'] } },
    { fields: { 'EventData.Hashes': [`MD5=00,IMPHASH=${'CD'.repeat(16)}`] } },
    { fields: { UserAgent: ['Evil Agent/1.0'], MD5: ['EF'.repeat(16)] } },
    { user_name: 'nobody', fields: { To: ['Boss@Evil.example'] } },
    { process_name: 'svchost.exe' },
  ].map((row, n) => testRow(`${of}-${n}`, { import_id: importId, ...at(n), ...row }))

const values = [
  sha.toUpperCase(),
  '10[.]9[.]8[.]7',
  '172.16.0.0/16',
  'evil[.]example',
  'hxxps://evil.example/drop',
  '%APPDATA%\\loader.dll',
  'mimi*.exe',
  'HKCU\\Software\\Evil',
  'HKLM\\SYSTEM\\CurrentControlSet\\Services\\EvilSvc',
  'mutex: Global\\AsyncMutex_6SI8',
  `imphash: ${'cd'.repeat(16)}`,
  'user agent: evil agent/1.0',
  'ef'.repeat(16),
  'boss@evil.example',
  'nothing.at-all.example',
]
const found = values.length - 1

const contextOf = () => systemContext(createBind(app.app().stores), { id: tenantId, name: '' }, app.app().log)

const newList = async (name: string, more = {}): Promise<string> =>
  (await analyst.call<IndicatorList>('POST', '/api/indicators/lists', { name, ...more })).body.id
const put = (list: string, given: unknown, query = '') =>
  analyst.call<IndicatorBatch>('POST', `/api/indicators/lists/${list}/imports${query}`, given)

const settled = async (): Promise<void> => {
  await expect
    .poll(
      async () =>
        (await viewer.call<{ state: string; error: string }[]>('GET', '/api/indicators/runs')).body.map((run) => run.error ?? run.state),
      {
        timeout: 30_000,
        interval: 200,
      },
    )
    .not.toEqual(expect.arrayContaining([expect.stringMatching(/^(?:queued|running)$/)]))
}
const entries = async (list: string, query = ''): Promise<Indicator[]> =>
  (await viewer.call<Indicator[]>('GET', `/api/indicators/lists/${list}/indicators?limit=1000${query}`)).body
const matched = async (list: string): Promise<Record<string, number>> =>
  Object.fromEntries((await entries(list)).filter((one) => one.rows > 0).map((one) => [one.value, one.rows]))

let list: string

beforeAll(async () => {
  analyst = await app.person('Indicators', 'analyst')
  viewer = await app.person('Indicators', 'viewer')
  tenantId = (await analyst.call<{ tenant_id: string }>('GET', '/api/auth/me')).body.tenant_id
  await insertBlock(contextOf().events, 'events', encodeRows(rows('first', newId())), 'first')
  list = await newList('Evil')
})

describe('indicators', () => {
  it('are shown as what they would be read as, and stored by nobody who only looks', async () => {
    const { status, body } = await viewer.call<IndicatorPreview>('POST', '/api/indicators/preview', [...values, 'what is this', sha])
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({ read: values.length + 2, recognised: values.length, twice: 1, refused: 1 })
    expect((await viewer.call('POST', `/api/indicators/lists/${list}/imports`, values)).status).toBe(403)
    expect(await entries(list)).toEqual([])
    expect((await analyst.call('POST', `/api/indicators/lists/${list}/imports`, { what: 1 })).status).toBe(400)
  })

  it('of every kind are found in all that is stored, each where its kind is looked for, and once', async () => {
    const { status, body } = await put(list, [...values, 'what is this', sha], '?source=CERT&tlp=amber&confidence=90')
    expect(status, JSON.stringify(body)).toBe(201)
    expect(body).toMatchObject({ read: values.length + 2, added: values.length, known: 1, refused: 1 })
    await settled()
    const [run] = (await viewer.call<{ error: string | null; matched_rows: number }[]>('GET', '/api/indicators/runs')).body
    expect(run).toMatchObject({ state: 'done', error: null, rows_looked_at: 16, matched_indicators: found })
    expect(await matched(list)).toEqual({
      [sha]: 1,
      '10.9.8.7': 2,
      '172.16.0.0/16': 1,
      'evil.example': 1,
      'https://evil.example/drop': 1,
      '*\\loader.dll': 1,
      'mimi*.exe': 1,
      'hkcu\\software\\evil': 1,
      'hklm\\system\\currentcontrolset\\services\\evilsvc': 1,
      asyncmutex_6si8: 1,
      ['cd'.repeat(16)]: 1,
      'evil agent/1.0': 1,
      ['ef'.repeat(16)]: 1,
      'boss@evil.example': 1,
    })
    const [again] = await Promise.all([put(list, values.slice(0, 3)), settled()])
    expect(again.body).toMatchObject({ read: 3, added: 0, known: 3, run: null })
    expect((await entries(list))[0]).toMatchObject({ source: 'CERT', tlp: 'amber', confidence: 90, state: 'active' })
    expect((await entries(list, '&matched=true')).length).toBe(found)
    expect((await entries(list, '&text=MIMI&kind=file_name')).length).toBe(1)
  })

  it('show what was found with a query that finds just these rows, and are detections', async () => {
    const { body } = await viewer.call<IndicatorMatch[]>('GET', `/api/indicators/matches?list_id=${list}`)
    const ip = body.find((one) => one.column === 'destination_ip' && one.value === '10.9.8.7')
    expect(ip).toMatchObject({ list_name: 'Evil', kind: 'ip', rows: 1, hosts: 1 })
    for (const one of body) expect(await viewer.total(one.query), one.query).toBeGreaterThanOrEqual(one.rows)
    const queue = await viewer.call<unknown>('POST', '/api/detections/list', { filter: { kind: ['indicator'] } })
    expect(JSON.stringify(queue.body)).toContain(`SHA-256 ${sha} of Evil`)
  })

  it('are looked for in what an import brings, and an expired one is not', async () => {
    const gone = (await entries(list, '&text=mimi'))[0]?.id ?? ''
    expect((await analyst.call('PATCH', `/api/indicators/entries/${gone}`, { valid_until: '2020-01-01T00:00:00Z' })).body).toMatchObject({
      state: 'expired',
    })
    const importId = newId()
    await insertBlock(contextOf().events, 'events', encodeRows(rows('second', importId)), 'second')
    folded = []
    const indicators = createIndicators({
      foldMatches: (_, changed) => {
        folded.push(...changed.map((one) => one.subject_id))
        return Promise.resolve()
      },
    })
    expect(await indicators.matchImports(contextOf(), [importId])).toEqual({
      matched_rows: found - 1,
      matched_indicators: found - 1,
      too_common: 0,
      error: null,
    })
    expect(folded.length).toBe(found - 1)
    expect(await indicators.matchImports(contextOf(), [importId])).toMatchObject({ matched_rows: found - 1 })
    const now = await matched(list)
    expect([now[sha], now['10.9.8.7'], now['mimi*.exe']]).toEqual([2, 4, 1])
  })

  it('that stand in the known good match nothing, and again when that is taken back', async () => {
    const good = await newList('Good', { is_allow_list: true })
    await put(good, ['10.9.8.7', 'cdn.evil.example', '172.16.5.0/24', 'loader.dll', sha])
    await settled()
    const now = await matched(list)
    for (const value of ['10.9.8.7', 'evil.example', '172.16.0.0/16', sha]) expect(now[value], value).toBeUndefined()
    expect(now['boss@evil.example']).toBe(2)
    expect((await entries(list, '&state=allowed')).map((one) => [one.value, one.allowed_by]).sort()).toEqual([
      ['10.9.8.7', 'Good'],
      [sha, 'Good'],
    ])
    expect((await analyst.call('DELETE', `/api/indicators/lists/${good}`)).status).toBe(204)
    await settled()
    expect((await matched(list))[sha]).toBe(2)
    expect(await entries(list, '&state=allowed')).toEqual([])
  })

  it('come from any value in one click, of the kind that it looks like or its column says', async () => {
    const one = { value: 'svchost.exe', field: 'process.name' }
    const added = await analyst.call<{ indicator: Indicator; list_name: string; was_known: boolean }>('POST', '/api/indicators', one)
    expect(added.status, JSON.stringify(added.body)).toBe(201)
    expect(added.body).toMatchObject({ list_name: 'Added by hand', was_known: false, indicator: { kind: 'file_name' } })
    expect((await analyst.call('POST', '/api/indicators', one)).body).toMatchObject({ was_known: true })
    expect((await viewer.call('POST', '/api/indicators', one)).status).toBe(403)
    expect((await analyst.call('POST', '/api/indicators', { value: 'no kind at all' })).status).toBe(422)
    await settled()
    expect(await matched(added.body.indicator.list_id)).toEqual({ 'svchost.exe': 2 })
    const path = `/api/indicators/lists/${added.body.indicator.list_id}/imports`
    expect((await viewer.call<IndicatorBatch[]>('GET', path)).body.map((batch) => batch.added)).toEqual([0, 1])
  })

  it('that are removed take their matches along, and a deleted list all of them', async () => {
    const ids = (await entries(list, '&text=boss')).map((one) => one.id)
    expect((await analyst.call('POST', '/api/indicators/remove', { ids })).body).toEqual({ removed: 1 })
    expect((await matched(list))['boss@evil.example']).toBeUndefined()
    expect((await analyst.call('POST', '/api/indicators/remove', { ids })).status).toBe(404)
    expect((await analyst.call('DELETE', `/api/indicators/lists/${list}`)).status).toBe(204)
    const left = await viewer.call<IndicatorMatch[]>('GET', '/api/indicators/matches')
    expect(left.body.map((one) => one.indicator)).toEqual(['svchost.exe'])
  })

  it('of another tenant are not there', async () => {
    const stranger = await app.person('Elsewhere', 'analyst')
    const [own] = (await viewer.call<IndicatorList[]>('GET', '/api/indicators/lists')).body
    expect((await stranger.call('GET', `/api/indicators/lists/${own?.id}`)).status).toBe(404)
    expect((await stranger.call('GET', '/api/indicators/lists')).body).toEqual([])
    expect((await stranger.call('GET', '/api/indicators/matches')).body).toEqual([])
  })
})
