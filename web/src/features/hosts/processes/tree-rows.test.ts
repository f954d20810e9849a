import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HostProcess } from '../../../../../shared/contract/hunt/host-tabs.ts'
import { argumentsOf, groupOf, rowsOfTree, treeOf, wantedOf } from './tree-rows.ts'

const process = (key: string, more: Partial<HostProcess> = {}): HostProcess => ({
  key,
  pid: Number(/\d+/.exec(key)?.[0] ?? 0),
  parent_pid: null,
  parent: null,
  orphan: null,
  name: 'a.exe',
  executable: '',
  command_line: '',
  command_line_length: 0,
  user: '',
  guid: null,
  started_at: null,
  ended_at: null,
  ended: null,
  first_row_at: null,
  last_row_at: null,
  sources: [],
  ...more,
})
const open = { closed: new Set<string>(), whole: new Set<string>(), wanted: null }
const keys = (rows: readonly { process: HostProcess; level: number }[]): string[] =>
  rows.map((row) => `${'-'.repeat(row.level - 1)}${row.process.key}`)

const family = [
  process('1', { name: 'wininit.exe', started_at: '2026-03-10T05:51:02Z' }),
  process('2', { name: 'services.exe', parent: '1', started_at: '2026-03-10T05:51:03Z' }),
  ...[3, 4, 5, 6, 7].map((n) => process(String(n), { name: 'svchost.exe', parent: '2', started_at: `2026-03-10T05:51:0${n}Z` })),
  process('8', { name: 'dsaupd.exe', parent: '3', started_at: '2026-03-12T08:44:03Z' }),
  process('9', { name: 'conhost.exe', parent: '404', orphan: 'not_collected', started_at: '2026-03-12T09:02:44Z' }),
]

describe('the tree', () => {
  it('shows children below their parents in the order of their start, and one leaf for many of a name', () => {
    const rows = rowsOfTree(treeOf(family), open)
    expect(keys(rows)).toEqual(['1', '-2', '--3', '---8', '--4', '9'])
    expect(rows.find((row) => row.process.key === '4')?.more).toBe(3)
  })
  it('shows the others when they are asked for, and nothing below what is closed', () => {
    const group = groupOf(family[4] as HostProcess)
    expect(keys(rowsOfTree(treeOf(family), { ...open, whole: new Set([group]) }))).toEqual([
      '1',
      '-2',
      '--3',
      '---8',
      '--4',
      '--5',
      '--6',
      '--7',
      '9',
    ])
    expect(keys(rowsOfTree(treeOf(family), { ...open, closed: new Set(['2']) }))).toEqual(['1', '-2', '9'])
  })
  it('shows what a filter finds with its ancestors, also below what is closed and among many of a name', () => {
    const wanted = wantedOf(family, { text: 'svchost 7', names: null })
    const rows = rowsOfTree(treeOf(family), { closed: new Set(['1', '2']), whole: new Set(), wanted })
    expect(keys(rows)).toEqual(['1', '-2', '--7'])
    expect(rows.map((row) => row.isWanted)).toEqual([false, false, true])
    expect([...(wantedOf(family, { text: '', names: new Set(['dsaupd.exe']) }) ?? [])]).toEqual(['8'])
  })
  it('of five thousand processes in one chain is shown whole', () => {
    const chain = Array.from({ length: 5000 }, (_, n) => process(String(n), { parent: n === 0 ? null : String(n - 1) }))
    expect(rowsOfTree(treeOf(chain), open)).toHaveLength(5000)
  })
})

describe('of any tree', () => {
  const forest = fc
    .array(fc.tuple(fc.nat(1000), fc.constantFrom('a.exe', 'b.exe')), { maxLength: 80 })
    .map((all) =>
      all.map(([parent, name], n) =>
        process(String(n), { name, parent: n === 0 || parent % (n + 1) === n ? null : String(parent % (n + 1)) }),
      ),
    )
  it('every process is a row once or counted as more of a shown one, and a filter shows exactly what it finds', () => {
    fc.assert(
      fc.property(forest, (processes) => {
        const tree = treeOf(processes)
        const rows = rowsOfTree(tree, open)
        expect(new Set(rows.map((row) => row.process.key)).size).toBe(rows.length)
        expect(rows.reduce((sum, row) => sum + 1 + row.more, 0)).toBe(processes.length)
        const wanted = wantedOf(processes, { text: 'b.exe', names: null }) ?? new Set()
        const found = rowsOfTree(tree, { ...open, wanted }).filter((row) => row.isWanted)
        expect(found.map((row) => row.process.key).sort()).toEqual([...wanted].sort())
      }),
    )
  })
})

it.each([
  ['"C:\\Program Files\\a b.exe" -x y', '-x y'],
  ['rundll32.exe  E:\\a.dll,Sync', 'E:\\a.dll,Sync'],
  ['cmd.exe', ''],
  ['"C:\\a.exe', '"C:\\a.exe'],
  ['"C:\\a.exe"', ''],
])('the arguments of %s are %s', (line, args) => expect(argumentsOf(line)).toBe(args))
