// Where in a value of the row that stands of which the rule speaks.
import { RE2JS } from 're2js'
import type { Part, Test } from '../sigma/rule.ts'
import { fold } from './fold.ts'
import { regexFlags } from './value-tests.ts'

export interface Hit {
  start: number
  end: number
}

const whole = (value: string): Hit[] => (value === '' ? [] : [{ start: 0, end: value.length }])

/** Each text of the value in its order; the last at the end of the value where nothing may follow it. */
const likeHits = (parts: readonly Part[], value: string): Hit[] => {
  const hits: Hit[] = []
  let from = 0
  for (const [index, part] of parts.entries()) {
    if (part.kind !== 'text') continue
    const isLast = index === parts.length - 1
    const start = isLast ? value.length - part.text.length : value.indexOf(part.text, from)
    if (start < from || !value.startsWith(part.text, start)) continue
    from = start + part.text.length
    hits.push({ start, end: from })
  }
  return hits
}

const folded = (parts: readonly Part[]): Part[] =>
  parts.map((part) => (part.kind === 'text' ? { kind: 'text', text: fold(part.text) } : part))

/** Of a test that holds for the value. */
export const hitsOf = (test: Test, value: string): readonly Hit[] => {
  if (test.kind === 'like') {
    const compared = test.is_cased ? value : fold(value)
    // a few letters get longer when they are folded: then no place of one is one of the other
    return compared.length === value.length ? likeHits(test.is_cased ? test.parts : folded(test.parts), compared) : whole(value)
  }
  if (test.kind === 'regex') {
    const found = RE2JS.compile(test.pattern, regexFlags(test.flags)).matcher(value)
    return found.find() ? [{ start: found.start(), end: found.end() }] : []
  }
  return test.kind === 'null' || test.kind === 'exists' ? [] : whole(value)
}
