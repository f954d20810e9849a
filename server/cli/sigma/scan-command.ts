import { Command } from 'commander'
import { compileRuleSet, type DetectionRule, type RuleSet } from '../../features/detections/index.ts'
import { type FlatRow, readFlatRows } from '../../features/ingestion/index.ts'
import { exitPartly, failure, print, printJson, tell } from '../run.ts'
import { CommandFailed } from '../socket/connection.ts'
import { filesBelow, holdsRules, readRuleFiles } from './rule-files.ts'

interface ScanFlags {
  rules: string[]
  json?: true
  level?: string
  failOn?: string
}

const levels = ['informational', 'low', 'medium', 'high', 'critical']
const rankOf = (level: string | null): number => levels.indexOf(level ?? 'informational')

interface Loaded {
  rules: Map<string, DetectionRule>
  set: RuleSet
  notRunning: number
}

const checkedLevel = (level: string | undefined, otherwise: number): number => {
  if (level === undefined) return otherwise
  if (!levels.includes(level)) throw new CommandFailed(`"${level}" is no level; there are ${levels.join(', ')}.`)
  return rankOf(level)
}

const load = (paths: readonly string[], least: number): Loaded => {
  const read = readRuleFiles(paths).flatMap(({ documents }) => documents)
  const rules = new Map<string, DetectionRule>()
  for (const one of read) if (one.ok && one.document.kind === 'rule') rules.set(String(rules.size), one.document)
  const wanted = [...rules].filter(([, rule]) => rankOf(rule.about.level) >= least)
  const set = compileRuleSet(wanted.map(([key, rule]) => ({ key, rule })))
  return { rules: new Map(wanted), set, notRunning: read.filter((one) => !one.ok).length }
}

const idOf = (rule: DetectionRule): string => rule.about.id ?? rule.about.name ?? rule.about.title

interface Found {
  rows: number
  files: Set<string>
}

class Scan {
  readonly found = new Map<string, Found>()
  rows = 0
  rejected = 0
  unread = 0
  private readonly loaded: Loaded
  private readonly asJson: boolean

  constructor(loaded: Loaded, asJson: boolean) {
    this.loaded = loaded
    this.asJson = asJson
  }

  async file(path: string): Promise<void> {
    try {
      const read = await readFlatRows(path, (row) => this.row(path, row), new AbortController().signal)
      this.rows += read.rows
      this.rejected += read.rejected
      for (const warning of read.warnings) tell(`${path}: ${warning}`)
      if (read.rejected > 0) tell(`${path}: ${read.rejected} rows could not be read`)
    } catch (error) {
      this.unread++
      tell(`${path}: not read: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  private row(path: string, row: FlatRow): void {
    for (const key of this.loaded.set.match(row)) {
      const rule = this.loaded.rules.get(key)
      if (rule === undefined) continue
      const found = this.found.get(key) ?? { rows: 0, files: new Set() }
      found.rows++
      found.files.add(path)
      this.found.set(key, found)
      if (!this.asJson) continue
      const { title, level } = rule.about
      const file = row.member === '' ? path : `${path}!${row.member}`
      printJson({ rule_id: idOf(rule), file, line: row.line, title, level })
    }
  }
}

const printSummary = (scan: Scan, rules: Loaded['rules']): void => {
  const lines = [...scan.found].flatMap(([key, found]) => {
    const rule = rules.get(key)
    return rule === undefined ? [] : [{ rule, found }]
  })
  lines.sort((a, b) => rankOf(b.rule.about.level) - rankOf(a.rule.about.level) || b.found.rows - a.found.rows)
  for (const { rule, found } of lines) {
    const level = (rule.about.level ?? 'no level').padEnd(13)
    print(`${level} ${String(found.rows).padStart(7)} rows in ${found.files.size} files  ${rule.about.title}  ${idOf(rule)}`)
  }
}

/** `--rules A B FILE`: the option takes all that follows, so what holds no rules begins the files. */
const apart = (files: readonly string[], named: readonly string[]): { files: readonly string[]; rules: readonly string[] } => {
  const at = files.length > 0 ? -1 : named.findIndex((path) => !holdsRules(path))
  const split = at < 0 ? { files, rules: named } : { files: named.slice(at), rules: named.slice(0, at) }
  if (split.files.length === 0) throw new CommandFailed('No file is named to look at: put it behind the rules.')
  if (split.rules.length === 0) throw new CommandFailed(`${named[0] ?? ''} holds no rules: name files that end in .yml, or folders.`)
  return split
}

const run = async (named: readonly string[], flags: ScanFlags): Promise<number> => {
  const { files, rules } = apart(named, flags.rules)
  const gate = checkedLevel(flags.failOn, Number.POSITIVE_INFINITY)
  const loaded = load(rules, checkedLevel(flags.level, 0))
  if (loaded.notRunning > 0) tell(`${loaded.notRunning} rules do not run: "velocicompanion sigma lint" says why`)
  const paths = files.flatMap((file) => filesBelow(file, () => true))
  const scan = new Scan(loaded, flags.json === true)
  const begun = performance.now()
  for (const path of paths) await scan.file(path)
  if (flags.json !== true) printSummary(scan, loaded.rules)
  const took = (performance.now() - begun) / 1000
  const parts = [`${loaded.rules.size} rules over ${scan.rows} rows of ${paths.length - scan.unread} files in ${took.toFixed(1)} s`]
  if (scan.rejected > 0) parts.push(`${scan.rejected} rows were not read`)
  if (scan.unread > 0) parts.push(`${scan.unread} files were not read`)
  tell(`${parts.join('; ')}: ${scan.found.size} rules matched`)
  const isOver = [...scan.found.keys()].some((key) => rankOf(loaded.rules.get(key)?.about.level ?? null) >= gate)
  if (isOver) return 4
  return scan.unread > 0 || scan.rejected > 0 ? exitPartly : 0
}

export const scanCommand = (): Command =>
  new Command('scan')
    .description('Run Sigma rules over event logs, JSON lines or any export, without a server')
    .requiredOption('--rules <path...>', 'rules: files that end in .yml or .yaml, or folders')
    .argument('[file...]', 'EVTX, JSONL, .jsonl.gz, CSV, ZIP; a folder means all files below it')
    .option('--level <level>', 'only rules of this level and above')
    .option('--fail-on <level>', 'exit with 4 when a rule of this level or above matches')
    .option('--json', 'one line for each row that a rule matches: rule_id, file, line (from 0), title, level')
    .addHelpText(
      'after',
      `
Examples:
  velocicompanion sigma scan --rules rules/windows Security.evtx
  velocicompanion sigma scan --rules rules/ --fail-on high --json collection.zip > matches.jsonl
Exit codes: 0 done, 1 failed, 2 wrong use, 3 done in part (files or rows not read), 4 a match of the level of --fail-on.`,
    )
    .action(async (files: string[], flags: ScanFlags) => {
      try {
        process.exitCode = await run(files, flags)
      } catch (error) {
        failure(error)
      }
    })
