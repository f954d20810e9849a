import type { Chance } from './random.ts'
import { type DemoHost, rfc3339, someTime, type World } from './world.ts'
import type { DemoRow, Rows } from './windows-state.ts'

const daemons = [
  ['systemd', '/usr/lib/systemd/systemd', 'root'],
  ['sshd', '/usr/sbin/sshd', 'root'],
  ['cron', '/usr/sbin/cron', 'root'],
  ['rsyslogd', '/usr/sbin/rsyslogd', 'syslog'],
  ['nginx', '/usr/sbin/nginx', 'www-data'],
  ['postgres', '/usr/lib/postgresql/15/bin/postgres', 'postgres'],
  ['node', '/usr/bin/node', 'ais'],
  ['bash', '/usr/bin/bash', 'ops'],
] as const

const history = [
  'ls -la',
  'cd /srv/ais',
  'git pull',
  'sudo systemctl restart ais',
  'tail -f /var/log/nginx/access.log',
  'df -h',
  'journalctl -u ais -n 100',
  'htop',
] as const

const processes = (world: World, chance: Chance): DemoRow[] => {
  const boot = world.end - chance.int(20, 200) * 86_400_000
  return daemons.flatMap(([name, exe, user]) =>
    Array.from({ length: Math.max(1, Math.round(2 * world.scale)) }, () => ({
      Pid: chance.int(1, 60_000),
      Ppid: 1,
      Name: name,
      CommandLine: exe,
      Exe: exe,
      Hash: { SHA256: chance.hex(64) },
      Username: user,
      CreateTime: rfc3339(boot + chance.int(1, 9_000_000)),
      RSS: chance.int(2_000_000, 90_000_000),
      Deleted: false,
    })),
  )
}

const logins = (world: World, chance: Chance): DemoRow[] =>
  Array.from({ length: Math.round(120 * world.scale) }, () => {
    const isGood = chance.happens(0.4)
    return {
      Time: rfc3339(someTime(world, chance), 0),
      IP: isGood ? `10.20.10.${chance.int(20, 220)}` : `192.0.2.${chance.int(2, 250)}`,
      Result: isGood ? 'Accepted' : 'Failed',
      Method: isGood ? 'publickey' : 'password',
      AttemptedUser: isGood ? 'ops' : chance.pick(['root', 'admin', 'oracle', 'test']),
      OSPath: '/var/log/auth.log',
    }
  })

const cronjob = (user: string, minute: string, hour: string, rest: { command: string; path: string }): DemoRow => ({
  Event: null,
  User: user,
  Minute: minute,
  Hour: hour,
  DayOfMonth: '*',
  Month: '*',
  DayOfWeek: '*',
  Command: rest.command,
  Path: rest.path,
})

/** What a Linux host is at the end of the story. */
export const linuxState = (world: World, host: DemoHost): Rows => {
  const chance = host.chance.fork('linux')
  return new Map([
    ['Linux.Sys.Pslist', processes(world, chance)],
    ['Linux.Syslog.SSHLogin', logins(world, chance)],
    [
      'Linux.Sys.Crontab',
      [
        cronjob('root', '17', '3', { command: '/usr/local/bin/backup.sh', path: '/etc/crontab' }),
        cronjob('ais', '*/5', '*', { command: '/srv/ais/bin/pull --weekly', path: '/var/spool/cron/crontabs/ais' }),
      ],
    ],
    [
      'Linux.Sys.BashHistory',
      Array.from({ length: Math.round(40 * world.scale) }, () => ({ Line: chance.pick(history), OSPath: '/home/ops/.bash_history' })),
    ],
  ])
}
