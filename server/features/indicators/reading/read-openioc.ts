// OpenIOC 1.0 and 1.1. The little of XML that it needs is read here: no document type, no entity but those that XML itself has.
import type { IndicatorKind } from '../../../../shared/domain/indicators.ts'
import { type About, aboutOf, type Claim, type Given, ofAll, refuse } from './given.ts'

interface Node {
  name: string
  attributes: Readonly<Record<string, string>>
  children: Node[]
  text: string
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const character = (code: number): string =>
  code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : ''
const unescape = (text: string): string =>
  text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return character(Number.parseInt(hex, 16))
    if (decimal !== undefined) return character(Number(decimal))
    return entities[name ?? ''] ?? whole
  })

const markup = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<[?!][^>]*>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/g
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const local = (name: string): string => name.split(':').at(-1) ?? name
const deepest = 100

const attributesOf = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(attribute)].map(([, name = '', double, single]) => [local(name), unescape(double ?? single ?? '')]))

/** @throws Error when it nests too deeply */
export const readXml = (xml: string): Node => {
  const root: Node = { name: '', attributes: {}, children: [], text: '' }
  const open: Node[] = [root]
  let from = 0
  for (const found of xml.matchAll(markup)) {
    const [whole, cdata, closed, opened, attributes = '', isEmpty] = found
    const into = open.at(-1) ?? root
    into.text += unescape(xml.slice(from, found.index)) + (cdata ?? '')
    from = found.index + whole.length
    if (closed !== undefined && open.length > 1) open.pop()
    if (opened === undefined) continue
    const node: Node = { name: local(opened), attributes: attributesOf(attributes), children: [], text: '' }
    into.children.push(node)
    if (isEmpty === '/') continue
    if (open.push(node) > deepest) throw new Error(`It nests deeper than ${deepest} elements.`)
  }
  return root
}

function* all(node: Node, name: string): Generator<Node> {
  for (const child of node.children) {
    if (child.name === name) yield child
    else yield* all(child, name)
  }
}
const child = (node: Node, name: string): Node | undefined => node.children.find((one) => one.name === name)
const textIn = (node: Node | undefined, name: string): string => (node === undefined ? '' : (child(node, name)?.text.trim() ?? ''))

const searches: readonly (readonly [search: RegExp, kind: IndicatorKind])[] = [
  [/\/Md5sum$/i, 'md5'],
  [/\/Sha1sum$/i, 'sha1'],
  [/\/Sha256sum$/i, 'sha256'],
  [/imphash$/i, 'imphash'],
  [/^(?:FileItem\/FileName|ProcessItem\/name|DriverItem\/DriverName|ServiceItem\/path\/FileName)$/i, 'file_name'],
  [
    /^(?:FileItem\/(?:FullPath|FilePath)|ProcessItem\/(?:path|SectionList\/MemorySection\/Name)|ServiceItem\/(?:path|serviceDLL))$/i,
    'path',
  ],
  [/^(?:PortItem\/(?:remoteIP|localIP)|RouteEntryItem\/Destination|Network\/(?:remoteIP|IP)|ArpEntryItem\/IPv4Address)$/i, 'ip'],
  [/^(?:Network\/DNS|DnsEntryItem\/(?:Host|RecordName)|UrlHistoryItem\/HostName)$/i, 'domain'],
  [/^(?:Network\/URI|UrlHistoryItem\/URL|FileDownloadHistoryItem\/SourceURL)$/i, 'url'],
  [/^Network\/UserAgent$/i, 'user_agent'],
  [/^(?:RegistryItem\/(?:Path|KeyPath))$/i, 'registry_key'],
  [/^(?:ProcessItem\/HandleList\/Handle\/Name|Mutex\/Name)$/i, 'mutex'],
  [/^Email\/(?:From|To)$/i, 'email'],
]

const mayBeWild: ReadonlySet<IndicatorKind> = new Set(['path', 'file_name', 'registry_key'])

const withCondition = (kind: IndicatorKind, value: string, condition: string): Claim => {
  if (condition === 'is') return { kind, value }
  const around = { contains: `*${value}*`, 'starts-with': `${value}*`, 'ends-with': `*${value}` }[condition]
  if (around === undefined || !mayBeWild.has(kind)) return { unknown: `The condition ${condition.slice(0, 40)} of ${kind}`, value }
  return { kind, value: around }
}

const claimOf = (item: Node): Claim => {
  const search = child(item, 'Context')?.attributes.search ?? ''
  const value = textIn(item, 'Content')
  const condition = (item.attributes.condition ?? 'is').toLowerCase()
  const kind = searches.find(([pattern]) => pattern.test(search))?.[1]
  if (kind === undefined) return { unknown: search.slice(0, 80) || 'An item without a search', value }
  const isNegated = item.attributes.negate === 'true' || condition === 'isnot'
  return isNegated ? { unknown: 'An item that must not be', value } : withCondition(kind, value, condition)
}

function* ofIndicator(node: Node, about: About): Generator<Given> {
  const items = node.children.filter((one) => one.name === 'IndicatorItem')
  const inner = node.children.filter((one) => one.name === 'Indicator')
  if ((node.attributes.operator ?? 'OR').toUpperCase() === 'AND') {
    if (inner.length > 0)
      return yield refuse('Groups that must hold at once', [...all(node, 'Content')].map((one) => one.text.trim()).join(' AND '))
    if (items.length > 0) yield* ofAll(items.map(claimOf), about)
    return
  }
  for (const item of items) {
    const claim = claimOf(item)
    if ('kind' in claim) yield { value: claim.value, kind: claim.kind, about }
    else yield refuse(claim.unknown, claim.value)
  }
  for (const one of inner) yield* ofIndicator(one, about)
}

/** @throws Error as readXml does */
export function* readOpenIoc(xml: string): Generator<Given> {
  const root = readXml(xml)
  for (const ioc of [...all(root, 'ioc'), ...all(root, 'OpenIOC')]) {
    const metadata = child(ioc, 'metadata') ?? ioc
    const description = [textIn(metadata, 'short_description'), textIn(metadata, 'description')].filter((text) => text !== '').join(': ')
    const about = aboutOf({ source: textIn(metadata, 'authored_by'), description })
    const definition = child(ioc, 'definition') ?? child(ioc, 'criteria')
    for (const node of definition?.children ?? []) if (node.name === 'Indicator') yield* ofIndicator(node, about)
  }
}
