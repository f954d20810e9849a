import { bundleBytes, type LoadedBundle } from '../../../../shared/contract/detect/attack.ts'
import { currentTechnique } from '../../../../shared/domain/attack.ts'
import type { AuditAct, AuditSource } from '../../../platform/audit.ts'
import { sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import type { AttackDeps } from './matrix.ts'
import { stixObjects } from './stix.ts'
import { type AttackObject, bundleOf, removeBundle, replaceBundle } from './store-bundle.ts'

export interface BundleDeps extends AttackDeps {
  recordAct: (source: AuditSource, act: AuditAct) => Promise<void>
}

const limits = { objectBytes: 4_000_000, objects: 200_000, totalBytes: bundleBytes }
const descriptionLength = 20_000

const textOf = (value: unknown): string => (typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : '')

interface Reference {
  source_name?: unknown
  external_id?: unknown
}
const attackId = (object: Record<string, unknown>): string => {
  const references = Array.isArray(object.external_references) ? (object.external_references as Reference[]) : []
  return textOf(references.find((one) => one.source_name === 'mitre-attack')?.external_id)
}

const kinds: Readonly<Record<string, { kind: AttackObject['kind']; id: RegExp }>> = {
  'attack-pattern': { kind: 'technique', id: /^T\d{4}(\.\d{3})?$/ },
  'intrusion-set': { kind: 'group', id: /^G\d{4}$/ },
  malware: { kind: 'software', id: /^S\d{4}$/ },
  tool: { kind: 'software', id: /^S\d{4}$/ },
}

const withoutCitations = (text: string): string => text.replaceAll(/\(Citation: [^)]{0,200}\)/g, '').slice(0, descriptionLength)

/** What is kept of a bundle. */
class Gathered {
  version = ''
  skipped = 0
  uses = 0
  readonly byStixId = new Map<string, AttackObject>()
  private readonly usesFound: { by: string; technique: string }[] = []

  take(object: Record<string, unknown>): void {
    if (object.type === 'x-mitre-collection') this.version = textOf(object.x_mitre_version)
    else if (object.type === 'relationship' && object.relationship_type === 'uses')
      this.usesFound.push({ by: textOf(object.source_ref), technique: textOf(object.target_ref) })
    else this.takeNamed(object)
  }

  private takeNamed(object: Record<string, unknown>): void {
    const known = kinds[textOf(object.type)]
    const attack_id = attackId(object)
    if (known === undefined || !known.id.test(attack_id) || object.revoked === true || object.x_mitre_deprecated === true) {
      this.skipped++
      return
    }
    const data =
      known.kind === 'technique'
        ? { description: withoutCitations(textOf(object.description)), groups: [], software: [] }
        : { type: textOf(object.type) }
    this.byStixId.set(textOf(object.id), { kind: known.kind, attack_id, name: textOf(object.name).slice(0, 300), data })
  }

  /** Who uses which technique, both by their ids. */
  objects(): AttackObject[] {
    for (const { by, technique } of this.usesFound) {
      const [user, used] = [this.byStixId.get(by), this.byStixId.get(technique)]
      if (used?.kind !== 'technique' || user === undefined || user.kind === 'technique') continue
      const list = user.kind === 'group' ? used.data.groups : used.data.software
      if (list !== undefined && !list.includes(user.attack_id)) list.push(user.attack_id)
      this.uses++
    }
    return [...new Map([...this.byStixId.values()].map((one) => [`${one.kind}${one.attack_id}`, one])).values()]
  }
}

const gather = async (source: AsyncIterable<Buffer>): Promise<Gathered> => {
  const gathered = new Gathered()
  for await (const object of stixObjects(source, limits)) gathered.take(object)
  return gathered
}

/** @throws AppError malformed, too_large; what was loaded before stays then */
export const loadBundle = async (
  deps: BundleDeps,
  ctx: Ctx,
  o: { source: AsyncIterable<Buffer>; file_name: string },
): Promise<{ bundle: LoadedBundle }> => {
  const gathered = await gather(o.source)
  const objects = gathered.objects()
  const of = (kind: AttackObject['kind']): AttackObject[] => objects.filter((one) => one.kind === kind)
  if (of('technique').length === 0) throw new AppError('malformed', 'The bundle has no technique of ATT&CK. Nothing was loaded.')
  const bundle: LoadedBundle = {
    version: gathered.version === '' ? 'not said' : gathered.version,
    file_name: o.file_name,
    loaded_at: iso(ctx.now()),
    loaded_by: ctx.actor.username,
    techniques: of('technique').length,
    groups: of('group').length,
    software: of('software').length,
    uses: gathered.uses,
    skipped: gathered.skipped,
    unknown: of('technique')
      .map((one) => one.attack_id)
      .filter((id) => currentTechnique(id) === null)
      .sort()
      .slice(0, 100),
  }
  await replaceBundle(deps.platform, bundle, objects)
  const details = {
    version: bundle.version,
    file_name: o.file_name,
    techniques: bundle.techniques,
    groups: bundle.groups,
    software: bundle.software,
  }
  await deps.recordAct(sourceOf(ctx), { action: 'attack.load', object_type: 'attack_bundle', tenant_id: null, details })
  return { bundle }
}

export const getBundle = async (deps: AttackDeps): Promise<{ bundle: LoadedBundle | null }> => ({ bundle: await bundleOf(deps.platform) })

export const forgetBundle = async (deps: BundleDeps, ctx: Ctx): Promise<null> => {
  await removeBundle(deps.platform)
  await deps.recordAct(sourceOf(ctx), { action: 'attack.remove', object_type: 'attack_bundle', tenant_id: null })
  return null
}
