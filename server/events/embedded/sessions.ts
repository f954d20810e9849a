// Sessions of the engine at one data folder. They are kept and used again: one that is made for each request can only be
// released when nothing at all runs in the engine, so they would pile up behind any long query.
import { Session } from 'chdb'

export class Sessions {
  readonly #folder: string
  readonly #args: readonly string[]
  readonly #idle: Session[] = []

  constructor(folder: string, args: readonly string[]) {
    this.#folder = folder
    this.#args = args
  }

  take(): Session {
    return this.#idle.pop() ?? this.open()
  }

  give(session: Session): void {
    this.#idle.push(session)
  }

  /** Takes back a session whose query did not come to its end: until its next query it holds on to that one, memory and all. */
  async rinse(session: Session): Promise<void> {
    try {
      await session.queryAsync('SELECT 1', { format: 'Null' })
      this.give(session)
    } catch {
      session.close()
    }
  }

  open(): Session {
    return new Session(this.#folder, { connectionArgs: this.#args })
  }
}
