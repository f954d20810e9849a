import { getMailStatus, sendTestMail } from '../../../shared/contract/platform/mail.ts'
import { type HttpApp, mount } from '../../http/mount.ts'
import type { Mail } from './index.ts'
import { mailStatus, sendTest } from './status.ts'

export const mountMail = (app: HttpApp, mail: Mail): void => {
  mount(app, getMailStatus, (_parsed, ctx) => mailStatus(mail, ctx))
  mount(app, sendTestMail, (_parsed, ctx) => sendTest(mail, ctx))
}
