import { explorer, parentOf, pidOf, runsOnce, talksTo } from './families.ts'
import { type DemoHost, hashesOf, rfc3339, someTime, type World } from './world.ts'
import { documents, type Program, sitesVisited } from './world.data.ts'

export type DemoRow = Record<string, unknown>
export type Rows = Map<string, DemoRow[]>

export const signed = (path: string, by: string, isTrusted = true) => ({
  Filename: path,
  ProgramName: '',
  PublisherLink: null,
  MoreInfoLink: null,
  SerialNumber: '',
  IssuerName: isTrusted ? 'DigiCert Trusted G4 Code Signing CA1' : '',
  SubjectName: isTrusted ? by : '',
  Timestamp: null,
  Trusted: isTrusted ? 'trusted' : 'untrusted',
})

export const pathOf = (p: Program): string => `${p.folder}\\${p.name}`
const commandOf = (p: Program): string => (p.args === '' ? `"${pathOf(p)}"` : `"${pathOf(p)}" ${p.args}`)
const accountOf = (host: DemoHost, p: Program): string => (p.isSystem || p.isService ? 'NT AUTHORITY\\SYSTEM' : `HALDEN\\${host.user}`)

const pslist = (world: World, host: DemoHost): DemoRow[] => {
  const chance = host.chance.fork('pslist')
  const boot = world.start - chance.int(1, 9) * 86_400_000
  const copies = Math.max(1, Math.round(3 * world.scale))
  const rows: DemoRow[] = []
  for (let copy = 0; copy < copies; copy++)
    for (const [at, p] of host.programs.entries()) {
      if (copy > 0 && runsOnce(p)) continue
      const parent = parentOf(p)
      const started = boot + (runsOnce(p) ? 400 * at : 60_000 + (parent === explorer ? chance.int(60_000, 40_000_000) : 500 * at))
      rows.push({
        Pid: pidOf(host, p, copy),
        Ppid: parent.pid,
        TokenIsElevated: p.isSystem === true,
        Name: p.name,
        Exe: pathOf(p),
        CommandLine: commandOf(p),
        CreateTime: rfc3339(started + (p.name === 'explorer.exe' ? 90_000 : 0), 6),
        Username: accountOf(host, p),
        WorkingSetSize: chance.int(2_000_000, 400_000_000),
        Hash: hashesOf(pathOf(p)),
        Authenticode: signed(pathOf(p), p.company),
      })
    }
  return rows
}

const netstat = (world: World, host: DemoHost): DemoRow[] => {
  const chance = host.chance.fork('netstat')
  const rows: DemoRow[] = []
  const connection = (p: Program, o: Partial<DemoRow>): DemoRow => ({
    Pid: pidOf(host, p),
    Name: p.name,
    Family: 'IPv4',
    Type: 'TCP',
    Status: 'ESTAB',
    'Laddr.IP': host.ip,
    'Laddr.Port': chance.int(49_152, 65_535),
    'Raddr.IP': '0.0.0.0',
    'Raddr.Port': 0,
    Timestamp: rfc3339(world.end - chance.int(0, 30) * 60_000, 0),
    ...o,
  })
  for (const p of host.programs) {
    if (p.port !== undefined) rows.push(connection(p, { Status: 'LISTEN', 'Laddr.IP': '0.0.0.0', 'Laddr.Port': p.port }))
    if (p.isSystem) continue
    for (let i = 0; i < Math.round(4 * world.scale); i++)
      rows.push(
        connection(p, { 'Raddr.IP': talksTo(p, `198.51.100.${chance.int(2, 250)}`), 'Raddr.Port': chance.pick([443, 443, 443, 80, 8443]) }),
      )
  }
  return rows
}

const autoruns = (world: World, host: DemoHost): DemoRow[] => {
  const chance = host.chance.fork('autoruns')
  return host.programs
    .filter((p) => !p.isSystem)
    .map((p) => {
      const hashes = hashesOf(pathOf(p))
      return {
        Time: rfc3339(world.start - chance.int(1, 400) * 86_400_000, 0),
        'Entry Location': p.isService
          ? 'HKLM\\System\\CurrentControlSet\\Services'
          : 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run',
        Entry: p.product,
        Enabled: 'enabled',
        Category: p.isService ? 'Services' : 'Logon',
        Profile: 'System-wide',
        Description: p.product,
        Signer: `(Verified) ${p.company}`,
        Company: p.company,
        'Image Path': pathOf(p).toLowerCase(),
        Version: '4.2.0.0',
        'Launch String': commandOf(p),
        MD5: hashes.MD5,
        'SHA-1': hashes.SHA1,
        'SHA-256': hashes.SHA256,
      }
    })
}

const services = (host: DemoHost): DemoRow[] => {
  const chance = host.chance.fork('services')
  return host.programs
    .filter((p) => p.isService)
    .map((p) => ({
      State: 'Running',
      Name: p.name.replace(/\.exe$/i, ''),
      DisplayName: p.product,
      Status: 'OK',
      Pid: chance.int(600, 9000),
      ExitCode: 0,
      StartMode: 'Auto',
      PathName: commandOf(p),
      ServiceType: 'Own Process',
      UserAccount: 'LocalSystem',
      Created: null,
      ServiceDll: null,
      AbsoluteExePath: pathOf(p),
      HashServiceExe: hashesOf(pathOf(p)),
      CertinfoServiceExe: signed(pathOf(p), p.company),
    }))
}

