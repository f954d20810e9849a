import * as contract from '../../../../../shared/contract/detect/sources.ts'
import { type HttpApp, mount } from '../../../../http/mount.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { coveringRows, enabledRules } from '../../rules/enabled/enabled-rules.ts'
import type { LogSource } from '../../sigma/rule.ts'
import { listSources, readSource, type RunRule } from './read-sources.ts'

const runRules = async (ctx: Ctx): Promise<RunRule[]> =>
  (await enabledRules(ctx)).rules.flatMap(({ id, title, document }) => (document.kind === 'rule' ? [{ id, title, document }] : []))

const chosenSources = async (ctx: Ctx): Promise<LogSource[]> =>
  (await coveringRows(ctx)).flatMap(({ kind, is_enabled, logsource }) => (kind === 'rule' && is_enabled ? [logsource] : []))

export const mountDetectionSources = (app: HttpApp): void => {
  mount(app, contract.listDetectionSources, async (_, ctx) => listSources(ctx, await runRules(ctx), await chosenSources(ctx)))
  mount(app, contract.getDetectionSource, async ({ params }, ctx) => readSource(ctx, params.source_id, await runRules(ctx)))
}
