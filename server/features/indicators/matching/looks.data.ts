// Where indicators of each kind are looked for, as SQL over one distinct value `v` of a column: the keys that it may stand under.
import type { IndicatorKind } from '../../../../shared/domain/indicators.ts'

export interface Look {
  column: string
  kinds: readonly IndicatorKind[]
  /** One key of `v`, to be tried for each row: cheap. */
  key?: string
  /** Several keys of `v`, to be tried for each distinct value. */
  keys?: string
  /** Patterns of the kind are tried too, against this form of `v`. */
  wild?: string
}

const lower = 'lowerUTF8(toString(v))'
const named = (column: string, kinds: readonly IndicatorKind[]): Look => ({ column, kinds, key: lower })
const patterned = (column: string, kind: IndicatorKind): Look => ({ column, kinds: [kind], key: lower, wild: lower })

const address = 'lower(hex(toIPv6OrDefault(v)))'
const ranges = `arrayMap(n -> concat(lower(hex(tupleElement(IPv6CIDRToRange(toIPv6OrDefault(v), toUInt8(n)), 1))), '/', toString(n)), {lengths})`
const addresses = (column: string): Look => ({
  column,
  kinds: ['ip', 'ip_range'],
  keys: `if(toIPv6OrNull(v) IS NULL, [], arrayConcat([${address}], ${ranges}))`,
})

const plainName = "trimRight(lower(toString(v)), '.')"
const labels = `splitByChar('.', ${plainName})`
const domains = (column: string): Look => ({
  column,
  kinds: ['domain'],
  keys: `arrayMap(n -> arrayStringConcat(arraySlice(${labels}, n), '.'), range(1, least(length(${labels}), 40)))`,
})

const noFragment = "replaceRegexpOne(lowerUTF8(v), '#.*$', '')"
const noPort = [
  ['https', '443'],
  ['http', '80'],
  ['ftp', '21'],
].reduce((url, [scheme, port]) => `replaceRegexpOne(${url}, '^(${scheme}://[^/?:]*):${port}([/?]|$)', '\\\\1\\\\2')`, noFragment)

const hives = [
  ['^(hkey_local_machine|\\\\\\\\registry\\\\\\\\machine|machine)(\\\\\\\\|$)', 'hklm\\\\2'],
  ['^(hkey_current_user)(\\\\\\\\|$)', 'hkcu\\\\2'],
  ['^(hkey_users|\\\\\\\\registry\\\\\\\\user)(\\\\\\\\|$)', 'hku\\\\2'],
  ['^(hkey_classes_root)(\\\\\\\\|$)', 'hkcr\\\\2'],
  ['^hku(\\\\\\\\)s-1-5-21-[0-9-]+_classes(\\\\\\\\|$)', 'hkcu\\\\1software\\\\1classes\\\\2'],
  ['^hku\\\\\\\\s-1-5-21-[0-9-]+(\\\\\\\\|$)', 'hkcu\\\\1'],
  ['(\\\\\\\\)controlset[0-9]{3}(\\\\\\\\|$)', '\\\\1currentcontrolset\\\\2'],
] as const
const oneSlash = "replaceRegexpAll(replaceAll(lowerUTF8(v), '/', '\\\\'), '\\\\\\\\+', '\\\\\\\\')"
const unquoted = `replaceRegexpOne(${oneSlash}, '^(hk[a-z_]+):', '\\\\1')`
const registry = hives.reduce((key, [from, to]) => `replaceRegexpOne(${key}, '${from}', '${to}')`, unquoted)
const parts = `splitByChar('\\\\', ${registry})`

/** Of typed columns. `{lengths}` stands for the lengths of the ranges that there are. */
export const looks: readonly Look[] = [
  named('hash_md5', ['md5']),
  named('hash_sha1', ['sha1']),
  named('hash_sha256', ['sha256']),
  addresses('source_ip'),
  addresses('destination_ip'),
  domains('destination_domain'),
  domains('dns_question_name'),
  domains('url_domain'),
  { column: 'url_full', kinds: ['url'], keys: `[trimRight(${noPort}, '/')]` },
  patterned('file_path', 'path'),
  patterned('process_executable', 'path'),
  patterned('process_parent_executable', 'path'),
  patterned('file_name', 'file_name'),
  patterned('process_name', 'file_name'),
  patterned('process_parent_name', 'file_name'),
  named('user_name', ['email']),
  named('user_target_name', ['email']),
  {
    column: 'registry_path',
    kinds: ['registry_key'],
    keys: `arrayMap(n -> arrayStringConcat(arraySlice(${parts}, 1, n), '\\\\'), range(2, least(length(${parts}), 60) + 1))`,
    wild: registry,
  },
]

/** Every value of a row, and the import hash that Sysmon puts among others. */
export const lines =
  "arrayConcat(splitByChar('\\n', text), if(position(text, 'imphash=') > 0, extractAll(text, 'imphash=([0-9a-f]{32})'), []))"
