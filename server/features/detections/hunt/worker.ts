// The thread in which rows meet rules: the one that serves requests is never kept waiting by them.
import { parentPort } from 'node:worker_threads'
import type { BaseMatch } from '../correlate/correlate.ts'
import { correlate, fieldsNeeded } from '../correlate/correlate.ts'
import { fieldValues } from '../match/field-values.ts'
import type { RowView } from '../sources/row-view.ts'
import { GroupDecoder } from './decode-groups.ts'
import type { Answers, Ask, CorrelateAsk, CorrelatedRow, Matched, Reply, Request, RunnableRule } from './messages.ts'
import { type HuntSet, huntSetOf, planOf } from './rule-sets.ts'

/** Those of a tenant or two, and a rule that somebody is trying. */
const mostSets = 4

const sets = new Map<string, HuntSet>()
const coming = new Map<string, RunnableRule[]>()

const setOf = (name: string): HuntSet => {
  const set = sets.get(name)
  if (set === undefined) throw new Error('these rules are not here any more')
  // the one used last is the last to go
  sets.delete(name)
  sets.set(name, set)
  return set
}

const compile = (name: string): Answers['compile'] => {
  const rules = coming.get(name)
  coming.delete(name)
  if (rules !== undefined) {
    sets.set(name, huntSetOf(rules))
    for (const [oldest] of sets) if (sets.size > mostSets) sets.delete(oldest)
  }
  const set = sets.get(name)
  return { is_new: set === undefined, rules: set?.rules ?? 0 }
}

class Matching {
  private readonly decoder = new GroupDecoder()
  private readonly found = new Map<string, Uint8Array[]>()
  private readonly match: (row: RowView) => readonly string[]
  private groups = 0
  private rows = 0

  constructor(set: HuntSet, pass: number) {
    const rules = set.passes[pass]?.rules
    if (rules === undefined) throw new Error(`there is no pass ${pass}`)
    this.match = (row) => rules.match(row)
  }

  take(bytes: Uint8Array): void {
    this.decoder.take(bytes, ({ row, ids }) => {
      this.groups++
      this.rows += ids.length / 16
      const keys = this.match(row)
      if (keys.length === 0) return
      const kept = Uint8Array.from(ids)
      for (const key of keys) {
        const list = this.found.get(key)
        if (list === undefined) this.found.set(key, [kept])
        else list.push(kept)
      }
    })
  }

  end(): Matched {
    this.decoder.end()
    const found = [...this.found].map(([key, ids]) => ({ key, ids: Uint8Array.from(Buffer.concat(ids)) }))
    return { groups: this.groups, rows: this.rows, found }
  }
}

let matching: Matching | null = null
const underWay = (): Matching => {
  if (matching === null) throw new Error('nothing is being matched')
  return matching
}

const correlateRows = ({ correlations, names }: CorrelateAsk, rows: readonly CorrelatedRow[]): Answers['correlate'] => {
  const byName = new Map(names)
  const resolve = (name: string): string | null => byName.get(name.toLowerCase()) ?? null
  const needed = fieldsNeeded(correlations, resolve)
  const matches = rows.map((row): BaseMatch => {
    const view: RowView = { ...row, fields: new Map(Object.entries(row.fields)) }
    return { rule: row.key, row_id: row.row_id, at: row.at, values: fieldValues(view, needed.get(row.key) ?? new Set()) }
  })
  return correlate({ correlations, resolve, matches })
}

const answer = (ask: Ask): Answers[keyof Answers] => {
  switch (ask.kind) {
    case 'rules': {
      const rules = coming.get(ask.set) ?? []
      coming.set(ask.set, rules)
      rules.push(...(JSON.parse(ask.text) as RunnableRule[]))
      return null
    }
    case 'compile':
      return compile(ask.set)
    case 'plan':
      return planOf(setOf(ask.set), ask.classes)
    case 'begin':
      matching = new Matching(setOf(ask.set), ask.pass)
      return null
    case 'chunk':
      underWay().take(ask.bytes)
      return null
    case 'end': {
      const done = underWay().end()
      matching = null
      return done
    }
    case 'correlate':
      return correlateRows(ask.ask, ask.matches)
  }
}

parentPort?.on('message', (request: Request) => {
  let reply: Reply
  try {
    reply = { id: request.id, ok: true, answer: answer(request) }
  } catch (error) {
    reply = { id: request.id, ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
  parentPort?.postMessage(reply, [])
})
