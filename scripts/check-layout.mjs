// What no linter knows: names of files, how many stand in a folder, and signs of unfinished work.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', 'shared', 'server', 'web', 'test', 'scripts'],
  { encoding: 'utf8' },
)
  .split('\n')
  .filter((f) => /\.(ts|tsx|mjs|css)$/.test(f))
const faults = []
const banned = /^(utils?|helpers?|common|misc|lib|core|managers?|base|types)$/i
const isTest = (f) => /\.test\.tsx?$/.test(f)
const unfinished = /\bTODO\b|\bFIXME\b|\bXXX:|@ts-(ignore|expect-error)|(eslint|oxlint|biome)-(disable|ignore)|\.(only|skip)\(/

for (const file of files) {
  const name = basename(file).replace(/(\.(data|test|db\.test|e2e\.test|fault\.test|config))?\.(ts|tsx|mjs|css)$/, '')
  if (
    banned.test(name) ||
    dirname(file)
      .split('/')
      .some((part) => banned.test(part))
  )
    faults.push(`${file}: this name says nothing; name it after what it does`)
  if (file.endsWith('.tsx') && !isTest(file) && !/^[A-Z][A-Za-z0-9]*$/.test(name))
    faults.push(`${file}: a .tsx file is named after its component`)
  if (/\.(ts|mjs)$/.test(file) && !/^(use[A-Z][A-Za-z0-9]*|[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*)$/.test(name))
    faults.push(`${file}: kebab-case`)
  if (name === 'index' && /\.tsx?$/.test(file) && !/^server\/features\/[^/]+\/index\.ts$/.test(file))
    faults.push(`${file}: index.ts is for the door of a server room only`)
  const mark = unfinished.exec(readFileSync(file, 'utf8'))
  if (mark !== null && file !== 'scripts/check-layout.mjs') faults.push(`${file}: "${mark[0]}" is a sign of unfinished work`)
}

const folders = new Map()
for (const f of files.filter((x) => !isTest(x) && !x.endsWith('.css'))) folders.set(dirname(f), [...(folders.get(dirname(f)) ?? []), f])
for (const [folder, inside] of folders) if (inside.length > 12) faults.push(`${folder}: ${inside.length} files, 12 at most; split it`)

if (faults.length > 0) {
  console.error(`layout: ${faults.length} faults\n${faults.map((f) => `  ${f}`).join('\n')}`)
  process.exit(1)
}
console.log(`layout: ${files.length} files, no fault`)
