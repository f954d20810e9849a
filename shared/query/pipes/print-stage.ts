import { printStageName } from '../print.ts'
import type { Stage } from './stage.ts'

const names = (fields: readonly { name: string }[]): string => fields.map((field) => printStageName(field.name)).join(', ')

/** A stage as it is written behind its pipe. */
export const printStage = (stage: Stage): string => {
  switch (stage.kind) {
    case 'stack': {
      const limit = stage.limit === null ? '' : ` ${stage.limit}`
      // Rare is what a stack shows by itself.
      const order = stage.order === 'rare' && stage.limit === null ? '' : ` ${stage.order}${limit}`
      return `stack ${names(stage.fields)}${stage.by_host ? ' by host' : ''}${order}`
    }
    case 'timeline':
      return stage.field === null ? 'timeline' : `timeline ${printStageName(stage.field.name)}`
    case 'where':
      return `where ${stage.of} ${stage.op} ${stage.value}`
    case 'sort':
      return `sort ${stage.keys.map((key) => (key.descending ? '-' : '') + printStageName(key.field.name)).join(', ')}`
    case 'fields':
    case 'dedup':
      return `${stage.kind} ${names(stage.fields)}`
  }
}
