import { describe, expect, it } from 'vitest'
import { buildZip } from '../../../../test/harness/poison/build-zip.ts'
import { collectBytes, type Collected } from '../../../../test/harness/poison/collect.ts'

const codes = (found: Collected) => found.warnings.map((warning) => warning.code)
const header = 'Pid,Name,CommandLine\n'

describe('a CSV that ends inside its last row', () => {
  it('keeps the row with the cells that it has and says that the file is cut', async () => {
    const found = await collectBytes(`${header}1,a.exe,a\n2,b.e`, { name: 'x.csv' })
    expect(found.members[0]?.rows.map((row) => row.value)).toEqual([
      { Pid: '1', Name: 'a.exe', CommandLine: 'a' },
      { Pid: '2', Name: 'b.e' },
    ])
    expect(found.warnings).toEqual([
      {
        code: 'truncated_file',
        message: 'The last row ends after 2 of 3 columns, without a line end: the file is cut short',
        member: '',
        count: 1,
      },
    ])
  })

  it('says so behind more rows than the dialect is judged by, and inside of a ZIP', async () => {
    const long = await collectBytes(`${header}${'1,a.exe,a\n'.repeat(500)}2`, { name: 'x.csv' })
    expect([long.rows, codes(long)]).toEqual([501, ['truncated_file']])
    const data = `${header}1,a.exe,a\r\n2,b`
    const zip = buildZip([
      { name: 'client_info.json', data: '{"hostname":"PC1"}' },
      { name: 'results/Windows.System.Pslist.csv', data },
    ])
    const member = await collectBytes(zip)
    expect(member.rows).toBe(2)
    expect(member.warnings[0]).toMatchObject({ code: 'truncated_file', member: 'results/Windows.System.Pslist.csv' })
  })

  it('rejects what an unclosed quote takes along and says that the file is cut', async () => {
    const found = await collectBytes(`${header}1,a.exe,a\n2,b.exe,"b -`, { name: 'x.csv' })
    expect([found.rows, found.rejects.length, codes(found)]).toEqual([1, 1, ['truncated_file']])
  })

  it('is not what a missing line end behind a whole row tells, nor a short row in the middle', async () => {
    const whole = await collectBytes(`${header}1,a.exe,a\n2,b.exe,b`, { name: 'x.csv' })
    expect([whole.rows, whole.warnings]).toEqual([2, []])
    const short = await collectBytes(`${header}1,a.exe\n2,b.exe,b\n`, { name: 'x.csv' })
    expect([short.rows, codes(short)]).toEqual([2, ['csv_columns']])
  })

  it("may be cut in its last cell, which the missing line end of Velociraptor's writer lets one think", async () => {
    const found = await collectBytes(`Pid,Data\n1,"{""a"":1}"\n2,"{""a"":1}"`, { name: 'x.csv' })
    expect(found.rows).toBe(2)
    expect(found.warnings[0]).toMatchObject({ code: 'csv_end', count: 1 })
  })
})
