// SQL for the event store is built from this template only: an interpolation is a typed parameter or another
// fragment, never text. What a user typed can therefore not become SQL; `raw()` is for text of our own and greppable.

/** ClickHouse types that a parameter may have. */
export type ParamType =
  | 'String'
  | 'Int64'
  | 'UInt64'
  | 'UInt32'
  | 'Float64'
  | 'Bool'
  | 'UUID'
  | "DateTime64(6, 'UTC')"
  | 'Array(String)'
  | 'Array(UUID)'
  | 'Array(UInt64)'
  | 'Array(Float64)'

interface Param {
  readonly kind: 'param'
  readonly type: ParamType
  readonly value: unknown
}

export interface Sql {
  readonly kind: 'sql'
  readonly texts: readonly string[]
  readonly args: readonly (Param | Sql)[]
}

export const sql = (texts: TemplateStringsArray, ...args: (Param | Sql)[]): Sql => ({ kind: 'sql', texts: [...texts], args })

export const param = (type: ParamType, value: unknown): Param => ({ kind: 'param', type, value })
export const text = (value: string): Param => param('String', value)

/** Text of our own code. Never pass anything that came from outside. */
export const raw = (ours: string): Sql => ({ kind: 'sql', texts: [ours], args: [] })

/** A table, column or database name of our own code; refuses anything that is not a plain identifier. */
export const ident = (name: string): Sql => {
  if (!/^[A-Za-z_@][A-Za-z0-9_@.]{0,127}$/.test(name)) throw new Error(`not an identifier: ${JSON.stringify(name)}`)
  return raw(`\`${name}\``)
}

export const join = (parts: readonly Sql[], separator: string): Sql => {
  const joined: Sql[] = []
  for (const [i, part] of parts.entries()) {
    if (i > 0) joined.push(raw(separator))
    joined.push(part)
  }
  return { kind: 'sql', texts: Array.from({ length: joined.length + 1 }, () => ''), args: joined }
}

export interface Rendered {
  query: string
  params: Record<string, unknown>
}

/** The statement with `{p0:Type}` placeholders, and the values to bind. */
export const render = (fragment: Sql): Rendered => {
  const params: Record<string, unknown> = {}
  let next = 0
  const write = (part: Sql): string => {
    let out = part.texts[0] ?? ''
    for (const [i, arg] of part.args.entries()) {
      if (arg.kind === 'sql') out += write(arg)
      else {
        const name = `p${next++}`
        params[name] = arg.value
        out += `{${name}:${arg.type}}`
      }
      out += part.texts[i + 1] ?? ''
    }
    return out
  }
  return { query: write(fragment), params }
}
