import { expect, it } from 'vitest'
import { RowNotesStore } from './row-notes.ts'

const id = (n: number): string => n.toString(16).padStart(32, '0')
const settled = () => new Promise((resolve) => setTimeout(resolve))

const started = () => {
  const asked: string[][] = []
  const tags = new Map<string, string[]>()
  const runs: (() => void)[] = []
  const store = new RowNotesStore(
    (ids) => {
      asked.push(ids)
      return Promise.resolve(ids.flatMap((row_id) => (tags.has(row_id) ? [{ row_id, tags: tags.get(row_id) ?? [], comments: 0 }] : [])))
    },
    (run) => void runs.push(run),
  )
  const go = async () => {
    for (const run of runs.splice(0)) run()
    await settled()
  }
  return { asked, tags, store, go }
}

it('rows of one moment are asked for in one call, and a row is asked for once', async () => {
  const { asked, tags, store, go } = started()
  tags.set(id(1), ['evil'])
  let drawn = 0
  store.subscribe(id(1), () => drawn++)
  store.subscribe(id(2), () => drawn++)
  store.subscribe(id(1), () => drawn++)
  await go()
  expect(asked).toEqual([[id(1), id(2)]])
  expect(drawn).toBe(3)
  expect([store.get(id(1))?.tags, store.get(id(2))?.tags, store.get(id(3))]).toEqual([['evil'], [], undefined])
  store.subscribe(id(1), () => undefined)
  await go()
  expect(asked).toHaveLength(1)
})

it('a row that was scrolled past is not asked for', async () => {
  const { asked, store, go } = started()
  store.subscribe(id(1), () => undefined)()
  store.subscribe(id(2), () => undefined)
  await go()
  expect(asked).toEqual([[id(2)]])
})

it('what is old is asked for again in view, and forgotten elsewhere', async () => {
  const { asked, tags, store, go } = started()
  const leave = store.subscribe(id(1), () => undefined)
  store.subscribe(id(2), () => undefined)
  await go()
  leave()
  tags.set(id(2), ['new'])
  store.refresh()
  expect(store.get(id(1))).toBeUndefined()
  await go()
  expect(asked).toEqual([[id(1), id(2)], [id(2)]])
  expect(store.get(id(2))?.tags).toEqual(['new'])
})
