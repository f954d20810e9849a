import { MiddleEllipsis } from '../../../ui/data/MiddleEllipsis.tsx'

const tail = 14

/** A file's name with its end kept; a short one is not cut in two. */
export const FileName = ({ name }: { name: string }) => <MiddleEllipsis value={name} tail={name.length <= tail + 5 ? name.length : tail} />
