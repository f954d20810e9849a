// The one queue of this window: it goes on while one walks through other pages.
import { useSyncExternalStore } from 'react'
import { listImports } from '../../../../../shared/contract/ingestion.ts'
import { invalidate } from '../../../api/query-client.ts'
import { openTus } from './tus-transport.ts'
import { type UploadItem, UploadQueue } from './upload-queue.ts'

export const uploads = new UploadQueue({ open: openTus, onDone: () => void invalidate(listImports) })

export const useUploads = (): readonly UploadItem[] => useSyncExternalStore(uploads.subscribe, uploads.snapshot)
