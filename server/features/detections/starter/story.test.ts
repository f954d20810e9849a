import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type FlatRow, readFlatRows } from '../../ingestion/index.ts'
import { writeDemo } from '../../ingestion/demo/write-exports.ts'
import { compileRuleSet } from '../match/rule-set.ts'
import { readSigma } from '../sigma/read-sigma.ts'
import { starterDocuments } from './starter-documents.ts'

const ruleSet = () =>
  compileRuleSet(
    starterDocuments()
      .flatMap(({ text }) => readSigma(text, { valuesOf: () => null }))
      .flatMap((read) => (read.ok && read.document.kind === 'rule' ? [{ key: read.document.about.title, rule: read.document }] : [])),
  )

const found = async (): Promise<{ title: string; row: FlatRow }[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-story-'))
  try {
    const set = ruleSet()
    const all: { title: string; row: FlatRow }[] = []
    const { files } = await writeDemo({ seed: 1, hosts: 40, scale: 0.01, exports: 1 }, folder)
    for (const file of files)
      await readFlatRows(
        file,
        (row) => {
          for (const title of set.match(row)) all.push({ title, row })
        },
        new AbortController().signal,
      )
    return all
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

it('tells the intrusion of the demo in its order, and little else', async () => {
  const all = await found()
  const records = all.filter(({ row }) => row.artifact === 'Windows.EventLogs.Evtx').sort((a, b) => (a.row.time ?? 0) - (b.row.time ?? 0))
  const service = 'Service Installed From a Folder for Data of Programs'
  expect(records.map(({ title }) => title)).toEqual([
    'Library Run by rundll32 From a Drive Other Than the System Drive',
    'Scheduled Task Made for a Program Among Data or in a Profile',
    ...Array<string>(4).fill('Command for Exploring Domain and User From a Program Outside the Program Folders'),
    'Memory of lsass Written by comsvcs',
    service,
    'Archive With a Password Made From the Command Line',
    'Copy to a Cloud in the Manner of rclone',
    'Security Log Was Cleared',
  ])
  const states = all.filter(
    ({ row }) => row.artifact !== 'Windows.EventLogs.Evtx' && JSON.stringify([...row.fields.values()]).includes('elay'),
  )
  expect([...new Set(states.map(({ title }) => title))].sort()).toEqual([
    'Archive Written Into a Folder for Data of Programs',
    'Dates of a Program File Were Set Back',
    'Process Without Trusted Signature Outside the Program Folders',
    'Program Under Another Name Than Its Own in a Folder for Data',
    'Scheduled Task Without Trusted Signature Outside the Program Folders',
    service,
    'Service Without Trusted Signature Outside the Program Folders',
  ])
  const others = all.length - records.length - states.length
  expect(others).toBeLessThanOrEqual(5)
}, 30_000)
