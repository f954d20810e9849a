import { describe, expect, it } from 'vitest'
import { putSso, type SsoState } from '../../../../../shared/contract/access/sso.ts'
import { bodyOf, draftOf, keepsSecret, ssoFaults } from './sso-draft.ts'

const state: SsoState = {
  settings: {
    is_enabled: true,
    label: 'the company',
    issuer: 'https://id.example',
    client: 'hunting',
    has_client_secret: true,
    scopes: 'openid email',
    groups_claim: 'groups',
    role_map: [{ group: 'hunters', role: 'user' }],
    default_role: null,
    may_link_by_email: false,
    updated_at: '2026-03-12T08:00:00.000Z',
  },
  return_address: 'https://hunt.example/sign-in/sso/callback',
  sign_in_address: 'https://hunt.example/sign-in/sso?tenant=x',
}
const none: SsoState = { ...state, settings: null }

describe('the form of single sign-on', () => {
  it('sends what it was given, and no secret that nobody entered', () => {
    const body = bodyOf(draftOf(state))
    expect(body).not.toHaveProperty('client_secret')
    expect(putSso.body.safeParse(body).success).toBe(true)
    expect(body).toMatchObject({ issuer: 'https://id.example', role_map: [{ group: 'hunters', role: 'user' }], default_role: null })
  })
  it('leaves out lines without a group and blanks around words', () => {
    const draft = {
      ...draftOf(state),
      lines: [
        { key: 0, group: '  ', role: 'admin' as const },
        { key: 1, group: ' chiefs ', role: 'admin' as const },
      ],
    }
    expect(bodyOf({ ...draft, scopes: '  openid   email ' })).toMatchObject({
      role_map: [{ group: 'chiefs', role: 'admin' }],
      scopes: 'openid email',
    })
  })
  it('names what is missing', () => {
    expect(Object.keys(ssoFaults(draftOf(none)))).toEqual(['label', 'issuer', 'client'])
    expect(ssoFaults({ ...draftOf(state), issuer: 'javascript:alert(1)' })).toHaveProperty('issuer')
    expect(ssoFaults(draftOf(state))).toEqual({})
  })
  it('knows when the kept secret is lost', () => {
    expect(keepsSecret(draftOf(state), state)).toBe(true)
    expect(keepsSecret({ ...draftOf(state), issuer: 'https://other.example' }, state)).toBe(false)
    expect(keepsSecret(draftOf(none), none)).toBe(false)
  })
})
