// What happened on Windows, by category: the records of Sysmon, of auditing and of PowerShell that tell of it.
import type { Source } from './source.ts'

export const windowsCategories: readonly Source[] = [
  {
    id: 'windows-process-creation-sysmon',
    title: 'Processes started (Sysmon 1)',
    kind: 'record',
    product: 'windows',
    category: 'process_creation',
    service: 'sysmon',
    rows: [{ channels: ['microsoft-windows-sysmon/operational'], event_codes: ['1'] }],
    layout: 'windows',
    names: {},
    below: [],
    lacks: [],
    partial: [],
    note: '',
  },
]
