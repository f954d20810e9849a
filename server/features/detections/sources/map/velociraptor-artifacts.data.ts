// Artifacts of Velociraptor that no log source of Sigma stands for, under categories of our own: rules name the columns of the
// artifact, blanks taken out. They are for the starter pack, and for whoever writes rules on what hosts are and not on what they logged.
import type { RowSelector, Source } from '../source.ts'

type Names = Source['names']

const own = (
  product: string,
  category: string,
  o: { title: string; rows: readonly RowSelector[]; names?: Names; note?: string },
): Source => ({
  id: `${product}-${category.replaceAll('_', '-')}`,
  title: o.title,
  kind: 'state',
  product,
  category,
  service: null,
  rows: o.rows,
  layout: 'open',
  below: [''],
  lacks: [],
  partial: [],
  names: o.names ?? {},
  note: o.note ?? 'What was there when it was looked at; fields are the columns of the artifact.',
})

const windows = (category: string, title: string, artifacts: readonly string[], names?: Names): Source =>
  own('windows', `velociraptor_${category}`, { title, rows: [{ artifacts }], ...(names === undefined ? {} : { names }) })
const linux = (category: string, title: string, artifacts: readonly string[], names?: Names): Source =>
  own('linux', `velociraptor_${category}`, { title, rows: [{ artifacts }], ...(names === undefined ? {} : { names }) })

const remote: Names = {
  LocalAddress: ['Laddr.IP', 'Laddr', 'LocalAddr'],
  LocalPort: ['Laddr.Port', 'Lport', 'LocalPort'],
  RemoteAddress: ['Raddr.IP', 'Raddr', 'RemoteAddr'],
  RemotePort: ['Raddr.Port', 'Rport', 'RemotePort'],
}

export const velociraptorArtifacts: readonly Source[] = [
  windows('autoruns', 'Autoruns', ['windows.sysinternals.autoruns'], {
    EntryLocation: ['Entry Location'],
    ImagePath: ['Image Path'],
    LaunchString: ['Launch String'],
  }),
  windows('services', 'Services', ['windows.system.services']),
  windows('scheduled_tasks', 'Scheduled tasks', ['windows.system.taskscheduler']),
  windows('startup_items', 'Startup items', ['windows.sys.startupitems']),
  windows('prefetch', 'Prefetch', ['windows.forensics.prefetch'], { Path: ['ExecutableDosPath', 'ExecutablePath', 'Binary'] }),
  windows('amcache', 'Amcache', ['windows.detection.amcache', 'windows.forensics.amcache', 'windows.system.amcache'], {
    Name: ['EntryName', 'Name'],
    Path: ['EntryPath', 'FullPath', 'LowerCaseLongPath'],
  }),
  windows('shimcache', 'Application compatibility cache', ['windows.registry.appcompatcache']),
  windows('users', 'User accounts', ['windows.sys.users', 'windows.sys.allusers']),
  windows('local_admins', 'Local administrators', ['windows.sys.localadmins']),
  windows('pslist', 'Processes', ['windows.system.pslist']),
  windows('dlls', 'Loaded modules', ['windows.system.dlls']),
  windows('mft', 'Master file table', ['windows.ntfs.mft']),
  windows('dns_cache', 'DNS cache', ['windows.system.dnscache']),
  windows(
    'browser_history',
    'Browser history',
    ['windows.applications.edge.history', 'windows.applications.chrome.history', 'windows.applications.firefox.history'],
    { visited_url: ['visited_url', 'url', 'URL'] },
  ),
  own('windows', 'velociraptor_netstat', {
    title: 'Connections',
    rows: [{ artifacts: ['windows.network.netstat', 'windows.network.netstatenriched'] }],
    names: remote,
  }),
  linux('crontab', 'Cron jobs', ['linux.sys.crontab']),
  linux('authorized_keys', 'SSH keys that may log in', ['linux.ssh.authorizedkeys']),
  linux('systemd', 'Units of systemd', ['linux.sys.services']),
  linux('suid', 'Programs that run as their owner', ['linux.sys.suid']),
  linux('users', 'User accounts', ['linux.sys.users']),
  linux('pslist', 'Processes', ['linux.sys.pslist']),
  linux('ssh_logins', 'SSH logins', ['linux.syslog.sshlogin', 'linux.events.sshlogin']),
  own('macos', 'velociraptor_autoruns', { title: 'Autoruns', rows: [{ artifacts: ['macos.detection.autoruns'] }] }),
]
