import { expect, it } from 'vitest'
import { sameThere } from './same-there.ts'

it('a switch leads to the same page, without what names a row, a host or an import of the tenant that is left', () => {
  const there = (path: string) => sameThere(`/t/old${path}`, 'new')
  expect(there('')).toBe('/t/new')
  expect(there('/explore?q=a+b&row=12&imports=x&cols=pid')).toBe('/t/new/explore?q=a+b&cols=pid')
  expect(there('/explore/stack?q=a')).toBe('/t/new/explore/stack?q=a')
  expect(there('/hosts/123?tab=x')).toBe('/t/new/hosts')
  expect(there('/imports/77?state=failed&skip=100')).toBe('/t/new/imports?state=failed')
  expect(there('/imports/storage')).toBe('/t/new/imports/storage')
  expect(there('/settings/users?skip=100')).toBe('/t/new/settings/users')
  expect(there('/settings')).toBe('/t/new/settings')
  expect(sameThere('/invite/token', 'new')).toBe('/t/new')
})
