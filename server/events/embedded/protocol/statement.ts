// What may reach the engine. The product compiles its statements from a template with bound parameters; this is the second
// lock behind it, for an engine that has no users: one statement, no file, no network, one tenant's database.
import type { Token } from './lex.ts'
import { RefusedError, tokens } from './lex.ts'

export interface TableName {
  database: string
  table: string
}

export interface Statement {
  kind: 'read' | 'write' | 'insert'
  /** Without a trailing FORMAT clause. */
  text: string
  /** Of the answer of a read, or of the rows that an insert brings; null when the statement names none. */
  format: string | null
  /** Names of its parameters. */
  params: ReadonlySet<string>
  /** The table of an insert that brings whole rows; null when it names columns. */
  target: TableName | null
  /** Makes, changes or removes a table. */
  isDdl: boolean
}

const reads = new Set(['SELECT', 'WITH', 'SHOW', 'EXISTS', 'DESCRIBE', 'DESC', 'EXPLAIN', 'CHECK'])
const writes = new Set(['CREATE', 'DROP', 'ALTER', 'TRUNCATE', 'DELETE', 'OPTIMIZE', 'RENAME', 'EXCHANGE'])
const answerFormats = new Set(['JSON', 'JSONEachRow', 'JSONCompactEachRow', 'TabSeparated', 'RowBinary', 'Null'])
const rowFormats = new Set(['RowBinary', 'JSONEachRow', 'TabSeparated'])
const never = new Set(['OUTFILE', 'INFILE', 'FUNCTION', 'TEMPORARY', 'ATTACH', 'DETACH', 'FREEZE', 'FETCH', 'BACKUP', 'RESTORE', 'LIVE'])
const engines = /^((Replacing|Summing|Aggregating)?MergeTree|Memory|Null|Atomic)$/

/** Functions that read files, other servers, other tables by a name in a string, or run programs. Table functions are refused wholesale below. */
const reaching =
  /^(file|fileCluster|url|urlCluster|s3\w*|gcs|hdfs\w*|azure\w*|remote\w*|cluster\w*|executable\w*|input|mysql|postgresql|mongodb|redis|sqlite|odbc|jdbc|iceberg\w*|delta\w*|hudi\w*|paimon\w*|ytsaurus|merge|mergeTree\w*|loop|python|arrow\w*|dictionary|dict[A-Z]\w*|joinGet\w*|catboost\w*|hasColumnInTable|filesystem\w*|showCertificate|addressTo\w+|demangle|sleep\w*|generateRandom|fuzz\w+|viewExplain|timeSeries\w*|prometheus\w*)$/i
const tableFunctions = new Set(['numbers', 'zeros', 'values', 'view', 'cast'])

const isWord = (token: Token | undefined, ...words: string[]): boolean => token?.kind === 'word' && words.includes(token.text.toUpperCase())
const isSign = (token: Token | undefined, text: string): boolean => token?.kind === 'sign' && token.text === text
const isName = (token: Token | undefined): token is Token => token !== undefined && (token.kind === 'word' || token.kind === 'quoted')

const refuse = (why: string): never => {
  throw new RefusedError(why)
}

const checkCall = (list: readonly Token[], i: number): void => {
  const token = list[i]
  if (!isName(token) || !isSign(list[i + 1], '(')) return
  if (reaching.test(token.text)) refuse(`the function ${token.text} is not open here`)
  if (isWord(list[i - 1], 'FROM', 'JOIN') && token.kind === 'word' && !tableFunctions.has(token.text.toLowerCase()))
    refuse(`the table function ${token.text} is not open here`)
}

const tenantDatabase = /^t_[0-9a-f]{32}$/

/** A request that is bound to a tenant's database names no other, wherever in the statement. */
const checkDatabase = (token: Token, database: string | null): void => {
  if (database === null || token.kind === 'number' || token.kind === 'sign' || token.kind === 'param') return
  const bare = token.kind === 'string' ? token.text.slice(1, -1) : token.text
  const named = bare.split('.')[0] ?? ''
  if (tenantDatabase.test(named) && named !== database) refuse('the statement names a database that is not its own')
}

