import { beforeAll, describe, expect, it } from 'vitest'
import { type PlatformRules, type RuleImport, type RulePack, ruleImport } from '../../../../shared/contract/detect/rule-packs.ts'
import type { RuleException, ValueList } from '../../../../shared/contract/detect/rule-upkeep.ts'
import type { RuleRow } from '../../../../shared/contract/detect/rule-shapes.ts'
import type { RuleDetail } from '../../../../shared/contract/detect/rules.ts'
import { type Caller, password, withApp } from '../../../../test/harness/app.ts'
import { zipOf } from '../../../../test/harness/zip.ts'
import { createBind } from '../../../bind.ts'
import { systemContext } from '../../../job-rooms.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { createLog } from '../../../platform/log.ts'
import { enabledRules, enabledSetHash, rulesByIds } from './enabled/enabled-rules.ts'
import { exceptionsFor } from './upkeep/exceptions-for.ts'

const app = withApp()
let lead: Caller
let viewer: Caller
let platform: Caller
let elsewhere: Caller

const uuidOf = (n: number): string => `11111111-1111-4111-8111-${String(n).padStart(12, '0')}`
const rule = (
  n: number,
  more: { level?: string; image?: string; value?: string; category?: string; tags?: string } = {},
): string => `title: Rule ${n}
id: ${uuidOf(n)}
status: test
level: ${more.level ?? 'high'}
tags: [${more.tags ?? 'attack.execution'}]
logsource: {category: ${more.category ?? 'process_creation'}, product: windows}
detection:
  picked:
    ${more.value ?? `Image|endswith: '\\${more.image ?? `tool-${n}`}.exe'`}
  condition: picked
`
const correlation = (refs: string): string => `title: Many of rule 1
id: ${uuidOf(90)}
level: critical
correlation:
  type: event_count
  rules: [${refs}]
  group-by: [Computer]
  timespan: 5m
  condition: {gte: 5}
`
const filter = `title: Not the scanner
id: ${uuidOf(91)}
logsource: {category: process_creation, product: windows}
filter:
  rules: any
  scanner: {ParentImage|endswith: '\\scan.exe'}
  condition: not scanner
`

const ctxOf = async (who: Caller): Promise<Ctx> => {
  const { body } = await who.call<{ tenant_id: string }>('GET', '/api/auth/me')
  return systemContext(createBind(app.app().stores), { id: body.tenant_id, name: '' }, createLog('silent'))
}
const titles = async (who: Caller): Promise<string[]> =>
  (await enabledRules(await ctxOf(who))).rules
    .map((one) => one.title)
    .filter((title) => /^(?:Rule|Many)/.test(title))
    .sort()
const ended = async (who: Caller, id: string): Promise<RuleImport> => {
  for (;;) {
    const { body } = await who.call<RuleImport>('GET', `/api/rules/imports/${id}`)
    if (body.state !== 'queued' && body.state !== 'reading') return body
    await new Promise((again) => setTimeout(again, 30))
  }
}
const send = async (
  who: Caller,
  files: { name: string; data: Buffer | string }[],
  fields: Record<string, string> = {},
): Promise<RuleImport> => {
  const boundary = 'rules'
  const part = (head: string, data: Buffer | string): Buffer =>
    Buffer.concat([Buffer.from(`--rules\r\ncontent-disposition: form-data; ${head}\r\n\r\n`), Buffer.from(data), Buffer.from('\r\n')])
  const payload = Buffer.concat([
    ...Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value)),
    ...files.map(({ name, data }) => part(`name="files"; filename="${name}"`, data)),
    Buffer.from('--rules--\r\n'),
  ])
  const reply = await app.app().http.inject({
    method: 'POST',
    url: '/api/rules/imports/files',
    headers: { host: 'localhost', authorization: who.authorization, 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload,
  })
  expect(reply.statusCode, reply.body).toBe(202)
  // what only the store knows of it stays there
  expect(Object.keys(reply.json<object>()).toSorted()).toEqual(Object.keys(ruleImport.shape).toSorted())
  return ended(who, reply.json<RuleImport>().id)
}
const list = async (who: Caller, filter: object): Promise<RuleRow[]> =>
  (await who.call<RuleRow[]>('POST', '/api/rules/list', { filter })).body
