import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVault } from './vault.ts'

const newKey = 'a new secret key of thirty-two letters'
const oldKey = 'the old secret key of thirty-two letters'
const bound = { purpose: 'totp_factors.secret', owner_id: 'ann' }

describe('a sealed secret', () => {
  it('opens to what it was, whatever text that is', async () => {
    const vault = createVault([newKey])
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (secret) => {
        expect(await vault.open(await vault.seal(secret, bound), bound)).toBe(secret)
      }),
      { numRuns: 50 },
    )
  })
  it('is another text each time, and holds neither the secret nor what it is bound to', async () => {
    const vault = createVault([newKey])
    const [one, two] = [await vault.seal('canary', bound), await vault.seal('canary', bound)]
    expect(one).not.toBe(two)
    const decoded = one.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    expect([one, ...decoded].join(' ')).not.toMatch(/canary|ann|totp/)
  })
  it('opens nothing in another row or for another use', async () => {
    const vault = createVault([newKey])
    const sealed = await vault.seal('canary', bound)
    await expect(vault.open(sealed, { ...bound, owner_id: 'bob' })).rejects.toThrow('belongs to another row')
    await expect(vault.open(sealed, { ...bound, purpose: 'sso_providers.client_secret' })).rejects.toThrow('belongs to another row')
  })
  it('is refused when any of its characters was changed', async () => {
    const vault = createVault([newKey])
    const sealed = await vault.seal('canary', bound)
    const plain = Buffer.from(sealed.split('.').join(''), 'latin1').length
    expect(plain).toBeGreaterThan(100)
    for (let at = 0; at < sealed.length; at += 7) {
      if (sealed[at] === '.') continue
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'z' : 'A') + sealed.slice(at + 1)
      await expect(vault.open(changed, bound), `character ${at}`).rejects.toThrow()
    }
    await expect(vault.open('', bound)).rejects.toThrow('no sealed secret')
  })
})

describe('another key', () => {
  it('opens what an older one sealed while that one is configured, and says which is missing when it is not', async () => {
    const sealed = await createVault([oldKey]).seal('canary', bound)
    expect(await createVault([newKey, oldKey]).open(sealed, bound)).toBe('canary')
    await expect(createVault([newKey]).open(sealed, bound)).rejects.toThrow(/earlier SECRET_KEY \(key [0-9a-f]{16}\)/)
  })
  it('seals everything anew, once; afterwards the old one is not needed', async () => {
    const sealed = await createVault([oldKey]).seal('canary', bound)
    const both = createVault([newKey, oldKey])
    const anew = await both.reseal(sealed, bound)
    expect(await both.reseal(anew ?? '', bound)).toBeNull()
    expect(await createVault([newKey]).open(anew ?? '', bound)).toBe('canary')
  })
})
