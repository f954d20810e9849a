import type { IndicatorBatch } from '../../../../shared/contract/detect/indicator-shapes.ts'
import { importIndicators, type IndicatorPreview, previewIndicators } from '../../../../shared/contract/detect/indicators.ts'
import type { IndicatorKind, Tlp } from '../../../../shared/domain/indicators.ts'
import { request, urlOf } from '../../api/call.ts'
import { shownTenant } from '../../api/shown-tenant.ts'

/** A file, or the text that was pasted. */
export interface Draft {
  body: Blob | string
  file_name: string
}

export interface ImportOptions {
  kind: IndicatorKind | null
  source: string
  tlp: Tlp | null
  confidence: string
  valid_until: string
}

const post = async (url: string, body: Draft['body']): Promise<unknown> => {
  const reply = await request(url, { method: 'POST', headers: { 'content-type': 'text/plain', ...shownTenant() }, body })
  return reply.json()
}

export const previewOf = (draft: Draft, kind: IndicatorKind | null): Promise<IndicatorPreview> =>
  post(urlOf(previewIndicators.path, {}, { kind }), draft.body) as Promise<IndicatorPreview>

const orNone = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim())

export const importInto = (listId: string, draft: Draft, o: ImportOptions): Promise<IndicatorBatch> => {
  const query = {
    kind: o.kind,
    file_name: orNone(draft.file_name),
    source: orNone(o.source),
    tlp: o.tlp,
    confidence: orNone(o.confidence),
    valid_until: o.valid_until === '' ? undefined : `${o.valid_until}T00:00:00Z`,
  }
  return post(urlOf(importIndicators.path, { list_id: listId }, query), draft.body) as Promise<IndicatorBatch>
}