const choose = (who: Caller, pack: string, more: object = {}) =>
  who.call<RulePack>('PUT', `/api/rules/packs/${pack}/choice`, {
    is_on: true,
    levels: null,
    statuses: null,
    logsources: null,
    not_logsources: [],
    tags: null,
    not_tags: [],
    ...more,
  })

beforeAll(async () => {
  lead = await app.person('Rules', 'lead')
  viewer = await app.person('Rules', 'viewer')
  elsewhere = await app.person('Elsewhere', 'lead')
  await app.app().operator.create_user({ username: 'runs-it', tenant: 'Platform', role: 'admin', password, is_platform_admin: true })
  platform = await app.signIn('runs-it')
})

describe('a pack', () => {
  let pack = ''

  it('comes in as a ZIP with its licence, and says which of its rules run and why the others do not', async () => {
    const zip = zipOf({
      'sigma/LICENSE': 'Detection Rule License (DRL) 1.1\n\nPermission is hereby granted',
      'sigma/rules/one.yml': rule(1),
      'sigma/rules/two.yml': `${rule(2, { level: 'low' })}---\n${rule(3, { category: 'no_such_source', level: 'medium' })}`,
      'sigma/rules/broken.yml': 'title: [',
      'sigma/.github/workflow.yml': 'on: push',
      'sigma/rules/placeholder.yml': rule(4, { value: "User|expand: '%Administrators%'" }),
      '../../etc/outside.yml': rule(5),
    })
    const done = await send(lead, [{ name: 'sigma.zip', data: zip }])
    expect(done).toMatchObject({
      state: 'applied',
      pack_name: 'sigma',
      license: 'DRL 1.1',
      rules: 6,
      added: 6,
      gone: 0,
      not_running: 3,
      files: 5,
    })
    pack = done.pack_id ?? ''
    const rules = await list(viewer, { pack_id: [pack], state: 'not_running' })
    expect(rules.map((one) => [one.title, one.reason_codes])).toEqual([
      ['broken.yml', ['yaml']],
      ['Rule 3', ['unmapped_logsource']],
      ['Rule 4', ['placeholder']],
    ])
    const { body } = await viewer.call<{ by_reason: { code: string; rules: number }[]; runs: number }>('POST', '/api/rules/counts', {
      filter: { pack_id: [pack] },
    })
    expect(body.runs).toBe(3)
    expect(body.by_reason.map(({ code, rules: n }) => [code, n])).toEqual([
      ['placeholder', 1],
      ['unmapped_logsource', 1],
      ['yaml', 1],
    ])
    const shown = await viewer.call<RulePack & { license_text: string; versions: object[] }>('GET', `/api/rules/packs/${pack}`)
    expect(shown.body).toMatchObject({ version: 1, source: 'sigma.zip', rules: 6, runs: 3, enabled: 0, is_default_choice: true })
    expect(shown.body.license_text).toContain('Permission is hereby granted')
  })

  it('runs as it is chosen: by level, log source and tag, with single rules turned the other way', async () => {
    const before = await enabledSetHash(await ctxOf(lead))
    expect(await titles(lead)).toEqual([])
    expect((await choose(lead, pack, { levels: ['high'] })).body.enabled).toBe(2)
    expect(await titles(lead)).toEqual(['Rule 1', 'Rule 5'])
    const [low] = await list(lead, { pack_id: [pack], level: ['low'] })
    await lead.call('POST', '/api/rules/switch', { filter: { ids: [low?.id] }, is_on: true })
    expect(await titles(lead)).toEqual(['Rule 1', 'Rule 2', 'Rule 5'])
    await choose(lead, pack, { levels: ['high'], not_logsources: ['windows/process_creation/*'] })
    expect(await titles(lead)).toEqual(['Rule 2'])
    await choose(lead, pack, { tags: ['attack.impact'] })
    expect(await titles(lead)).toEqual(['Rule 2'])
    await choose(lead, pack)
    const after = await enabledSetHash(await ctxOf(lead))
    expect(after).not.toBe(before)
    expect(after).toBe((await enabledRules(await ctxOf(lead))).set_hash)
    expect(await titles(lead)).toEqual(['Rule 1', 'Rule 2', 'Rule 5'])
    expect(await titles(elsewhere)).toEqual([])
  })

  it('is updated after its difference was seen; what was turned on or off stays so, and every version is kept', async () => {
    await lead.call('POST', '/api/rules/switch', { filter: { pack_id: [pack], text: 'Rule 1' }, is_on: false })
    const files = [
      { name: 'sigma/rules/one.yml', data: rule(1, { image: 'other' }) },
      { name: 'sigma/rules/two.yml', data: `${rule(2, { level: 'low' })}---\n${rule(3, { category: 'no_such_source', level: 'medium' })}` },
      { name: 'sigma/rules/six.yml', data: rule(6) },
    ]
    const held = await enabledSetHash(await ctxOf(lead))
    const ready = await send(lead, files, { pack_id: pack })
    expect(ready).toMatchObject({ state: 'ready', added: 1, changed: 1, unchanged: 2, gone: 3 })
    expect(await enabledSetHash(await ctxOf(lead))).toBe(held)
    const { body: changes } = await viewer.call<
      { change: string; title: string; has_override: boolean; diff: { op: string; text: string }[] }[]
    >('GET', `/api/rules/imports/${ready.id}/changes`)
    expect(changes.map((one) => `${one.change} ${one.title}`)).toEqual([
      'gone broken.yml',
      'gone Rule 4',
      'gone Rule 5',
      'changed Rule 1',
      'added Rule 6',
    ])
    const changed = changes.find((one) => one.change === 'changed')
    expect(changed?.has_override).toBe(true)
    expect(changed?.diff.filter((line) => line.op === 'added' || line.op === 'removed')).toEqual([
      { op: 'removed', text: "    Image|endswith: '\\tool-1.exe'" },
      { op: 'added', text: "    Image|endswith: '\\other.exe'" },
    ])
    const applied = await lead.call<RuleImport>('POST', `/api/rules/imports/${ready.id}/apply`)
    expect(applied.body.state).toBe('applied')
    expect(await titles(lead)).toEqual(['Rule 2', 'Rule 6'])
    const [one] = await list(lead, { pack_id: [pack], text: 'Rule 1' })
    expect(one).toMatchObject({ version: 2, override: false, is_enabled: false })
    const { body } = await viewer.call<{ versions: { version: number; is_current: boolean; text: string }[] }>(
      'GET',
      `/api/rules/by-id/${one?.id}/versions`,
    )
    expect(body.versions.map(({ version, is_current, text }) => [version, is_current, text.includes('other')])).toEqual([
      [2, true, true],
      [1, false, false],
    ])
    expect((await lead.call('POST', `/api/rules/imports/${ready.id}/apply`)).status).toBe(409)
  })

  it('that is a bomb, a broken ZIP or no rules at all fails with a sentence and leaves nothing', async () => {
    const sent = [
      { name: 'a.zip', data: Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100)]) },
      { name: 'notes.txt', data: 'nothing' },
    ]
    for (const file of sent) {
      const done = await send(lead, [file])
      expect(done).toMatchObject({ state: 'failed', pack_id: null })
      expect(done.error).toMatch(/ZIP/)
    }
    const address = await lead.call<{ detail: string }>('POST', '/api/rules/imports', { url: 'http://127.0.0.1:1/rules.zip' })
    expect(address.status).toBe(422)
  })
})

