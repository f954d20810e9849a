import * as contract from '../../../../../shared/contract/detect/sources.ts'
import { type HttpApp, mount } from '../../../../http/mount.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { enabledRules } from '../../rules/enabled/enabled-rules.ts'
import { listSources, readSource, type RunRule } from './read-sources.ts'

const runRules = async (ctx: Ctx): Promise<RunRule[]> =>
  (await enabledRules(ctx)).rules.flatMap(({ id, title, document }) => (document.kind === 'rule' ? [{ id, title, document }] : []))

export const mountDetectionSources = (app: HttpApp): void => {
  mount(app, contract.listDetectionSources, async (_, ctx) => listSources(ctx, await runRules(ctx)))
  mount(app, contract.getDetectionSource, async ({ params }, ctx) => readSource(ctx, params.source_id, await runRules(ctx)))
}
