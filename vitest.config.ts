import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest is begun first: begun last, it would keep one worker while the other has nothing to do. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = (file: TestSpecification): boolean =>
      /contract\/sweep\.db|(first-hour|second-factor|hunt)\.e2e|http\/wire\.test|real-data\.test/.test(file.moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

const ready = 'test/harness/ready-control-plane.ts'
const shared = { testTimeout: 60_000, hookTimeout: 120_000 }

// unit: no IO · db: real stores, and e2e: a browser; two files at a time, for each waits much of its time for the other side
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{shared,server,web,scripts,test}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/*.e2e.test.ts', '**/*.fault.test.ts', '**/node_modules/**'],
          maxWorkers: 2,
        },
      },
      { test: { ...shared, name: 'db', include: ['{server,test}/**/*.db.test.ts'], globalSetup: ready, maxWorkers: 2, isolate: true } },
      { test: { ...shared, name: 'fault', include: ['test/**/*.fault.test.ts'], fileParallelism: false, testTimeout: 300_000 } },
      { test: { ...shared, name: 'e2e', include: ['test/e2e/*.e2e.test.ts'], globalSetup: ready, maxWorkers: 2, testTimeout: 300_000 } },
    ],
  },
})
