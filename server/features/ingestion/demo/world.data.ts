// The made-up company of the demo: Halden Maritime, a shipping line. Nothing here exists.

export const sites = [
  { code: 'FIN', share: 0.18 },
  { code: 'ENG', share: 0.3 },
  { code: 'OPS', share: 0.28 },
  { code: 'HR', share: 0.1 },
  { code: 'BRG', share: 0.14 },
] as const

export const people = [
  'a.lund',
  'b.strand',
  'c.haugen',
  'd.moen',
  'e.berge',
  'f.solberg',
  'g.nygard',
  'h.eide',
  'i.vestby',
  'j.aune',
  'k.fossum',
  'l.ruud',
  'm.okafor',
  'n.holte',
  'o.sande',
  'p.lien',
  'q.tveit',
  'r.bakke',
  's.dahl',
  't.vik',
  'u.myhre',
  'v.krogh',
  'w.oye',
  'y.nes',
  'z.ask',
] as const

export interface Program {
  name: string
  folder: string
  args: string
  company: string
  product: string
  /** Share of hosts that have it. */
  share: number
  isService?: true
  isSystem?: true
  port?: number
}

const system = 'C:\\Windows\\System32'
const os = (name: string, args = '', extra: Partial<Program> = {}): Program => ({
  name,
  folder: system,
  args,
  company: 'Microsoft Corporation',
  product: 'Microsoft Windows',
  share: 1,
  isSystem: true,
  ...extra,
})

