import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { queueParams } from '../features/detections/state/queue-state.ts'
import { hostParams } from '../features/hosts/host-tabs.ts'
import { ruleParams } from '../features/rules/rules-state.ts'
import { exploreParams } from '../features/search/state/explore-state.ts'
import { FailedPage } from '../pages/lost/FailedPage.tsx'
import { NotFoundPage } from '../pages/lost/NotFoundPage.tsx'
import { goHome, needFirstStart, needMissingFactor, needNoFirstStart, needPerson, needTenant } from './guards.ts'
import { Root } from './Root.tsx'
import { only, parseSearch, stringifySearch } from './search-params.ts'
import { Shell } from './shell/Shell.tsx'

const root = createRootRoute({ component: Root, notFoundComponent: NotFoundPage })

const home = createRoute({ getParentRoute: () => root, path: '/', beforeLoad: goHome })
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: only('to'),
  beforeLoad: needNoFirstStart,
  component: lazyRouteComponent(() => import('../pages/sign-in/SignInPage.tsx'), 'SignInPage'),
})
const sso = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/sso',
  validateSearch: only('tenant', 'to'),
  beforeLoad: needNoFirstStart,
  component: lazyRouteComponent(() => import('../pages/sign-in/SsoPage.tsx'), 'SsoPage'),
})
const ssoReturn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/sso/callback',
  component: lazyRouteComponent(() => import('../pages/sign-in/SsoReturnPage.tsx'), 'SsoReturnPage'),
})
const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  beforeLoad: needMissingFactor,
  component: lazyRouteComponent(() => import('../pages/second-factor/SecondFactorPage.tsx'), 'SecondFactorPage'),
})
const firstRun = createRoute({
  getParentRoute: () => root,
  path: '/first-run',
  beforeLoad: needFirstStart,
  component: lazyRouteComponent(() => import('../pages/first-run/FirstRunPage.tsx'), 'FirstRunPage'),
})
const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite/$token',
  validateSearch: only('as'),
  component: lazyRouteComponent(() => import('../pages/invite/InvitePage.tsx'), 'InvitePage'),
})
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  validateSearch: only('token'),
  component: lazyRouteComponent(() => import('../pages/reset/ResetPasswordPage.tsx'), 'ResetPasswordPage'),
})
const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  beforeLoad: needNoFirstStart,
  component: lazyRouteComponent(() => import('../pages/invite/RegisterPage.tsx'), 'RegisterPage'),
})

const allExplore = createRoute({
  getParentRoute: () => root,
  path: '/all/explore',
  validateSearch: only('q', 'from', 'to', 'tenants', 'sort'),
  beforeLoad: needPerson,
  component: lazyRouteComponent(() => import('../pages/all/AllExplorePage.tsx'), 'AllExplorePage'),
})

const tenant = createRoute({
  getParentRoute: () => root,
  path: '/t/$tenantId',
  beforeLoad: needTenant,
  component: Shell,
  notFoundComponent: NotFoundPage,
})
const under = { getParentRoute: () => tenant }

