// Tags and the number of comments of rows in view: each row asks for itself, one call asks for all of a moment. What colleagues
// write is seen when the window is looked at again.
import { useCallback, useSyncExternalStore } from 'react'
import { type Annotated, lookUpAnnotations, rowsPerCall } from '../../../../shared/contract/notes/annotations.ts'
import { call } from '../call.ts'

export type AskNotes = (ids: string[]) => Promise<readonly Annotated[]>

const none: Annotated = { row_id: '', tags: [], comments: 0 }

export class RowNotesStore {
  private readonly ask: AskNotes
  private readonly later: (run: () => void) => void
  private readonly known = new Map<string, Annotated>()
  private readonly listeners = new Map<string, Set<() => void>>()
  private wanted = new Set<string>()

  constructor(ask: AskNotes, later: (run: () => void) => void = (run) => void setTimeout(run, 30)) {
    this.ask = ask
    this.later = later
  }

  readonly subscribe = (id: string, listener: () => void): (() => void) => {
    const all = this.listeners.get(id) ?? new Set()
    this.listeners.set(id, all.add(listener))
    if (!this.known.has(id)) this.want([id])
    return () => {
      all.delete(listener)
      if (all.size === 0) this.listeners.delete(id)
    }
  }

  readonly get = (id: string): Annotated | undefined => this.known.get(id)

  /** What is known of rows is old: those in view are asked for again, the others when they are looked at. */
  readonly refresh = (ids?: readonly string[]): void => {
    const old = ids ?? [...this.known.keys()]
    for (const id of old) if (!this.listeners.has(id)) this.known.delete(id)
    this.want(old.filter((id) => this.listeners.has(id)))
  }

  private want(ids: readonly string[]): void {
    if (ids.length === 0) return
    if (this.wanted.size === 0) this.later(() => void this.send())
    for (const id of ids) this.wanted.add(id)
  }

  private async send(): Promise<void> {
    // a row that was scrolled past is not asked for
    const ids = [...this.wanted].filter((id) => this.listeners.has(id))
    this.wanted = new Set()
    for (let at = 0; at < ids.length; at += rowsPerCall) {
      const some = ids.slice(at, at + rowsPerCall)
      const found = await this.ask(some).catch(() => null)
      // without an answer nothing is claimed: it is asked again when the rows are looked at again
      if (found === null) continue
      const byId = new Map(found.map((one) => [one.row_id, one]))
      for (const id of some) {
        this.known.set(id, byId.get(id) ?? none)
        for (const listener of this.listeners.get(id) ?? []) listener()
      }
    }
  }
}

const store = new RowNotesStore(async (ids) => (await call(lookUpAnnotations, { body: { ids } })).annotations)
if (typeof window !== 'undefined') window.addEventListener('focus', () => store.refresh())

/** Undefined until it is known. */
export const useRowNotes = (id: string): Annotated | undefined => {
  const subscribe = useCallback((listener: () => void) => store.subscribe(id, listener), [id])
  return useSyncExternalStore(subscribe, () => store.get(id))
}

export const refreshRowNotes = store.refresh
