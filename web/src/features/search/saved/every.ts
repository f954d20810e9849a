export const everyOptions = [
  { value: '5', label: 'Every 5 minutes' },
  { value: '15', label: 'Every 15 minutes' },
  { value: '60', label: 'Every hour' },
  { value: '360', label: 'Every 6 hours' },
  { value: '1440', label: 'Every day' },
  { value: '10080', label: 'Every week' },
] as const
export type Every = (typeof everyOptions)[number]['value']

const units = [
  { minutes: 10_080, word: 'week' },
  { minutes: 1440, word: 'day' },
  { minutes: 60, word: 'hour' },
  { minutes: 1, word: 'minute' },
] as const

/** `every hour`, `every 90 minutes`. */
export const everyWords = (minutes: number): string => {
  const unit = units.find((one) => minutes % one.minutes === 0) ?? units[3]
  const n = minutes / unit.minutes
  return n === 1 ? `every ${unit.word}` : `every ${n} ${unit.word}s`
}
