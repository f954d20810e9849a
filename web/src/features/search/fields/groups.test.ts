import { describe, expect, it } from 'vitest'
import { type FieldInfo, groupFields } from './groups.ts'

const field = (name: string, rows: number, is_ecs = true): FieldInfo => ({ name, type: 'text', is_ecs, rows })
const fields = [field('file_path', 5), field('artifact', 9), field('Pid', 7, false), field('user_name', 8), field('gone', 0)]

describe('the fields panel', () => {
  it('shows pinned fields first, also those that no row has, and the commonest before the others', () => {
    const groups = groupFields(fields, ['artifact', 'host_name'], '')
    expect(groups.map((group) => [group.title, group.fields.map((one) => one.name)])).toEqual([
      ['Pinned', ['artifact', 'host_name']],
      ['In these rows', ['user_name', 'file_path']],
      ['Columns of the artifacts', ['Pid']],
    ])
  })
  it('finds a field by a part of its name, dots and underscores alike', () => {
    expect(groupFields(fields, ['artifact'], 'file.p').flatMap((group) => group.fields.map((one) => one.name))).toEqual(['file_path'])
    expect(groupFields(fields, [], 'zzz')).toEqual([])
  })
})
