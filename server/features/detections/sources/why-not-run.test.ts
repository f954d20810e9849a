import { expect, it } from 'vitest'
import { readSigma } from '../sigma/read-sigma.ts'
import { whyNotRun } from './why-not-run.ts'

const why = (source: string, condition: string): string | null => {
  const detection = '{ a: { Image|endswith: /sh }, b: { ParentImage|endswith: /cron } }'
  const [read] = readSigma(`title: T\nlogsource: { ${source} }\ndetection: ${detection.replace(' }', ` }, condition: ${condition}`)}`, {
    valuesOf: () => null,
  })
  if (read?.ok !== true || read.document.kind !== 'rule') throw new Error(JSON.stringify(read))
  return whyNotRun(read.document)
}

it('says nothing of a rule to which rows go', () => {
  expect(why('product: windows, category: process_creation', 'a and not b')).toBeNull()
  expect(why('product: macos, category: process_creation', 'a')).toBeNull()
})

it('names the log source of which no row is', () => {
  expect(why('product: cisco, service: aaa', 'a')).toMatch(/^No row here is of the log source cisco \/ aaa\. ./)
})

it('names the fields that the only rows of a log source lack', () => {
  expect(why('product: macos, category: process_creation', 'a and not b')).toMatch(/macos \/ process_creation .* lack ParentImage:/)
})
