import { expect, test } from 'vitest'
import { isClientId } from '../../../shared/domain/client-id.ts'
import { fqdnIn, fullerName, hostOfNewKey, isSameName } from './host-identity.ts'

const fin = { id: 'a', hostname: 'HLD-FIN-017', keys: ['C.1111111111111111'] }
const clone = { id: 'b', hostname: 'hld-fin-017', keys: ['C.2222222222222222'] }
const byName = { id: 'c', hostname: 'HLD-FIN-017.halden.example', keys: ['name:hld-fin-017@1'] }

test('a name with and without its domain is the same, two domains are not', () => {
  expect(isSameName('HLD-FIN-017', 'hld-fin-017.halden.example')).toBe(true)
  expect(isSameName('a.one.example', 'a.two.example')).toBe(false)
  expect(isSameName('10.0.0.1', '10')).toBe(false)
  expect(isSameName('', '')).toBe(false)
})

test('a name joins the one host that has it', () => {
  expect(hostOfNewKey('name:hld-fin-017@2', 'HLD-FIN-017', [fin])?.id).toBe('a')
})

test('a name that two client ids share joins neither of them', () => {
  expect(hostOfNewKey('name:hld-fin-017@2', 'HLD-FIN-017', [fin, clone])).toBeNull()
})

test('a client id never joins the host of another client id, whatever its name', () => {
  expect(hostOfNewKey('C.3333333333333333', 'HLD-FIN-017', [fin])).toBeNull()
})

test('a client id takes over the host that was known by its name only', () => {
  expect(hostOfNewKey('C.3333333333333333', 'HLD-FIN-017', [byName])?.id).toBe('c')
  expect(hostOfNewKey('C.3333333333333333', 'HLD-FIN-017', [byName, fin])).toBeNull()
})

test('a client id is not taken for a name', () => {
  expect(isClientId('C.a99faf363b5601fe')).toBe(true)
  expect(isClientId('C.CORP')).toBe(false)
})

test('the full name tells a host from others of its short name; an address is none', () => {
  expect([fqdnIn('pc1.a.lan'), fqdnIn('pc1'), fqdnIn('10.0.0.5'), fqdnIn('fe80::1.2'), fqdnIn(null)]).toEqual([
    'pc1.a.lan',
    null,
    null,
    null,
    null,
  ])
  expect([fullerName('PC1', 'pc1.a.lan'), fullerName('PC1', 'PC1'), fullerName('PC1', null), fullerName('PC1', 'x.a.lan')]).toEqual([
    'pc1.a.lan',
    'PC1',
    'PC1',
    'PC1',
  ])
})
