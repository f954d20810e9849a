/** RFC 3339 in UTC with milliseconds, as every reply carries times. */
export function iso(date: Date): string
export function iso(date: Date | null): string | null
export function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString()
}

/** RFC 3339 in UTC with the digits that the time has: none, three or six behind the second. */
export const isoOfMicros = (micros: bigint): string => {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19)
  if (fraction === 0n) return `${seconds}Z`
  const digits = String(fraction).padStart(6, '0')
  return `${seconds}.${digits.endsWith('000') ? digits.slice(0, 3) : digits}Z`
}

/** Microseconds since 1970 of an RFC 3339 time. */
export const microsOfIso = (time: string): bigint => {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? ''
  return BigInt(Date.parse(time.replace(/\.\d+/, ''))) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
}
