// The sweeps over every route of the table, against the whole application with its embedded stores.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../server/app.ts'
import { loadConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/log.ts'
import { routes } from '../../shared/contract/routes.ts'
import { sweep } from './sweep.ts'

sweep(routes, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vc-sweep-'))
  const level = (process.env.TEST_LOG as 'debug' | undefined) ?? 'silent'
  const app = await createApp({ config: loadConfig({ DATA_DIR: dataDir, PORT: '0' }), log: createLog(level) })
  await app.http.fastify.ready()
  return {
    inject: app.http.inject,
    createUser: ({ tenant_name, ...user }) => app.operator.create_user({ ...user, tenant: tenant_name }),
    close: async () => {
      await app.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
})
