// Other people's data: never part of the project, read where it lies beside it.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectFile, type Collected } from '../../../../test/harness/poison/collect.ts'
import { type Json, jsonText, type ReadRow, type Row } from '../reading.ts'

const data = '../shared/data'
const isHere = existsSync(data)
if (!isHere) console.log('skipped: real data (../shared/data) is not there')

describe.skipIf(!isHere)('real exports of Velociraptor', () => {
  it.each([
    ['Collection-WIN-E5K9RC5GU23-2021-11-21T18_05_56-08_00.zip', 'collection_zip', 2, 6, 23],
    ['encrypted_collector_password.zip', 'encrypted_zip', 3, 6, 0],
    ['export.zip', 'collection_zip', 1, 1, 10],
    ['import_hunt.zip', 'hunt_zip', 1, 1, 12],
    ['unencrypted_collector.zip', 'legacy_collection_zip', 3, 6, 0],
    ['Windows.Events.ProcessCreation.2019-10-25.json', 'jsonl', 1, 6, 0],
    ['Windows.Network.NetstatEnriched.Netstat.json', 'jsonl', 1, 57, 0],
    ['autoruns.csv', 'csv', 1, 3, 0],
  ])('%s is a %s with %i members, %i rows and %i files without rows', async (name, ...wanted) => {
    const found = await collectFile(join(data, 'velociraptor', name), { name, password: 'hello' })
    expect(found.error).toBeNull()
    expect([found.kind, found.members.length, found.rows, found.membersIgnored]).toEqual(wanted)
    expect(found.rejects).toEqual([])
    expect(found.leftovers).toEqual([])
  })

  it('asks for the password of the encrypted one, and refuses a wrong one', async () => {
    const path = join(data, 'velociraptor/encrypted_collector_password.zip')
    expect((await collectFile(path)).error).toMatchObject({ needs: 'password', wrong: false })
    expect((await collectFile(path, { password: 'guess' })).error).toMatchObject({ needs: 'password', wrong: true })
  })
})

/** Columns that the artifact adds to what parse_evtx() gives. */
const added = new Set(['TimeCreated', 'Channel', 'EventRecordID', 'EventID', 'OSPath'])

/** Text of a record's columns, numbers of over 16 digits as strings (the other file has them so). */
function comparable(row: Row): string {
  const kept: Record<string, Json> = {}
  for (const key of Object.keys(row)) if (!added.has(key)) kept[key] = row[key] as Json
  return jsonText(kept).replaceAll(/:(\d{16,})(?=[,}])/g, ':"$1"')
}

const rowsOf = (found: Collected) => found.members.flatMap((member) => member.rows)

const differing = (some: readonly ReadRow[], others: readonly ReadRow[]) =>
  some.filter((row, at) => comparable(row.value) !== comparable(others[at]?.value ?? {})).length

describe.skipIf(!isHere)('427,145 events of attacks', () => {
  let folder = ''
  let manifest: string[][] = []
  /** Path, number of events, path of the same events as Velociraptor rows. */
  const filesIn = (top: string) => manifest.filter(([path = '']) => path.startsWith(top))
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'attack-logs-'))
    execFileSync('tar', ['xzf', join(data, 'attack-logs.tar.gz'), '-C', folder])
    const lines = readFileSync(join(folder, 'MANIFEST.tsv'), 'utf8').trim().split('\n').slice(1)
    manifest = lines.map((line) => line.split('\t')).map((columns) => [columns[0] ?? '', columns[3] ?? '', columns[7] ?? ''])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('reads 11,958 records of 301 event logs exactly as their Velociraptor rows say', { timeout: 120_000 }, async () => {
    const total = { files: 0, rows: 0, rejects: 0, warnings: 0, differing: 0 }
    for (const columns of filesIn('evtx/')) {
      const [path = '', events = '', rowsPath = ''] = columns
      const raw = await collectFile(join(folder, path))
      const rows = await collectFile(join(folder, rowsPath))
      expect([path, raw.rows, rows.rows]).toEqual([path, Number(events), Number(events)])
      total.files++
      total.rows += raw.rows
      total.rejects += raw.rejects.length
      total.warnings += raw.warnings.length
      total.differing += differing(rowsOf(raw), rowsOf(rows))
    }
    expect(total).toEqual({ files: 301, rows: 11_958, rejects: 0, warnings: 0, differing: 0 })
  })

  it('reads 415,187 flat lines of 68 files: all but the 6 of an audit log, which are no JSON and stand in the ledger', {
    timeout: 120_000,
  }, async () => {
    const total = { files: 0, rows: 0, rejects: 0 }
    for (const [path = '', events = ''] of filesIn('security-datasets/')) {
      const found = await collectFile(join(folder, path), { keepRows: false })
      expect([path, found.rows + found.rejects.length]).toEqual([path, Number(events)])
      total.files++
      total.rows += found.rows
      total.rejects += found.rejects.length
    }
    expect(total).toEqual({ files: 68, rows: 415_181, rejects: 6 })
  })
})
