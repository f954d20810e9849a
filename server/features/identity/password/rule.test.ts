import { describe, expect, it } from 'vitest'
import { judgePassword } from './rule.ts'

const judge = (password: string, names: { username?: string; tenantName?: string } = {}) =>
  judgePassword(password, { minLength: 12, ...names })

describe('the password rule', () => {
  it.each(['kernel flag muffin orbit', 'Τρία πράσινα καράβια πετούν', '🌊 seven quiet lanterns 🏮', 'x9$Lq2!vR7#mZ4'])(
    'takes %s',
    async (password) => {
      expect(await judge(password, { username: 'ann', tenantName: 'Acme' })).toEqual({ score: expect.any(Number) as number, problems: [] })
    },
  )
  it.each([
    ['Ab3$xY', 'at least 12 characters; this has 6'],
    ['🌊🌊🌊🌊🌊🌊', 'this has 6'],
    ['password1234', 'list of common passwords'],
    ['!!!Qwertyuiop', 'list of common passwords'],
    ['annabel.smith42', 'made of the username'],
    ['Velociraptor99', "made of the product's name"],
    ['VelociCompanion!1', "made of the product's name"],
    ['ACME-Industries1', "made of the tenant's name"],
    ['aaaaaaaaaaaaaaaa', 'easy to guess (strength 0'],
  ])('refuses %s and says why', async (password, reason) => {
    const { problems } = await judge(password, { username: 'Annabel.Smith', tenantName: 'Acme Industries' })
    expect(problems.join(' ')).toContain(reason)
  })
  it('lists every reason at once', async () => {
    expect((await judge('root1', { username: 'root' })).problems).toHaveLength(4)
  })
  it('takes a name in a password that has enough of its own', async () => {
    expect((await judge('root kernel flag muffin orbit', { username: 'root' })).problems).toEqual([])
  })
  it('judges in another process, however a password is made', async () => {
    await judge('warm')
    const before = process.cpuUsage()
    await Promise.all(['(4$$!|0)'.repeat(100), '@4$3!10|'.repeat(128), '1'.repeat(1024)].map((password) => judge(password)))
    const { user } = process.cpuUsage(before)
    expect(user / 1000).toBeLessThan(100)
  })
})
