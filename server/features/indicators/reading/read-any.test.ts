import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressText, bitsOf, rangeOf, rangeText } from './addresses.ts'
import { normaliseAs } from './normalise.ts'
import { type ReadIndicator, readIndicators, type Reading, Unreadable } from './read-any.ts'
import { recognise } from './recognise.ts'
import { refang } from './refang.ts'

const read = (text: string): { found: ReadIndicator[]; sum: Reading } => {
  const found: ReadIndicator[] = []
  const sum = readIndicators(text, (one) => found.push(one))
  return { found, sum }
}
const pairs = (text: string): string[] => read(text).found.map((one) => `${one.kind} ${one.value}`)

describe('a value that is pasted', () => {
  it.each([
    ['44D88612FEA8A8F36DE82E1278ABB02F', 'md5 44d88612fea8a8f36de82e1278abb02f'],
    [`imphash: ${'aB'.repeat(16)}`, `imphash ${'ab'.repeat(16)}`],
    [`sha256=${'0f'.repeat(32)},`, `sha256 ${'0f'.repeat(32)}`],
    ['10[.]1[.]2[.]3:443', 'ip 10.1.2.3'],
    ['::ffff:10.1.2.3', 'ip 10.1.2.3'],
    ['2001:DB8:0:0:1::1', 'ip 2001:db8::1:0:0:1'],
    ['192.168.7.9/24', 'ip_range 192.168.7.0/24'],
    ['2001:db8::1/32', 'ip_range 2001:db8::/32'],
    ['10.0.0.1/32', 'ip 10.0.0.1'],
    ['Evil(dot)Example[.]COM.', 'domain evil.example.com'],
    ['*.bücher.example', 'domain xn--bcher-kva.example'],
    ['hxxps[:]//Evil[.]example[:]443/A/?q=1#x', 'url https://evil.example/a/?q=1'],
    ['hXXp://evil[.]example/', 'url http://evil.example'],
    ['bad[@]evil[.]example', 'email bad@evil.example'],
    ['%APPDATA%\\Evil\\run.dll', 'path *\\evil\\run.dll'],
    ['C:\\Users\\*\\AppData\\evil.exe', 'path c:\\users\\*\\appdata\\evil.exe'],
    ['/tmp/.hidden/x', 'path /tmp/.hidden/x'],
    ['Mimikatz.exe', 'file_name mimikatz.exe'],
    ['Global\\MyMutex1', 'mutex mymutex1'],
    ['mutex: AsyncMutex_6SI8', 'mutex asyncmutex_6si8'],
    ['Mozilla/5.0 (Evil 1.0)', 'user_agent mozilla/5.0 (evil 1.0)'],
    ['HKEY_LOCAL_MACHINE\\Software\\Evil\\', 'registry_key hklm\\software\\evil'],
    ['HKU\\S-1-5-21-1-2-3-1001\\Software\\Run', 'registry_key hkcu\\software\\run'],
    ['HKLM\\System\\ControlSet001\\Services\\x', 'registry_key hklm\\system\\currentcontrolset\\services\\x'],
  ])('%s is %s', (given, expected) => {
    expect(pairs(given)).toEqual([expected])
  })

  it('is refused with a reason where it says nothing of anybody', () => {
    const { sum } = read(['0.0.0.0', '10.0.0.0/4', 'domain: localhost', 'hello world', '*\\a*', '0'.repeat(32)].join('\n'))
    expect([sum.read, sum.refused]).toEqual([6, 6])
    expect(sum.refusals.map((one) => one.reason)).toEqual([
      'The address that stands for none',
      'An IP range wider than /8',
      'A domain name without a dot',
      'Not recognised as any kind',
      'A pattern with fewer than 4 characters in a row beside its wildcards',
      'A hash of one digit only',
    ])
  })

  it('stands among the words of a report, or before what is said of it', () => {
    expect(pairs('The implant talks to hxxp://a[.]example/x and 10.9.8.7, then stops.')).toEqual(['url http://a.example/x', 'ip 10.9.8.7'])
    const { found } = read('# a list\n10.9.8.7 # the second server\nEVIL.example\nevil.example')
    expect(found.map((one) => [one.value, one.description, one.shown])).toEqual([
      ['10.9.8.7', 'the second server', null],
      ['evil.example', '', 'EVIL.example'],
    ])
  })
})

