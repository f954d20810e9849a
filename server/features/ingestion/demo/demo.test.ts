import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sha256Hex } from '../../../platform/ids.ts'
import { plantedOn } from './story/intrusion.ts'
import { createWorld } from './world.ts'
import { writeDemo } from './write-exports.ts'

const written = async (seed: number): Promise<{ rows: number; hashes: string[] }> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-demo-test-'))
  try {
    const { files, rows } = await writeDemo({ seed, hosts: 6, scale: 0.1, exports: 3 }, folder)
    return { rows, hashes: files.map((f) => sha256Hex(readFileSync(f))) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('the same seed writes the same bytes, another seed another world', async () => {
  const [first, again, other] = [await written(1), await written(1), await written(2)]
  expect(again).toEqual(first)
  expect(other.hashes).not.toEqual(first.hashes)
  expect(first.rows).toBeGreaterThan(100)
})

test('the intrusion is on two hosts and every step of it lies within the story', () => {
  const world = createWorld({ seed: 1, hosts: 40, days: 21, scale: 1 })
  const planted = world.hosts.filter((host) => plantedOn(world, host) !== null)
  expect(planted.map((host) => host.hostname)).toEqual(['HLD-FIN-017', 'HLD-SRV-FILE02'])
  for (const host of planted)
    for (const event of plantedOn(world, host)?.events ?? []) {
      expect(event.at).toBeGreaterThan(world.start)
      expect(event.at).toBeLessThan(world.end)
    }
})
