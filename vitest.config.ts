import { defineConfig } from 'vitest/config'

const ready = 'test/harness/ready-control-plane.ts'
const shared = { testTimeout: 60_000, hookTimeout: 120_000 }

// unit: no IO · db: real stores, one worker so that two cores serve both the stores and the test
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{shared,server,web,scripts,test}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/*.e2e.test.ts', '**/*.fault.test.ts', '**/node_modules/**'],
        },
      },
      { test: { ...shared, name: 'db', include: ['{server,test}/**/*.db.test.ts'], globalSetup: ready, maxWorkers: 2, isolate: true } },
      { test: { ...shared, name: 'fault', include: ['test/**/*.fault.test.ts'], fileParallelism: false, testTimeout: 300_000 } },
      { test: { ...shared, name: 'e2e', include: ['test/e2e/*.e2e.test.ts'], globalSetup: ready, maxWorkers: 2, testTimeout: 300_000 } },
    ],
  },
})
