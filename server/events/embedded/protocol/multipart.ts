/** The parts of a small form whose boundary its sender chose at random: name and bytes as text. */
export const readForm = (body: Buffer, contentType: string): Map<string, string> => {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  if (boundary === undefined) throw new RangeError('a form without a boundary')
  const parts = new Map<string, string>()
  const mark = Buffer.from(`\r\n--${boundary}`)
  const whole = Buffer.concat([Buffer.from('\r\n'), body])
  for (let at = whole.indexOf(mark); at >= 0; ) {
    const next = whole.indexOf(mark, at + mark.length)
    if (next < 0) break
    const part = whole.subarray(at + mark.length + 2, next)
    const head = part.indexOf('\r\n\r\n')
    const name = /name="([^"]*)"/.exec(part.subarray(0, Math.max(0, head)).toString('utf8'))?.[1]
    if (head < 0 || name === undefined) throw new RangeError('a part of the form has no name')
    parts.set(name, part.subarray(head + 4).toString('utf8'))
    at = next
  }
  return parts
}
