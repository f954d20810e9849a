// One stage from its tokens. Whatever is missing or too much is told where it is, with what could stand there.
import { closestName } from '../closest.ts'
import { type FieldName, type QueryFault, SyntaxFault, type Span } from '../tree.ts'
import type { StageToken } from './scan.ts'
import { type CountOp, type SortKey, type StackOrder, type Stage, stageKinds, stageLimits, stageNamed, stageWords } from './stage.ts'

const countWords = ['count', 'hosts'] as const
const countOps: ReadonlySet<string> = new Set(['>', '>=', '<', '<=', '='])
const stageList = [...stageKinds]
const stackWords = ['by host', 'rare', 'top', 'newest']

type More = { expected: string[]; suggestion?: string }
type Modifiers = { by_host: boolean; order: StackOrder | null; limit: number | null }

const endOf = (span: Span): number => span.position + span.length

class StageParser {
  private next = 0
  private readonly tokens: readonly StageToken[]
  private readonly end: number
  private readonly before: Span

  /** `before` is the pipe, `end` where the next pipe or the end of the text stands. */
  constructor(before: Span, tokens: readonly StageToken[], end: number) {
    this.before = before
    this.tokens = tokens
    this.end = end
  }

  stage(): Stage {
    const [first] = this.tokens
    if (first === undefined)
      this.fail(this.before, `There is no stage behind the | at character ${this.before.position + 1}.`, {
        expected: stageList,
        suggestion: '',
      })
    this.next = 1
    const name = first.kind === 'word' ? stageNamed(first.text) : null
    if (name === null) return this.noStage(first)
    const stage = this.body(name, first)
    const left = this.peek()
    if (left !== undefined) this.unexpected(left, name)
    const last = this.tokens.at(-1) ?? first
    return { ...stage, at: { position: first.position, length: endOf(last) - first.position } }
  }

  private body(name: Stage['kind'], first: StageToken): Stage {
    const at = { position: first.position, length: first.length }
    switch (name) {
      case 'stack': {
        const fields = this.names(name, stageLimits.stackFields)
        const { by_host, order, limit } = this.modifiers()
        return { kind: name, fields, by_host, order: order ?? 'rare', limit, at }
      }
      case 'timeline':
        return { kind: name, field: this.peek() === undefined ? null : this.name(name), at }
      case 'where':
        return this.where(at)
      case 'sort':
        return { kind: name, keys: this.list(name, stageLimits.sortKeys, () => this.sortKey()), at }
      case 'fields':
        return { kind: name, fields: this.names(name, stageLimits.fields), at }
      case 'dedup':
        return { kind: name, fields: this.names(name, stageLimits.dedupFields), at }
    }
  }

  private fail(span: Span, message: string, more: More): never {
    throw new SyntaxFault({ position: span.position, length: span.length, message, ...more })
  }

  /** The next token; one that could not be read is the mistake to tell. */
  private peek(): StageToken | undefined {
    const token = this.tokens[this.next]
    if (token?.kind === 'fault') throw new SyntaxFault(token.fault)
    return token
  }

  private here(): { span: Span; place: number } {
    const token = this.peek()
    const last = this.tokens[this.next - 1]
    const position = token?.position ?? (last === undefined ? this.end : endOf(last))
    return { span: { position, length: token?.length ?? 0 }, place: position + 1 }
  }

  private noStage(first: StageToken): never {
    if (first.kind === 'fault') throw new SyntaxFault(first.fault)
    const near = first.kind === 'word' ? closestName(first.text, stageKinds) : null
    const asked = near === null ? '' : ` Did you mean ${near}?`
    const what = first.kind === 'word' ? `There is no stage ${first.text.slice(0, 100)}` : 'The name of a stage is missing'
    const message = `${what} (character ${first.position + 1}).${asked} To search for a | put it into quotes.`
    this.fail(first, message, { expected: stageList, ...(near === null ? {} : { suggestion: near }) })
  }

