// What mails say. Text alone, in lines that any reader shows as they are; what comes from people is put on one line, so that
// nothing they typed can become a header, a line of ours, or be shown backwards.
const width = 72

export interface Facts {
  readonly [name: string]: string | undefined
}
export interface Place {
  publicUrl: string
  /** The secret of the link in it, for the kinds that have one. */
  token: string
}
export interface Words {
  subject: string
  text: string
}

const plain = (value: string | undefined): string =>
  (value ?? '')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200)
    .toWellFormed()

const wrap = (paragraph: string): string => {
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\n')
}

const labels = {
  when: 'When',
  until: 'Good until',
  device: 'Device',
  address: 'Address',
  tenant: 'Tenant',
  by: 'By',
  username: 'User name',
  search: 'Search',
  rows: 'New rows',
  reason: 'Why',
}
type Label = keyof typeof labels

const table = (facts: Facts, shown: readonly Label[]): string =>
  shown
    .filter((name) => plain(facts[name]) !== '')
    .map((name) => `  ${labels[name].padEnd(11)} ${plain(facts[name])}`)
    .join('\n')

interface Template {
  subject: string
  /** Paragraphs; an array is a table of facts. */
  body: (facts: Facts, place: Place) => readonly (string | readonly Label[])[]
  /** The path of its link. */
  path?: (facts: Facts, token: string) => string
}

const seen: readonly Label[] = ['when', 'device', 'address']
const ifNotYou =
  'If this was not you, change your password at once under Settings, Account, which ends all other sessions, and tell an admin of your tenant.'

const notice = (subject: string, what: string, advice = ifNotYou): Template => ({ subject, body: () => [what, seen, advice] })

/** Where schedules are shown; who is not signed in is asked to. */
const schedulesPath = (facts: Facts): string => `/t/${encodeURIComponent(plain(facts.tenant_id))}/settings/schedules`

const templates = {
  test: { subject: 'Test of mail', body: () => ['This is the test mail that you asked for. Mail works.', ['when']] },
  'password.mailed': {
    subject: 'Set a new password',
    path: (_facts, token) => `/reset-password?token=${token}`,
    body: () => [
      'Somebody, hopefully you, asked for a link to set a new password. It works once, ends all of your sessions and voids every link before it.',
      ['username', 'until'],
      'If you did not ask for it, you need not do anything: your password stays as it is.',
    ],
  },
  invitation: {
    subject: 'Your invitation',
    path: (facts, token) => `/invite/${token}${plain(facts.username) === '' ? '' : `?as=${encodeURIComponent(plain(facts.username))}`}`,
    body: () => [
      'You have been invited. Open this link to accept; it works once.',
      ['tenant', 'by', 'username', 'until'],
      'If you do not know what this is about, you need not do anything.',
    ],
  },
  'schedule.found': {
    subject: 'New rows in a saved search',
    path: schedulesPath,
    body: () => [
      'A saved search that runs by itself for you found rows that have come since its last run. The bell in the top bar leads to them.',
      ['search', 'rows', 'tenant', 'when'],
    ],
  },
  'schedule.failed': {
    subject: 'A scheduled search does not run',
    path: schedulesPath,
    body: () => ['A saved search that runs by itself for you failed, or was stopped.', ['search', 'reason', 'tenant', 'when']],
  },
  'session.new_device': notice(
    'Sign-in from a new device',
    'Somebody signed in to your account from a device or a network that was not seen before.',
  ),
  'session.reuse': notice(
    'A session was ended for safety',
    'A token of one of your sessions was used a second time. One of the two who have it may have stolen it, so the session was ended.',
  ),
  'password.changed': notice('Your password was changed', 'The password of your account was changed, and all other sessions were ended.'),
  'password.reset': notice('Your password was reset', 'The password of your account was set anew by a link, and all sessions were ended.'),
  'password.link': notice(
    'A link to reset your password was made',
    'An admin of your tenant made a link that sets a new password for your account. They will hand it to you.',
    'If you did not ask for it, ask them about it.',
  ),
  'email.changed': notice(
    'Your mail address was changed',
    'The mail address of your account was changed. Notices and links go to the new one from now on; this is the last mail to this address.',
  ),
  'factor.added': notice('A second factor was added', 'A second factor was added to your account.'),
  'factor.removed': notice('A second factor was removed', 'A second factor was removed from your account.'),
  'factor.codes': notice('New recovery codes were made', 'New recovery codes were made for your account; the older ones are void.'),
  'key.created': notice(
    'A new API key was made',
    'An API key was made for your account: a program that has it acts for you.',
    'If this was not you, revoke it under Settings, Account, since a new password does not end it; then change your password and tell an admin of your tenant.',
  ),
  'factor.failed': notice(
    'Your password was right, the second factor was not',
    'Somebody gave the right password of your account and then a wrong second factor. Nobody was let in.',
  ),
} satisfies Record<string, Template>

export type MailKind = keyof typeof templates
export const isMailKind = (kind: string): kind is MailKind => Object.hasOwn(templates, kind)

/** Subject and text of a mail. `facts` hold what was true when it was put in; `when` and `until` are written out already. */
export const writeMail = (kind: MailKind, facts: Facts, place: Place): Words => {
  const { subject, body, path }: Template = templates[kind]
  const name = plain(facts.username)
  const [first = '', ...rest] = body(facts, place).map((part) => (typeof part === 'string' ? wrap(part) : table(facts, part)))
  const link = path === undefined ? [] : [`${place.publicUrl}${path(facts, place.token)}`]
  const parts = [name === '' ? 'Hello,' : `Hello ${name},`, first, ...link, ...rest.filter((part) => part !== '')]
  const foot = wrap(`VelociCompanion at ${place.publicUrl} sent this by itself. Nobody reads answers to it.`)
  return { subject: `VelociCompanion: ${subject}`, text: `${[...parts, `-- \n${foot}`].join('\n\n')}\n` }
}
