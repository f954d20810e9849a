export interface ExampleStack {
  fields: readonly string[]
  about: string
}

/** Offered where rows have all fields of one; what is found most often by stacking comes first. */
export const exampleStacks: readonly ExampleStack[] = [
  { fields: ['process_name', 'process_executable'], about: 'A known name that runs from another place on one host' },
  { fields: ['process_parent_name', 'process_name'], about: 'What starts what: an office program that starts a shell' },
  { fields: ['service_name', 'process_executable'], about: 'Services that few hosts have, and what they run' },
  { fields: ['registry_path', 'registry_data'], about: 'Autostarts that are not everywhere' },
  { fields: ['destination_ip', 'process_name'], about: 'Addresses that one process of one host talks to' },
  { fields: ['dns_question_name'], about: 'Names that almost nobody asks for' },
  { fields: ['hash_sha256', 'file_name'], about: 'Files that only one host holds, whatever they are called' },
  { fields: ['file_path'], about: 'Files in places where others have none' },
  { fields: ['user_name', 'logon_type'], about: 'Who signs in how, and on how many hosts' },
  { fields: ['winlog_channel', 'event_code'], about: 'Events of the logs that hardly any host writes' },
  { fields: ['artifact'], about: 'Which artifacts were collected, and from how many hosts' },
]
