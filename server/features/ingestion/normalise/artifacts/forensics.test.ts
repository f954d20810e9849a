import { expect, it } from 'vitest'
import { facts, memberOf, rowFrom } from '../decode-block.test-kit.ts'
import { normaliseRow } from '../normalise-row.ts'
import { checkGolden } from './golden.test-kit.ts'

const hash = { MD5: 'a'.repeat(32), SHA1: 'b'.repeat(40), SHA256: 'c'.repeat(64) }
const upload = { Path: 'C:\\x\\y.bin', Size: 9, StoredSize: 9, sha256: 'c'.repeat(64), md5: 'a'.repeat(32), Components: ['uploads'] }
const mft = {
  EntryNumber: 49, InUse: true, ParentEntryNumber: 5, OSPath: '\\\\.\\C:\\Temp\\file.txt', _Links: ['\\\\.\\C:\\Temp\\file.txt'], FileName: 'file.txt', FileSize: 12, ReferenceCount: 1, IsDir: false,
  Created0x10: '2022-03-18T04:15:18.5166156Z', Created0x30: '2022-03-18T04:15:18.5166156Z', LastModified0x10: '2022-01-06T14:13:46.9839391Z', LastModified0x30: '2022-03-18T04:15:18.5166156Z',
  LastRecordChange0x10: '2022-02-23T03:41:48.391796Z', LastRecordChange0x30: '2022-03-18T04:15:18.5166156Z', LastAccess0x10: '2022-03-18T04:17:08.7362551Z', LastAccess0x30: '2022-03-18T04:15:18.5166156Z',
  HasADS: false, SI_Lt_FN: false, USecZeros: false, Copied: true, FileNames: ['file.txt'], FileNameTypes: 'POSIX',
}

