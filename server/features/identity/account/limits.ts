// How long a session lasts, by how far it reaches: those of admins and of members of several tenants end sooner. The rights
// are looked at when it is used, so that a person who becomes an admin is held to it at once.
import type { Config } from '../../../platform/config.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export type LimitsConfig = Pick<
  Config,
  'SESSION_IDLE_MINUTES' | 'SESSION_MAX_HOURS' | 'ADMIN_SESSION_IDLE_MINUTES' | 'ADMIN_SESSION_MAX_HOURS'
>

/** What a session is measured by now. `wide`: of people whose rights reach far. */
export interface SessionClock {
  now: Date
  /** A browser's session that was used last before this is over. */
  usedSince: Date
  wideUsedSince: Date
  /** A session of either kind that was opened before this is over. */
  wideOpenedSince: Date
}

const idleMs = (config: LimitsConfig, isWide: boolean): number =>
  (isWide ? Math.min(config.ADMIN_SESSION_IDLE_MINUTES, config.SESSION_IDLE_MINUTES) : config.SESSION_IDLE_MINUTES) * minuteMs

const wideMs = (config: LimitsConfig): number => Math.min(config.ADMIN_SESSION_MAX_HOURS, config.SESSION_MAX_HOURS) * hourMs

export const clockOf = (config: LimitsConfig, now: Date): SessionClock => ({
  now,
  usedSince: new Date(now.getTime() - idleMs(config, false)),
  wideUsedSince: new Date(now.getTime() - idleMs(config, true)),
  wideOpenedSince: new Date(now.getTime() - wideMs(config)),
})

export interface Measured {
  kind: 'browser' | 'api'
  is_wide: boolean
  created_at: Date
  last_used_at: Date
  expires_at: Date
}

/** When it ends in any case, and when for want of use (null: never for that). */
export const endsOf = (config: LimitsConfig, session: Measured): { expires_at: Date; idle_expires_at: Date | null } => {
  const widest = new Date(session.created_at.getTime() + wideMs(config))
  return {
    expires_at: session.is_wide && widest < session.expires_at ? widest : session.expires_at,
    idle_expires_at: session.kind === 'api' ? null : new Date(session.last_used_at.getTime() + idleMs(config, session.is_wide)),
  }
}
