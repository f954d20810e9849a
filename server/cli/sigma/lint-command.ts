import { Command } from 'commander'
import type { ReadDocument, Reason } from '../../features/detections/index.ts'
import { failure, print, printJson, tell } from '../run.ts'
import { readRuleFiles } from './rule-files.ts'

interface Linted {
  file: string
  read: ReadDocument
}

const titleOf = (read: ReadDocument): string => (read.ok ? read.document.about.title : (read.about.title ?? ''))
const idOf = (read: ReadDocument): string | null => (read.ok ? read.document.about.id : (read.about.id ?? null))
const placeOf = ({ line, column }: Reason): string => (line === null ? '' : `:${line}${column === null ? '' : `:${column}`}`)

const reasonsOf = (read: ReadDocument): readonly Reason[] => (read.ok ? read.warnings : read.reasons)

const printOne = ({ file, read }: Linted): void => {
  for (const reason of reasonsOf(read)) {
    const name = titleOf(read) === '' ? '' : ` "${titleOf(read)}"`
    print(`${file}${placeOf(reason)}: ${read.ok ? 'warning' : 'does not run'}${name}: ${reason.message} [${reason.code}]`)
  }
}

const asJson = ({ file, read }: Linted): Record<string, unknown> => ({
  file,
  document: read.ok ? read.document.about.document : read.index,
  id: idOf(read),
  title: titleOf(read),
  kind: read.ok ? read.document.kind : null,
  runs: read.ok,
  reasons: read.ok ? [] : read.reasons,
  warnings: read.ok ? read.warnings : [],
})

const counts = (refused: readonly Linted[]): string => {
  const byCode = new Map<string, number>()
  for (const { read } of refused) for (const { code } of reasonsOf(read)) byCode.set(code, (byCode.get(code) ?? 0) + 1)
  const sorted = [...byCode].sort((a, b) => b[1] - a[1])
  return sorted.map(([code, n]) => `${n} ${code}`).join(', ')
}

const lint = (paths: readonly string[], flags: { json?: true }): number => {
  const begun = performance.now()
  const all = readRuleFiles(paths).flatMap(({ file, documents }) => documents.map((read) => ({ file, read })))
  const refused = all.filter(({ read }) => !read.ok)
  for (const one of all) {
    if (flags.json === true) printJson(asJson(one))
    else printOne(one)
  }
  const took = ((performance.now() - begun) / 1000).toFixed(1)
  const why = refused.length === 0 ? '' : `: ${counts(refused)}`
  tell(`${all.length} rules read in ${took} s: ${all.length - refused.length} run, ${refused.length} do not${why}`)
  return refused.length === 0 ? 0 : 1
}

export const lintCommand = (): Command =>
  new Command('lint')
    .description('Read Sigma rules, and say of each that does not run why')
    .argument('<path...>', 'files that end in .yml, .yaml or .zip, or folders')
    .option('--json', 'one line for each rule, also for those that run')
    .addHelpText('after', '\nExit codes: 0 every rule runs, 1 some do not, 2 wrong use.')
    .action((paths: string[], flags: { json?: true }) => {
      try {
        process.exitCode = lint(paths, flags)
      } catch (error) {
        failure(error)
      }
    })
