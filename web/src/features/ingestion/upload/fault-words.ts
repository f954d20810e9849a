import type { UploadFault } from './upload-queue.ts'

const detailOf = (body: string): string | null => {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null && 'detail' in parsed && typeof parsed.detail === 'string' ? parsed.detail : null
  } catch {
    // The upload protocol answers in plain words; a page of a proxy is none.
    const words = body.trim()
    return words !== '' && words.length < 400 && !words.startsWith('<') ? words : null
  }
}

const byStatus: Readonly<Record<number, (name: string) => UploadFault>> = {
  401: (name) => ({
    message: `${name} stopped: your session has ended. What has arrived is kept for a day. Sign in again in this window and it goes on; in another one, choose the same file.`,
    canRetry: true,
    needsSession: true,
  }),
  403: (name) => ({
    message: `${name} was not taken: your role may read imports but not start one. Ask an admin of the tenant.`,
    canRetry: false,
  }),
  404: (name) => ({
    message: `${name} cannot go on: the server has let go of the part that had arrived. Retry sends it from the start.`,
    canRetry: true,
  }),
  412: (name) => ({
    message: `${name} stopped: in another window you went on to another tenant. It is not sent there. Go back to this tenant and choose the file again; what has arrived is kept for a day.`,
    canRetry: false,
  }),
  413: (name) => ({
    message: `${name} is larger than the server takes. Nothing of it was kept. Split the export, or ask an admin to raise the limit.`,
    canRetry: false,
  }),
  507: (name) => ({
    message: `${name} was refused before more of it was written: the disk or the tenant's quota is full. Rows already stored are safe. Delete an import or free space, then retry.`,
    canRetry: true,
  }),
}

/** What happened, what it means for the data, what to do. `status` is 0 when no answer came. */
export const faultOf = (name: string, status: number, body: string): UploadFault => {
  if (status === 0)
    return {
      message: `${name} stopped: the server cannot be reached. What has arrived is kept, and Retry goes on from there.`,
      canRetry: true,
    }
  const known = byStatus[status]?.(name)
  if (known !== undefined) return known
  const detail = detailOf(body)
  return {
    message:
      detail === null
        ? `${name} stopped: the server answered with status ${status} and no reason. Retry goes on where it stopped.`
        : `${name} stopped: ${detail}`,
    canRetry: status >= 500 || status === 409 || status === 423 || status === 429,
  }
}
