import type { MailStatus } from '../../../../shared/contract/platform/mail.ts'

/** What each kind of mail is called in the list; a kind of a newer server is shown as it is. */
const kinds: Readonly<Record<string, string>> = {
  test: 'Test',
  'password.ask': 'Request for a link',
  'password.mailed': 'Link to set a password',
  'password.link': 'Link made by an admin',
  'password.changed': 'Password changed',
  'password.reset': 'Password reset',
  'email.changed': 'Address changed',
  'session.new_device': 'New device',
  'session.reuse': 'Token used twice',
  'factor.added': 'Second factor added',
  'factor.removed': 'Second factor removed',
  'factor.codes': 'New recovery codes',
  'key.created': 'API key made',
  'factor.failed': 'Wrong second factor',
  invitation: 'Invitation',
}

export const kindWords = (kind: string): string => kinds[kind] ?? kind

type Test = NonNullable<MailStatus['test']>

const tries = (count: number): string => `${count} ${count === 1 ? 'try' : 'tries'}`

/** How the last test stands, in one sentence. */
export const testWords = ({ state, to, attempts, error }: Test): string => {
  if (state === 'sent') return `The last test mail to ${to} was taken by the mail server.`
  if (state === 'failed') return `The last test mail to ${to} was given up after ${tries(attempts)}: ${error ?? 'no reason given'}`
  return error === null ? `A test mail to ${to} is on its way.` : `A test mail to ${to} waits after ${tries(attempts)}: ${error}`
}