const overview = createRoute({
  ...under,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/overview/OverviewPage.tsx'), 'OverviewPage'),
})
const explore = createRoute({
  ...under,
  path: '/explore',
  validateSearch: only(...exploreParams),
  component: lazyRouteComponent(() => import('../pages/explore/ExplorePage.tsx'), 'ExplorePage'),
})
// The views of one query: the page is one, so that nothing of it is lost between them.
const exploreRows = createRoute({ getParentRoute: () => explore, path: '/' })
const exploreStack = createRoute({ getParentRoute: () => explore, path: '/stack' })
const exploreTimeline = createRoute({ getParentRoute: () => explore, path: '/timeline' })
const notes = createRoute({
  ...under,
  path: '/notes',
  validateSearch: only('tag', 'text', 'skip'),
  component: lazyRouteComponent(() => import('../pages/notes/NotesPage.tsx'), 'NotesPage'),
})
const savedSearch = createRoute({
  ...under,
  path: '/searches/$searchId',
  validateSearch: only('since', 'until', 'schedule'),
  component: lazyRouteComponent(() => import('../pages/explore/SavedSearchPage.tsx'), 'SavedSearchPage'),
})
const hosts = createRoute({
  ...under,
  path: '/hosts',
  validateSearch: only('search', 'sort', 'order', 'skip'),
  component: lazyRouteComponent(() => import('../pages/hosts/HostsPage.tsx'), 'HostsPage'),
})
const compare = createRoute({
  ...under,
  path: '/hosts/compare',
  validateSearch: only('left', 'right', 'artifact', 'key', 'ignore', 'show', 'open'),
  component: lazyRouteComponent(() => import('../pages/hosts/ComparePage.tsx'), 'ComparePage'),
})
const coverage = createRoute({
  ...under,
  path: '/hosts/coverage',
  validateSearch: only('search', 'artifact', 'sort', 'order'),
  component: lazyRouteComponent(() => import('../pages/hosts/CoveragePage.tsx'), 'CoveragePage'),
})
const host = createRoute({
  ...under,
  path: '/hosts/$hostId',
  validateSearch: only(...hostParams),
  component: lazyRouteComponent(() => import('../pages/hosts/HostPage.tsx'), 'HostPage'),
})
// The page is one for all tabs, so that who the host is stays.
const hostOverview = createRoute({ getParentRoute: () => host, path: '/' })
const hostTab = createRoute({ getParentRoute: () => host, path: '/$tab' })
const attack = createRoute({
  ...under,
  path: '/detections/attack',
  validateSearch: only('technique', 'show', 'find', 'only'),
  component: lazyRouteComponent(() => import('../pages/detections/AttackPage.tsx'), 'AttackPage'),
})
const detections = createRoute({
  ...under,
  path: '/detections',
  validateSearch: only(...queueParams),
  component: lazyRouteComponent(() => import('../pages/detections/DetectionsPage.tsx'), 'DetectionsPage'),
})
// The page is one, with or without a detection beside the queue, so that the queue stays where it was.
const detectionQueue = createRoute({ getParentRoute: () => detections, path: '/' })
const oneDetection = createRoute({ getParentRoute: () => detections, path: '/$detectionId' })
const indicators = createRoute({
  ...under,
  path: '/indicators',
  component: lazyRouteComponent(() => import('../pages/indicators/IndicatorsPage.tsx'), 'IndicatorsPage'),
})
const indicatorList = createRoute({
  ...under,
  path: '/indicators/$listId',
  validateSearch: only('tab', 'text', 'kind', 'state', 'found', 'add'),
  component: lazyRouteComponent(() => import('../pages/indicators/IndicatorListPage.tsx'), 'IndicatorListPage'),
})
const imports = createRoute({
  ...under,
  path: '/imports',
  validateSearch: only('state', 'skip', 'add'),
  component: lazyRouteComponent(() => import('../pages/imports/ImportsPage.tsx'), 'ImportsPage'),
})
const oneImport = createRoute({
  ...under,
  path: '/imports/$importId',
  validateSearch: only('state', 'skip', 'add'),
  component: lazyRouteComponent(() => import('../pages/imports/ImportsPage.tsx'), 'ImportsPage'),
})
const storage = createRoute({
  ...under,
  path: '/imports/storage',
  component: lazyRouteComponent(() => import('../pages/imports/StoragePage.tsx'), 'StoragePage'),
})
const rules = createRoute({
  ...under,
  path: '/rules',
  validateSearch: only(...ruleParams),
  component: lazyRouteComponent(() => import('../pages/rules/RulesPage.tsx'), 'RulesPage'),
})
const ruleSources = createRoute({
  ...under,
  path: '/rules/sources',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/t/$tenantId/rules', params: params as { tenantId: string }, search: { tab: 'sources' }, replace: true })
  },
})
const editRule = createRoute({
  ...under,
  path: '/rules/edit',
  validateSearch: only('rule', 'copy'),
  component: lazyRouteComponent(() => import('../pages/rules/EditRulePage.tsx'), 'EditRulePage'),
})
const rule = createRoute({
  ...under,
  path: '/rules/$ruleId',
  validateSearch: only('tab'),
  component: lazyRouteComponent(() => import('../pages/rules/RulePage.tsx'), 'RulePage'),
})
const settings = createRoute({
  ...under,
  path: '/settings',
  component: lazyRouteComponent(() => import('../pages/settings/SettingsPage.tsx'), 'SettingsPage'),
})
const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/t/$tenantId/settings/account', params: params as { tenantId: string }, replace: true })
  },
})
const account = createRoute({
  getParentRoute: () => settings,
  path: '/account',
  component: lazyRouteComponent(() => import('../pages/settings/AccountPage.tsx'), 'AccountPage'),
})
const users = createRoute({
  getParentRoute: () => settings,
  path: '/users',
  validateSearch: only('skip'),
  component: lazyRouteComponent(() => import('../pages/settings/UsersPage.tsx'), 'UsersPage'),
})
const tenants = createRoute({
  getParentRoute: () => settings,
  path: '/tenants',
  validateSearch: only('skip'),
  component: lazyRouteComponent(() => import('../pages/settings/TenantsPage.tsx'), 'TenantsPage'),
})
const ssoSettings = createRoute({
  getParentRoute: () => settings,
  path: '/sso',
  component: lazyRouteComponent(() => import('../pages/settings/SsoSettingsPage.tsx'), 'SsoSettingsPage'),
})
const fields = createRoute({
  getParentRoute: () => settings,
  path: '/fields',
  component: lazyRouteComponent(() => import('../pages/settings/FieldsPage.tsx'), 'FieldsPage'),
})
const schedules = createRoute({
  getParentRoute: () => settings,
  path: '/schedules',
  component: lazyRouteComponent(() => import('../pages/settings/SchedulesPage.tsx'), 'SchedulesPage'),
})
const mail = createRoute({
  getParentRoute: () => settings,
  path: '/mail',
  component: lazyRouteComponent(() => import('../pages/settings/MailPage.tsx'), 'MailPage'),
})
const audit = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  validateSearch: only('actor', 'action', 'object', 'address', 'result', 'from', 'to', 'chain', 'before', 'row'),
  component: lazyRouteComponent(() => import('../pages/settings/AuditPage.tsx'), 'AuditPage'),
})

const tree = root.addChildren([
  home,
  signIn,
  sso,
  ssoReturn,
  secondFactor,
  firstRun,
  invite,
  resetPassword,
  register,
  allExplore,
  tenant.addChildren([
    overview,
    explore.addChildren([exploreRows, exploreStack, exploreTimeline]),
    savedSearch,
    notes,
    hosts,
    compare,
    coverage,
    host.addChildren([hostOverview, hostTab]),
    attack,
    detections.addChildren([detectionQueue, oneDetection]),
    rules,
    ruleSources,
    editRule,
    rule,
    indicators,
    indicatorList,
    imports,
    storage,
    oneImport,
    settings.addChildren([settingsHome, account, users, fields, schedules, ssoSettings, tenants, mail, audit]),
  ]),
])

export const router = createRouter({
  routeTree: tree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  defaultErrorComponent: FailedPage,
  defaultNotFoundComponent: NotFoundPage,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
