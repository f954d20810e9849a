import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkProcesses } from './link.ts'
import { mergeProcesses } from './merge.ts'
import { areAlike, type ProcessNode, type ProcessRecord } from './record.ts'

const second = 1_000_000
const day = Date.UTC(2026, 2, 12, 8) * 1000

const record = (more: Partial<ProcessRecord> & { pid: number }): ProcessRecord => ({
  kind: 'start',
  parent_pid: null,
  start: null,
  end: null,
  first: more.start ?? null,
  last: more.start ?? null,
  name: '',
  executable: '',
  command_line: '',
  command_line_length: 0,
  parent_name: '',
  user: '',
  guid: '',
  parent_guid: '',
  source: 'Windows.System.Pslist',
  rows: 1,
  row_id: '0'.repeat(32),
  ...more,
})
const at = (seconds: number): number => day + Math.round(seconds * second)
const tree = (records: readonly ProcessRecord[]): ProcessNode[] => {
  const nodes = mergeProcesses(records)
  linkProcesses(nodes)
  return nodes
}
const only = (nodes: readonly ProcessNode[], pid: number): ProcessNode => {
  const found = nodes.filter((n) => n.pid === pid)
  expect(found).toHaveLength(1)
  return found[0] as ProcessNode
}

describe('a process that several sources tell of', () => {
  it('is one node that lists them, with what each of them knows', () => {
    const nodes = tree([
      record({ pid: 7316, start: at(19.507), name: 'dsaupd.exe', user: 'i.vestby', parent_pid: 6988 }),
      record({
        pid: 7316,
        start: at(19.51),
        executable: 'C:\\ProgramData\\dsaupd.exe',
        command_line: 'dsaupd.exe -k net',
        command_line_length: 17,
        parent_pid: 6988,
        guid: '{A}',
        source: 'Sysmon 1',
      }),
      record({ pid: 7316, start: at(19), executable: 'C:\\ProgramData\\dsaupd.exe', parent_pid: 6988, source: 'Security 4688', rows: 2 }),
    ])
    const node = only(nodes, 7316)
    expect(node).toMatchObject({ name: 'dsaupd.exe', user: 'i.vestby', command_line: 'dsaupd.exe -k net', guid: '{A}' })
    expect([...node.sources.values()].map((s) => [s.source, s.rows])).toEqual([
      ['Security 4688', 2],
      ['Windows.System.Pslist', 1],
      ['Sysmon 1', 1],
    ])
  })

  it('is two when the id was given out again, and the first of them has ended', () => {
    const nodes = tree([record({ pid: 40, start: at(0), name: 'a.exe' }), record({ pid: 40, start: at(60), name: 'b.exe' })])
    expect(nodes.map((n) => [n.name, n.ended])).toEqual([
      ['a.exe', 'pid_reused'],
      ['b.exe', null],
    ])
  })

  it('is not joined with one of the same second that has another name, another parent or another GUID', () => {
    const start = at(5)
    const one = { pid: 40, start, name: 'a.exe', parent_pid: 4 }
    for (const other of [{ name: 'b.exe' }, { parent_pid: 8 }, { guid: '{B}' }])
      expect(tree([record({ ...one, guid: 'guid' in other ? '{A}' : '' }), record({ ...one, ...other, start: start + 1 })])).toHaveLength(2)
  })

  it.each([
    ['svchost.exe', 'SVCHOST.EXE', true],
    ['svchost.exe', 'svchost', true],
    ['systemd-network', 'systemd-networkd', true],
    ['systemd', 'systemd-networkd', false],
    ['', 'anything', true],
    ['cmd.exe', 'cmd2.exe', false],
  ])('the names %s and %s fit: %s', (a, b, fits) => expect(areAlike(a, b)).toBe(fits))
})

