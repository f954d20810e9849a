// What a value is, where nobody says it.
import type { IndicatorKind } from '../../../../shared/domain/indicators.ts'
import { bitsOf, rangeOf } from './addresses.ts'
import { domainOf, type Normalised, normaliseAs } from './normalise.ts'
import { bare, refang } from './refang.ts'

/** Words by which people and files name a kind, in lower case with blanks and dashes as underscores. */
const kindWords: Readonly<Record<string, IndicatorKind>> = {
  md5: 'md5',
  hash_md5: 'md5',
  sha1: 'sha1',
  sha_1: 'sha1',
  hash_sha1: 'sha1',
  sha256: 'sha256',
  sha_256: 'sha256',
  hash_sha256: 'sha256',
  filehash_md5: 'md5',
  filehash_sha1: 'sha1',
  filehash_sha256: 'sha256',
  imphash: 'imphash',
  import_hash: 'imphash',
  ip: 'ip',
  ipv4: 'ip',
  ipv6: 'ip',
  ip_address: 'ip',
  ip_dst: 'ip',
  ip_src: 'ip',
  ip_range: 'ip_range',
  cidr: 'ip_range',
  domain: 'domain',
  hostname: 'domain',
  fqdn: 'domain',
  domain_name: 'domain',
  url: 'url',
  uri: 'url',
  path: 'path',
  filepath: 'path',
  file_path: 'path',
  file: 'file_name',
  filename: 'file_name',
  file_name: 'file_name',
  mutex: 'mutex',
  mutant: 'mutex',
  email: 'email',
  e_mail: 'email',
  mail: 'email',
  user_agent: 'user_agent',
  useragent: 'user_agent',
  registry: 'registry_key',
  registry_key: 'registry_key',
  regkey: 'registry_key',
}
export const kindNamed = (word: string): IndicatorKind | null =>
  kindWords[
    word
      .trim()
      .toLowerCase()
      .replaceAll(/[\s./-]+/g, '_')
  ] ?? null

const fileEndings = new Set(
  'exe dll sys scr cpl ocx drv msi msp ps1 psm1 psd1 bat cmd vbs vbe js jse wsf wsh hta lnk jar class doc docm docx dot dotm xls xlsm xlsx xlsb xll ppt pptm pptx rtf pdf zip rar 7z gz tar cab iso img vhd vhdx one chm url inf reg dmp bin dat tmp txt log ini cfg xml json php asp aspx jsp jspx elf sh py so ko deb rpm dmg pkg plist dylib efi'.split(
    ' ',
  ),
)

const hashKinds: Readonly<Record<number, IndicatorKind>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' }

const isAddress = (text: string): boolean =>
  bitsOf(text) !== null || /^\d+\.\d+\.\d+\.\d+:\d{1,5}$/.test(text) || /^\[[0-9a-f:.]+\](:\d+)?$/i.test(text)

const isFileName = (text: string): boolean =>
  /^[^\\/:"<>|\s]+(?: [^\\/:"<>|\s]+)*\.[a-z0-9]{1,5}$/i.test(text) && fileEndings.has(text.split('.').at(-1)?.toLowerCase() ?? '')

const looks: readonly (readonly [kind: IndicatorKind, is: (text: string) => boolean])[] = [
  ['ip', isAddress],
  ['ip_range', (text) => rangeOf(text) !== null],
  ['url', (text) => /^[a-z][a-z0-9+.-]{1,15}:\/\/[^\s/]/i.test(text)],
  ['email', (text) => /^(?:mailto:)?[^\s@\\/"]+@[^\s@]+\.[^\s@]+$/i.test(text)],
  ['registry_key', (text) => /^(?:hk(?:lm|cu|u|cr|cc)|hkey_[a-z_]+|\\registry\\(?:machine|user)):?\\/i.test(text)],
  ['mutex', (text) => /^(?:global|local)\\|^(?:\\sessions\\\d+)?\\basenamedobjects\\/i.test(text)],
  [
    'path',
    (text) => /^(?:[a-z]:[\\/]|\\\\|%[a-z0-9_()]+%[\\/]|~\/|\*[\\/]|\/[^\s/])/i.test(text) || /^[^\s:]*[^\s:\\]\\[^\s]*$/.test(text),
  ],
  ['user_agent', (text) => /^(?:mozilla|opera|curl|wget|python-requests|go-http-client|java)\/[\d.]/i.test(text)],
  ['file_name', isFileName],
  ['domain', (text) => domainOf(text) !== null],
]

/** The kind that a value looks like; null: none. */
export const kindOf = (text: string): IndicatorKind | null => {
  if (/^[0-9a-f]+$/i.test(text)) return hashKinds[text.length] ?? null
  return looks.find(([, is]) => is(text))?.[0] ?? null
}

/** `mutex: Foo`, `sha256=...`: a value that names its own kind. */
const named = (text: string): { kind: IndicatorKind; value: string } | null => {
  const [, word = '', value = ''] = /^([a-z0-9][a-z0-9 _-]{1,15}?)\s*[:=]\s*(\S.*)$/i.exec(text) ?? []
  const kind = word === '' ? null : kindNamed(word)
  return kind === null ? null : { kind, value }
}

/** Where text is written so that it is not clicked on, and where it is what it says. */
const isWrittenSafe: ReadonlySet<IndicatorKind> = new Set(['ip', 'ip_range', 'domain', 'url', 'email', 'file_name'])

export const recognise = (given: string, hint: IndicatorKind | null): Normalised => {
  const stripped = bare(given)
  if (hint !== null) return normaliseAs(hint, isWrittenSafe.has(hint) ? refang(stripped) : stripped)
  const told = named(stripped)
  if (told !== null) return recognise(told.value, told.kind)
  const kind = kindOf(stripped) ?? kindOf(refang(stripped))
  if (kind === null) return { reason: 'Not recognised as any kind' }
  return normaliseAs(kind, isWrittenSafe.has(kind) ? refang(stripped) : stripped)
}
