import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExactNumber, type Json } from '../../reading.ts'
import { rfc3339 } from '../block/block-facts.ts'
import { TimeParser, type TimeTrust } from './time-parser.ts'
import { isTimeZone } from './zones.ts'

const parse = (value: Json, trust: TimeTrust = 'mapped', zone: string | null = null, isUtc = false): string | null => {
  const parser = new TimeParser(zone)
  return parser.parse(value, trust, isUtc) ? rfc3339(parser) : null
}

it('takes seconds since 1970 in scientific notation for a time also in a column that only looks like one by its name', () => {
  expect(['1.7e9', '1.7e+09', '1.7000001e+09', new ExactNumber('1.70000000000000001e9')].map((value) => parse(value, 'named'))).toEqual([
    '2023-11-14T22:13:20.000000Z',
    '2023-11-14T22:13:20.000000Z',
    '2023-11-14T22:15:00.000000Z',
    '2023-11-14T22:13:20.000000Z',
  ])
  expect(['1e3', '2.5e+01', '1e8'].map((value) => parse(value, 'named'))).toEqual([null, null, null])
})

describe('TimeParser', () => {
  it.each<[Json, string | null]>([
    ['2020-08-01T09:17:02Z', '2020-08-01T09:17:02.000000Z'],
    ['2020-08-01T09:17:02.1Z', '2020-08-01T09:17:02.100000Z'],
    ['2020-08-01T09:17:02.123456999Z', '2020-08-01T09:17:02.123456Z'],
    ['2021-11-07T12:00:00+10:00', '2021-11-07T02:00:00.000000Z'],
    ['2021-11-07T12:00:00.5-0330', '2021-11-07T15:30:00.500000Z'],
    ['2020-10-07 20:43:08 +0000 UTC', '2020-10-07T20:43:08.000000Z'],
    ['2020-10-07 20:43:08 UTC', '2020-10-07T20:43:08.000000Z'],
    ['2020-10-07 20:43', '2020-10-07T20:43:00.000000Z'],
    ['2020-10-07', '2020-10-07T00:00:00.000000Z'],
    [1709287872, '2024-03-01T10:11:12.000000Z'],
    [1709287872123, '2024-03-01T10:11:12.123000Z'],
    [1709287872123456, '2024-03-01T10:11:12.123456Z'],
    [new ExactNumber('1709287872123456789'), '2024-03-01T10:11:12.123456Z'],
    [1700000000.123456, '2023-11-14T22:13:20.123456Z'],
    ['1700000000.9999999', '2023-11-14T22:13:20.999999Z'],
    [new ExactNumber('132898790250183773'), '2022-02-21T01:03:45.018377Z'],
    [13290000000123456, '2022-02-22T10:40:00.123456Z'],
    ['1.7e9', '2023-11-14T22:13:20.000000Z'],
    ['1.7e+09', '2023-11-14T22:13:20.000000Z'],
    [1.7e9, '2023-11-14T22:13:20.000000Z'],
    [new ExactNumber('1.7000000001234567891e+09'), '2023-11-14T22:13:20.123456Z'],
    ['1.7092878721234567E12', '2024-03-01T10:11:12.123456Z'],
    ['1.709287872123456789e+18', '2024-03-01T10:11:12.123456Z'],
    ['1.5', null],
    ['1.1234567', null],
    ['17e8', null],
    ['1.7e-9', null],
    ['1.7e99', null],
    ['1e308', null],
    ['1.2.3e9', null],
    ['7/21/2019 5:23 PM', '2019-07-21T17:23:00.000000Z'],
    ['12/15/2017 12:07 AM', '2017-12-15T00:07:00.000000Z'],
    ['12/15/2017 12:07 PM', '2017-12-15T12:07:00.000000Z'],
    ['03/18/2021 23:03:12', '2021-03-18T23:03:12.000000Z'],
    ['21/7/2019 17:23', '2019-07-21T17:23:00.000000Z'],
    ['21.07.2019 17:23:05', '2019-07-21T17:23:05.000000Z'],
    ['20240229', '2024-02-29T00:00:00.000000Z'],
    [20240229, '2024-02-29T00:00:00.000000Z'],
    ['20240301101112.500000+060', '2024-03-01T09:11:12.500000Z'],
    ['20240301101112', '2024-03-01T10:11:12.000000Z'],
    ['2299-12-31T23:59:59.999999Z', '2299-12-31T23:59:59.999999Z'],
    ['1900-01-01T00:00:00.000001Z', '1900-01-01T00:00:00.000001Z'],
    ['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59.500000Z'],
    ['2024/03/05 06:07:08', '2024-03-05T06:07:08.000000Z'],
    ['2024/03/05', '2024-03-05T00:00:00.000000Z'],
    ['2024-03-05T06:07:08+01', '2024-03-05T05:07:08.000000Z'],
    [' 2024-03-05T06:07:08Z', '2024-03-05T06:07:08.000000Z'],
    ['Tue, 05 Mar 2024 06:07:08 GMT', '2024-03-05T06:07:08.000000Z'],
    ['Tue, 5 Mar 2024 06:07:08 -0130', '2024-03-05T07:37:08.000000Z'],
    ['Tue Mar  5 06:07:08 2024', '2024-03-05T06:07:08.000000Z'],
    ['Tue Mar  5 06:07:08 UTC 2024', '2024-03-05T06:07:08.000000Z'],
    ['05-Mar-2024 06:07:08', '2024-03-05T06:07:08.000000Z'],
    ['March 5, 2024', '2024-03-05T00:00:00.000000Z'],
    ['Mar 5 2024 06:07', '2024-03-05T06:07:00.000000Z'],
    // no times
    [new ExactNumber('9223372036854775807'), null],
    ['9223372036854775807', null],
    [2 ** 63, null],
    ['2024-03/05', null],
    ['31 Feb 2024', null],
    ['Marble 5 2024', null],
    ['Tue Mar  5 06:07:08 CEST 2024', null],
    ['Sometimes in 2024', null],
    ['1601-01-01T00:00:00Z', null],
    ['0001-01-01T00:00:00Z', null],
    ['1970-01-01T00:00:00Z', null],
    ['1980-01-01T00:00:00Z', null],
    ['1900-01-01T00:00:00Z', null],
    ['1899-12-31T23:59:59Z', null],
    ['2300-01-01T00:00:00Z', null],
    ['2023-02-29T00:00:00Z', null],
    ['2023-13-01T00:00:00Z', null],
    ['2023-01-01T24:00:00Z', null],
    ['2023-01-01T00:60:00Z', null],
    ['2023-01-01T00:00:00Zebra', null],
    ['20230229', null],
    ['13/13/2019', null],
    ['0/1/2019 5:00 PM', null],
    ['1/1/2019 13:00 PM', null],
    [0, null],
    [-5, null],
    [1e30, null],
    [1e19, null],
    ['99999999999999999999', null],
    ['01709287872123456789', '2024-03-01T10:11:12.123456Z'],
    [Number.NaN, null],
    [true, null],
    [null, null],
    ['', null],
    ['yesterday', null],
  ])('reads %j as %j', (value, expected) => {
    expect(parse(value)).toBe(expected)
  })

  it('does not take small or eight-digit numbers for times in a column that only sounds like one', () => {
    expect(parse(20240229, 'named')).toBeNull()
    expect(parse('20240229', 'named')).toBeNull()
    expect(parse(86_400, 'named')).toBeNull()
    expect(parse(86_401, 'mapped')).toBe('1970-01-02T00:00:01.000000Z')
  })

  it('reads times without a zone in the zone of the import, and all others as they say', () => {
    expect(parse('7/21/2019 5:23 PM', 'mapped', 'America/New_York')).toBe('2019-07-21T21:23:00.000000Z')
    expect(parse('2019-01-21T17:23:00', 'mapped', 'America/New_York')).toBe('2019-01-21T22:23:00.000000Z')
    expect(parse('2019-01-21T17:23:00Z', 'mapped', 'America/New_York')).toBe('2019-01-21T17:23:00.000000Z')
    expect(parse('2019-01-21 17:23:00.5', 'mapped', 'Asia/Kolkata')).toBe('2019-01-21T11:53:00.500000Z')
    expect(parse('2019-01-21 17:23:00', 'mapped', 'America/New_York', true)).toBe('2019-01-21T17:23:00.000000Z')
  })

  it('takes the earlier reading of an hour that the clock change doubles, and reads on in the hour it skips', () => {
    expect(parse('2021-10-31T02:30:00', 'mapped', 'Europe/Berlin')).toBe('2021-10-31T00:30:00.000000Z')
    expect(parse('2021-03-28T02:30:00', 'mapped', 'Europe/Berlin')).toBe('2021-03-28T01:30:00.000000Z')
    expect(parse('2021-03-28T03:30:00', 'mapped', 'Europe/Berlin')).toBe('2021-03-28T01:30:00.000000Z')
  })

  it('refuses an unknown zone instead of guessing', () => {
    expect(() => new TimeParser('Mars/Olympus')).toThrow(RangeError)
    expect(isTimeZone('Mars/Olympus')).toBe(false)
    expect(isTimeZone('Europe/Berlin')).toBe(true)
  })

  it('reads every RFC 3339 time of 1901 to 2299 to the microsecond, whatever its offset', () => {
    const seconds = fc.integer({ min: -2_177_452_800, max: 10_413_791_999 })
    fc.assert(
      fc.property(seconds, fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: -14 * 60, max: 14 * 60 }), (at, nanos, offset) => {
        const wall = new Date((at + offset * 60) * 1000).toISOString().slice(0, 19)
        const size = Math.abs(offset)
        const zone = `${offset < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`
        const micros = String(Math.floor(nanos / 1000)).padStart(6, '0')
        fc.pre(micros !== '000000')
        expect(parse(`${wall}.${String(nanos).padStart(9, '0')}${zone}`)).toBe(
          `${new Date(at * 1000).toISOString().slice(0, 19)}.${micros}Z`,
        )
      }),
    )
  })

  it('never throws on any text', () => {
    const parser = new TimeParser('Europe/Berlin')
    fc.assert(fc.property(fc.string(), (text) => typeof parser.parse(text, 'mapped', false) === 'boolean'))
    fc.assert(fc.property(fc.stringMatching(/^[0-9TZ:./ +-]{8,40}$/), (text) => typeof parser.parse(text, 'named', false) === 'boolean'))
  })
})
