const giga = 1_000_000_000

/** A quota as it is typed, in GB; empty is no limit. */
export const parseQuota = (text: string): { bytes: number | null } | { fault: string } => {
  const typed = text.trim().replace(',', '.')
  if (typed === '') return { bytes: null }
  const value = Number(typed)
  if (!/^\d+(\.\d+)?$/.test(typed) || !Number.isFinite(value)) return { fault: 'Enter a number of GB, or nothing for no limit.' }
  const bytes = Math.round(value * giga)
  return Number.isSafeInteger(bytes) ? { bytes } : { fault: 'This is more than can be counted.' }
}

export const quotaText = (bytes: number | null): string => (bytes === null ? '' : String(bytes / giga))