const checkToken = (list: readonly Token[], i: number, database: string | null): void => {
  const token = list[i]
  if (token === undefined) return
  if (isSign(token, ';')) refuse('one statement at a time')
  if (token.kind === 'word' && never.has(token.text.toUpperCase())) refuse(`${token.text} is not open here`)
  if (token.kind === 'string' && isWord(list[i - 1], 'FROM', 'JOIN', 'TABLE')) refuse('a table is not named by a string')
  if (isWord(token, 'ENGINE') && !engines.test(list[isSign(list[i + 1], '=') ? i + 2 : i + 1]?.text ?? ''))
    refuse('the table engine is not open here')
  checkCall(list, i)
  checkDatabase(token, database)
}

const withoutEnd = (list: Token[]): Token[] => {
  while (isSign(list.at(-1), ';')) list.pop()
  return list
}

const formatAtEnd = (list: readonly Token[]): string | null => {
  const last = list.at(-1)
  return isName(last) && isWord(list.at(-2), 'FORMAT') ? last.text : null
}

const kindOf = (list: readonly Token[], hasBody: boolean): Statement['kind'] => {
  const first = list.find((t) => !isSign(t, '('))
  const verb = first?.kind === 'word' ? first.text.toUpperCase() : ''
  if (reads.has(verb)) return 'read'
  if (verb !== 'INSERT') return writes.has(verb) ? 'write' : refuse(`a statement that begins with ${verb || 'nothing'} is not open here`)
  if (list.some((t, i) => isWord(t, 'VALUES') && !isName(list[i - 1]) && i < 40 && !isWord(list[i - 1], 'FROM')))
    return refuse('rows are sent as a body')
  return hasBody ? 'insert' : 'write'
}

const checkFormat = (kind: Statement['kind'], format: string | null): void => {
  if (kind === 'insert' && (format === null || !rowFormats.has(format))) refuse(`rows in the format ${format ?? '(none)'} are not taken`)
  if (kind === 'read' && format !== null && !answerFormats.has(format)) refuse(`answers in the format ${format} are not given`)
  if (kind === 'write' && format !== null) refuse('this statement takes no format')
}

const targetOf = (list: readonly Token[]): TableName | null => {
  const [database, dot, table, end] = list.slice(isWord(list[2], 'TABLE') ? 3 : 2)
  return isName(database) && isSign(dot, '.') && isName(table) && isWord(end, 'FORMAT')
    ? { database: database.text, table: table.text }
    : null
}

/**
 * @param database the tenant's database that the request is bound to; null for the product's own housekeeping.
 * @throws RefusedError
 */
export const readStatement = (source: string, o: { database: string | null; hasBody: boolean }): Statement => {
  const list = withoutEnd(tokens(source))
  for (const i of list.keys()) checkToken(list, i, o.database)
  const kind = kindOf(list, o.hasBody)
  const format = formatAtEnd(list)
  checkFormat(kind, format)
  if (kind === 'read' && list.some((t) => isWord(t, 'SETTINGS'))) refuse('a query takes its settings beside it')
  if (kind === 'insert' && list.some((t) => isWord(t, 'SELECT', 'WITH'))) refuse('an insert brings rows or selects them')
  const end = format === null ? (list.at(-1)?.at ?? 0) + lengthOf(source, list.at(-1)) : (list.at(-2)?.at ?? 0)
  return {
    kind,
    text: source.slice(0, end).trimEnd(),
    format,
    params: new Set(list.filter((t) => t.kind === 'param').map((t) => t.text)),
    target: kind === 'insert' ? targetOf(list) : null,
    isDdl: isWord(list[0], 'CREATE', 'ALTER', 'DROP', 'RENAME', 'EXCHANGE'),
  }
}

const lengthOf = (source: string, last: Token | undefined): number => {
  if (last === undefined) return 0
  const closed = { quoted: 2, param: 0, word: 0, string: 0, number: 0, sign: 0 }[last.kind]
  return last.kind === 'param' ? source.indexOf('}', last.at) + 1 - last.at : last.text.length + closed
}

/** A string literal that holds exactly `value`. */
export const literal = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`
