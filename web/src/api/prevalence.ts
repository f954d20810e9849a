// On how many hosts a value was seen: each place on the page asks for its own value, one call asks for all of a moment.
import { useQuery } from '@tanstack/react-query'
import {
  type AskedValue,
  longestValue,
  prevalence,
  type PrevalenceOfValue,
  valuesPerCall,
} from '../../../shared/contract/hunt/prevalence.ts'
import { call } from './call.ts'

export interface Prevalence extends PrevalenceOfValue {
  /** Hosts of the tenant that have rows. */
  fleet: number
}

interface Waiting {
  of: AskedValue
  signal: AbortSignal
  resolve: (found: Prevalence) => void
  reject: (error: unknown) => void
}

export type AskPrevalence = (values: AskedValue[], signal: AbortSignal) => Promise<{ prevalence: PrevalenceOfValue[]; fleet: number }>

const keyOf = ({ field, value }: AskedValue): string => `${field}\n${value}`

/** Text of any length that has no index: asked about apart, so that names and hashes do not wait for it. */
const isWide = ({ field }: AskedValue): boolean => /path|executable|command_line|_data|url_full|message|^raw\.|[A-Z]/.test(field)

const parts = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))

/** Gathers what is asked for within a moment into as few calls as the server takes. */
export class PrevalenceBatch {
  private readonly ask: AskPrevalence
  private readonly later: (run: () => void) => void
  private waiting: Waiting[] = []

  constructor(ask: AskPrevalence, later: (run: () => void) => void = (run) => void setTimeout(run, 30)) {
    this.ask = ask
    this.later = later
  }

  readonly load = (of: AskedValue, signal: AbortSignal): Promise<Prevalence> =>
    new Promise((resolve, reject) => {
      if (this.waiting.length === 0) this.later(() => this.send())
      this.waiting.push({ of, signal, resolve, reject })
    })

  private send(): void {
    const all = this.waiting
    this.waiting = []
    for (const gone of all.filter((one) => one.signal.aborted)) gone.reject(gone.signal.reason)
    const wanted = all.filter((one) => !one.signal.aborted)
    for (const group of [wanted.filter((one) => !isWide(one.of)), wanted.filter((one) => isWide(one.of))])
      for (const part of parts(group, valuesPerCall)) void this.sendPart(part)
  }

  private async sendPart(part: readonly Waiting[]): Promise<void> {
    const control = new AbortController()
    // The call is given up when nobody waits for any of it.
    const leave = () => part.every((one) => one.signal.aborted) && control.abort()
    for (const one of part) one.signal.addEventListener('abort', leave, { once: true })
    const asked = new Map(part.map((one) => [keyOf(one.of), one.of]))
    try {
      const { prevalence: found, fleet } = await this.ask([...asked.values()], control.signal)
      const byKey = new Map(found.map((one) => [keyOf(one), one]))
      for (const { of, resolve, reject } of part) {
        const one = byKey.get(keyOf(of))
        if (one === undefined) reject(new Error(`no answer for a value of ${of.field}`))
        else resolve({ ...one, fleet })
      }
    } catch (error) {
      for (const { reject } of part) reject(error)
    } finally {
      for (const one of part) one.signal.removeEventListener('abort', leave)
    }
  }
}

const batch = new PrevalenceBatch((values, signal) => call(prevalence, { body: { values }, signal }))

/** Shown so long without asking again; a search that is run again asks at once. The server's answer is exact at any time. */
const staleMs = 60_000

/**
 * Undefined until it is known, and where it cannot be: a null, an empty or a very long value. `isWanted: false` asks nothing yet and
 * shows what is known already.
 */
export const usePrevalence = (field: string, value: string | null, isWanted = true): Prevalence | undefined => {
  const canBe = value !== null && value !== '' && value.length <= longestValue
  const { data } = useQuery({
    queryKey: [prevalence.path, field, value],
    queryFn: ({ signal }) => batch.load({ field, value: value ?? '' }, signal),
    enabled: canBe && isWanted,
    staleTime: staleMs,
    retry: false,
  })
  return data
}
