import { vtLookup } from '../../../shared/contract/operations.ts'
import { type HttpApp, mount } from '../../http/mount.ts'
import { lookUpHash } from './look-up-hash.ts'

export const mountIntel = (app: HttpApp): void => mount(app, vtLookup, ({ body }) => lookUpHash(body.hash))
