// The bytes of a file until it is whole. They are handed to the browser in large pieces, which it keeps on the disk where they are
// many: the page itself holds no more than one of them.
const pieceBytes = 4_000_000

export class FileParts {
  bytes = 0
  private readonly pieces: Blob[] = []
  private loose: Uint8Array<ArrayBuffer>[] = []
  private looseBytes = 0

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    // a copy: what it is a part of would be kept whole
    this.loose.push(chunk.slice())
    this.looseBytes += chunk.length
    this.bytes += chunk.length
    if (this.looseBytes >= pieceBytes) this.pack()
  }

  whole(type: string): Blob {
    this.pack()
    return new Blob(this.pieces, { type })
  }

  private pack(): void {
    this.pieces.push(new Blob(this.loose))
    this.loose = []
    this.looseBytes = 0
  }
}

/** Long enough for any browser to have begun to read it. */
const keptMs = 600_000

/** Gives the file to the browser's downloads. */
export const saveFile = (file: Blob, name: string): void => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), keptMs)
}
