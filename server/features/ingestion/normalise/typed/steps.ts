// From the words of the mapping tables to converters.
import type { Cell, Target } from '../artifacts/mapping.ts'
import {
  setCommand,
  setData,
  setDomain,
  setHash,
  setHashes,
  setHexId,
  setIp,
  setLevel,
  setMeant,
  setPath,
  setPathShaped,
  setProgram,
  setRegistryShaped,
  setSigner,
  setText,
  setTransport,
  setTrusted,
  setU16,
  setU32,
  setU64,
  setUrl,
  setUrlShaped,
  setUser,
  setUserId,
  type Converter,
  type Step,
} from './converters.ts'
import { slotOf } from './typed-row.ts'

const converters = new Map<Target, Converter>([
  ['event_code', setText],
  ['event_provider', setText],
  ['winlog_channel', setText],
  ['winlog_record_id', setU64],
  ['winlog_computer_name', setMeant],
  ['process_name', setProgram],
  ['process_executable', setPath],
  ['process_command_line', setCommand],
  ['process_pid', setU32],
  ['process_parent_name', setProgram],
  ['process_parent_executable', setPath],
  ['process_parent_command_line', setCommand],
  ['process_parent_pid', setU32],
  ['file_name', setText],
  ['file_path', setPath],
  ['file_size', setU64],
  ['file_code_signature_trusted', setTrusted],
  ['file_code_signature_subject_name', setMeant],
  ['hash_md5', setHash],
  ['hash_sha1', setHash],
  ['hash_sha256', setHash],
  ['user_name', setUser],
  ['user_domain', setMeant],
  ['user_id', setUserId],
  ['user_target_name', setUser],
  ['source_ip', setIp],
  ['source_port', setU16],
  ['destination_ip', setIp],
  ['destination_port', setU16],
  ['destination_domain', setDomain],
  ['network_transport', setTransport],
  ['network_state', setMeant],
  ['registry_path', setText],
  ['registry_data', setData],
  ['service_name', setMeant],
  ['service_state', setText],
  ['url_full', setUrl],
  ['url_domain', setDomain],
  ['dns_question_name', setDomain],
  ['logon_type', setMeant],
  ['logon_id', setHexId],
  ['rule_name', setText],
  ['rule_level', setLevel],
  ['message', setText],
])

/** For rows that nobody described. */
const shaped = new Map<Target, Converter>([
  ['process_executable', setPathShaped],
  ['process_parent_executable', setPathShaped],
  ['file_path', setPathShaped],
  ['url_full', setUrlShaped],
  ['registry_path', setRegistryShaped],
])

const cells: Readonly<Record<Cell, { slot: string; convert: Converter }>> = {
  hash: { slot: 'hash_sha256', convert: setHash },
  hashes: { slot: 'hash_sha256', convert: setHashes },
  signature: { slot: 'file_code_signature_trusted', convert: setTrusted },
  upload: { slot: 'file_path', convert: setPath },
  signer: { slot: 'file_code_signature_subject_name', convert: setSigner },
}

export const stepFor = (target: Target, rank: number, isShaped: boolean): Step => {
  if (Object.hasOwn(cells, target)) {
    const cell = cells[target as Cell]
    return { slot: slotOf(cell.slot), rank, convert: cell.convert }
  }
  const convert = (isShaped ? shaped.get(target) : undefined) ?? converters.get(target) ?? setText
  return { slot: slotOf(target), rank, convert }
}

const cellParts: Readonly<Record<Cell, ReadonlyMap<string, Target>>> = {
  hash: new Map([
    ['md5', 'hash_md5'],
    ['sha1', 'hash_sha1'],
    ['sha-1', 'hash_sha1'],
    ['sha256', 'hash_sha256'],
    ['sha-256', 'hash_sha256'],
  ]),
  hashes: new Map(),
  signature: new Map([
    ['trusted', 'file_code_signature_trusted'],
    ['subjectname', 'file_code_signature_subject_name'],
    ['subject', 'file_code_signature_subject_name'],
  ]),
  upload: new Map([
    ['path', 'file_path'],
    ['size', 'file_size'],
    ['sha256', 'hash_sha256'],
    ['md5', 'hash_md5'],
  ]),
  signer: new Map(),
}

/** What a key inside a cell means: SHA1 inside Hash. */
export const cellPart = (cell: Cell, key: string): Target | null => cellParts[cell].get(key.toLowerCase()) ?? null
