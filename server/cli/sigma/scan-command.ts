import { Command, Option } from 'commander'
import type { Alert, CorrelationRule, DetectionRule } from '../../features/detections/index.ts'
import { exitPartly, failure, print, printJson, tell } from '../run.ts'
import { CommandFailed } from '../socket/connection.ts'
import { levels, rankOf } from './levels.ts'
import { type Loaded, loadRules } from './loaded-rules.ts'
import { filesBelow, holdsRules } from './rule-files.ts'
import { type Place, Scan } from './scan.ts'

interface ScanFlags {
  rules: string[]
  json?: true
  level?: string
  failOn?: string
}

const exitMatched = 4

/** Files of a folder that can hold rows; a file that is named is read whatever it is called. */
const isData = (name: string): boolean => /\.(?:evtx|jsonl?|ndjson|csv|zip|log|txt)(?:\.gz)?$/i.test(name)

const named = ({ about: { id, name, title, level } }: DetectionRule | CorrelationRule) => ({ rule_id: id ?? name ?? title, title, level })

const place = ({ file, member, line }: Place) => ({ file, ...(member === '' ? {} : { member }), line })

const printMatch = (loaded: Loaded, key: string, at: Place): void => {
  const rule = loaded.told.get(key)
  if (rule === undefined) return
  const { rule_id, title, level } = named(rule)
  printJson({ rule_id, ...place(at), title, level })
}

const timeText = (micros: number): string => new Date(micros / 1000).toISOString()

const mostPlaces = 1000

/** The line of a correlation stands where its first row stands. */
const printAlert = (rule: CorrelationRule, { group, from, to, value }: Alert, places: readonly Place[]): void => {
  const { rule_id, title, level } = named(rule)
  printJson({
    rule_id,
    ...(places[0] === undefined ? {} : place(places[0])),
    title,
    level,
    correlation: rule.type,
    group: Object.fromEntries(group.map((one) => [one.field, one.value])),
    from: timeText(from),
    to: timeText(to),
    value,
    rows: places.length,
    places: places.slice(0, mostPlaces).map(place),
  })
}

const printAlerts = (scan: Scan, loaded: Loaded, asJson: boolean): number => {
  let highest = -1
  for (const { key, alert, places } of scan.alerts()) {
    const rule = loaded.told.get(key)
    if (rule?.kind !== 'correlation') continue
    highest = Math.max(highest, rankOf(rule.about.level))
    if (asJson) {
      printAlert(rule, alert, places)
      continue
    }
    const level = (rule.about.level ?? 'no level').padEnd(13)
    const group = alert.group.map(({ field, value }) => `${field}=${value ?? '(none)'}`).join(' ')
    const window = `${timeText(alert.from)} to ${timeText(alert.to)}`
    print(`${level} ${String(places.length).padStart(7)} rows correlated  ${rule.about.title}  ${group}  ${window}`)
  }
  return highest
}

const printSummary = (scan: Scan, loaded: Loaded): void => {
  const lines = [...scan.found].flatMap(([key, found]) => {
    const rule = loaded.told.get(key)
    return rule === undefined ? [] : [{ rule, found }]
  })
  lines.sort((a, b) => rankOf(b.rule.about.level) - rankOf(a.rule.about.level) || b.found.rows - a.found.rows)
  for (const { rule, found } of lines) {
    const level = (rule.about.level ?? 'no level').padEnd(13)
    print(`${level} ${String(found.rows).padStart(7)} rows in ${found.files.size} files  ${rule.about.title}  ${named(rule).rule_id}`)
  }
}

/** `--rules A B FILE`: the option takes all that follows, so what holds no rules begins the files. */
const apart = (files: readonly string[], given: readonly string[]): { files: readonly string[]; rules: readonly string[] } => {
  const at = files.length > 0 ? -1 : given.findIndex((path, n) => n > 0 && !holdsRules(path))
  const split = at < 0 ? { files, rules: given } : { files: given.slice(at), rules: given.slice(0, at) }
  if (split.files.length === 0) throw new CommandFailed('No file is named to look at: put it behind the rules.')
  return split
}

const tellRefused = ({ refused }: Loaded): void => {
  const all = [...refused.values()].reduce((sum, one) => sum + one, 0)
  const reasons = [...refused].map(([code, count]) => `${count} ${code}`).join(', ')
  if (all > 0) tell(`${all} rules do not run (${reasons}): "velocicompanion sigma lint" says why for each`)
}

/** For a person who waits, not for a log. */
const showProgress = (scan: Scan, done: number, all: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${done < all ? `${done} of ${all} files, ${scan.rows} rows` : ''}`)
}

const scanFiles = async (scan: Scan, paths: readonly string[]): Promise<void> => {
  const timer = { done: 0 }
  const shown = setInterval(() => showProgress(scan, timer.done, paths.length), 200)
  for (const path of paths) {
    await scan.file(path)
    timer.done++
  }
  clearInterval(shown)
  showProgress(scan, paths.length, paths.length)
}

const run = async (given: readonly string[], flags: ScanFlags): Promise<number> => {
  const { files, rules } = apart(given, flags.rules)
  const gate = flags.failOn === undefined ? Number.POSITIVE_INFINITY : rankOf(flags.failOn)
  const loaded = loadRules(rules, flags.level === undefined ? 0 : rankOf(flags.level))
  tellRefused(loaded)
  const asJson = flags.json === true
  const scan = new Scan(loaded, asJson ? (key, at) => printMatch(loaded, key, at) : () => undefined)
  const paths = files.flatMap((file) => scan.foundAt(() => filesBelow(file, isData)))
  const begun = performance.now()
  await scanFiles(scan, paths)
  if (!asJson) printSummary(scan, loaded)
  const correlated = printAlerts(scan, loaded, asJson)
  const took = ((performance.now() - begun) / 1000).toFixed(1)
  const parts = [`${loaded.runs} rules over ${scan.rows} rows of ${scan.files} files in ${took} s`]
  if (scan.rejected > 0) parts.push(`${scan.rejected} rows were not read`)
  if (scan.unread > 0) parts.push(`${scan.unread} files were not read`)
  tell(`${parts.join('; ')}: ${scan.found.size} rules matched`)
  const highest = Math.max(correlated, ...[...scan.found.keys()].map((key) => rankOf(loaded.told.get(key)?.about.level ?? null)))
  if (highest >= gate) return exitMatched
  return scan.unread + scan.rejected + scan.notKept > 0 ? exitPartly : 0
}

export const scanCommand = (): Command =>
  new Command('scan')
    .description('Run Sigma rules over event logs, JSON lines or any export, without a server')
    .requiredOption('--rules <path...>', 'rules: files that end in .yml or .yaml, ZIPs of them, or folders')
    .argument('[file...]', 'EVTX, JSONL, .jsonl.gz, CSV, ZIP; a folder means all such files below it')
    .addOption(new Option('--level <level>', 'tell only of rules of this level and above').choices(levels))
    .addOption(new Option('--fail-on <level>', 'exit with 4 when a rule of this level or above matches').choices(levels))
    .option('--json', 'one line for each row that a rule matches, and for each alert of a correlation')
    .addHelpText(
      'after',
      `
Lines of --json: rule_id, file as it was named, line (from 0; the record of an event log, the row of a CSV), title, level; member
inside a ZIP. An alert of a correlation stands where its first row stands, with its group, from, to, value and the places of its rows.
Rules that correlations refer to are told by themselves only when "generate" says so.

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