describe('value lists', () => {
  it('make the rules run that need them, and those stop when they go', async () => {
    await ended(
      lead,
      (
        await lead.call<RuleImport>('POST', '/api/rules/imports', {
          text: rule(40, { value: "User|expand: '%JumpUsers%'" }),
          pack_name: 'Lists',
          is_on: true,
        })
      ).body.id,
    )
    expect(await titles(lead)).not.toContain('Rule 40')
    const before = await viewer.call<{ missing: { name: string; rules: number }[] }>('GET', '/api/rules/value-lists')
    expect(before.body.missing).toEqual([{ name: 'JumpUsers', rules: 1 }])
    const set = await lead.call<ValueList>('PUT', '/api/rules/value-lists', { name: 'jumpusers', values: ['anna', 'ben'] })
    expect(set.body).toMatchObject({ used_by: 1, values: ['anna', 'ben'] })
    expect(await titles(lead)).toContain('Rule 40')
    const first = await enabledSetHash(await ctxOf(lead))
    await lead.call('PUT', '/api/rules/value-lists', { name: 'jumpusers', values: ['anna'] })
    expect(await enabledSetHash(await ctxOf(lead))).not.toBe(first)
    await lead.call('DELETE', '/api/rules/value-lists/jumpusers')
    expect(await titles(lead)).not.toContain('Rule 40')
  })
})

