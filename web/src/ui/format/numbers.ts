// U+202F is a narrow blank that never breaks: thousands stand apart and stay one word.
const thin = '\u202f'

/** 18463 -> "18 463". Counts are always written exactly. */
export const formatNumber = (value: number): string => {
  const digits = Math.trunc(Math.abs(value)).toString()
  const grouped = digits.replace(/\B(?=(\d{3})+(?!\d))/g, thin)
  return value < 0 ? `-${grouped}` : grouped
}

/** "1 row", "2 rows". */
export const countOf = (value: number, one: string, many = `${one}s`): string => `${formatNumber(value)} ${value === 1 ? one : many}`

/** For prose only: 9 812 345 -> "9.8 million"; below a million exact. */
export const formatRough = (value: number): string => {
  if (value < 1e6) return formatNumber(value)
  const [size, word] = value >= 1e9 ? [1e9, 'billion'] : [1e6, 'million']
  return `${(Math.floor((value / (size as number)) * 10) / 10).toString()} ${word}`
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const
const scaled = (bytes: number, unit: number): string => {
  const value = bytes / 1000 ** unit
  return unit === 0 || value >= 100 ? Math.round(value).toString() : (Math.round(value * 10) / 10).toString()
}
const byteUnit = (bytes: number): number => {
  let unit = 0
  while (unit < byteUnits.length - 1 && Math.round(bytes / 1000 ** unit) >= 1000) unit += 1
  return unit
}

/** Decimal bytes: 1_300_000_000 -> "1.3 GB". */
export const formatBytes = (bytes: number): string => {
  const unit = byteUnit(bytes)
  return `${scaled(bytes, unit)} ${byteUnits[unit] ?? 'B'}`
}

/** "1.3 of 2.1 GB": both in the unit of the whole. */
export const formatBytesOf = (bytes: number, of: number): string => {
  const unit = byteUnit(of)
  return `${scaled(bytes, unit)} of ${scaled(of, unit)} ${byteUnits[unit] ?? 'B'}`
}

/** 71400.4 -> "71 400 rows/s". */
export const formatRate = (perSecond: number, what = 'rows'): string =>
  `${perSecond > 0 && perSecond < 10 ? (Math.round(perSecond * 10) / 10).toString() : formatNumber(Math.round(perSecond))} ${what}/s`

/** One decimal below 100; a share above nothing is never written as 0. */
export const formatPercent = (part: number, whole: number): string => {
  if (whole <= 0) return '0%'
  const percent = (part / whole) * 100
  if (percent > 0 && percent < 0.1) return '<0.1%'
  if (percent >= 100) return '100%'
  return `${(Math.floor(percent * 10) / 10).toFixed(1).replace(/\.0$/, '')}%`
}