export const programs: readonly Program[] = [
  os('smss.exe'),
  os('csrss.exe'),
  os('wininit.exe'),
  os('winlogon.exe'),
  os('services.exe'),
  os('lsass.exe'),
  os('svchost.exe', '-k DcomLaunch -p'),
  os('svchost.exe', '-k RPCSS -p', { port: 135 }),
  os('svchost.exe', '-k netsvcs -p -s Schedule'),
  os('svchost.exe', '-k LocalServiceNetworkRestricted -p -s EventLog'),
  os('svchost.exe', '-k NetworkService -p -s Dnscache'),
  os('spoolsv.exe', '', { isService: true }),
  os('SearchIndexer.exe', '/Embedding', { isService: true }),
  os('dllhost.exe', '/Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}'),
  os('taskhostw.exe'),
  os('RuntimeBroker.exe', '-Embedding'),
  os('conhost.exe', '0x4'),
  os('ctfmon.exe'),
  os('sihost.exe'),
  os('fontdrvhost.exe'),
  { name: 'explorer.exe', folder: 'C:\\Windows', args: '', company: 'Microsoft Corporation', product: 'Windows Explorer', share: 1 },
  {
    name: 'msedge.exe',
    folder: 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application',
    args: '--type=renderer',
    company: 'Microsoft Corporation',
    product: 'Microsoft Edge',
    share: 0.9,
  },
  {
    name: 'chrome.exe',
    folder: 'C:\\Program Files\\Google\\Chrome\\Application',
    args: '--type=utility',
    company: 'Google LLC',
    product: 'Google Chrome',
    share: 0.6,
  },
  {
    name: 'OUTLOOK.EXE',
    folder: 'C:\\Program Files\\Microsoft Office\\root\\Office16',
    args: '',
    company: 'Microsoft Corporation',
    product: 'Microsoft Outlook',
    share: 0.8,
  },
  {
    name: 'EXCEL.EXE',
    folder: 'C:\\Program Files\\Microsoft Office\\root\\Office16',
    args: '/dde',
    company: 'Microsoft Corporation',
    product: 'Microsoft Excel',
    share: 0.5,
  },
  {
    name: 'Teams.exe',
    folder: 'C:\\Program Files\\Teams\\current',
    args: '--type=gpu-process',
    company: 'Microsoft Corporation',
    product: 'Microsoft Teams',
    share: 0.7,
  },
  {
    name: 'MsMpEng.exe',
    folder: 'C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.26020.5-0',
    args: '',
    company: 'Microsoft Corporation',
    product: 'Antimalware Service',
    share: 1,
    isService: true,
  },
  {
    name: 'ninjarmm-cli.exe',
    folder: 'C:\\ProgramData\\NinjaRMMAgent',
    args: 'get assetId',
    company: 'NinjaOne LLC',
    product: 'NinjaRMM',
    share: 0.98,
    isService: true,
  },
  {
    name: 'SupportAssistAgent.exe',
    folder: 'C:\\ProgramData\\Dell\\SupportAssist\\Agent\\bin',
    args: '/scan',
    company: 'Dell Inc.',
    product: 'SupportAssist',
    share: 0.3,
    isService: true,
  },
  {
    name: 'AdobeARM.exe',
    folder: 'C:\\ProgramData\\Adobe\\ARM\\S\\30114',
    args: '',
    company: 'Adobe Inc.',
    product: 'Adobe Reader and Acrobat Manager',
    share: 0.5,
  },
  {
    name: 'ncsync.exe',
    folder: 'C:\\ProgramData\\NavChart\\sync',
    args: '--pull weekly',
    company: 'NavChart AS',
    product: 'NavChart Sync',
    share: 0.12,
  },
  {
    name: 'choco.exe',
    folder: 'C:\\ProgramData\\chocolatey\\bin',
    args: 'upgrade all -y',
    company: 'Chocolatey Software, Inc.',
    product: 'Chocolatey',
    share: 0.1,
  },
  {
    name: 'hxgnlic.exe',
    folder: 'C:\\ProgramData\\Hexagon\\CLM',
    args: '-refresh',
    company: 'Hexagon AB',
    product: 'Hexagon Licensing',
    share: 0.05,
  },
  {
    name: 'VeeamAgentUpd.exe',
    folder: 'C:\\ProgramData\\Veeam\\Endpoint',
    args: '/check',
    company: 'Veeam Software Group GmbH',
    product: 'Veeam Agent',
    share: 0.06,
    isService: true,
  },
  {
    name: 'AnyDesk.exe',
    folder: 'C:\\ProgramData\\AnyDesk',
    args: '--service',
    company: 'AnyDesk Software GmbH',
    product: 'AnyDesk',
    share: 0.03,
    isService: true,
    port: 7070,
  },
  {
    name: 'sqlservr.exe',
    folder: 'C:\\Program Files\\Microsoft SQL Server\\MSSQL16.MSSQLSERVER\\MSSQL\\Binn',
    args: '-sMSSQLSERVER',
    company: 'Microsoft Corporation',
    product: 'Microsoft SQL Server',
    share: 0.04,
    isService: true,
    port: 1433,
  },
]

export const scripts = [
  'Get-Service | Where-Object {$_.Status -eq "Running"} | Select-Object -First 5',
  'Import-Module ActiveDirectory; Get-ADUser -Filter * -Properties LastLogonDate | Export-Csv C:\\IT\\users.csv',
  'Get-WmiObject Win32_LogicalDisk | Select DeviceID,FreeSpace',
  'Set-ExecutionPolicy -Scope Process RemoteSigned; . C:\\IT\\inventory.ps1',
  'Test-NetConnection hld-srv-file02 -Port 445',
]

export const sitesVisited = [
  ['https://intranet.halden.example/', 'Halden Maritime intranet'],
  ['https://www.yr.no/nb', 'Yr'],
  ['https://portal.navchart.example/charts', 'NavChart portal'],
  ['https://outlook.office.com/mail/', 'Mail'],
  ['https://www.marinetraffic.example/en/ais/home', 'Marine traffic'],
  ['https://docs.halden.example/policy/travel', 'Travel policy'],
  ['https://www.nrk.no/', 'NRK'],
  ['https://support.dell.example/drivers', 'Drivers'],
] as const

export const documents = [
  'Invoice',
  'Crew list',
  'Charter party',
  'Port call',
  'Bunker report',
  'Budget',
  'Cargo manifest',
  'Safety drill',
  'Minutes',
  'Offer',
] as const
