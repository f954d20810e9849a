import * as aliases from '../../../../shared/contract/notes/aliases.ts'
import * as saved from '../../../../shared/contract/notes/saved.ts'
import * as schedules from '../../../../shared/contract/notes/schedules.ts'
import { type HttpApp, mount, mountList } from '../../../http/mount.ts'
import { listAliases, removeAlias, setAlias } from '../aliases/aliases.ts'
import { clearHistory, listHistory, noteSearch } from '../history/history.ts'
import { changeSaved, deleteSaved, getSaved, listSaved, runSaved, saveSearch } from './saved.ts'
import { changeSchedule, createSchedule, deleteSchedule, listSchedules } from '../schedules/schedules.ts'

/** What hunters keep of their searches. */
export const mountSaved = (app: HttpApp, o: { sendsMail: boolean }): void => {
  mount(app, saved.listSaved, (_, ctx) => listSaved(ctx))
  mount(app, saved.saveSearch, ({ body }, ctx) => saveSearch(ctx, body))
  mount(app, saved.getSaved, ({ params }, ctx) => getSaved(ctx, params.search_id))
  mount(app, saved.changeSaved, ({ params, body }, ctx) => changeSaved(ctx, params.search_id, body))
  mount(app, saved.deleteSaved, ({ params }, ctx) => deleteSaved(ctx, params.search_id))
  mount(app, saved.runSaved, ({ params, body }, ctx) => runSaved(ctx, params.search_id, body.values))
  mountList(app, saved.listHistory, ({ query }, ctx) => listHistory(ctx, query))
  mount(app, saved.noteSearch, ({ body }, ctx) => noteSearch(ctx, body))
  mount(app, saved.clearHistory, (_, ctx) => clearHistory(ctx))
  mount(app, aliases.listAliases, (_, ctx) => listAliases(ctx))
  mount(app, aliases.setAlias, ({ body }, ctx) => setAlias(ctx, body))
  mount(app, aliases.removeAlias, ({ params }, ctx) => removeAlias(ctx, params.alias))
  mount(app, schedules.listSchedules, (_, ctx) => listSchedules(ctx, o.sendsMail))
  mount(app, schedules.createSchedule, ({ body }, ctx) => createSchedule(ctx, body))
  mount(app, schedules.changeSchedule, ({ params, body }, ctx) => changeSchedule(ctx, params.schedule_id, body))
  mount(app, schedules.deleteSchedule, ({ params }, ctx) => deleteSchedule(ctx, params.schedule_id))
}
