import * as contract from '../../../shared/contract/hunt/timeline.ts'
import type { HttpApp } from '../../http/http-app.ts'
import { mount } from '../../http/mount.ts'
import { density } from './density.ts'
import type { Timeline } from './index.ts'
import { timeFields } from './list-fields.ts'
import { surrounding } from './surrounding.ts'

export const mountTimeline = (app: HttpApp, timeline: Timeline): void => {
  mount(app, contract.timeline, ({ body }, ctx) => timeline.moments(ctx, body))
  mount(app, contract.timelineDensity, ({ body }, ctx) => density(ctx, body))
  mount(app, contract.timelineFields, ({ body }, ctx) => timeFields(ctx, body))
  mount(app, contract.surrounding, ({ body }, ctx) => surrounding(ctx, body))
}