describe('an end', () => {
  it('belongs to the last process of the id that started before', () => {
    const nodes = tree([
      record({ pid: 40, start: at(0), name: 'a.exe' }),
      record({ pid: 40, start: at(60), name: 'a.exe' }),
      record({ pid: 40, kind: 'end', end: at(30), source: 'Security 4689' }),
      record({ pid: 40, kind: 'end', end: at(90), source: 'Sysmon 5' }),
    ])
    expect(nodes.map((n) => [n.start, n.end, n.ended])).toEqual([
      [at(0), at(30), 'recorded'],
      [at(60), at(90), 'recorded'],
    ])
  })
  it('of a process that nobody saw start is a process of its own, and twice told it is one', () => {
    const end = { pid: 41, kind: 'end' as const, name: 'x.exe' }
    const nodes = tree([record({ ...end, end: at(30), source: 'Security 4689' }), record({ ...end, end: at(30.2), source: 'Sysmon 5' })])
    expect(nodes).toHaveLength(1)
    expect(nodes[0]).toMatchObject({ start: null, ended: 'recorded', key: '41@unknown' })
  })
  it('that comes with the start stays', () => {
    expect(only(tree([record({ pid: 9, start: at(0), end: at(4) })]), 9)).toMatchObject({ ended: 'recorded', end: at(4) })
  })
})

describe('a sighting', () => {
  it('belongs to the process that had the id then', () => {
    const seen = { pid: 40, kind: 'seen' as const, source: 'Windows.Network.Netstat' }
    const nodes = tree([
      record({ pid: 40, start: at(0) }),
      record({ pid: 40, start: at(60) }),
      record({ ...seen, first: at(10), last: at(10) }),
      record({ ...seen, source: 'Sysmon 3', last: null, first: null }),
    ])
    expect(nodes.map((n) => [...n.sources.keys()])).toEqual([
      ['Windows.System.Pslist', 'Windows.Network.Netstat'],
      ['Windows.System.Pslist', 'Sysmon 3'],
    ])
  })
  it('of another name is another process', () => {
    const nodes = tree([record({ pid: 40, start: at(0), name: 'a.exe' }), record({ pid: 40, kind: 'seen', name: 'b.exe', last: at(9) })])
    expect(nodes).toHaveLength(2)
  })
})

describe('the parent', () => {
  it('is the process that had the id when the child started', () => {
    const nodes = tree([
      record({ pid: 10, start: at(0), name: 'old.exe' }),
      record({ pid: 10, start: at(100), name: 'new.exe' }),
      record({ pid: 20, start: at(50), parent_pid: 10 }),
      record({ pid: 21, start: at(150), parent_pid: 10 }),
    ])
    expect(only(nodes, 20).parent?.name).toBe('old.exe')
    expect(only(nodes, 21).parent?.name).toBe('new.exe')
  })
  it('is not one that started after the child, had ended before, or bears another name', () => {
    const child = record({ pid: 20, start: at(50.5), parent_pid: 10, parent_name: 'cmd.exe' })
    for (const other of [
      record({ pid: 10, start: at(51), name: 'cmd.exe' }),
      record({ pid: 10, start: at(0), end: at(40), name: 'cmd.exe' }),
      record({ pid: 10, start: at(0), name: 'explorer.exe' }),
    ])
      expect(only(tree([child, other]), 20)).toMatchObject({ parent: null, orphan: 'not_collected', parent_pid: 10 })
  })
  it('may have started later in the same second when the start of the child is rounded down', () => {
    const nodes = tree([record({ pid: 10, start: at(50.9) }), record({ pid: 20, start: at(50), parent_pid: 10 })])
    expect(only(nodes, 20).parent?.pid).toBe(10)
  })
  it('is the one with the GUID, where both are known', () => {
    const nodes = tree([
      record({ pid: 10, start: at(0), guid: '{P}' }),
      record({ pid: 10, start: at(10), guid: '{Q}' }),
      record({ pid: 20, start: at(50), parent_pid: 10, guid: '{C}', parent_guid: '{P}' }),
    ])
    expect(only(nodes, 20).parent?.guid).toBe('{P}')
  })
  it('0 is no parent, and a process is not its own', () => {
    const nodes = tree([record({ pid: 4, start: at(0), parent_pid: 0 }), record({ pid: 8, start: at(1), parent_pid: 8 })])
    expect(only(nodes, 4)).toMatchObject({ parent: null, orphan: null })
    expect(only(nodes, 8)).toMatchObject({ parent: null, orphan: 'not_collected' })
  })
  it('is cut where two processes name each other', () => {
    const nodes = tree([record({ pid: 1, parent_pid: 2, kind: 'seen' }), record({ pid: 2, parent_pid: 1, kind: 'seen' })])
    expect(nodes.map((n) => n.orphan).filter((o) => o !== null)).toEqual(['loop'])
  })
})

