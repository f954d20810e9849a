import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { buildZip, type ZipPart } from '../../../../test/harness/poison/build-zip.ts'
import { collectBytes, type Collected } from '../../../../test/harness/poison/collect.ts'

const [one, two, three] = ['C.1111111111111111', 'C.2222222222222222', 'C.3333333333333333'] as const
const info: ZipPart = { name: 'hunt_info.json', data: '{"hunt_id":"H.A"}' }
const path = (id: string) => `PC-${id}/results/Windows.A.B.csv`
/** The old writer: every cell is JSON, except those that a hunt appends. */
const cells = (id: string, n: number) => `${n},"""C:\\\\${id}, ${n}"""`
const own = (id: string): ZipPart => ({ name: path(id), data: `N,OSPath\n${cells(id, 1)}\n${cells(id, 2)}\n` })
const combined: ZipPart = {
  name: 'results/All Windows.A.B.csv',
  data: `N,OSPath,FlowId,ClientId,Fqdn\n${[one, two, three].flatMap((id) => [1, 2].map((n) => `${cells(id, n)},F.A.H,${id}-ORG1,pc\n`)).join('')}`,
}
const told = (found: Collected) => found.members.map(({ member, count }) => [member.path, member.client_id, count])

describe('a hunt that was exported as CSV only', () => {
  it('gives the clients that have no file of their own from the file of all clients', async () => {
    const found = await collectBytes(buildZip([info, combined, own(one), own(three)]))
    expect(told(found)).toEqual([
      [path(one), one, 2],
      [path(three), three, 2],
      [combined.name, null, 2],
    ])
    expect(found.members[2]?.rows.map(({ number, value }) => [number, value.ClientId, value.OSPath])).toEqual([
      [2, `${two}-ORG1`, `C:\\${two}, 1`],
      [3, `${two}-ORG1`, `C:\\${two}, 2`],
    ])
    expect(found.warnings.map(({ code }) => code)).toContain('combined_rows')
    expect(found.rejects).toEqual([])
  })

  it('does not read that file when every client has one of its own', async () => {
    const found = await collectBytes(buildZip([info, combined, own(one), own(two), own(three)]))
    expect([found.rows, found.members.length, found.warnings.filter(({ code }) => code === 'combined_rows')]).toEqual([6, 3, []])
  })

  it('gives the rest of a damaged file, too', async () => {
    const zip = buildZip([info, combined, own(one), own(two), own(three)])
    const dataAt = zip.indexOf(path(three)) + path(three).length
    zip.fill(0xff, dataAt, dataAt + 8)
    const found = await collectBytes(zip)
    expect(told(found).at(-1)).toEqual([combined.name, null, 2])
  })

  it('or where some clients have JSON and only the CSV is of all clients', async () => {
    const json: ZipPart = { name: `PC-${one}/results/Windows.A.B.json`, data: '{"N":1}\n{"N":2}\n' }
    const found = await collectBytes(buildZip([info, combined, json]))
    expect(told(found)).toEqual([
      [json.name, one, 2],
      [combined.name, null, 4],
    ])
  })

  it('tells of a last row that is cut inside a quoted cell, whose client nobody knows', async () => {
    const cut: ZipPart = { ...combined, data: `N,OSPath,FlowId,ClientId,Fqdn\n${cells(one, 1)},F.A.H,${one},pc\n1,x,F.A.H,${two},"pc` }
    const found = await collectBytes(buildZip([info, cut, own(one)]))
    expect(found.rows).toBe(2)
    expect(found.rejects.map(({ raw }) => raw)).toEqual([`1,x,F.A.H,${two},"pc`])
    expect(found.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['combined_rows', 'truncated_file']))
  })

  it.each([
    ['a cell that cannot be read', `1,"x"y,F.A.H,${two},pc\n`],
    ['a row that is too long', `1,${'x'.repeat(3_000)},F.A.H,${two},pc\n`],
  ])('tells of the only row of a client with %s', async (_what, row) => {
    const data = `N,OSPath,FlowId,ClientId,Fqdn\n${row}${cells(one, 1)},F.A.H,${one},pc\n`
    const found = await collectBytes(buildZip([info, { ...combined, data }, own(one)]), { limits: { maxRowBytes: 2_000 } })
    expect([found.rows, found.rejects.length]).toEqual([2, 1])
  })

  it.each([
    [
      'too long',
      (id: string) => Array.from({ length: 20_000 }, (_, i) => createHash('sha256').update(`${id}${i}`).digest('hex')).join(''),
      1,
      ['combined_rows'],
    ],
    ['hidden behind a bomb', () => 'x'.repeat(3_000_000), 0, ['zip_member']],
  ])('tells of the only row of a client that is %s in the JSON of all clients, too', async (_what, textOf, rejects, warnings) => {
    const json: ZipPart = { name: `PC-${one}/results/Windows.A.B.json`, data: '{"N":1}\n' }
    const line = (id: string, text: string) => `${JSON.stringify({ N: 1, text, FlowId: 'F.A.H', ClientId: id, Fqdn: 'pc' })}\n`
    const all: ZipPart = { name: 'results/All Windows.A.B.json', data: line(one, 'y') + line(two, textOf(two)) }
    const found = await collectBytes(buildZip([info, all, json]), { limits: { maxRowBytes: 2_000 } })
    expect([found.rows, found.rejects.length, found.warnings.map(({ code }) => code)]).toEqual([1, rejects, warnings])
  })
})
