import { CommandFailed } from '../socket/connection.ts'

const levels = ['informational', 'low', 'medium', 'high', 'critical']

/** A rule without a level is as little as one can be. */
export const rankOf = (level: string | null): number => levels.indexOf(level ?? 'informational')

/** @throws CommandFailed for what is no level */
export const rankNamed = (level: string): number => {
  if (!levels.includes(level)) throw new CommandFailed(`"${level}" is no level; there are ${levels.join(', ')}.`)
  return rankOf(level)
}