const tasks = (world: World, host: DemoHost): DemoRow[] => {
  const chance = host.chance.fork('tasks')
  return host.programs
    .filter((p) => !p.isSystem && chance.happens(0.5))
    .map((p) => ({
      OSPath: `C:\\Windows\\System32\\Tasks\\${p.product} Update`,
      TaskName: `\\${p.product} Update`,
      Mtime: rfc3339(world.start - chance.int(1, 200) * 86_400_000),
      Command: pathOf(p),
      Arguments: p.args,
      UserId: 'S-1-5-18',
      RunLevel: 'HighestAvailable',
      LogonType: 'S4U',
      ComHandler: null,
      StartBoundary: '2025-01-01T03:00:00',
      Authenticode: signed(pathOf(p), p.company),
    }))
}

const prefetch = (world: World, host: DemoHost): DemoRow[] => {
  const chance = host.chance.fork('prefetch')
  return host.programs
    .filter(() => !host.isServer)
    .map((p) => {
      const runs = Array.from({ length: chance.int(1, 8) }, () => someTime(world, chance)).sort((a, b) => b - a)
      const file = `${p.name.toUpperCase()}-${chance.hex(8).toUpperCase()}.pf`
      return {
        Executable: p.name.toUpperCase(),
        FileSize: chance.int(4000, 90_000),
        Hash: `0x${chance.hex(8).toUpperCase()}`,
        Version: 'Win10 (30)',
        LastRunTimes: runs.map((t) => rfc3339(t, 6)),
        RunCount: chance.int(runs.length, 400),
        Binary: pathOf(p).toUpperCase(),
        ExecutablePath: pathOf(p).toUpperCase(),
        PrefetchFileName: file,
        OSPath: `C:\\Windows\\Prefetch\\${file}`,
        CreationTime: rfc3339(world.start - chance.int(1, 90) * 86_400_000, 6),
        ModificationTime: rfc3339(runs[0] ?? world.end, 6),
      }
    })
}

const amcache = (world: World, host: DemoHost): DemoRow[] => {
  const chance = host.chance.fork('amcache')
  return host.programs.map((p) => ({
    HivePath: 'C:\\Windows\\appcompat\\Programs\\Amcache.hve',
    EntryKey: `Root\\InventoryApplicationFile\\${p.name.toLowerCase()}|${chance.hex(16)}`,
    KeyMTime: rfc3339(world.start + chance.int(0, 20) * 86_400_000),
    EntryType: 'InventoryApplicationFile',
    SHA1: hashesOf(pathOf(p)).SHA1,
    EntryName: p.name,
    EntryPath: pathOf(p).toLowerCase(),
    Publisher: p.company,
    OriginalFileName: p.name.toLowerCase(),
    BinaryType: 'pe64_amd64',
  }))
}

const history = (world: World, host: DemoHost): DemoRow[] => {
  const chance = host.chance.fork('history')
  if (host.isServer) return []
  return Array.from({ length: Math.round(60 * world.scale) }, (_, i) => {
    const [url, title] = chance.pick(sitesVisited)
    const at = rfc3339(someTime(world, chance), 6)
    return {
      User: host.user,
      url_id: i + 1,
      visit_time: at,
      visited_url: url,
      title,
      visit_count: chance.int(1, 90),
      typed_count: chance.int(0, 5),
      last_visit_time: at,
      hidden: 0,
      from_url_id: 0,
      visit_duration: chance.int(1, 300),
      transition: 805_306_368,
      OSPath: `C:\\Users\\${host.user}\\AppData\\Local\\Microsoft\\Edge\\User Data\\Default\\History`,
    }
  })
}

export const mftRow = (o: { path: string; at: number; size: number; entry: number }): DemoRow => {
  const at = rfc3339(o.at, 6)
  return {
    EntryNumber: o.entry,
    InUse: true,
    ParentEntryNumber: o.entry - 7,
    OSPath: o.path,
    FileName: o.path.slice(o.path.lastIndexOf('\\') + 1),
    FileSize: o.size,
    ReferenceCount: 1,
    IsDir: false,
    Created0x10: at,
    Created0x30: at,
    LastModified0x10: at,
    LastModified0x30: at,
    LastRecordChange0x10: at,
    LastRecordChange0x30: at,
    LastAccess0x10: at,
    LastAccess0x30: at,
    HasADS: false,
    SI_Lt_FN: false,
    USecZeros: false,
    Copied: false,
  }
}

const mft = (world: World, host: DemoHost): DemoRow[] => {
  const chance = host.chance.fork('mft')
  return Array.from({ length: Math.round(700 * world.scale) }, (_, i) => {
    const name = `${chance.pick(documents)} ${chance.int(2019, 2026)}-${String(chance.int(1, 12)).padStart(2, '0')}${chance.pick(['.docx', '.xlsx', '.pdf', '.msg'])}`
    return mftRow({
      path: `C:\\Users\\${host.user}\\Documents\\${name}`,
      at: someTime(world, chance),
      size: chance.int(2000, 4_000_000),
      entry: 40_000 + i,
    })
  })
}

/** What a Windows host is at the end of the story, without the story. */
export const windowsState = (world: World, host: DemoHost): Rows =>
  new Map([
    ['Windows.System.Pslist', pslist(world, host)],
    ['Windows.Network.Netstat', netstat(world, host)],
    ['Windows.Sysinternals.Autoruns', autoruns(world, host)],
    ['Windows.System.Services', services(host)],
    ['Windows.System.TaskScheduler/Analysis', tasks(world, host)],
    ['Windows.Forensics.Prefetch', prefetch(world, host)],
    ['Windows.Detection.Amcache', amcache(world, host)],
    ['Windows.Applications.Edge.History', history(world, host)],
    ['Windows.NTFS.MFT', mft(world, host)],
  ])
