import * as packs from '../../../../shared/contract/detect/rule-packs.ts'
import * as upkeep from '../../../../shared/contract/detect/rule-upkeep.ts'
import * as rules from '../../../../shared/contract/detect/rules.ts'
import { type HttpApp, mount, mountList, mountRaw } from '../../../http/mount.ts'
import { withParts } from '../../../http/parts.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Outbound } from '../../../platform/outbound/outbound.ts'
import { applyRuleImport, discardRuleImport, getRuleImport, listRuleChanges, listRuleImports } from './imports/decide.ts'
import { importFiles, importFrom } from './imports/receive.ts'
import { countRules, getRule, listRules, listRuleVersions, switchRules } from './list/list.ts'
import { changeRulePack, chooseRules, deleteRulePack, getRulePack, listRulePacks } from './packs/packs.ts'
import type { PlatformRulesRoom } from './packs/publish.ts'
import { changeException, createException, deleteException, listExceptions } from './upkeep/exceptions.ts'
import { deleteValueList, listValueLists, setValueList } from './upkeep/value-lists.ts'
import { validateText } from './written/validate.ts'
import { changeRule, createRule, deleteRule } from './written/write-rule.ts'

/** Bounds of a form; the bytes of its files are bounded together. */
const formLimits = { fields: 10, files: 10_001, fieldSize: 1000, fieldNameSize: 100, headerPairs: 100, fileSize: Number.POSITIVE_INFINITY }

/** What is enabled or written differently is run over what is there; that it is could not be arranged now changes nothing of the act. */
type Then = <T>(ctx: Ctx, work: Promise<T>) => Promise<T>

const thenCatchUp =
  (catchUp: (ctx: Ctx) => Promise<void>): Then =>
  async (ctx, work) => {
    const reply = await work
    await catchUp(ctx).catch((error: unknown) => ctx.log.error({ err: error }, 'changed rules are run over the rows with the next import'))
    return reply
  }

const mountImports = (app: HttpApp, outbound: Outbound, then: Then): void => {
  mount(app, packs.importRules, ({ body }, ctx) => importFrom(ctx, outbound, body))
  mountRaw(app, packs.importRuleFiles, async (request, reply, ctx) => {
    const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
    if (mediaType !== 'multipart/form-data') throw new AppError('unsupported', 'Send files as multipart/form-data in the field "files".')
    const made = await withParts(request, formLimits, (parts) => importFiles(ctx, parts))
    // a raw route filters nothing by itself
    return reply.code(202).send(packs.ruleImport.parse(made))
  })
  mountList(app, packs.listRuleImports, ({ query }, ctx) => listRuleImports(ctx, query))
  mount(app, packs.getRuleImport, ({ params }, ctx) => getRuleImport(ctx, params.rule_import_id))
  mountList(app, packs.listRuleChanges, ({ params, query }, ctx) => listRuleChanges(ctx, params.rule_import_id, query))
  mount(app, packs.applyRuleImport, ({ params }, ctx) => then(ctx, applyRuleImport(ctx, params.rule_import_id)))
  mount(app, packs.discardRuleImport, ({ params }, ctx) => discardRuleImport(ctx, params.rule_import_id))
}

const mountPacks = (app: HttpApp, platform: PlatformRulesRoom, then: Then): void => {
  mount(app, packs.listRulePacks, (_, ctx) => listRulePacks(ctx))
  mount(app, packs.getRulePack, ({ params }, ctx) => getRulePack(ctx, params.pack_id))
  mount(app, packs.changeRulePack, ({ params, body }, ctx) => changeRulePack(ctx, params.pack_id, body))
  mount(app, packs.deleteRulePack, ({ params }, ctx) => deleteRulePack(ctx, params.pack_id))
  mount(app, packs.chooseRules, ({ params, body }, ctx) => then(ctx, chooseRules(ctx, params.pack_id, body)))
  mount(app, packs.getPlatformRules, () => platform.get())
  mount(app, packs.publishRulePack, ({ body }, ctx) => platform.publish(ctx, body))
  mount(app, packs.setRuleRings, ({ params, body }, ctx) => platform.setRings(ctx, params.pack_id, body))
  mount(app, packs.setRuleCanaries, ({ body }, ctx) => platform.setCanaries(ctx, body.tenants))
}

const mountUpkeep = (app: HttpApp, then: Then): void => {
  mount(app, upkeep.listExceptions, ({ query }, ctx) => listExceptions(ctx, query.subject_id))
  mount(app, upkeep.createException, ({ body }, ctx) => createException(ctx, body))
  mount(app, upkeep.changeException, ({ params, body }, ctx) => changeException(ctx, params.exception_id, body))
  mount(app, upkeep.deleteException, ({ params }, ctx) => deleteException(ctx, params.exception_id))
  mount(app, upkeep.listValueLists, (_, ctx) => listValueLists(ctx))
  mount(app, upkeep.setValueList, ({ body }, ctx) => then(ctx, setValueList(ctx, body)))
  mount(app, upkeep.deleteValueList, ({ params }, ctx) => deleteValueList(ctx, params.list_name))
}

export interface RulesMount {
  outbound: Outbound
  platform: PlatformRulesRoom
  /** Runs what is behind over all rows, by a job. */
  catchUp: (ctx: Ctx) => Promise<void>
}

export const mountRules = (app: HttpApp, o: RulesMount): void => {
  const then = thenCatchUp(o.catchUp)
  mountList(app, rules.listRules, ({ body }, ctx) => listRules(ctx, body))
  mount(app, rules.countRules, ({ body }, ctx) => countRules(ctx, body))
  mount(app, rules.validateRule, ({ body }, ctx) => validateText(ctx, body.text))
  mount(app, rules.switchRules, ({ body }, ctx) => then(ctx, switchRules(ctx, body)))
  mount(app, rules.createRule, ({ body }, ctx) => then(ctx, createRule(ctx, body)))
  mount(app, rules.getRule, ({ params }, ctx) => getRule(ctx, params.rule_id))
  mount(app, rules.listRuleVersions, ({ params }, ctx) => listRuleVersions(ctx, params.rule_id))
  mount(app, rules.changeRule, ({ params, body }, ctx) => then(ctx, changeRule(ctx, params.rule_id, body)))
  mount(app, rules.deleteRule, ({ params }, ctx) => deleteRule(ctx, params.rule_id))
  mountImports(app, o.outbound, then)
  mountPacks(app, o.platform, then)
  mountUpkeep(app, then)
}
