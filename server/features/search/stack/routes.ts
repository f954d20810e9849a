import * as contract from '../../../../shared/contract/hunt/stack.ts'
import type { HttpApp } from '../../../http/http-app.ts'
import { mount } from '../../../http/mount.ts'
import { addToBaseline, deleteBaseline, listBaselines, saveBaseline } from './baselines.ts'
import { stackGroupDetail } from './peek.ts'
import { stack } from './stack.ts'

/** `cursorKey` signs the places of pages: the same in every process, and never shown. */
export const mountStack = (app: HttpApp, o: { cursorKey: string }): void => {
  mount(app, contract.stack, ({ body }, ctx) => stack(ctx, o.cursorKey, body))
  mount(app, contract.stackGroupDetail, ({ body }, ctx) => stackGroupDetail(ctx, body))
  mount(app, contract.listBaselines, (_, ctx) => listBaselines(ctx))
  mount(app, contract.saveBaseline, ({ body }, ctx) => saveBaseline(ctx, body))
  mount(app, contract.deleteBaseline, ({ params }, ctx) => deleteBaseline(ctx, params.baseline_id))
  mount(app, contract.addToBaseline, ({ params, body }, ctx) => addToBaseline(ctx, params.baseline_id, body))
}