const anyRecord: fc.Arbitrary<ProcessRecord> = fc
  .record({
    kind: fc.constantFrom('start' as const, 'end' as const, 'seen' as const),
    pid: fc.integer({ min: 0, max: 12 }),
    parent_pid: fc.option(fc.integer({ min: 0, max: 12 })),
    start: fc.option(fc.integer({ min: 0, max: 40 })),
    end: fc.option(fc.integer({ min: 0, max: 60 })),
    last: fc.option(fc.integer({ min: 0, max: 60 })),
    name: fc.constantFrom('', 'a.exe', 'b.exe'),
    parent_name: fc.constantFrom('', 'a.exe', 'b.exe'),
    guid: fc.constantFrom('', '{1}', '{2}', '{3}'),
    parent_guid: fc.constantFrom('', '{1}', '{2}', '{3}'),
    source: fc.constantFrom('Pslist', 'Sysmon 1', 'Security 4688'),
    rows: fc.integer({ min: 1, max: 5 }),
  })
  .map((r) =>
    record({
      ...r,
      start: r.kind === 'start' && r.start !== null ? at(r.start / 2) : null,
      end: r.kind === 'seen' || r.end === null ? null : at(r.end / 2),
      last: r.last === null ? null : at(r.last / 2),
      first: r.last === null ? null : at(r.last / 2),
    }),
  )

describe('of any records at all', () => {
  it('every row is in one node, keys differ, and every walk to the root ends', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 60 }), (records) => {
        const nodes = tree(records)
        const rowsIn = nodes.flatMap((n) => [...n.sources.values()]).reduce((sum, s) => sum + s.rows, 0)
        expect(rowsIn).toBe(records.reduce((sum, r) => sum + r.rows, 0))
        expect(new Set(nodes.map((n) => n.key)).size).toBe(nodes.length)
        for (const node of nodes) {
          let steps = 0
          for (let one: ProcessNode | null = node; one !== null; one = one.parent) expect(steps++).toBeLessThanOrEqual(nodes.length)
          expect(node.parent !== null && node.orphan !== null).toBe(false)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('the nodes do not depend on the order of the records', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 30 }), (records) => {
        const told = records.map((r, i) => ({ ...r, row_id: String(i).padStart(32, '0') }))
        const facts = (nodes: readonly ProcessNode[]): string[] =>
          nodes.map((n) => `${n.pid} ${n.start} ${n.end} ${n.parent?.pid} ${n.orphan} ${[...n.sources.keys()].sort()}`).sort()
        expect(facts(tree(told.toReversed()))).toEqual(facts(tree(told)))
      }),
      { numRuns: 1000 },
    )
  })

  it('there are as many nodes as different ids and starts, however many sources tell each, rounded as they round', () => {
    const processes = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 40 })), {
      selector: ([pid, start]) => `${pid}@${start}`,
      maxLength: 40,
    })
    fc.assert(
      fc.property(processes, fc.infiniteStream(fc.integer({ min: 0, max: 999_999 })), (all, parts) => {
        const part = (): number => parts.next().value as number
        const records = all.flatMap(([pid, n]) => {
          const exact = at(n * 5) + part()
          const rounded = exact - (exact % second)
          return [
            record({ pid, start: exact, source: 'Sysmon 1' }),
            record({ pid, start: rounded, source: 'Security 4688' }),
            record({ pid, start: exact - (exact % 1000), source: 'Pslist' }),
          ]
        })
        expect(tree(records)).toHaveLength(all.length)
      }),
      { numRuns: 500 },
    )
  })
})
