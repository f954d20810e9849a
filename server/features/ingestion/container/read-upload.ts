// The door of the container readers: one upload, whatever it is, to rows.
import type { ContainerKind } from '../../../../shared/contract/ingestion.ts'
import { UnreadableError, type ReadOptions, type Sink } from '../reading.ts'
import { ByteFile } from './bytes/byte-file.ts'
import { readFile } from './read-file.ts'
import { DamagedError, LimitError, Session } from './session.ts'

const noRows = (members: number): string =>
  members === 1 ? 'No row was found in this file' : `None of the ${members} files with results holds a row`

function tellNoRows(session: Session, kind: ContainerKind): void {
  if (session.rowsRead > 0 || session.hasWarned) return
  if (session.members > 0) session.warn('no_rows', noRows(session.members))
  else if (kind === 'zip') throw new UnreadableError('Nothing in this ZIP holds rows: no JSON, CSV or event log was found in it.')
}

/**
 * Reads the file at `path` and hands what it holds to `sink`. sink.container() is called when the kind is known and again with the
 * final numbers. Rows before a fault are kept and the fault is a warning. Throws LockedError when a password or key is missing or
 * wrong (before any row), UnreadableError when nothing can be read, and the signal's reason when it is aborted.
 */
export async function readUpload(path: string, options: ReadOptions, sink: Sink): Promise<void> {
  const session = new Session(options, sink)
  session.check()
  let read = 0
  let total = 0
  const file = await ByteFile.open(path, (bytes) => {
    read = Math.min(total, read + bytes)
    session.check()
    sink.progress(read, total)
  })
  total = file.size
  try {
    const kind = await readFile(session, file, { path: '', name: options.name, depth: 0 })
    session.container(kind)
    session.check()
    tellNoRows(session, kind)
  } catch (error) {
    if (!(error instanceof LimitError) && !(error instanceof DamagedError)) throw error
    if (session.members === 0 && !(error instanceof LimitError && session.hasWarned)) throw new UnreadableError(error.message)
    session.warn(error instanceof LimitError ? 'limit' : 'zip_member', error.message)
    session.container(session.kind)
  } finally {
    session.finishWarnings()
    await file.close()
  }
  sink.progress(total, total)
}
