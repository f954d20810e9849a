import { describe, expect, it } from 'vitest'
import { routes } from '../../../shared/contract/routes.ts'
import { openApi } from './openapi.ts'

const walk = (value: unknown, visit: (key: string, value: unknown) => void): void => {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    visit(key, inner)
    walk(inner, visit)
  }
}

describe('the description of the API', () => {
  const spec = openApi(routes, '1.2.3')
  const schemas = (spec.components as { schemas: Record<string, unknown> }).schemas
  it('has only references that lead somewhere', () => {
    const missing: unknown[] = []
    walk(spec, (key, value) => {
      if (key === '$ref' && !(String(value).replace('#/components/schemas/', '') in schemas)) missing.push(value)
    })
    expect(missing).toEqual([])
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining(['User', 'Tenant', 'Host', 'Problem', 'Import']))
  })
  it('names each operation once, and holds every route', () => {
    const ids: string[] = []
    walk(spec.paths, (key, value) => key === 'operationId' && ids.push(String(value)))
    expect(ids).toHaveLength(routes.length)
    expect(new Set(ids).size).toBe(routes.length)
  })
  it('says that sign-in takes a form, and what needs a session', () => {
    const paths = spec.paths as Record<string, Record<string, { requestBody?: { content: object }; security: unknown[] }>>
    expect(Object.keys(paths['/api/auth/login']?.post?.requestBody?.content ?? {})).toContain('application/x-www-form-urlencoded')
    expect(paths['/api/auth/login']?.post?.security).toEqual([])
    expect(paths['/api/users/{user_id}']?.get?.security).toEqual([{ bearer: [] }, { cookie: [] }])
  })
})
