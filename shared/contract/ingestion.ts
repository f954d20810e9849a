import { z } from 'zod'
import { isClientId } from '../domain/client-id.ts'
import { count, idParams, nothing, paging, time, uuid } from './paging.ts'
import { rawRoute, route } from './route.ts'

export const importStates = ['uploading', 'queued', 'locked', 'reading', 'ready', 'partly', 'failed', 'cancelled', 'deleting'] as const
export type ImportState = (typeof importStates)[number]

/** What a file turned out to be, by its content. */
export const containerKinds = [
  'collection_zip',
  'hunt_zip',
  'legacy_collection_zip',
  'encrypted_zip',
  'zip',
  'json',
  'jsonl',
  'csv',
  'evtx',
  'api_rows',
  'unknown',
] as const
export type ContainerKind = (typeof containerKinds)[number]

export const warning = z
  .object({
    code: z.string().describe('truncated_file, csv_columns, csv_header, zip_member, evtx_gap, ...'),
    message: z.string(),
    member: z.string().nullable(),
    count: count.nullable(),
  })
  .meta({ id: 'ImportWarning' })
export type ImportWarning = z.infer<typeof warning>

export const importArtifact = z
  .object({ artifact: z.string(), rows_read: count, rows_stored: count, rows_duplicate: count, rows_rejected: count, hosts: count })
  .meta({ id: 'ImportArtifact' })

export const importFile = z
  .object({
    name: z.string(),
    sha256: z.string().nullable().describe('null while it is still being uploaded'),
    size_bytes: count,
    kind: z.enum(containerKinds).nullable(),
    members: count.describe('Files read inside it'),
    members_ignored: count.describe('Files inside it that hold no rows (uploaded evidence, logs, indexes)'),
  })
  .meta({ id: 'ImportFile' })

/** The receipt: rows_read = rows_stored + rows_duplicate + rows_rejected, always. */
export const importReceipt = z
  .object({
    id: uuid,
    state: z.enum(importStates),
    kind: z.enum(containerKinds).nullable(),
    files: z.array(importFile),
    artifacts: z.array(importArtifact),
    hosts: count,
    rows_read: count,
    rows_stored: count,
    rows_duplicate: count,
    rows_rejected: count,
    bytes_read: count,
    bytes_total: count,
    rows_per_second: z.number().min(0),
    time_from: time.nullable(),
    time_to: time.nullable(),
    warnings: z.array(warning),
    error: z.string().nullable().describe('Why it stopped, and what to do, in a sentence'),
    needs: z.enum(['password', 'private_key']).nullable().describe('What a locked import waits for'),
    current: z.string().nullable().describe('The member that is being read now'),
    options: z.object({ hostname: z.string().nullable(), time_zone: z.string().nullable(), artifact: z.string().nullable() }),
    attempt: count,
    created_by: z.string().nullable(),
    created_at: time,
    started_at: time.nullable(),
    finished_at: time.nullable(),
  })
  .meta({ id: 'Import' })
export type ImportReceipt = z.infer<typeof importReceipt>

const importParams = idParams('import_id')

const hostname = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .refine((name) => !isClientId(name), 'is a client id, not the name of a host: give the name, or leave it out')

/** Options travel as fields of the form, as upload metadata, and as flags of the command line. */
export const importOptions = z.strictObject({
  hostname: hostname.optional().describe('The host, where the file does not say'),
  time_zone: z.string().trim().min(1).max(64).optional().describe('IANA name: the zone of times that carry none'),
  artifact: z.string().trim().min(1).max(300).optional().describe('The artifact, where the file does not say'),
})
export type ImportOptions = z.infer<typeof importOptions>

export const jsonIngest = z.strictObject({
  hostname,
  data: z.looseObject({ artifact: z.string().trim().min(1).max(300), results: z.array(z.unknown()) }),
})
export const jsonIngestReply = z.object({ message: z.string(), host_id: uuid, import_id: uuid }).meta({ id: 'JsonIngestReply' })
export const filesIngestReply = z.object({ imports: z.array(importReceipt) }).meta({ id: 'FilesIngestReply' })

/** Multipart (fields `files`, options, `password`, `private_key`) answers 202; the original JSON body answers 200. */
export const ingest = rawRoute({
  method: 'POST',
  path: '/api/ingestion/ingest',
  tag: 'ingestion',
  summary: 'Import files, or rows of one artifact as JSON',
  permission: 'imports.write',
  consumes: ['multipart/form-data', 'application/json'],
  produces: ['application/json'],
  status: 202,
  response: filesIngestReply,
})

const upload = { tag: 'ingestion', permission: 'imports.write', consumes: ['application/offset+octet-stream'] } as const
export const uploadOptions = rawRoute({
  ...upload,
  method: 'OPTIONS',
  path: '/api/ingestion/uploads',
  summary: 'What the upload protocol (tus 1.0) offers',
  status: 204,
})
export const createUpload = rawRoute({
  ...upload,
  method: 'POST',
  path: '/api/ingestion/uploads',
  summary: 'Begin a resumable upload (tus 1.0)',
  status: 201,
})
const uploadParams = z.strictObject({ upload_id: z.string().max(200) })
export const headUpload = rawRoute({
  ...upload,
  method: 'HEAD',
  path: '/api/ingestion/uploads/:upload_id',
  params: uploadParams,
  summary: 'How far an upload is',
})
export const patchUpload = rawRoute({
  ...upload,
  method: 'PATCH',
  path: '/api/ingestion/uploads/:upload_id',
  params: uploadParams,
  summary: 'Send bytes from an offset; the last ones begin the import',
  status: 204,
})
export const deleteUpload = rawRoute({
  ...upload,
  method: 'DELETE',
  path: '/api/ingestion/uploads/:upload_id',
  params: uploadParams,
  summary: 'Give an upload up',
  status: 204,
})

