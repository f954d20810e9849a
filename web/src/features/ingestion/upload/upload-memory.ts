// Where the addresses of unfinished uploads are kept, so that the same file goes on after a reload. Names and places only.
import type { PreviousUpload, UrlStorage } from 'tus-js-client'
import { readPreference, writePreference } from '../../../ui/preferences.ts'

type Memory = Readonly<Record<string, Omit<PreviousUpload, 'urlStorageKey'> & { fingerprint: string }>>

const nothing: Memory = {}
const key = 'uploads'
/** Older ones have been let go by the server. */
const most = 200

const read = (): Memory => readPreference<Memory>(key, nothing)

export const uploadMemory: UrlStorage = {
  findAllUploads: () => Promise.resolve(Object.entries(read()).map(([urlStorageKey, upload]) => ({ ...upload, urlStorageKey }))),
  findUploadsByFingerprint: (fingerprint) =>
    Promise.resolve(
      Object.entries(read())
        .filter(([, upload]) => upload.fingerprint === fingerprint)
        .map(([urlStorageKey, upload]) => ({ ...upload, urlStorageKey })),
    ),
  removeUpload: (urlStorageKey) => {
    writePreference(key, Object.fromEntries(Object.entries(read()).filter(([one]) => one !== urlStorageKey)))
    return Promise.resolve()
  },
  addUpload: (fingerprint, upload) => {
    const urlStorageKey = `${Date.now()}.${Math.random().toString(36).slice(2)}`
    const kept = Object.entries(read()).slice(-most + 1)
    writePreference(key, Object.fromEntries([...kept, [urlStorageKey, { ...upload, fingerprint }]]))
    return Promise.resolve(urlStorageKey)
  },
}
