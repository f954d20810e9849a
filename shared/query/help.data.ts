/** The search language by example: what the web app shows beside the box and `docs/search-language.md` prints. */
export interface HelpEntry {
  example: string
  meaning: string
}

export interface HelpSection {
  title: string
  about: string
  entries: readonly HelpEntry[]
}

export const searchHelp: readonly HelpSection[] = [
  {
    title: 'Words',
    about: 'A word without a field is found anywhere inside the values of a row, in any case.',
    entries: [
      { example: 'mimikatz', meaning: 'a value contains mimikatz, Mimikatz, MIMIKATZ' },
      { example: '"net user /add"', meaning: 'a value contains exactly these characters, blanks included' },
      { example: 'C:\\Windows\\Temp', meaning: 'a path as it is: a backslash needs no second one' },
      { example: 'powershell*-enc', meaning: 'a value contains powershell and behind it -enc' },
    ],
  },
  {
    title: 'Fields',
    about: 'A value after a field is the whole value, in any case. A field with several values matches by any of them.',
    entries: [
      { example: 'process_name:cmd.exe', meaning: 'the process name is cmd.exe' },
      { example: 'process.name:cmd.exe', meaning: 'the same: dots and underscores are alike in ECS names' },
      { example: 'EventData.TargetUserName:administrator', meaning: 'a column of the artifact, by its path' },
      { example: '"Entry Location":*\\Run', meaning: 'a column whose name holds a blank' },
      { example: 'raw.Name:explorer.exe', meaning: 'the column of the artifact, even where an ECS field has that name' },
      { example: 'artifact:Windows.System.Pslist', meaning: 'rows of an artifact; artifact:Artifact/Source names one source' },
      { example: 'user_name:(alice OR bob)', meaning: 'one of several values' },
      { example: 'user_name:=Administrator', meaning: 'exactly so, minding the case; * and ? work here too' },
      { example: 'hash_sha256:*', meaning: 'the field has a value' },
    ],
  },
  {
    title: 'Wildcards and quotes',
    about:
      '* stands for any characters, ? for exactly one; inside quotes both are plain characters. What holds blanks, quotes or parentheses goes into quotes, and quoted and bare pieces may touch. Inside quotes \\" is a quote; a backslash right before the closing quote is written twice.',
    entries: [
      { example: 'file_path:C:\\Users\\*\\AppData\\*', meaning: 'a path with anything in its places' },
      { example: 'process_command_line:*-enc*', meaning: 'the command line contains -enc' },
      { example: 'file_path:"C:\\Program Files\\\\"*', meaning: 'quoted up to the backslash, then anything' },
      { example: 'file_name:?.exe', meaning: 'one character and .exe' },
    ],
  },
  {
    title: 'Comparison',
    about: 'Numbers by value, times by time, addresses by network; other text by the alphabet. A day, hour or minute stands for all of it.',
    entries: [
      { example: 'process_pid:>1000', meaning: 'greater; also >= < <=' },
      { example: 'destination_port:[1 TO 1023]', meaning: 'from 1 to 1023, both included; { } leave the bound out, * leaves it open' },
      { example: 'timestamp:>=2021-11-21', meaning: 'at or after that day (UTC)' },
      { example: 'timestamp:[2021-11-21T18:00 TO 2021-11-21T18:05]', meaning: 'from 18:00:00 to the end of 18:05' },
      { example: 'timestamp:>now-7d', meaning: 'the last seven days; ms s m h d w' },
      { example: 'source_ip:10.0.0.0/8', meaning: 'an address of that network' },
    ],
  },
  {
    title: 'Regular expressions',
    about:
      'RE2, in any case, found anywhere in the value; (?-i) at its start minds the case, ^ and $ bind it to the whole value, \\/ is a slash.',
    entries: [
      { example: 'process_command_line:/\\s-e(nc)?\\s+[a-z0-9+\\/=]{40,}/', meaning: 'an encoded command' },
      { example: 'service_name:/(?-i)^[A-Z]{8}$/', meaning: 'eight capital letters' },
    ],
  },
  {
    title: 'AND, OR, NOT',
    about: 'In capitals. Terms side by side must all hold; NOT binds before AND, AND before OR. In lower case they are words.',
    entries: [
      { example: 'powershell NOT user_name:system', meaning: 'the word, without rows of that user' },
      { example: 'powershell -user_name:system', meaning: 'the same: a dash right before a field or a parenthesis is NOT' },
      { example: 'cmd.exe (whoami OR "net group")', meaning: 'parentheses group' },
      { example: '"AND"', meaning: 'the word AND itself' },
    ],
  },
  {
    title: 'Tags and comments',
    about: 'What the people of the tenant wrote about rows is found like fields, in any case.',
    entries: [
      { example: 'tag:evil', meaning: 'rows with the tag evil; a tag that nobody uses finds none' },
      { example: 'tag:"to review" NOT tag:done', meaning: 'a tag with a blank goes into quotes' },
      { example: 'tag:*', meaning: 'rows with any tag' },
      { example: 'comment:*jump*', meaning: 'a comment holds jump' },
      { example: 'comment:*', meaning: 'rows with any comment' },
    ],
  },
  {
    title: 'Stages',
    about:
      'A pipe with a blank before it begins a stage, which makes something of the rows found. stack counts them by one to five fields, rarest first, and where keeps some of its groups; timeline shows them in order of time; sort, dedup and fields arrange rows, in this order.',
    entries: [
      { example: 'process_name:* | stack process_name', meaning: 'each name with its rows, hosts, first and last time' },
      { example: '| stack service_name, file_path by host top 20', meaning: 'the twenty pairs that the most hosts have' },
      { example: '| stack user_name newest', meaning: 'what was first seen last comes first' },
      { example: '| stack hash_sha256 | where hosts <= 2 | where count > 5', meaning: 'only groups of so many hosts and rows' },
      { example: 'user_name:alice | timeline', meaning: 'what happened in order; a field behind it names the time' },
      {
        example: 'process_pid:* | sort -process_pid, host_name',
        meaning: 'the greatest first, then by name; rows without a value come last',
      },
      { example: 'hash_sha256:* | dedup hash_sha256, host_name', meaning: 'one row of each combination: the first in the order' },
      { example: 'powershell | fields timestamp, host_name, process_command_line', meaning: 'these columns' },
      { example: '"cmd | findstr"', meaning: 'a pipe in quotes is a word' },
    ],
  },
]
