import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const sh = (command: string, ...args: string[]): void => void execFileSync(command, args, { stdio: 'pipe' })

const canMount = (): boolean => {
  if (process.getuid?.() !== 0) return false
  const folder = mkdtempSync(join(tmpdir(), 'vc-can-'))
  const image = `${folder}.img`
  try {
    sh('truncate', '-s', '8M', image)
    sh('mkfs.ext4', '-q', image)
    sh('mount', '-o', 'loop', image, folder)
    sh('umount', folder)
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
    rmSync(image, { force: true })
  }
}

/** Whether file systems of our own can be mounted here: root, loop devices and mkfs.ext4. */
export const hasMounts = canMount()
if (!hasMounts) console.warn('SKIPPED, NOT TESTED HERE: full disk and power cut need root, loop devices and mkfs.ext4.')

export const mountTmpfs = (folder: string, sizeMb: number): void =>
  sh('mount', '-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=0700`, 'tmpfs', folder)
export const unmount = (folder: string): void => {
  try {
    sh('umount', folder)
  } catch {
    sh('umount', '-l', folder)
  }
}
export const makeImage = (image: string, sizeMb: number): void => {
  sh('truncate', '-s', `${sizeMb}M`, image)
  sh('mkfs.ext4', '-q', '-E', 'lazy_itable_init=1', image)
}
/** `commit=900`: what is not fsynced stays out of the image for a quarter of an hour. */
export const mountImage = (image: string, folder: string): void => sh('mount', '-o', 'loop,commit=900', image, folder)
/** The power cut: only what the file system has written is in the copy. */
export const copyImage = (image: string, copy: string): void => sh('cp', '--sparse=always', image, copy)