checkGolden('forensic artifacts', [
  {
    artifact: 'Windows.Forensics.Prefetch',
    row: {
      Executable: 'TOOL.EXE', FileSize: 32730, Hash: 3683984477, Version: 'Win10 (30)', LastRunTimes: ['2022-02-21T01:03:45Z', '2022-02-20T01:03:45Z'], RunCount: 2, ExecutablePath: '\\VOLUME{1}\\TOOL.EXE',
      ExecutableDosPath: 'C:\\TOOL.EXE', OSPath: 'C:\\Windows\\Prefetch\\TOOL.EXE-1.pf', PrefetchFileName: 'TOOL.EXE-1.pf', CreationTime: '2022-02-19T00:00:00Z', ModificationTime: '2022-02-21T01:03:55Z', Binary: 'C:\\TOOL.EXE',
    },
    expected: { process_name: 'TOOL.EXE', process_executable: 'C:\\TOOL.EXE', file_name: 'TOOL.EXE-1.pf', file_size: 32730, hash_md5: '', time_field: 'LastRunTimes', timestamp: '2022-02-21T01:03:45.000000Z', time_names: ['LastRunTimes', 'LastRunTimes', 'CreationTime', 'ModificationTime'] },
  },
  {
    artifact: 'Windows.Timeline.MFT',
    row: { event_time: '2017-01-26T00:21:13Z', hostname: 'D1', parser: 'MFT', source: 'C:/$MFT', message: 'LastModified time', path: 'Users\\a\\evil.txt', optional_1: { FileSize: 1346 } },
    expected: { file_path: 'Users\\a\\evil.txt', file_name: 'evil.txt', file_size: 1346, message: 'LastModified time', time_field: 'event_time' },
  },
  {
    artifact: 'Windows.Timeline.Prefetch',
    row: { event_time: '2017-01-26T00:21:13Z', hostname: 'D1', parser: 'Prefetch', message: 'ran', source: 'C:\\Windows\\Prefetch\\A.pf' },
    expected: { file_name: 'A.pf', message: 'ran' },
  },
  {
    artifact: 'Windows.Detection.Amcache',
    row: { HivePath: '/C:/Windows/Amcache.hve', EntryKey: '/Root/File/1', KeyMTime: '2021-03-18T23:03:12Z', EntryType: 'File', SHA1: 'b'.repeat(40), EntryName: 'a.exe', Version: '', EntryPath: 'C:\\Users\\Public\\a.exe', Publisher: null, OriginalFileName: null, BinaryType: null },
    expected: { hash_sha1: 'b'.repeat(40), file_path: 'C:\\Users\\Public\\a.exe', file_name: 'a.exe', registry_path: '/Root/File/1', time_field: 'KeyMTime' },
  },
  {
    artifact: 'Windows.Forensics.Amcache/InventoryApplicationFile',
    row: { FileId: `0000${'b'.repeat(40)}`, LowerCaseLongPath: 'c:\\temp\\a.exe', Name: 'a.exe', LastModified: '2021-03-18T23:03:12Z', Publisher: 'p', LinkDate: '03/18/2021 23:03:12', Size: 5 },
    expected: { hash_sha1: 'b'.repeat(40), file_path: 'c:\\temp\\a.exe', time_names: ['LastModified', 'LinkDate'] },
  },
  { artifact: 'Windows.Forensics.Amcache/File', row: { FullPath: 'C:\\a.exe', SHA1: 'b'.repeat(40), LastModified: '2021-03-18T23:03:12Z' }, expected: { file_name: 'a.exe', hash_sha1: 'b'.repeat(40) } },
  { artifact: 'Windows.Forensics.Amcache/Programs', row: { ProgramName: 'Tool', ProgramId: '0000', InstallDate: '03/18/2021 23:03:12' }, expected: { message: 'Tool', timestamp: '2021-03-18T23:03:12.000000Z' } },
  { artifact: 'Windows.Registry.AppCompatCache', row: { Position: 1, ModificationTime: '2021-03-18T23:03:12Z', Path: 'C:\\Temp\\a.exe', ExecutionFlag: 1 }, expected: { file_path: 'C:\\Temp\\a.exe', file_name: 'a.exe', time_field: 'ModificationTime' } },
  { artifact: 'Windows.Registry.UserAssist', row: { Name: 'C:\\Temp\\a.exe', User: 'anna', LastExecution: '2021-03-18T23:03:12Z', NumberOfExecutions: 4 }, expected: { process_executable: 'C:\\Temp\\a.exe', process_name: 'a.exe', user_name: 'anna' } },
  { artifact: 'Windows.Forensics.Bam', row: { SID: 'S-1-5-21-1', UserName: 'anna', Binary: '\\Device\\HarddiskVolume2\\a.exe', Bam_time: '2021-03-18T23:03:12Z' }, expected: { user_id: 'S-1-5-21-1', user_name: 'anna', process_name: 'a.exe', time_field: 'Bam_time' } },
  { artifact: 'Windows.Forensics.SRUM/Execution Stats', row: { ID: 1, TimeStamp: '2021-03-18T23:03:00Z', App: '\\Device\\x\\a.exe', UserSid: 'S-1-5-21-1', User: 'anna', EndTime: '2021-03-18T23:03:12Z', DurationMS: 123456 }, expected: { process_name: 'a.exe', user_id: 'S-1-5-21-1', time_field: 'TimeStamp' }, times: 2 },
  { artifact: 'Windows.Forensics.SRUM/Network Usage', row: { SRUMId: 1, TimeStamp: '2021-03-18T23:03:00Z', App: 'a.exe', UserSid: 'S-1-5-21-1', User: 'anna', BytesSent: 5, BytesRecvd: 6 }, expected: { process_executable: 'a.exe' }, times: 1 },
  {
    artifact: 'Windows.NTFS.MFT', row: mft,
    expected: { file_path: '\\\\.\\C:\\Temp\\file.txt', file_name: 'file.txt', file_size: 12, time_field: 'Created0x10', timestamp: '2022-03-18T04:15:18.516615Z' }, times: 8,
  },
  { artifact: 'Windows.Forensics.Usn', row: { Timestamp: '2021-03-18T23:03:12Z', Filename: 'a.txt', OSPath: 'C:\\a.txt', _Links: [], Reason: ['FILE_CREATE', 'CLOSE'], MFTId: 5, Sequence: 1, ParentMFTId: 5, Usn: 12345 }, expected: { file_name: 'a.txt', file_path: 'C:\\a.txt', time_field: 'Timestamp' } },
  { artifact: 'Windows.Carving.USN', row: { Timestamp: '2021-03-18T23:03:12Z', Filename: 'a.txt', Reason: [], MFTId: 5, Usn: 1 }, expected: { file_name: 'a.txt' } },
  {
    artifact: 'Linux.Search.FileFinder',
    row: { OSPath: '/tmp/a.sh', Inode: 12, Mode: '-rwxr-xr-x', Size: 99, MTime: '2021-03-18T23:03:12Z', ATime: '2021-03-19T23:03:12Z', CTime: '2021-03-20T23:03:12Z', BTime: '1970-01-01T00:00:00Z', Keywords: '', IsDir: false, Upload: upload, Hash: hash, Data: null },
    expected: { file_path: '/tmp/a.sh', file_name: 'a.sh', file_size: 99, hash_sha256: 'c'.repeat(64), time_field: 'MTime' }, times: 3,
  },
  { artifact: 'Generic.Forensic.Timeline', row: { Md5: 'a'.repeat(32), OSPath: '/etc/passwd', Inode: 1, Mode: 'r', Uid: 0, Gid: 0, Size: 5, Atime: 1616108592, Mtime: 1616108593, Ctime: 0 }, expected: { hash_md5: 'a'.repeat(32), file_name: 'passwd', user_id: '0', time_field: 'Mtime' }, times: 2 },
  {
    artifact: 'Windows.Forensics.Lnk',
    row: { SourceFile: { OSPath: 'C:\\Users\\a\\r.lnk', Mtime: '2021-03-18T23:03:12Z' }, ShellLinkHeader: { CreationTime: '2021-01-01T00:00:01Z', AccessTime: '2021-01-02T00:00:01Z', WriteTime: '2021-01-03T00:00:01Z', FileSize: 77 }, LinkInfo: {}, LinkTarget: { LinkTarget: 'C:\\secret.docx' }, StringData: { Arguments: '-hidden' }, ExtraData: {}, Suspicious: false },
    expected: { file_path: 'C:\\secret.docx', file_name: 'secret.docx', file_size: 77, process_command_line: '-hidden', time_field: 'ShellLinkHeader.WriteTime' }, times: 4,
  },
  { artifact: 'Windows.Forensics.JumpLists', row: { AutomaticDestinationsPath: 'C:\\a.automaticDestinations-ms', Stream: '1', ApplicationId: 'x', Application: 'Word', LinkTarget: 'C:\\d.docx', FileSize: 3, CreationTime: '2021-01-01T00:00:01Z', AccessTime: null, WriteTime: '2021-01-03T00:00:01Z' }, expected: { file_path: 'C:\\d.docx', file_size: 3, process_name: 'Word', time_field: 'WriteTime' } },
  { artifact: 'Windows.Forensics.Shellbags', row: { ModTime: '2021-03-18T23:03:12Z', Hive: 'C:\\UsrClass.dat', KeyPath: 'Local Settings\\0', FullPath: 'My Computer\\C:\\Temp', _Parsed: {}, Description: { LongName: 'Temp' } }, expected: { file_path: 'My Computer\\C:\\Temp', file_name: 'Temp', registry_path: 'Local Settings\\0' } },
  { artifact: 'Windows.Forensics.RecycleBin', row: { DeletedTimestamp: '2021-03-18T23:03:12Z', Name: 'a.docx', OriginalFilePath: 'C:\\Users\\a\\a.docx', FileSize: 3, OSPath: 'C:\\$Recycle.Bin\\$I1', RecyclePath: 'C:\\$Recycle.Bin\\$R1' }, expected: { file_path: 'C:\\Users\\a\\a.docx', file_name: 'a.docx', time_field: 'DeletedTimestamp' } },
  {
    artifact: 'Windows.Applications.Chrome.History',
    row: { User: 'anna', url_id: 1, visit_time: '2021-03-18T23:03:12Z', visited_url: 'https://User@Evil.example.test:8443/a?b', title: 'Evil', visit_count: 1, typed_count: 0, last_visit_time: '2021-03-19T23:03:12Z', hidden: 0, from_url_id: 0, visit_duration: 0, transition: 1, OSPath: 'C:\\History' },
    expected: { event_category: 'web', url_full: 'https://User@Evil.example.test:8443/a?b', url_domain: 'evil.example.test', user_name: 'anna', time_field: 'visit_time' }, times: 2,
  },
  { artifact: 'Windows.Applications.Edge.History', row: { User: 'anna', visit_time: '2021-03-18T23:03:12Z', visited_url: 'http://[2001:db8::1]/x', title: '' }, expected: { url_domain: '[2001:db8::1]' } },
  { artifact: 'Generic.Forensic.SQLiteHunter/Chromium Browser History_Visits', row: { ID: 1, VisitTime: '2021-03-18T23:03:12Z', LastVisitedTime: '2021-03-19T23:03:12Z', URLTitle: 't', URL: 'https://a.test/', VisitCount: 1700000000, TypedCount: 0, Hidden: 0, VisitID: 5, VisitDurationInSeconds: 1700000000, OSPath: 'C:\\History' }, expected: { url_domain: 'a.test', message: 't' }, times: 2 },
  { artifact: 'Windows.Registry.Hunter/Results', row: { Description: 'Run keys', Category: 'ASEP', OSPath: 'HKEY_USERS\\S-1\\Run', Mtime: '2021-03-18T23:03:12Z', Details: 'C:\\a.exe', _RawData: {}, _Metadata: null }, expected: { event_category: 'registry', registry_path: 'HKEY_USERS\\S-1\\Run', registry_data: 'C:\\a.exe', message: 'Run keys' } },
  { artifact: 'Windows.Analysis.EvidenceOfDownload', row: { DownloadedFilePath: 'C:\\Users\\a\\d.exe', Mtime: '2021-03-18T23:03:12Z', _ZoneIdentifierContent: '[ZoneTransfer]', FileHash: hash, ZoneId: 3, HostUrl: 'https://evil.test/d.exe', ReferrerUrl: '' }, expected: { file_name: 'd.exe', url_domain: 'evil.test', hash_sha256: 'c'.repeat(64) } },
  { artifact: 'Windows.NTFS.ADSHunter', row: { OSPath: 'C:\\a.txt:evil', AdsName: 'evil', Mtime: '2021-03-18T23:03:12Z', Size: 5, AdsContent: 'x' }, expected: { file_path: 'C:\\a.txt:evil', file_size: 5 } },
  { artifact: 'Windows.KapeFiles.Targets/All File Metadata', row: { Created: '2021-03-18T23:03:12Z', LastAccessed: '2021-03-18T23:03:13Z', Modified: '2021-03-18T23:03:14Z', Size: 5, SourceFile: 'C:\\$MFT', _Source: 'mft' }, expected: { file_path: 'C:\\$MFT', file_size: 5, time_field: 'Modified' }, times: 3 },
  { artifact: 'Windows.KapeFiles.Targets/Uploads', row: { CopiedOnTimestamp: 1637546756, SourceFile: 'C:\\a.evtx', DestinationFile: 'a', FileSize: 5, SourceFileSha256: 'c'.repeat(64), Created: '2021-03-18T23:03:12Z', Changed: '2021-03-18T23:03:12Z', Modified: '2021-03-18T23:03:14Z', LastAccessed: '2021-03-18T23:03:12Z' }, expected: { hash_sha256: 'c'.repeat(64), file_size: 5, time_field: 'Modified' }, times: 5 },
  { artifact: 'Generic.Collectors.File/All Matches Metadata', row: { Created: '2021-03-18T23:03:12Z', LastAccessed: '2021-03-18T23:03:13Z', Modified: '2021-03-18T23:03:14Z', SourceFile: '/etc/passwd' }, expected: { file_name: 'passwd' } },
])

it('keeps the names and digits of a nested prefetch header, with each run time as a time', () => {
  const raw = '{"_SCCAHeader":{"Info":{"LastRunTimes":[{"Date":"2022-02-21T01:03:45Z","Int":1},{"Date":"2022-02-20T01:03:45Z","Int":2}]}},"Executable":"A.EXE","LastRunTimes":["2022-02-21T01:03:45Z"],"RunCount":2}'
  const row = normaliseRow(memberOf('Windows.Forensics.Prefetch'), facts, rowFrom(raw))
  expect((row.fields as ReadonlyMap<string, string[]>).get('_SCCAHeader.Info.LastRunTimes.Int')).toEqual(['1', '2'])
  expect(row.time_field).toBe('LastRunTimes')
})