  private unexpected(token: StageToken, name: Stage['kind']): never {
    const place = `(character ${token.position + 1})`
    const last = this.tokens[this.next - 1]
    if (token.kind === 'word') this.misplacedWord(token, name)
    const takesMore = name !== 'where' && name !== 'timeline'
    if ((token.kind === 'word' || token.kind === 'quoted') && last !== undefined && takesMore)
      this.fail(
        { position: endOf(last), length: token.position - endOf(last) },
        `Between two fields stands a comma; a name that holds a blank goes into quotes ${place}.`,
        { expected: name === 'stack' ? [',', ...stackWords, '|'] : [',', '|'], suggestion: ', ' },
      )
    this.fail(token, `This does not belong to ${name} ${place}.`, { expected: ['|', 'the end'] })
  }

  /** A word that is known, only not here; returns where it is none. */
  private misplacedWord(token: StageToken & { kind: 'word' }, name: Stage['kind']): void {
    const place = `(character ${token.position + 1})`
    if (stageNamed(token.text) !== null)
      this.fail(token, `Before the stage ${token.text} stands a | ${place}.`, { expected: ['|'], suggestion: `| ${token.text}` })
    if (name === 'where' && /^(and|or)$/i.test(token.text)) {
      const more = /^and$/i.test(token.text) ? { expected: ['|'], suggestion: '| where' } : { expected: ['|'] }
      this.fail(token, `One where holds one condition ${place}; another goes into a stage of its own.`, more)
    }
    const near = name === 'stack' && token.text.length > 1 ? closestName(token.text, ['by', 'rare', 'top', 'newest']) : null
    if (near !== null) this.fail(token, `Did you mean ${near} ${place}?`, { expected: [',', ...stackWords, '|'], suggestion: near })
  }

  private name(stage: Stage['kind']): FieldName {
    const token = this.peek()
    const { span, place } = this.here()
    if (token?.kind === 'quoted' || (token?.kind === 'word' && !stageWords.has(token.text.toLowerCase()))) {
      this.next++
      return { name: token.text, position: token.position, length: token.length }
    }
    const isWord = token?.kind === 'word'
    const asWord = isWord ? ` A field that is called ${token.text} goes into quotes.` : ''
    const after = this.next === 1 ? `after ${stage}` : 'here'
    const more = isWord ? { suggestion: `"${token.text}"` } : {}
    this.fail(span, `There is no field ${after} (character ${place}).${asWord}`, { expected: ['a field name'], ...more })
  }

  private list<T>(stage: Stage['kind'], most: number, one: () => T): T[] {
    const found = [one()]
    while (this.peek()?.kind === 'comma') {
      this.next++
      const token = this.peek()
      if (found.length === most && token !== undefined)
        this.fail(token, `${stage} takes at most ${most} fields (character ${token.position + 1}).`, { expected: ['|', 'the end'] })
      found.push(one())
    }
    return found
  }

  private names(stage: Stage['kind'], most: number): FieldName[] {
    const found = this.list(stage, most, () => this.name(stage))
    const seen = new Set<string>()
    for (const field of found) {
      const flat = field.name.toLowerCase()
      if (seen.has(flat))
        this.fail(field, `The field ${field.name} stands there twice (character ${field.position + 1}).`, {
          expected: ['another field name'],
        })
      seen.add(flat)
    }
    return found
  }

  private word(): string | null {
    const token = this.peek()
    return token?.kind === 'word' ? token.text.toLowerCase() : null
  }

  private sortKey(): SortKey {
    const isMinus = this.peek()?.kind === 'minus'
    if (isMinus) this.next++
    const field = this.name('sort')
    const direction = this.word()
    if (direction !== 'asc' && direction !== 'desc') return { field, descending: isMinus }
    const { span, place } = this.here()
    if (isMinus)
      this.fail(span, `The dash before ${field.name} says the direction already (character ${place}).`, {
        expected: [',', '|'],
        suggestion: '',
      })
    this.next++
    return { field, descending: direction === 'desc' }
  }

