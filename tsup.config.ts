import { defineConfig } from 'tsup'

// The programs of the product. A name is the path below server/, as server/platform/entry.ts looks it up.
export default defineConfig({
  entry: {
    main: 'server/main.ts',
    cli: 'server/cli/cli.ts',
    'events/embedded/child': 'server/events/embedded/child.ts',
    'features/detections/hunt/worker': 'server/features/detections/hunt/worker.ts',
    'features/detections/rules/reading/child': 'server/features/detections/rules/reading/child.ts',
    'features/identity/password/judge': 'server/features/identity/password/judge.ts',
    'features/indicators/worker': 'server/features/indicators/worker.ts',
    'features/ingestion/parser/child': 'server/features/ingestion/parser/child.ts',
  },
  outDir: 'dist',
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  splitting: true,
  sourcemap: true,
  clean: ['dist/*.js', 'dist/*.map', 'dist/events', 'dist/features', 'dist/migrations'],
  skipNodeModulesBundle: true,
  publicDir: false,
  onSuccess: 'node scripts/copy-assets.mjs',
})
