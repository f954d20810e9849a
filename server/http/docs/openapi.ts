// OpenAPI 3.1 from the route table: the schemas that check are the schemas that are shown.
import { z } from 'zod'
import { problem } from '../../../shared/contract/errors.ts'
import { type AnyRoute, isRaw } from '../../../shared/contract/route.ts'

type Json = Record<string, unknown>
type Direction = 'input' | 'output'

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Named schemas move to `components`; what points at them follows. */
class Components {
  readonly schemas: Json = {}

  of(schema: z.ZodType, io: Direction): Json {
    const made: Json = { ...z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) }
    const named = isObject(made.$defs) ? made.$defs : {}
    for (const [name, inner] of Object.entries(named)) this.schemas[name] ??= this.rewritten(inner)
    const id = schema.meta()?.id
    const { $defs: _defs, $schema: _schema, id: _id, ...rest } = made
    const whole = this.rewritten(rest) as Json
    if (id === undefined) return whole
    this.schemas[id] ??= whole
    return { $ref: `#/components/schemas/${id}` }
  }

  private rewritten(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((inner) => this.rewritten(inner))
    if (!isObject(value)) return value
    const entries = Object.entries(value).filter(([key]) => (key !== '$schema' && key !== 'id') || isObject(value[key]))
    return Object.fromEntries(
      entries.map(([key, inner]) => [
        key,
        key === '$ref' && typeof inner === 'string' ? inner.replace('#/$defs/', '#/components/schemas/') : this.rewritten(inner),
      ]),
    )
  }
}

const parametersOf = (components: Components, schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] =>
  Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const made = components.of(field as z.ZodType, 'input')
    const isRequired = place === 'path' || !(field as z.ZodType).safeParse(undefined).success
    return { name, in: place, required: isRequired, schema: made }
  })

const undeclared = { type: 'string', format: 'binary' }

const bodyOf = (components: Components, route: AnyRoute): Json | undefined => {
  if (isRaw(route) && route.body === undefined) {
    if (route.method === 'GET' || route.method === 'HEAD' || route.method === 'OPTIONS' || route.method === 'DELETE') return undefined
    return {
      content: Object.fromEntries((route.consumes ?? []).map((kind) => [kind, { schema: kind.endsWith('json') ? {} : undeclared }])),
    }
  }
  if (route.body === undefined) return undefined
  const schema = components.of(route.body, 'input')
  const kinds = 'form' in route && route.form === true ? ['application/x-www-form-urlencoded', 'multipart/form-data'] : []
  return { required: true, content: Object.fromEntries([...kinds, 'application/json'].map((kind) => [kind, { schema }])) }
}

const successOf = (components: Components, route: AnyRoute): Json => {
  if ((route.status ?? 200) === 204) return { description: 'Done' }
  const total = 'total' in route && route.total === true
  const headers = total ? { headers: { 'X-Total-Count': { description: 'The number of all rows', schema: { type: 'integer' } } } } : {}
  const kinds = isRaw(route) ? (route.produces ?? []) : ['application/json']
  const content = kinds.map((kind) => {
    const schema = route.response === undefined ? (kind.endsWith('json') ? {} : undeclared) : components.of(route.response, 'output')
    return [kind, { schema }]
  })
  return { description: 'Done', ...headers, ...(content.length > 0 ? { content: Object.fromEntries(content) } : {}) }
}

const words: Readonly<Record<number, string>> = {
  401: 'No session, or it has ended',
  403: 'The role does not allow it',
  404: 'No such object in this tenant',
  422: 'Fields that are wrong or not known; each stands in `errors`',
}

const operationOf = (components: Components, route: AnyRoute, failure: Json): Json => {
  const isOpen = route.permission === 'public'
  const faults = [...(isOpen ? [] : [401, 403]), ...(route.params === undefined ? [] : [404]), 422]
  const answer = (status: number): [string, Json] => [
    String(status),
    { description: words[status], content: { 'application/problem+json': { schema: failure } } },
  ]
  const body = bodyOf(components, route)
  return {
    operationId: `${route.method.toLowerCase()}_${route.path.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_|_$/g, '')}`,
    tags: [route.tag],
    summary: route.summary,
    description: isOpen ? 'Open to anyone.' : `Needs: ${route.permission}.`,
    security: isOpen ? [] : [{ bearer: [] }, { cookie: [] }],
    parameters: [...parametersOf(components, route.params, 'path'), ...parametersOf(components, route.query, 'query')],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { [String(route.status ?? 200)]: successOf(components, route), ...Object.fromEntries(faults.map(answer)) },
  }
}

/** The path of a route as OpenAPI writes it: `/api/users/{user_id}`. */
export const openApiPath = (route: AnyRoute): string => route.path.replaceAll(/:(\w+)/g, '{$1}')

export const openApi = (routes: readonly AnyRoute[], version: string): Json => {
  const components = new Components()
  const failure = components.of(problem, 'output')
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = openApiPath(route)
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(components, route, failure) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'VelociCompanion', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: '__Host-vc_session' },
      },
    },
  }
}
