export const levels = ['informational', 'low', 'medium', 'high', 'critical']

/** A rule without a level is as little as one can be. */
export const rankOf = (level: string | null): number => levels.indexOf(level ?? 'informational')
