/** The keys that move the current cell, and how far. */
export const steps: Readonly<Record<string, readonly [rows: number, cols: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  j: [1, 0],
  k: [-1, 0],
  h: [0, -1],
  l: [0, 1],
}