describe('a rule that is written here', () => {
  it('runs at once, keeps its versions, and is refused to whoever saw an older one', async () => {
    const made = await lead.call<RuleDetail>('POST', '/api/rules', { text: rule(50) })
    expect(made.body).toMatchObject({ title: 'Rule 50', state: 'runs', is_enabled: true, may_edit: true, version: 1 })
    const path = `/api/rules/by-id/${made.body.id}`
    const changed = await lead.call<RuleDetail>('PUT', path, { text: rule(50, { image: 'more' }), version: 1 })
    expect(changed.body).toMatchObject({ version: 2, versions: 2 })
    expect((await lead.call('PUT', path, { text: rule(50), version: 1 })).status).toBe(409)
    expect((await viewer.call('PUT', path, { text: rule(50), version: 2 })).status).toBe(403)
    expect((await elsewhere.call('GET', path)).status).toBe(404)
    expect((await lead.call('DELETE', path)).status).toBe(204)
    expect(await titles(lead)).not.toContain('Rule 50')
    expect((await lead.call('GET', path)).status).toBe(404)
    expect((await rulesByIds(await ctxOf(lead), [made.body.id])).map((one) => [one.title, one.version])).toEqual([['Rule 50', 2]])
  })

  it('is told what is wrong with it, and where', async () => {
    const { body } = await viewer.call<{ documents: { runs: boolean; reasons: { code: string; line: number | null }[] }[] }>(
      'POST',
      '/api/rules/validate',
      { text: rule(51).replace('condition: picked', 'condition: picked and missing') },
    )
    expect(body.documents).toHaveLength(1)
    expect(body.documents[0]).toMatchObject({ runs: false, reasons: [{ code: 'unknown_selection', line: 10 }] })
  })

  it('that counts others brings them along, quiet, and is blind while they are missing', async () => {
    const late = (await lead.call<RuleDetail>('POST', '/api/rules', { text: correlation('rule-of-sixty') })).body
    expect(late).toMatchObject({ state: 'not_running', reason_codes: ['unknown_rule'] })
    const base = (
      await lead.call<RuleDetail>('POST', '/api/rules', { text: rule(60).replace('status:', 'name: Rule-Of-Sixty\nstatus:'), is_on: false })
    ).body
    expect((await viewer.call<RuleDetail>('GET', `/api/rules/by-id/${late.id}`)).body.state).toBe('runs')
    const { rules } = await enabledRules(await ctxOf(lead))
    expect(
      rules
        .filter((one) => [late.id, base.id].includes(one.id))
        .map((one) => [one.title, one.raises])
        .sort(),
    ).toEqual([
      ['Many of rule 1', true],
      ['Rule 60', false],
    ])
    await lead.call('DELETE', `/api/rules/by-id/${late.id}`)
    expect(await titles(lead)).not.toContain('Rule 60')
  })

  it('may filter all others', async () => {
    const made = (await lead.call<RuleDetail>('POST', '/api/rules', { text: filter })).body
    expect(made).toMatchObject({ kind: 'filter', state: 'runs' })
    const { rules } = await enabledRules(await ctxOf(lead))
    const six = rules.find((one) => one.title === 'Rule 6')
    expect(six?.document.kind === 'rule' && six.document.condition_text).toBe('(picked) and (not _filt_scanner)')
    expect((await viewer.call<RuleDetail>('GET', `/api/rules/by-id/${six?.id}`)).body.filters.map((one) => one.title)).toEqual([
      'Not the scanner',
    ])
    await lead.call('DELETE', `/api/rules/by-id/${made.id}`)
  })
})

