import { describe, expect, it } from 'vitest'
import { buildZip } from '../../../../test/harness/poison/build-zip.ts'
import { collectBytes, type Collected } from '../../../../test/harness/poison/collect.ts'
import { UnreadableError } from '../reading.ts'

const messages = (found: Collected) => found.warnings.map(({ code, message }) => [code, message])

describe('a file of markup', () => {
  it.each([
    [
      'one line of XML',
      'a.xml',
      '<?xml version="1.0"?><Events><Event a="1,2" b="3"/></Events>',
      /^This is an XML document, not an export of rows\./,
    ],
    [
      'XML of events without a head',
      'x',
      '<Event xmlns="http://x,y"><System><EventID>1</EventID></System></Event>\n',
      /^This is an XML document/,
    ],
    ['XML of many lines with commas', 'a.csv', `<?xml version="1.0"?>\n${'<a>1,2</a>\n'.repeat(20)}`, /^This is an XML document/],
    [
      'a page',
      'export.csv',
      '<!DOCTYPE html><html><body>Sign in, please</body></html>',
      /^This is a web page \(HTML\), not an export of rows/,
    ],
    ['a page without its type', 'x', '  <html lang="en"><p>a;b;c</p></html>', /^This is a web page \(HTML\)/],
  ])('is refused by what it is: %s', async (_what, name, text, wanted) => {
    const found = await collectBytes(text, { name })
    expect(found.error).toBeInstanceOf(UnreadableError)
    expect(found.error?.message).toMatch(wanted)
    expect(found.members).toEqual([])
  })

  it('is not what a CSV is whose first column is named oddly', async () => {
    const found = await collectBytes('<none>,<b>\n1,2\n', { name: 'x.csv' })
    expect([found.error, found.rows]).toEqual([null, 1])
  })
})

describe('a file without a row', () => {
  it.each([
    ['a header alone', 'x.csv', 'Pid,Name\n', 'There is a header and no row behind it'],
    ['a header without a line end', 'x', 'Pid;Name', 'There is a header and no row behind it'],
    ['an empty array', 'x.json', '[]', 'No row was found in this file'],
  ])('says so: %s', async (_what, name, text, wanted) => {
    const found = await collectBytes(text, { name })
    expect(found.error).toBeNull()
    expect(messages(found)).toEqual([['no_rows', wanted]])
  })

  it('says so of a collection of which no artifact found anything, and of none that has a row', async () => {
    const zip = (data: string) =>
      buildZip([
        { name: 'client_info.json', data: '{"hostname":"PC1"}' },
        { name: 'results/Windows.A.B.json', data },
        { name: 'results/Windows.C.D.json', data: '' },
      ])
    expect(messages(await collectBytes(zip('')))).toEqual([['no_rows', 'None of the 2 files with results holds a row']])
    expect(messages(await collectBytes(zip('{"a":1}\n')))).toEqual([])
  })
})
