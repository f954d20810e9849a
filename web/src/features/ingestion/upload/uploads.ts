// The one queue of this window: it goes on while one walks through other pages. What sends is loaded when a first file is chosen.
import { useSyncExternalStore } from 'react'
import { listImports } from '../../../../../shared/contract/ingestion.ts'
import { invalidate } from '../../../api/query-client.ts'
import { shownTenant } from '../../../api/shown-tenant.ts'
import { faultOf } from './fault-words.ts'
import { type OpenTransport, type Transport, type UploadItem, UploadQueue } from './upload-queue.ts'

const openLater: OpenTransport = (file, options, events) => {
  // the tenant in which the file was chosen, wherever the session has gone meanwhile
  const headers = shownTenant()
  let opened: Promise<Transport> | null = null
  const open = () => {
    opened ??= import('./tus-transport.ts').then(({ openTus }) => openTus(file, options, events, headers))
    return opened
  }
  const failed = () => {
    opened = null
    events.onFault(faultOf(file.name, 0, ''))
  }
  return {
    start: () => void open().then((transport) => transport.start(), failed),
    pause: () => void opened?.then((transport) => transport.pause(), failed),
    giveUp: () => void opened?.then((transport) => transport.giveUp(), failed),
  }
}

export const uploads = new UploadQueue({ open: openLater, onDone: () => void invalidate(listImports) })

export const useUploads = (): readonly UploadItem[] => useSyncExternalStore(uploads.subscribe, uploads.snapshot)
