// The process that reads packs: what a hostile file does to memory or time ends with it.
import type { Ask, Told } from './frames.ts'
import { type GivenFile, packFiles } from './pack-files.ts'
import { rulesOfFile, type StoredRule } from './stored-rule.ts'
import { ZipFault } from './unzip.ts'

const rulesPerFrame = 100

let go: () => void = () => undefined
const tell = (told: Told): void => void process.send?.(told)
/** The server stores what it was told before it wants more. */
const taken = (): Promise<void> => new Promise((resolve) => (go = resolve))

const readPack = async (given: GivenFile[]): Promise<void> => {
  const files = packFiles(given.map(({ path, content }) => ({ path, content: Buffer.from(content) })))
  tell({ kind: 'opened', files: files.texts.length, license: files.license, skipped: files.skipped, skips: files.skips })
  let rules: StoredRule[] = []
  for (const [at, file] of files.texts.entries()) {
    rules.push(...rulesOfFile(file))
    if (rules.length < rulesPerFrame && at < files.texts.length - 1) continue
    tell({ kind: 'rules', rules, files_read: at + 1 })
    await taken()
    rules = []
  }
  tell({ kind: 'done' })
}

process.on('message', (message) => {
  const ask = message as Ask
  if (ask.kind === 'next') return go()
  readPack(ask.files).catch((error: unknown) => {
    if (!(error instanceof ZipFault)) throw error
    tell({ kind: 'fault', message: error.message })
  })
})
process.on('disconnect', () => process.exit(0))
