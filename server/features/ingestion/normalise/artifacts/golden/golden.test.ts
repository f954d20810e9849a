import { expect, it } from 'vitest'
import { facts, memberOf, rowFrom } from '../../decode-block.test-kit.ts'
import { normaliseRow } from '../../normalise-row.ts'
import { windowsRows, windowsInventoryRows } from './golden-windows.data.ts'
import { forensicRows } from './golden-forensics.data.ts'
import { unixRows } from './golden-unix.data.ts'
import { eventLogRows, detectionRows } from './golden-detection.data.ts'
import { checkGolden } from './golden.test-kit.ts'

checkGolden('processes and network of Windows', windowsRows)
checkGolden('persistence, accounts and inventory of Windows', windowsInventoryRows)
checkGolden('forensic artifacts', forensicRows)
checkGolden('Linux and macOS', unixRows)
checkGolden('event logs', eventLogRows)
checkGolden('detections', detectionRows)

it('keeps the names and digits of a nested prefetch header, with each run time as a time', () => {
  const raw =
    '{"_SCCAHeader":{"Info":{"LastRunTimes":[{"Date":"2022-02-21T01:03:45Z","Int":1},{"Date":"2022-02-20T01:03:45Z","Int":2}]}},"Executable":"A.EXE","LastRunTimes":["2022-02-21T01:03:45Z"],"RunCount":2}'
  const row = normaliseRow(memberOf('Windows.Forensics.Prefetch'), facts, rowFrom(raw))
  expect((row.fields as ReadonlyMap<string, string[]>).get('_SCCAHeader.Info.LastRunTimes.Int')).toEqual(['1', '2'])
  expect(row.time_field).toBe('LastRunTimes')
})

it('gives a process without a start no time: when its file was signed is none', () => {
  const raw =
    '{"Pid":1,"Ppid":0,"CommandLine":"","Exe":"","CreateTime":"1601-01-01T00:00:00Z","Authenticode":{"Timestamp":"2020-01-02T03:04:05Z","Trusted":"trusted"}}'
  expect(normaliseRow(memberOf('Windows.System.Pslist'), facts, rowFrom(raw))).toMatchObject({
    timestamp: null,
    time_names: [],
    file_code_signature_trusted: 'true',
  })
})
