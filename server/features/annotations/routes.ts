import * as contract from '../../../shared/contract/notes/annotations.ts'
import { type HttpApp, mount, mountList } from '../../http/mount.ts'
import { addComment, deleteComment, editComment } from './comments.ts'
import { annotationsOf, listAnnotated, lookUp } from './read.ts'
import { changeTags, listTags } from './tags.ts'

export const mountAnnotations = (app: HttpApp): void => {
  mount(app, contract.lookUpAnnotations, ({ body }, ctx) => lookUp(ctx, body.ids))
  mount(app, contract.getAnnotations, ({ params }, ctx) => annotationsOf(ctx, params.event_id))
  mount(app, contract.changeTags, ({ body }, ctx) => changeTags(ctx, body))
  mount(app, contract.listTags, (_, ctx) => listTags(ctx))
  mountList(app, contract.listAnnotated, ({ query }, ctx) => listAnnotated(ctx, query))
  mount(app, contract.addComment, ({ params, body }, ctx) => addComment(ctx, params.event_id, body.body))
  mount(app, contract.editComment, ({ params, body }, ctx) => editComment(ctx, params.comment_id, body.body))
  mount(app, contract.deleteComment, ({ params }, ctx) => deleteComment(ctx, params.comment_id))
}
