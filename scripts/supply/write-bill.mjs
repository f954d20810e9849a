// npm run sbom: the bill of materials (CycloneDX) of everything in the lock file, without the network. What runs and what
// only builds are told apart by a property.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../prepare.mjs'

const made = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only', '--offline'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64e6,
  stdio: ['ignore', 'pipe', 'inherit'],
})
if (process.argv.includes('--print')) process.stdout.write(made)
else {
  mkdirSync(join(root, 'dist'), { recursive: true })
  const path = join(root, 'dist', 'sbom.cdx.json')
  writeFileSync(path, made)
  console.log(`${JSON.parse(made).components.length} packages: ${path}`)
}
