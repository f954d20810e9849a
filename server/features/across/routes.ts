import { searchAcross } from '../../../shared/contract/hunt/across.ts'
import { type HttpApp, mount } from '../../http/mount.ts'
import type { Across } from './index.ts'

export const mountAcross = (app: HttpApp, across: Across): void => {
  mount(app, searchAcross, ({ body }, ctx) => across.ask(ctx, body))
}
