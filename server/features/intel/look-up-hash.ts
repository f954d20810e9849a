import { unavailable } from '../../platform/errors.ts'

/** Never a made-up verdict. @throws AppError unavailable */
export const lookUpHash = (hash: string): never => {
  throw unavailable(
    `VirusTotal was not asked for ${hash}: the look-up is not part of this version. Search for the hash in your own rows instead.`,
  )
}
