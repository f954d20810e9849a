import { pino } from 'pino'

export interface Log {
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
  error: (fields: object, message: string) => void
  child: (fields: object) => Log
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

const secret = [
  'password',
  'current_password',
  'private_key',
  'access_token',
  'refresh_token',
  'authorization',
  'cookie',
  'set-cookie',
  'setup_code',
  'invite',
  'token',
]

/** JSON lines with a request id where there is one, and no secrets at the first two levels of any object. */
export const createLog = (level: LogLevel, destination?: NodeJS.WritableStream): Log => {
  const options = {
    level,
    base: undefined,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secret.flatMap((name) => [`["${name}"]`, `*["${name}"]`]), censor: '[secret]' },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