describe('CSV', () => {
  it('is read by its header, whatever separates it, with what is said of each value', () => {
    const { found, sum } = read(
      'type;value;comment;TLP;confidence;valid_until\nmutex;"My;Mutex";"a ""b""";TLP:AMBER;high;2030-01-02\n;10.0.0.1;;;;never\nfoo;;x;;;',
    )
    expect(sum).toMatchObject({ format: 'csv', read: 3, refused: 1 })
    expect(found[0]).toMatchObject({
      kind: 'mutex',
      value: 'my;mutex',
      description: 'a "b"',
      tlp: 'amber',
      confidence: 85,
      valid_until: '2030-01-02T00:00:00.000Z',
    })
    expect(found[1]).toMatchObject({ kind: 'ip', value: '10.0.0.1', valid_until: null })
  })

  it('has a column for each kind too', () => {
    expect(pairs(`name,md5,sha256\nx,${'ab'.repeat(16)},${'cd'.repeat(32)}\ny,,${'ef'.repeat(32)}`)).toHaveLength(3)
  })
})

const bundle = (...patterns: string[]): string =>
  JSON.stringify({
    type: 'bundle',
    objects: [{ type: 'malware' }, ...patterns.map((pattern) => ({ type: 'indicator', pattern, pattern_type: 'stix' }))],
  })

describe('STIX 2.1', () => {
  it.each([
    [`[file:hashes.'SHA-256' = '${'aB'.repeat(32)}']`, [`sha256 ${'ab'.repeat(32)}`]],
    [`[file:hashes.MD5 = '${'ab'.repeat(16)}' AND file:name = 'x.exe']`, [`md5 ${'ab'.repeat(16)}`]],
    [
      "[ipv4-addr:value = '10.1.1.1'] OR [domain-name:value IN ('a.example', 'b.example')]",
      ['ip 10.1.1.1', 'domain a.example', 'domain b.example'],
    ],
    ["[ipv4-addr:value ISSUBSET '10.1.0.0/16']", ['ip_range 10.1.0.0/16']],
    [
      "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '10.2.2.2' AND network-traffic:dst_port = 443]",
      ['ip 10.2.2.2'],
    ],
    ["[file:name LIKE 'evil%.exe']", ['file_name evil*.exe']],
    ["[file:name = 'e.exe' AND file:parent_directory_ref.path = 'C:\\\\Temp']", ['path c:\\temp\\e.exe']],
    ["[windows-registry-key:key = 'HKEY_CURRENT_USER\\\\Software\\\\Evil']", ['registry_key hkcu\\software\\evil']],
    ["([url:value = 'http://a.example/it''s'])", []],
  ])('%s', (pattern, expected) => {
    expect(pairs(bundle(pattern))).toEqual(expected)
  })

  it('what is not understood is counted by its name', () => {
    const { sum } = read(
      bundle(
        "[process:command_line = 'x']",
        "[process:command_line = 'y']",
        "[ipv4-addr:value = '1.2.3.4'] FOLLOWEDBY [url:value = 'http://a.example']",
        "[domain-name:value = 'a.example' AND url:value = 'http://a.example/']",
        "[file:name MATCHES '^a']",
        "[ipv4-addr:value != '1.2.3.4']",
        'nonsense',
      ),
    )
    expect(sum.refusals.map((one) => [one.reason, one.count])).toEqual([
      ['Compares process:command_line', 2],
      ['Several observations with FOLLOWEDBY', 1],
      ['Two different things that must hold at once', 1],
      ['Compares with MATCHES', 1],
      ['Compares with !=', 1],
      ['Not understood where [ should stand', 1],
    ])
    expect(sum.notes).toEqual(['Objects of type malware, which are no indicators: 1'])
  })
})

it('MISP gives attributes and those of objects, pairs by what says more, and not what is not for detection', () => {
  const attribute = (type: string, value: string, more = {}) => ({ type, value, ...more })
  const { found, sum } = read(
    JSON.stringify({
      Event: {
        info: 'A campaign',
        Orgc: { name: 'CERT' },
        Tag: [{ name: 'tlp:green' }],
        Attribute: [
          attribute('ip-dst|port', '10.1.1.1|443'),
          attribute('domain|ip', 'a.example|10.1.1.2', { Tag: [{ name: 'tlp:red' }] }),
          attribute('url', 'http://x.example', { to_ids: false }),
          attribute('yara', 'rule x {}'),
        ],
        Object: [{ comment: 'dropper', Attribute: [attribute('filename|md5', `a.exe|${'ab'.repeat(16)}`, { to_ids: true })] }],
      },
    }),
  )
  expect(found.map((one) => [one.kind, one.value, one.tlp, one.source])).toEqual([
    ['ip', '10.1.1.1', 'green', 'CERT'],
    ['domain', 'a.example', 'red', 'CERT'],
    ['ip', '10.1.1.2', 'red', 'CERT'],
    ['md5', 'ab'.repeat(16), 'green', 'CERT'],
  ])
  expect(found.at(-1)?.description).toBe('A campaign: dropper')
  expect(sum.refusals.map((one) => one.reason)).toEqual(['Not marked for detection (to_ids)', 'Of type yara'])
})

