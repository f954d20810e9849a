import { type App, createApp } from './app.ts'
import { startOperatorServer } from './cli/socket/operator-server.ts'
import { type Config, loadConfig } from './platform/config.ts'
import { sentenceOf } from './platform/errors.ts'
import { createLog, type Log } from './platform/log.ts'

const withinMs = 15_000

const configOrExit = (env: NodeJS.ProcessEnv): Config => {
  try {
    return loadConfig(env)
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`)
    return process.exit(2)
  }
}

const openOrExit = async (config: Config, log: Log): Promise<App> => {
  try {
    return await createApp({ config, log })
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`)
    return process.exit(1)
  }
}

/** For the person at the terminal; everything else goes to the log as JSON. */
const greet = async (app: App, address: string): Promise<void> => {
  const shown = address.replace('127.0.0.1', 'localhost')
  process.stderr.write(`\n  VelociCompanion is ready: ${shown}\n`)
  const code = await app.setupCode()
  if (code !== null) process.stderr.write(`  Create the first account there. From another machine it asks for this set-up code: ${code}\n`)
  process.stderr.write('\n')
}

const stopOnSignal = (log: Log, stop: () => Promise<void>): void => {
  let isStopping = false
  const end = (signal: string): void => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'stopping')
    // what hangs in a store must not keep the process: it goes on at the next start
    setTimeout(() => {
      log.error({}, 'stopped hard after 14 s')
      process.exit(1)
    }, withinMs - 1000).unref()
    stop().then(
      () => process.exit(0),
      (error: Error) => {
        log.error({ reason: error.message }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(signal))
}

/** Serves until a signal asks it to stop. */
export const serve = async (env: NodeJS.ProcessEnv): Promise<void> => {
  const config = configOrExit(env)
  const log = createLog(config.LOG_LEVEL)
  const begun = Date.now()
  const stopped: (() => Promise<void>)[] = []
  stopOnSignal(log, async () => {
    for (const stop of stopped.reverse()) await stop()
  })
  const app = await openOrExit(config, log)
  stopped.push(() => app.close())
  const operator = await startOperatorServer(app, config.DATA_DIR)
  stopped.push(() => operator.close())
  const address = await app.http.listen().catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EADDRINUSE' ? `Port ${config.PORT} is taken. Stop what uses it, or set PORT.` : error.message
    process.stderr.write(`${why}\n`)
    return app.close().then(() => process.exit(1))
  })
  log.info(
    {
      address,
      roles: config.ROLES,
      started_ms: Date.now() - begun,
      stores: { control: app.stores.control.kind, events: app.stores.events.kind },
    },
    'ready',
  )
  if (app.stores.control.kind === 'embedded' || app.stores.events.kind === 'embedded')
    log.info({}, 'embedded stores: one process only; set DATABASE_URL and CLICKHOUSE_URL to run more')
  await greet(app, address)
}
