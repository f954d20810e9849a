import * as contract from '../../../shared/contract/notes/schedules.ts'
import { type HttpApp, mount } from '../../http/mount.ts'
import { listNotices, readNotices } from './notices.ts'

export const mountNotices = (app: HttpApp): void => {
  mount(app, contract.listNotices, ({ query }, ctx) => listNotices(ctx, query.limit))
  mount(app, contract.readNotices, ({ body }, ctx) => readNotices(ctx, body.ids))
}
