// Reports write addresses so that nobody clicks on them. What is put back here is written that way by nobody who means it.
const dot = /[[({]\s*(?:\.|dot)\s*[\])}]/gi
const at = /[[({]\s*(?:@|at)\s*[\])}]/gi
const colon = /[[({]\s*(:\/{0,2})\s*[\])}]/g
const slashes = /[[({]\s*\/\s*[\])}]/g
const scheme = /^(?:h(?:xx|tt|\*\*|__)p|meow)(s?)(?=:)/i

export const refang = (text: string): string =>
  text
    .replaceAll(dot, '.')
    .replaceAll(at, '@')
    .replaceAll(colon, '$1')
    .replaceAll(slashes, '/')
    .replace(scheme, 'http$1')
    .replace(/^fxp(?=s?:)/i, 'ftp')

const quotes = /^["'`“”‘’<]+|["'`“”‘’>]+$/g

/** Without the quotes and commas that a list puts around a value. */
export const bare = (text: string): string =>
  text
    .trim()
    .replace(/[,;]+$/, '')
    .trim()
    .replace(quotes, '')
    .trim()
