import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stixObjects } from './stix.ts'

const limits = { objectBytes: 10_000, objects: 100, totalBytes: 1_000_000 }
async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const read = async (text: string, size = 7, more: Partial<typeof limits> = {}): Promise<unknown[]> => {
  const found: unknown[] = []
  for await (const object of stixObjects(inPieces(text, size), { ...limits, ...more })) found.push(object)
  return found
}

describe('a bundle', () => {
  it('gives its objects one by one, wherever the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        async (objects, size) => {
          const text = JSON.stringify({ type: 'bundle', objects })
          expect(await read(text, size)).toEqual(JSON.parse(JSON.stringify(objects)))
        },
      ),
      { numRuns: 100 },
    )
  })

  it.each([
    ['[]', 'it begins with no object'],
    ['', 'it has no objects'],
    ['{"objects":[]}', 'it has no objects'],
    ['{"objects":[{"a":1}', 'it ends in the middle'],
    ['{"objects":[{"a":1}]}}', 'a bracket too many'],
    ['{"objects":[{a:1}]}', 'an object is not JSON'],
  ])('that is none is refused with what is wrong: %s', async (text, says) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'malformed', message: expect.stringContaining(says) as string })
  })

  it('over a limit is refused', async () => {
    const text = JSON.stringify({ objects: [{ a: 'x'.repeat(200) }, { b: 1 }] })
    for (const more of [{ objectBytes: 100 }, { objects: 1 }, { totalBytes: 100 }])
      await expect(read(text, 64, more)).rejects.toMatchObject({ code: 'too_large' })
  })
})
