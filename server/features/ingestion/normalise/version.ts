/** Raise it when the same row would get other columns than before: `reindex` then knows which rows to make anew. */
export const normaliserVersion = 4
