// Peers around a host on two sides, so that names of any length have room: the rarest at the top.

export interface PeerPlace {
  x: number
  y: number
  side: 'left' | 'right'
}

export const graphSize = { width: 900, rowPx: 30, padPx: 24 }

export const graphHeight = (count: number): number => Math.max(3, Math.ceil(count / 2)) * graphSize.rowPx + 2 * graphSize.padPx

/** One place for each: by turns right and left, from the top, on a slight curve. */
export const peerPlaces = (count: number): PeerPlace[] => {
  const height = graphHeight(count)
  return Array.from({ length: count }, (_, at) => {
    const side = at % 2 === 0 ? 'right' : 'left'
    const inColumn = side === 'right' ? Math.ceil(count / 2) : Math.floor(count / 2)
    const y = height / 2 + (Math.floor(at / 2) - (inColumn - 1) / 2) * graphSize.rowPx
    const bow = 60 * (1 - ((y - height / 2) / (height / 2)) ** 2)
    const reach = 150 + bow
    return { x: graphSize.width / 2 + (side === 'right' ? reach : -reach), y, side }
  })
}