it('OpenIOC gives items that hold alone, and hashes among those that hold at once', () => {
  const item = (search: string, content: string, condition = 'is') =>
    `<IndicatorItem condition="${condition}"><Context document="x" search="${search}" type="mir"/><Content type="string">${content}</Content></IndicatorItem>`
  const { found, sum } = read(`<?xml version="1.0"?>
    <ioc xmlns="http://schemas.mandiant.com/2010/ioc"><short_description>Zeus &amp; co</short_description><authored_by>me</authored_by><definition>
    <Indicator operator="OR">${item('FileItem/Md5sum', 'AB'.repeat(16))}${item('FileItem/FullPath', '\\temp\\a.exe', 'contains')}${item('ProcessItem/arguments', 'x')}
      <Indicator operator="AND">${item('FileItem/FileName', 'b.exe')}${item('FileItem/SizeInBytes', '12')}</Indicator>
      <Indicator operator="AND">${item('FileItem/FileName', 'c.exe')}${item('RegistryItem/Path', 'HKLM\\x\\y')}</Indicator>
    </Indicator></definition></ioc>`)
  expect(found.map((one) => [one.kind, one.value, one.description, one.source])).toEqual([
    ['md5', 'ab'.repeat(16), 'Zeus & co', 'me'],
    ['path', '*\\temp\\a.exe*', 'Zeus & co', 'me'],
    ['file_name', 'b.exe', 'Zeus & co', 'me'],
  ])
  expect(sum.refusals.map((one) => one.reason)).toEqual(['ProcessItem/arguments', 'Two different things that must hold at once'])
})

describe('whatever comes', () => {
  it('is read or refused, and never anything else: the numbers add up', () => {
    const bits = [
      'hxxp://',
      '[.]',
      'a.example',
      "[file:name = '",
      "']",
      '10.0.0.1',
      '\n',
      ',',
      '"',
      '{',
      '<ioc>',
      '\\',
      'HKLM\\',
      '*',
      'value',
      '\u0000',
    ]
    const part = fc.oneof(fc.constantFrom(...bits), fc.string({ maxLength: 8, unit: 'binary' }))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        for (const text of [parts.join(''), bundle(parts.join(''))]) {
          try {
            const { found, sum } = read(text)
            expect(sum.read).toBe(found.length + sum.twice + sum.refused)
            expect(sum.refusals.reduce((n, one) => n + one.count, 0)).toBe(sum.refused)
          } catch (error) {
            if (!(error instanceof Unreadable)) throw error
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('what is kept of a value is recognised as itself', () => {
    const value = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.domain(),
      fc.webUrl(),
      fc.emailAddress(),
      fc.stringMatching(/^[a-z]:\\[a-z]{4,9}\\[a-z]{3,9}\.exe$/),
      fc.stringMatching(/^hklm\\[a-z]{3,9}\\[a-z]{3,9}$/),
    )
    fc.assert(
      fc.property(value, (given) => {
        const once = recognise(given, null)
        if ('reason' in once) return
        expect(normaliseAs(once.kind, once.value)).toEqual(once)
      }),
      { numRuns: 300 },
    )
  })

  it('an address comes back as the same number, in its shortest form', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.integer({ min: 0, max: 128 }), (bits, length) => {
        expect(bitsOf(addressText(bits))).toBe(bits)
        const first = (bits >> BigInt(128 - length)) << BigInt(128 - length)
        expect(rangeOf(rangeText({ first, length }))).toEqual({ first, length })
      }),
      { numRuns: 300 },
    )
  })

  it('what is written so that nobody clicks on it is what it was', () => {
    fc.assert(
      fc.property(fc.domain(), fc.constantFrom('[.]', '(.)', '[dot]', '(dot)', '{.}', '[ . ]'), (name, dot) => {
        expect(refang(`hxxps://${name.replaceAll('.', dot)}/x`)).toBe(`https://${name}/x`)
      }),
      { numRuns: 100 },
    )
  })
})
