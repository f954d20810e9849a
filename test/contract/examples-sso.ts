// Examples for single sign-on. No provider can be reached from here: what needs one is refused as it is to a stranger, and
// goes its whole way in the room's own tests.
import type { Example, World } from './sides.ts'

const settings = {
  is_enabled: false,
  label: 'the company',
  issuer: 'https://id.example',
  client: 'velocicompanion',
  client_secret: 'a secret',
  role_map: [{ group: 'hunters', role: 'analyst' }],
}
const nobody = (): undefined => undefined

export const ssoExamples: Readonly<Record<string, Example>> = {
  'GET /api/sso': { as: ({ a }) => a.admin, status: 200 },
  'PUT /api/sso': { as: ({ a }) => a.admin, body: () => settings, status: 200 },
  'DELETE /api/sso': {
    as: ({ a }) => a.admin,
    params: async ({ send, a }: World) => {
      await send('PUT', '/api/sso', { token: a.admin, body: settings })
      return {}
    },
    status: 204,
  },
  'POST /api/auth/sso/find': { as: nobody, body: () => ({ tenant: 'Alpha' }), status: 404 },
  'POST /api/auth/sso/start': { as: nobody, body: () => ({ tenant: 'Alpha' }), status: 404 },
  'POST /api/auth/sso/finish': { as: nobody, body: () => ({ query: '?code=a&state=b' }), status: 410 },
}
