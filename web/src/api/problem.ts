import type { ErrorCode, Problem } from '../../../shared/contract/errors.ts'

/** What the server said went wrong; `message` is the sentence to show. */
export class ApiProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiProblem'
    this.problem = problem
  }
  get code(): ErrorCode {
    return this.problem.code
  }
  get errors(): readonly { field: string; message: string }[] {
    return this.problem.errors ?? []
  }
  get requestId(): string {
    return this.problem.request_id
  }
}

/** Faults of single fields that were found before or between calls; shown like those of a reply. */
export class FieldFaults extends Error {
  readonly faults: Readonly<Record<string, string>>

  constructor(faults: Readonly<Record<string, string>>) {
    super('Some fields are not right yet.')
    this.name = 'FieldFaults'
    this.faults = faults
  }
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'detail' in value && typeof value.detail === 'string' && 'code' in value

const spoken = (status: number): { code: ErrorCode; detail: string } => {
  if (status === 502 || status === 503 || status === 504)
    return { code: 'unavailable', detail: 'The server does not answer now. Nothing was changed; try again in a moment.' }
  if (status === 413) return { code: 'too_large', detail: 'This is larger than the server takes here.' }
  return { code: 'internal', detail: `The server answered with status ${status} and no reason.` }
}

/** A reply that is not 2xx as an ApiProblem, also when it comes from a proxy that knows no problem+json. */
export const problemOf = async (reply: Response): Promise<ApiProblem> => {
  const body: unknown = await reply.json().catch(() => null)
  if (isProblem(body)) return new ApiProblem(body)
  const request_id = reply.headers.get('x-request-id') ?? ''
  return new ApiProblem({ type: 'about:blank', title: reply.statusText, status: reply.status, request_id, ...spoken(reply.status) })
}

export const unreachable = (): ApiProblem =>
  new ApiProblem({
    type: 'about:blank',
    title: 'No answer',
    status: 0,
    code: 'unavailable',
    detail: 'The server cannot be reached. Check that it runs and that this computer is connected; nothing was changed.',
    request_id: '',
  })

/** The sentence for anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
