import { createWriteStream, existsSync, statSync } from 'node:fs'
import { once } from 'node:events'

/** JSON lines of 270 bytes on average, as Windows.System.Pslist gives them. */
export const writeRows = async (path: string, count: number): Promise<number> => {
  if (!existsSync(path)) {
    const out = createWriteStream(path)
    let text = ''
    for (let i = 0; i < count; i++) {
      text += `${JSON.stringify({
        Pid: i % 65_536,
        Ppid: 612,
        TokenIsElevated: false,
        Name: `svchost${i % 300}.exe`,
        CommandLine: `C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Svc${i % 997}`,
        Exe: 'C:\\Windows\\System32\\svchost.exe',
        CreateTime: new Date(1.7e12 + i * 137).toISOString(),
        Username: 'NT AUTHORITY\\SYSTEM',
        WorkingSetSize: 1_000_000 + (i % 900_000),
      })}\n`
      if (text.length > 1_000_000) {
        if (!out.write(text)) await once(out, 'drain')
        text = ''
      }
    }
    out.end(text)
    await once(out, 'finish')
  }
  return statSync(path).size
}

/** The same rows for the engine alone: one column for each of theirs, without our normalising (the time as its text, which is quicker for it). */
export const engineColumns = [
  'Pid UInt32',
  'Ppid UInt32',
  'TokenIsElevated Bool',
  'Name LowCardinality(String)',
  'CommandLine String CODEC(ZSTD(1))',
  'Exe String CODEC(ZSTD(1))',
  'CreateTime String CODEC(ZSTD(1))',
  'Username LowCardinality(String)',
  'WorkingSetSize UInt64',
]
