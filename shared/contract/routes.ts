// Every route of the product. The server mounts from this list and refuses to start when one has no handler;
// the sweeps in test/contract walk it, so that no route escapes them.
import * as account from './account.ts'
import * as across from './hunt/across.ts'
import * as aliases from './notes/aliases.ts'
import * as annotations from './notes/annotations.ts'
import * as saved from './notes/saved.ts'
import * as schedules from './notes/schedules.ts'
import * as audit from './audit.ts'
import * as compare from './hunt/compare.ts'
import * as attack from './detect/attack.ts'
import * as detections from './detect/detections.ts'
import * as detectionSources from './detect/sources.ts'
import * as detectionHunts from './detect/hunts.ts'
import * as detectionViews from './detect/detection-views.ts'
import * as indicators from './detect/indicators.ts'
import * as rulePacks from './detect/rule-packs.ts'
import * as ruleUpkeep from './detect/rule-upkeep.ts'
import * as rules from './detect/rules.ts'
import * as factors from './access/second-factors.ts'
import * as huntExport from './hunt/export.ts'
import * as hosts from './hosts.ts'
import * as identity from './identity.ts'
import * as ingestion from './ingestion.ts'
import * as installation from './access/installation.ts'
import * as keys from './access/keys.ts'
import * as passkeys from './access/passkeys.ts'
import * as sso from './access/sso.ts'
import * as memberships from './access/memberships.ts'
import * as tenantLife from './access/tenant-life.ts'
import * as facets from './hunt/facets.ts'
import * as hostTabs from './hunt/host-tabs.ts'
import * as prevalence from './hunt/prevalence.ts'
import * as stack from './hunt/stack.ts'
import * as mail from './platform/mail.ts'
import * as operations from './operations.ts'
import * as timeline from './hunt/timeline.ts'
import type { AnyRoute } from './route.ts'
import * as search from './search.ts'
import * as tenants from './tenants.ts'

const isRoute = (value: unknown): value is AnyRoute =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'permission' in value

export const routes: readonly AnyRoute[] = [
  operations,
  identity,
  account,
  factors,
  installation,
  keys,
  passkeys,
  sso,
  memberships,
  tenantLife,
  tenants,
  facets,
  prevalence,
  hosts,
  hostTabs,
  ingestion,
  search,
  stack,
  huntExport,
  across,
  compare,
  annotations,
  timeline,
  aliases,
  saved,
  schedules,
  detectionHunts,
  detections,
  detectionViews,
  detectionSources,
  attack,
  indicators,
  rules,
  rulePacks,
  ruleUpkeep,
  mail,
  audit,
].flatMap((room) => (Object.values(room) as unknown[]).filter(isRoute))
