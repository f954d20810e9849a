/** Saves what was made in the browser as a file of that name. */
export const saveAs = (parts: BlobPart[], file: { name: string; type: string }): void => {
  const url = URL.createObjectURL(new Blob(parts, { type: file.type }))
  const link = document.createElement('a')
  link.href = url
  link.download = file.name
  link.click()
  // The download holds the blob from the moment it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
