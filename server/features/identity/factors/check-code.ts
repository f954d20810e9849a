// Guessing a code: five wrong ones in a row, whatever the sign-in, block the factor and void what was begun; each five more
// for twice as long. Only who knows the password gets here, so that nobody is shut out by strangers.
import { AppError } from '../../../platform/errors.ts'
import type { Deps } from '../deps.ts'
import { isAppCode, isRecoveryCode, recoveryHash } from './recovery-codes.ts'
import { type Factor, judgeCode, type Judged } from './store-factors.ts'
import { stepOf } from './totp.ts'

const triesInRow = 5
const firstBlockMs = 15 * 60_000
const longestBlockMs = 24 * 3_600_000
export const setUpMs = 60 * 60_000

/** What a factor's key is sealed for. */
export const seedBound = (userId: string) => ({ purpose: 'totp_factors.secret', owner_id: userId })

const blockMs = (wrongTries: number): number => {
  const rounds = wrongTries / triesInRow
  return wrongTries > 0 && Number.isInteger(rounds) ? Math.min(longestBlockMs, firstBlockMs * 2 ** (rounds - 1)) : 0
}

/** A set-up that nobody ended in time. */
const isStale = ({ activated_at, created_at }: Factor, now: Date): boolean =>
  activated_at === null && now.getTime() - created_at.getTime() > setUpMs

export interface CodeOf {
  userId: string
  ip: string
  code: string
  isPending?: boolean
  /** The hash of the challenge that it answers. */
  challenge?: string | null
}

/** Takes the code if it is right: no code is taken twice. @throws AppError limit for the network of the caller */
export const checkCode = async (deps: Deps, { userId, ip, code, isPending = false, challenge = null }: CodeOf): Promise<Judged> => {
  const { succeed } = deps.throttle.attempt({ account: `second factor of ${userId}`, ip })
  const now = deps.now()
  const judged = await judgeCode(deps.auth, {
    userId,
    now,
    isPending,
    challenge,
    stepOf: async (factor) => {
      if (!isAppCode(code) || isStale(factor, now)) return null
      return stepOf(await deps.vault.open(factor.secret, seedBound(userId)), code.replaceAll(/\s/g, ''), now)
    },
    recoveryHash: isRecoveryCode(code) ? recoveryHash(userId, code) : null,
    blockedUntil: (wrongTries) => {
      const ms = blockMs(wrongTries)
      return ms === 0 ? null : new Date(now.getTime() + ms)
    },
  })
  if (judged.state === 'right') succeed()
  return judged
}

/** Too many wrong codes, in words. */
export const blocked = (deps: Deps, until: Date): AppError => {
  const waitS = Math.max(1, Math.ceil((until.getTime() - deps.now().getTime()) / 1000))
  return new AppError('limit', `Too many wrong codes. Wait ${Math.ceil(waitS / 60)} minutes, then try again.`, {
    details: { retry_after_s: waitS },
  })
}
