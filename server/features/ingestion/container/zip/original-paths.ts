// Where an uploaded file stood on its host: uploads.json knows, while names inside the ZIP are escaped in ways that changed.

const longestLine = 65_536

/** Path inside the ZIP (as uploads.json has it, unescaped, and with the escapes of current versions) to the original path. */
export async function originalPaths(source: AsyncIterable<Buffer>, prefix: string): Promise<Map<string, string>> {
  const paths = new Map<string, string>()
  let held = ''
  for await (const chunk of source) {
    const lines = (held + chunk.toString('latin1')).split('\n')
    held = lines.pop() ?? ''
    if (held.length > longestLine) held = ''
    for (const line of lines) addPath(paths, line, prefix)
  }
  addPath(paths, held, prefix)
  return paths
}

function addPath(paths: Map<string, string>, line: string, prefix: string): void {
  if (!line.includes('_Components') || !/\.evtx/i.test(line)) return
  try {
    const row = JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as { vfs_path?: unknown; _Components?: unknown; Type?: unknown }
    const components = row._Components
    if (typeof row.vfs_path !== 'string' || row.Type === 'idx' || !Array.isArray(components)) return
    const names = components.filter((item): item is string => typeof item === 'string')
    paths.set(prefix + names.join('/'), row.vfs_path)
    paths.set(prefix + names.map(escapeComponent).join('/'), row.vfs_path)
  } catch {
    // A broken line of metadata costs one original path, which is a nicety.
  }
}

function escapeComponent(name: string): string {
  const escaped = name.replaceAll(/[?"*:|<>%/\\]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
  return escaped.replace(/^[. ]|[. ]$/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
