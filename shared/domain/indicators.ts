// What both sides must agree on about indicators: what kinds there are, and where in a row each is looked for.

export const indicatorKinds = [
  'md5',
  'sha1',
  'sha256',
  'imphash',
  'ip',
  'ip_range',
  'domain',
  'url',
  'path',
  'file_name',
  'mutex',
  'email',
  'user_agent',
  'registry_key',
] as const
export type IndicatorKind = (typeof indicatorKinds)[number]

/** Traffic light protocol 2.0; `none`: nothing is said. */
export const tlps = ['none', 'clear', 'green', 'amber', 'amber+strict', 'red'] as const
export type Tlp = (typeof tlps)[number]

export const indicatorStates = ['active', 'expired', 'allowed', 'too_common'] as const
export type IndicatorState = (typeof indicatorStates)[number]

/** An indicator that stands in more rows than this says nothing of a host: the rows are counted, and not kept as matches. */
export const mostRowsOfIndicator = 100_000

export interface KindFacts {
  label: string
  /** The typed columns that it is looked for in. */
  columns: readonly string[]
  /** Looked for in every value of a row too, whatever the column is called. */
  everywhere: boolean
  /** How two values are the same, in one sentence. */
  how: string
}

const hash = 'The same digits, upper or lower case.'
export const kindFacts: Readonly<Record<IndicatorKind, KindFacts>> = {
  md5: { label: 'MD5', columns: ['hash_md5'], everywhere: true, how: hash },
  sha1: { label: 'SHA-1', columns: ['hash_sha1'], everywhere: true, how: hash },
  sha256: { label: 'SHA-256', columns: ['hash_sha256'], everywhere: true, how: hash },
  imphash: { label: 'Import hash', columns: [], everywhere: true, how: hash },
  ip: { label: 'IP address', columns: ['source_ip', 'destination_ip'], everywhere: true, how: 'The same address, however it is written.' },
  ip_range: { label: 'IP range', columns: ['source_ip', 'destination_ip'], everywhere: false, how: 'Any address of the range.' },
  domain: {
    label: 'Domain',
    columns: ['destination_domain', 'dns_question_name', 'url_domain'],
    everywhere: true,
    how: 'The name itself or a name below it; in any other column the name itself.',
  },
  url: {
    label: 'URL',
    columns: ['url_full'],
    everywhere: true,
    how: 'The same address, upper or lower case, without its fragment and last slash.',
  },
  path: {
    label: 'Path',
    columns: ['file_path', 'process_executable', 'process_parent_executable'],
    everywhere: true,
    how: 'The same path in any case; * stands for any characters and ? for one, in the columns named.',
  },
  file_name: {
    label: 'File name',
    columns: ['file_name', 'process_name', 'process_parent_name'],
    everywhere: false,
    how: 'The same name in any case; * stands for any characters and ? for one.',
  },
  mutex: {
    label: 'Mutex',
    columns: [],
    everywhere: true,
    how: 'The same name in any case, with what kernel objects are put before it or without.',
  },
  email: { label: 'E-mail address', columns: ['user_name', 'user_target_name'], everywhere: true, how: 'The same address in any case.' },
  user_agent: { label: 'User agent', columns: [], everywhere: true, how: 'The same text in any case.' },
  registry_key: {
    label: 'Registry key',
    columns: ['registry_path'],
    everywhere: false,
    how: 'The key itself or anything below it, with the long or the short name of its hive; * stands for any characters.',
  },
}

export const indicatorFormats = ['text', 'csv', 'stix', 'misp', 'openioc', 'by_hand'] as const
export type IndicatorFormat = (typeof indicatorFormats)[number]

/** What was not taken, by its reason, with some of it as it stood. */
export interface Refusal {
  reason: string
  count: number
  examples: string[]
}