describe('exceptions', () => {
  it('hold until they expire, and a query that cannot be read is refused', async () => {
    const bad = await lead.call('POST', '/api/rules/exceptions', { query: 'host.name:(', reason: 'no' })
    expect(bad.status).toBe(400)
    const soon = new Date(Date.now() + 60_000).toISOString()
    const made = await lead.call<RuleException>('POST', '/api/rules/exceptions', {
      query: 'host.name:build-*',
      reason: 'Build machines',
      expires_at: soon,
    })
    expect(made.body).toMatchObject({ state: 'holds', silenced_rows: 0, subject_kind: null })
    const ctx = await ctxOf(lead)
    expect(await exceptionsFor(ctx)).toMatchObject([{ id: made.body.id, subject: null }])
    expect(await exceptionsFor({ ...ctx, now: () => new Date(Date.now() + 120_000) })).toEqual([])
    expect((await elsewhere.call('DELETE', `/api/rules/exceptions/${made.body.id}`)).status).toBe(404)
    expect((await lead.call('DELETE', `/api/rules/exceptions/${made.body.id}`)).status).toBe(204)
  })
})

describe('packs of the installation', () => {
  it('hold the rules of the product itself, which every tenant runs unless it chooses otherwise', async () => {
    const { body } = await viewer.call<{ packs: RulePack[] }>('GET', '/api/rules/packs')
    const starter = body.packs.find((one) => one.kind === 'starter')
    expect(starter).toMatchObject({ is_platform: true, is_default_choice: true, version: 1, choice: { is_on: true } })
    expect(starter?.enabled).toBeGreaterThanOrEqual(40)
    expect(starter?.enabled).toBe(starter?.rules)
  })

  it('reach the canaries first and then all, who can turn them off and never change them', async () => {
    const { pack_id } = await ended(
      platform,
      (await platform.call<RuleImport>('POST', '/api/rules/imports', { text: rule(70), pack_name: 'Shared' })).body.id,
    )
    expect((await elsewhere.call('POST', '/api/platform/rules/publish', { pack_id })).status).toBe(403)
    const { body: tenant } = await lead.call<{ tenant_id: string }>('GET', '/api/auth/me')
    await platform.call('PUT', '/api/platform/rules/canaries', { tenants: [tenant.tenant_id] })
    const published = await platform.call<PlatformRules>('POST', '/api/platform/rules/publish', { pack_id, is_on_by_default: true })
    expect(published.status, JSON.stringify(published.body)).toBe(200)
    const shared = published.body.packs.find((one) => one.name === 'Shared')
    expect(shared).toMatchObject({ canary_version: 1, version: null, rules: 1 })
    expect((await platform.call('POST', '/api/platform/rules/publish', { pack_id })).status).toBe(409)
    expect(await titles(lead)).toContain('Rule 70')
    expect(await titles(elsewhere)).toEqual([])
    await platform.call('PUT', `/api/platform/rules/packs/${shared?.id}/rings`, {
      canary_version: null,
      version: 1,
      is_on_by_default: true,
    })
    expect(await titles(elsewhere)).toEqual(['Rule 70'])
    const [seen] = await list(elsewhere, { pack_id: [shared?.id] })
    expect(seen).toMatchObject({ may_edit: false, pack: { is_platform: true } })
    expect((await elsewhere.call('PUT', `/api/rules/by-id/${seen?.id}`, { text: rule(70), version: 1 })).status).toBe(403)
    expect((await elsewhere.call('DELETE', `/api/rules/packs/${shared?.id}`)).status).toBe(403)
    await choose(elsewhere, shared?.id ?? '', { is_on: false })
    expect(await titles(elsewhere)).toEqual([])
    const copy = await elsewhere.call<RuleDetail>('POST', '/api/rules', { text: rule(70, { image: 'ours' }), derived_from: seen?.id })
    expect(copy.body).toMatchObject({ derived_from: seen?.id, may_edit: true })
    expect(await titles(elsewhere)).toEqual(['Rule 70'])
  })
})
