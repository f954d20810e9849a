import { describe, expect, it } from 'vitest'
import { timeLabels } from './macb.ts'

describe('which time a moment is', () => {
  it.each([
    { fields: ['Created0x10', 'LastModified0x10', 'LastRecordChange0x10', 'LastAccess0x10'], labels: ['MACB 0x10'] },
    { fields: ['LastModified0x10', 'LastRecordChange0x10', 'Created0x30'], labels: ['M.C. 0x10', '...B 0x30'] },
    { fields: ['Created0x10', 'Created0x30', 'LastAccess0x30', 'LastAccess0x10'], labels: ['.A.B 0x10 0x30'] },
    { fields: ['System.TimeCreated.SystemTime'], labels: ['SystemTime'] },
    { fields: ['Mtime', 'Ctime'], labels: ['M.C.'] },
    { fields: ['Stat.Atime'], labels: ['.A..'] },
    { fields: ['LastRunTimes', 'CreationTime'], labels: ['LastRunTimes', 'CreationTime'] },
    // The name of a process's start says nothing of a file.
    { fields: ['Created', 'CreateTime'], labels: ['Created', 'CreateTime'] },
  ])('of $fields is said as $labels', ({ fields, labels }) => expect(timeLabels(fields)).toEqual(labels))
})
