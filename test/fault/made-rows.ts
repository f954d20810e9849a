import { randomInt } from 'node:crypto'

/** JSON lines of processes that nobody else has: `tag` marks the file, every row differs. */
export const madeRows = (tag: string, count: number): string => {
  const lines: string[] = []
  for (let i = 0; i < count; i++)
    lines.push(
      JSON.stringify({
        Pid: i,
        Ppid: 4,
        Name: `${tag}.exe`,
        Exe: `C:\\Made\\${tag}\\${i}.exe`,
        CommandLine: `"C:\\Made\\${tag}\\${i}.exe" --row ${tag}-${i}`,
        CreateTime: new Date(1_700_000_000_000 + i * 1000).toISOString(),
        Username: 'HALDEN\\m.okafor',
      }),
    )
  return `${lines.join('\n')}\n`
}

/** A seed for the waits of a run, printed so that a failure can be looked at again. */
export const seededWait = (name: string): ((least: number, most: number) => number) => {
  const given = process.env.FAULT_SEED
  let state = given === undefined ? randomInt(1, 2 ** 31) : Number(given)
  console.log(`${name}: FAULT_SEED=${state}`)
  return (least, most) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return least + (state % (most - least + 1))
  }
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
