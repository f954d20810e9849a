import type { IndicatorKind } from '../../../../shared/domain/indicators.ts'
import { type About, aboutOf, type Given, type Json, objectsOf, refuse, textOf, tlpOf } from './given.ts'

const types: Readonly<Record<string, IndicatorKind>> = {
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  imphash: 'imphash',
  'ip-src': 'ip',
  'ip-dst': 'ip',
  domain: 'domain',
  hostname: 'domain',
  url: 'url',
  link: 'url',
  filename: 'file_name',
  mutex: 'mutex',
  email: 'email',
  'email-src': 'email',
  'email-dst': 'email',
  'user-agent': 'user_agent',
  'http-user-agent': 'user_agent',
  regkey: 'registry_key',
}
const hashTypes: ReadonlySet<string> = new Set(['md5', 'sha1', 'sha256', 'imphash'])

const one = (kind: IndicatorKind, value: string, about: About): Given => ({
  value,
  kind: kind === 'ip' && value.includes('/') ? 'ip_range' : kind === 'file_name' && /[\\/]/.test(value) ? 'path' : kind,
  about,
})

/** `filename|sha256`, `ip-dst|port`, `domain|ip`: of a pair that which says more, of two addresses both. */
function* ofPair(type: string, value: string, about: About): Generator<Given> {
  const [leftType = '', rightType = ''] = type.split('|')
  const cut = value.indexOf('|')
  const [left, right] = cut === -1 ? [value, ''] : [value.slice(0, cut), value.slice(cut + 1)]
  const hash = types[rightType]
  if (hashTypes.has(rightType) && hash !== undefined) {
    yield one(hash, right, about)
    return yield { note: 'Left out beside what it was with: file_name' }
  }
  const kind = types[leftType]
  if (kind === undefined || !['port', 'ip', 'value'].includes(rightType)) return yield refuse(`Of type ${type.slice(0, 60)}`, value)
  yield one(kind, left, about)
  if (rightType === 'ip') yield one('ip', right, about)
  else yield { note: `Left out beside what it was with: ${rightType}` }
}

const tlpIn = (holder: Json | undefined): string | undefined =>
  objectsOf(holder?.Tag)
    .map((tag) => textOf(tag.name))
    .find((name) => tlpOf(/^tlp:/i.test(name) ? name : '') !== undefined)

function* ofAttribute(attribute: Json, event: Json | undefined, objectComment: string): Generator<Given> {
  const type = textOf(attribute.type)
  const value = textOf(attribute.value)
  if (attribute.deleted === true) return yield { note: 'Attributes that were deleted' }
  if (attribute.to_ids === false) return yield refuse('Not marked for detection (to_ids)', value)
  const [org] = objectsOf(event?.Orgc)
  const about = aboutOf({
    source: textOf(org?.name),
    tlp: tlpIn(attribute) ?? tlpIn(event),
    description: [textOf(event?.info), objectComment, textOf(attribute.comment)].filter((text) => text !== '').join(': '),
  })
  const kind = types[type]
  if (kind !== undefined) return yield one(kind, value, about)
  if (type.includes('|')) return yield* ofPair(type, value, about)
  yield refuse(`Of type ${type.slice(0, 60) || '(none)'}`, value)
}

const eventsOf = (document: unknown): Json[] =>
  objectsOf(document).flatMap((object) => {
    if (object.response !== undefined) return eventsOf(object.response)
    if (object.Event !== undefined) return objectsOf(object.Event)
    return object.Attribute === undefined && object.Object === undefined ? [] : [object]
  })

/** One event, several, or the answer of a search. */
export function* readMisp(document: unknown): Generator<Given> {
  for (const event of eventsOf(document)) {
    for (const attribute of objectsOf(event.Attribute)) yield* ofAttribute(attribute, { ...event, ...objectsOf(attribute.Event)[0] }, '')
    for (const object of objectsOf(event.Object))
      for (const attribute of objectsOf(object.Attribute)) yield* ofAttribute(attribute, event, textOf(object.comment))
  }
}
