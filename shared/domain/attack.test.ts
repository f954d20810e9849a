import { describe, expect, it } from 'vitest'
import { attackReplaced, attackTactics, attackTechniques } from './attack-enterprise.data.ts'
import { allTechniques, attackOfTags, currentTechnique } from './attack.ts'

describe('the table of techniques', () => {
  it('knows every parent and every tactic that it names, and each id once', () => {
    const ids = new Set(attackTechniques.map(([id]) => id))
    const tactics = new Set(attackTactics.map((tactic) => tactic.shortname))
    expect(ids.size).toBe(attackTechniques.length)
    expect(allTechniques.filter((one) => one.parent_id !== null && !ids.has(one.parent_id))).toEqual([])
    expect(allTechniques.flatMap((one) => one.tactics).filter((name) => !tactics.has(name))).toEqual([])
  })

  it('leads every id that is used no longer to one that is', () => {
    const ids = new Set(attackTechniques.map(([id]) => id))
    expect(Object.entries(attackReplaced).filter(([old, now]) => ids.has(old) || !ids.has(now))).toEqual([])
    expect(currentTechnique('t1562.001')).toMatchObject({ id: 'T1685', name: 'Disable or Modify Tools' })
    expect(currentTechnique('T1070.001')?.id).toBe('T1685.005')
    expect(currentTechnique('T9999')).toBeNull()
  })
})

describe('tags of a rule', () => {
  it('are techniques and tactics as they are called now, and what nobody knows is named', () => {
    expect(
      attackOfTags(['attack.credential-access', 'attack.t1003.001', 'attack.g0007', 'attack.s0002', 'cve.2024-1', 'attack.t9999']),
    ).toEqual({
      techniques: ['T1003.001'],
      tactics: ['credential-access'],
      unknown: ['T9999'],
    })
  })

  it('of an older version find the tactic that the technique is of now', () => {
    expect(attackOfTags(['attack.defense_evasion', 'attack.t1562.001'])).toEqual({
      techniques: ['T1685'],
      tactics: ['defense-impairment'],
      unknown: [],
    })
    expect(attackOfTags(['attack.defense-evasion', 'attack.execution'])).toMatchObject({ tactics: ['execution', 'stealth'] })
    expect(attackOfTags(['attack.stealth', 'attack.t1027']).tactics).toEqual(['stealth'])
  })

  it('without a tactic are of those of the technique', () => {
    expect(attackOfTags(['attack.t1053.005']).tactics).toEqual(['execution', 'persistence', 'privilege-escalation'])
    expect(attackOfTags([])).toEqual({ techniques: [], tactics: [], unknown: [] })
  })
})
