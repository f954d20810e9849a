// Whether this server can send mail, and what became of what it sent.
import { z } from 'zod'
import { count, time, uuid } from '../paging.ts'
import { route } from '../route.ts'

const outcome = z.object({
  id: uuid,
  kind: z.string(),
  to: z.string().describe('Without the name of its owner'),
  state: z.enum(['waiting', 'sending', 'sent', 'failed']),
  attempts: count,
  created_at: time,
  finished_at: time.nullable(),
  error: z.string().nullable().describe('Of the last try'),
})

const mailStatus = z
  .object({
    is_set_up: z.boolean(),
    server: z.string().nullable().describe('Host, port and how it is spoken to'),
    sender: z.string().nullable(),
    public_url: z.string().nullable().describe('What links in mails begin with'),
    waiting: count,
    sent_last_day: count,
    failed_last_week: count.describe('Given up'),
    maybe_twice_last_week: count.describe('Sent again after a crash or a lost connection, when the first one may have arrived'),
    held_back: count.describe('Since this process began: not sent, for the person or address was sent three of the kind within the hour'),
    troubled: z
      .array(outcome.extend({ tenant_name: z.string().nullable() }))
      .describe('The newest 20 that were given up or have failed so far'),
    test: outcome.nullable().describe('My last test mail'),
  })
  .meta({ id: 'MailStatus' })
export type MailStatus = z.infer<typeof mailStatus>

export const getMailStatus = route({
  method: 'GET',
  path: '/api/mail',
  tag: 'operations',
  summary: 'Whether mail is set up, and what waits, was sent and was given up in the whole installation',
  permission: 'platform.manage',
  response: mailStatus,
})

export const sendTestMail = route({
  method: 'POST',
  path: '/api/mail/test',
  tag: 'operations',
  summary: 'Send a test mail to my own address (503 where mail is not set up)',
  permission: 'platform.manage',
  status: 202,
  body: z.strictObject({}),
  response: z.object({ id: uuid, to: z.string() }),
})
