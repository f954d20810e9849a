import type { Engine } from './engine.ts'
import type { TableName } from './protocol/statement.ts'
import { literal } from './protocol/statement.ts'

/** Without dictionaries: reading text as text and letting the engine build the dictionaries of whole columns takes half the time. */
const asRead = (type: string): string => {
  const inner = /LowCardinality\(((?:[^()]|\([^()]*\))*)\)/
  return inner.test(type) ? asRead(type.replace(inner, '$1')) : type
}

const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, '$1')

/** How rows of a table stand in a file: the columns in their order, as text for the engine's file(). Kept until a table changes. */
export class Structures {
  readonly #engine: Engine
  readonly #known = new Map<string, string>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  forget(): void {
    this.#known.clear()
  }

  async of(name: TableName, signal: AbortSignal): Promise<string> {
    const key = `${name.database}.${name.table}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const where = `database = ${literal(name.database)} AND table = ${literal(name.table)}`
    const text = `SELECT name, type FROM system.columns WHERE ${where} ORDER BY position\nFORMAT TabSeparated`
    const parts: Uint8Array[] = []
    const task = { kind: 'read' as const, text, params: new Map<string, string>(), settings: {}, isStream: true, signal }
    for await (const chunk of this.#engine.run(task)) parts.push(chunk.bytes)
    const lines = Buffer.concat(parts).toString('utf8').split('\n').filter(Boolean)
    if (lines.length === 0) throw new Error(`Code: 60. DB::Exception: Unknown table ${key}. (UNKNOWN_TABLE)`)
    const columns = lines.map((line) => line.split('\t').map(unescaped)).map(([column = '', type = '']) => `\`${column}\` ${asRead(type)}`)
    this.#known.set(key, columns.join(', '))
    return columns.join(', ')
  }
}
