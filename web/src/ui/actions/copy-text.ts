/** False where the browser refuses, as it does on pages that came without encryption. */
export const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** For the toast. */
export const refusedToCopy = 'The browser refused to copy. It does so on pages without HTTPS.'
