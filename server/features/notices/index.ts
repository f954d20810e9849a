// What people are told in the product: put in with the act, read by nobody but them.
export { notify } from './notices.ts'