export const listImports = route({
  method: 'GET',
  path: '/api/ingestion/imports',
  tag: 'ingestion',
  summary: 'Imports, newest first',
  permission: 'imports.read',
  query: z.strictObject({ ...paging, state: z.enum(['all', 'open', 'trouble']).default('all') }),
  response: z.array(importReceipt),
  total: true,
})
export const getImport = route({
  method: 'GET',
  path: '/api/ingestion/imports/:import_id',
  tag: 'ingestion',
  summary: 'The receipt of an import, live while it runs',
  permission: 'imports.read',
  params: importParams,
  response: importReceipt,
})
export const reject = z
  .object({
    file: z.string(),
    member: z.string(),
    row_number: count.nullable(),
    artifact: z.string().nullable(),
    reason: z.string(),
    raw: z.string().describe('The text as it stood, up to 64 KiB'),
    raw_bytes: count.describe('How long it really was'),
  })
  .meta({ id: 'Reject' })
export type Reject = z.infer<typeof reject>
export const listRejects = route({
  method: 'GET',
  path: '/api/ingestion/imports/:import_id/rejects',
  tag: 'ingestion',
  summary: 'The rows that could not be stored, and why',
  permission: 'imports.read',
  params: importParams,
  query: z.strictObject(paging),
  response: z.array(reject),
  total: true,
})
export const cancelImport = route({
  method: 'POST',
  path: '/api/ingestion/imports/:import_id/cancel',
  tag: 'ingestion',
  summary: 'Stop an import; what is stored stays',
  permission: 'imports.write',
  params: importParams,
  response: importReceipt,
})
export const retryImport = route({
  method: 'POST',
  path: '/api/ingestion/imports/:import_id/retry',
  tag: 'ingestion',
  summary: 'Go on from where an import stopped',
  permission: 'imports.write',
  params: importParams,
  response: importReceipt,
})
export const unlockImport = route({
  method: 'POST',
  path: '/api/ingestion/imports/:import_id/unlock',
  tag: 'ingestion',
  summary: 'Give a locked import its password or private key; it is used once and never written',
  permission: 'imports.write',
  params: importParams,
  body: z.strictObject({ password: z.string().min(1).max(1024).optional(), private_key: z.string().min(1).max(32_768).optional() }),
  response: importReceipt,
})
export const deleteImport = route({
  method: 'DELETE',
  path: '/api/ingestion/imports/:import_id',
  tag: 'ingestion',
  summary: 'Remove an import and the rows that no other import delivered',
  permission: 'imports.write',
  step_up: true,
  status: 202,
  params: importParams,
  response: importReceipt,
})
export const downloadFile = rawRoute({
  method: 'GET',
  path: '/api/ingestion/imports/:import_id/files/:sha256',
  tag: 'ingestion',
  summary: 'The uploaded file as it came, as an inert attachment',
  permission: 'evidence.read',
  params: z.strictObject({ import_id: uuid, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  produces: ['application/octet-stream'],
})
export const storage = route({
  method: 'GET',
  path: '/api/ingestion/storage',
  tag: 'ingestion',
  summary: 'What the tenant, its imports and the stores use',
  permission: 'imports.read',
  response: z.object({
    tenant: z.object({
      evidence_bytes: count,
      evidence_files: count,
      event_bytes: count,
      event_rows: count,
      quota_bytes: count.nullable(),
    }),
    imports: z
      .array(z.object({ import_id: uuid, name: z.string(), file_bytes: count, rows_stored: count, created_at: time }))
      .describe('The 100 largest'),
    disk: z.object({
      total_bytes: count,
      free_bytes: count,
      reserve_bytes: count.describe('Kept free for sign-in and reading'),
      is_full: z.boolean(),
    }),
    tenants: z
      .array(z.object({ tenant_id: uuid, name: z.string(), evidence_bytes: count, event_bytes: count, quota_bytes: count.nullable() }))
      .describe('Every tenant of the installation, largest first; empty for anybody but the platform admin'),
    stores: z
      .array(z.object({ name: z.string(), kind: z.string(), bytes: count.nullable(), is_healthy: z.boolean() }))
      .describe('The whole installation; only the platform admin sees the bytes'),
  }),
})
export const loadDemo = route({
  method: 'POST',
  path: '/api/ingestion/demo',
  tag: 'ingestion',
  summary: 'Make and import the demo: 40 hosts, three weeks, one intrusion to find',
  permission: 'imports.write',
  status: 202,
  body: z.strictObject({
    hosts: z.number().int().min(1).max(1000).default(40),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31)
      .default(1),
  }),
  response: z.object({ job_id: uuid }),
})
export const nothingReply = nothing
