import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { judgeLock, type Lock, type LockEntry, type Manifest, packagesOf, runtimeOf } from './judge-lock.ts'

const read = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T
const integrity = `sha512-${'A'.repeat(86)}==`
const good: LockEntry = { version: '1.2.3', integrity, license: 'MIT' }
const lockOf = (entry: LockEntry, path = 'node_modules/thing'): Lock => ({ packages: { '': { version: '0.1.0' }, [path]: entry } })

test('the lock file names one version and one hash of everything, from the one registry, and no script that nobody expected', () => {
  const lock = read<Lock>('package-lock.json')
  expect(judgeLock(read<Manifest>('package.json'), lock)).toEqual([])
  expect(runtimeOf(lock)).toBeGreaterThan(100)
})

test.each<[string, LockEntry, RegExp]>([
  ['another host', { ...good, resolved: 'https://registry.example/thing/-/thing-1.2.3.tgz' }, /comes from https:\/\/registry\.example/],
  ['plain HTTP', { ...good, resolved: 'http://registry.npmjs.org/thing/-/thing-1.2.3.tgz' }, /comes from http:/],
  ['a repository', { ...good, resolved: 'git+ssh://git@example.org/a/thing.git#0123' }, /comes from git/],
  ['a file', { ...good, resolved: 'file:../thing' }, /comes from file/],
  ['a look-alike of the registry', { ...good, resolved: 'https://registry.npmjs.org.example/x' }, /comes from/],
  ['a link', { ...good, link: true }, /is a link/],
  ['no hash', { version: '1.2.3', license: 'MIT' }, /no SHA-512/],
  ['a weak hash', { ...good, integrity: 'sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }, /no SHA-512/],
  ['no hash though optional', { version: '1.2.3', license: 'MIT', optional: true }, /no SHA-512/],
  ['a range', { ...good, version: '^1.2.3' }, /no exact version/],
  ['a script', { ...good, hasInstallScript: true }, /wants to run a script/],
  ['a licence that was not looked at', { ...good, license: 'AGPL-3.0' }, /has the licence AGPL-3.0/],
  ['no licence', { version: '1.2.3', integrity }, /has the licence \(none\)/],
])('a package with %s is a fault', (_name, entry, says) => {
  expect(judgeLock({}, lockOf(entry))).toEqual([expect.stringMatching(says)])
})

test('a package deep in another is judged by its own name, and an unhashed one of another platform is let be', () => {
  expect(judgeLock({}, lockOf({ ...good, hasInstallScript: true }, 'node_modules/esbuild/node_modules/thing'))).toHaveLength(1)
  expect(judgeLock({}, lockOf({ ...good, hasInstallScript: true }, 'node_modules/tsx/node_modules/esbuild'))).toEqual([])
  expect(judgeLock({}, lockOf({ version: '1.2.3', optional: true, os: ['win32'] }))).toEqual([])
})

test('what package.json asks for is one version, and the one in the lock', () => {
  expect(judgeLock({ dependencies: { thing: '1.2.3' } }, lockOf(good))).toEqual([])
  expect(judgeLock({ dependencies: { thing: '^1.2.3' } }, lockOf(good))).toEqual([expect.stringContaining('is not of one version')])
  expect(judgeLock({ devDependencies: { thing: '1.2.4' } }, lockOf(good))).toEqual([expect.stringContaining('in the lock as 1.2.3')])
  expect(judgeLock({ optionalDependencies: { other: '1.0.0' } }, lockOf(good))).toEqual([expect.stringContaining('as nothing')])
})

test('three hundred packages in the product are too many', () => {
  const packages = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`node_modules/thing-${n}`, good]))
  expect(judgeLock({}, { packages })).toEqual([expect.stringContaining('300 packages run in the product')])
})

test('the bill of materials is CycloneDX, and holds what the lock holds and nothing else', () => {
  const bill = JSON.parse(
    execFileSync(process.execPath, ['scripts/supply/write-bill.mjs', '--print'], { encoding: 'utf8', maxBuffer: 64e6 }),
  ) as {
    bomFormat: string
    components: { name: string; version: string }[]
  }
  expect(bill.bomFormat).toBe('CycloneDX')
  const listed = new Set(bill.components.map((one) => `${one.name}@${one.version}`))
  expect([...listed].sort()).toEqual([...packagesOf(read<Lock>('package-lock.json'))].sort())
})