  private modifiers(): Modifiers {
    const found: Modifiers = { by_host: false, order: null, limit: null }
    for (let word = this.word(); word === 'by' || word === 'rare' || word === 'top' || word === 'newest'; word = this.word()) {
      const { span, place } = this.here()
      const isTwice = word === 'by' ? found.by_host : found.order !== null
      if (isTwice)
        this.fail(span, `There is a second ${word === 'by' ? 'by' : 'rare, top or newest'} (character ${place}).`, {
          expected: ['|', 'the end'],
          suggestion: '',
        })
      this.next++
      if (word === 'by') this.host()
      if (word === 'by') found.by_host = true
      else {
        found.order = word
        found.limit = this.limit()
      }
    }
    return found
  }

  private host(): void {
    const word = this.word()
    const { span, place } = this.here()
    if (word !== 'host' && word !== 'hosts')
      this.fail(span, `After by stands host (character ${place}): stack counts hosts; fields to group by stand behind a comma.`, {
        expected: ['host'],
        suggestion: span.length === 0 ? ' host' : 'host',
      })
    this.next++
  }

  private limit(): number | null {
    const token = this.peek()
    if (token?.kind !== 'number') return null
    this.next++
    const value = Number(token.text)
    if (!Number.isInteger(value) || value < 1 || value > stageLimits.stackGroups)
      this.fail(token, `At most ${stageLimits.stackGroups} groups are shown at once, and at least one (character ${token.position + 1}).`, {
        expected: [`a number from 1 to ${stageLimits.stackGroups}`],
        suggestion: value > stageLimits.stackGroups ? String(stageLimits.stackGroups) : '1',
      })
    return value
  }

  private where(at: Span): Stage {
    const word = this.word()
    const { span, place } = this.here()
    const of = countWords.find((known) => known === word)
    if (of === undefined) this.notCounted(span, word, place)
    this.next++
    const op = this.sign(of)
    const number = this.peek()
    const { span: where, place: numberPlace } = this.here()
    const value = number?.kind === 'number' ? Number(number.text) : Number.NaN
    if (!Number.isSafeInteger(value))
      this.fail(where, `After ${of} ${op} stands a whole number (character ${numberPlace}).`, { expected: ['a number'] })
    this.next++
    return { kind: 'where', of, op, value, at }
  }

  private notCounted(span: Span, word: string | null, place: number): never {
    const near = word === null ? null : closestName(word, countWords)
    const message = `where compares count (rows) or hosts of a group (character ${place}); a condition on rows goes before the first |.`
    this.fail(span, near === null ? message : `${message} Did you mean ${near}?`, {
      expected: ['count', 'hosts'],
      ...(near === null ? {} : { suggestion: near }),
    })
  }

  private sign(of: string): CountOp {
    const token = this.peek()
    const { span, place } = this.here()
    if (token?.kind === 'sign' && countOps.has(token.text)) {
      this.next++
      return token.text as CountOp
    }
    const more = token?.kind === 'sign' && token.text === '==' ? { suggestion: '=' } : {}
    this.fail(span, `After ${of} stands a comparison (character ${place}).`, { expected: [...countOps], ...more })
  }
}

/** Every stage from the first pipe on; the first mistake is thrown. */
export const parseStages = (tokens: readonly StageToken[], textEnd: number): Stage[] => {
  const stages: Stage[] = []
  for (let from = 0; from < tokens.length; ) {
    const next = tokens.findIndex((token, at) => at > from && token.kind === 'pipe')
    const to = next === -1 ? tokens.length : next
    const pipe = tokens[from] ?? { position: textEnd, length: 0 }
    if (stages.length === stageLimits.stages) {
      const message = `A query has at most ${stageLimits.stages} stages (character ${pipe.position + 1}).`
      const fault: QueryFault = { position: pipe.position, length: pipe.length, message, expected: ['fewer stages'] }
      throw new SyntaxFault(fault)
    }
    stages.push(new StageParser(pipe, tokens.slice(from + 1, to), tokens[to]?.position ?? textEnd).stage())
    from = to
  }
  return stages
}
