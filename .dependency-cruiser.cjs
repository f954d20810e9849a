// Who may import whom: docs/ARCHITECTURE.md, "Boundaries". There is no list of exceptions.
const rooms = '^server/features/([^/]+)/'
const never = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to })

module.exports = {
  forbidden: [
    never('no-cycles', {}, { circular: true }, 'A cycle has no order in which it can be understood.'),
    never('shared-is-pure', { path: '^shared/', pathNot: '\\.test\\.ts$' }, { pathNot: ['^shared/', '^node_modules/zod/'] }, 'shared runs in the browser and on the server: zod and nothing else.'),
    never('platform-knows-no-one', { path: '^server/platform/' }, { path: '^(server|web|test)/', pathNot: '^server/platform/' }, 'platform has no domain.'),
    never('stores-know-no-room', { path: '^server/(db|events|evidence|jobs|http)/', pathNot: '\\.test\\.ts$' }, { path: '^server/(features|app|main|cli|bind)' }, 'What carries the rooms must not know them.'),
    never('db-alone', { path: '^server/db/', pathNot: '\\.test\\.ts$' }, { path: '^server/(events|evidence|jobs|http)/' }, ''),
    never('events-alone', { path: '^server/events/', pathNot: '\\.test\\.ts$' }, { path: '^server/(db|evidence|jobs|http)/' }, ''),
    never('evidence-alone', { path: '^server/evidence/', pathNot: '\\.test\\.ts$' }, { path: '^server/(db|events|jobs|http)/' }, ''),
    never('http-alone', { path: '^server/http/', pathNot: '\\.test\\.ts$' }, { path: '^server/(db|events|evidence|jobs)/' }, 'http never sees a store.'),
    never('jobs-see-only-the-control-plane', { path: '^server/jobs/', pathNot: '\\.test\\.ts$' }, { path: '^server/(events|evidence|http)/' }, ''),
    never('drivers-in-the-stores-only', { path: '^(server|shared|web)/', pathNot: ['^server/(db|events)/', '\\.test\\.ts$'] }, { path: '^node_modules/(pg|@clickhouse|chdb|pg-native)/' }, 'Only db and events hold a database driver.'),
    never('only-a-store-opens-a-database', { path: '^server/features/', pathNot: ['/store[^/]*\\.ts$', '/stores/', '\\.test\\.ts$'] }, { path: '^server/(db|events|evidence)/', pathNot: '\\.data\\.ts$' }, 'SQL and files stand in store.ts.'),
    never('only-routes-know-http', { path: '^server/features/', pathNot: ['/routes[^/]*\\.ts$', '\\.test\\.ts$'] }, { path: '^server/http/' }, 'A verb must not know that it was called over HTTP.'),
    never('rooms-by-the-door', { path: rooms, pathNot: '\\.test\\.ts$' }, { path: rooms, pathNot: ['^server/features/$1/', '^server/features/[^/]+/index\\.ts$'] }, 'Other rooms are entered by index.ts.'),
    never('web-is-apart', { path: '^web/' }, { path: '^server/' }, 'The web app knows the contract, never the server.'),
    never('server-is-apart', { path: '^server/' }, { path: '^web/' }, ''),
    never('ui-and-api-first', { path: '^web/src/(ui|api)/' }, { path: '^web/src/(features|pages|app)/' }, 'Left to right: ui, api, features, pages, app.'),
    never('features-before-pages', { path: '^web/src/features/' }, { path: '^web/src/(pages|app)/' }, 'Left to right: ui, api, features, pages, app.'),
    never('web-features-apart', { path: '^web/src/features/([^/]+)/' }, { path: '^web/src/features/([^/]+)/', pathNot: '^web/src/features/$1/' }, 'Features of the web app never import each other.'),
    never('pages-before-app', { path: '^web/src/pages/' }, { path: '^web/src/app/' }, 'Left to right: ui, api, features, pages, app.'),
    never('nothing-imports-tests', { path: '^(server|shared|web|scripts)/', pathNot: '\\.test\\.tsx?$' }, { path: '(^test/|\\.test\\.tsx?$)' }, ''),
    never('no-undeclared-package', { path: '^(server|shared|web|test)/' }, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }, ''),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'], extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'] },
  },
}
