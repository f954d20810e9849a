import * as contract from '../../../../shared/contract/detect/detections.ts'
import * as views from '../../../../shared/contract/detect/detection-views.ts'
import { type HttpApp, mount, mountList } from '../../../http/mount.ts'
import { commentDetection, deleteComment, editComment } from './acts/comments.ts'
import { detectionHistory } from './acts/history.ts'
import { mergeDetections, splitDetection } from './acts/merge.ts'
import { listAssignees, triageDetections } from './acts/triage.ts'
import { undoAct } from './acts/undo.ts'
import { draftException, explainDetection } from './queue/explanation.ts'
import { getDetection } from './queue/detail.ts'
import { countDetections, listDetections } from './queue/list.ts'
import { detectionContext, detectionRows } from './queue/rows.ts'
import { hostRisk } from './risk/risk.ts'
import { setWeight } from './risk/weight.ts'
import { changeView, deleteView, listViews, saveView } from './views.ts'

export const mountTriage = (app: HttpApp): void => {
  mountList(app, contract.listDetections, ({ body }, ctx) => listDetections(ctx, body))
  mount(app, contract.countDetections, ({ body }, ctx) => countDetections(ctx, body))
  mount(app, contract.listAssignees, (_, ctx) => listAssignees(ctx))
  mount(app, contract.getDetection, ({ params }, ctx) => getDetection(ctx, params.detection_id))
  mountList(app, contract.detectionRows, ({ params, query }, ctx) => detectionRows(ctx, params.detection_id, query))
  mount(app, contract.detectionContext, ({ params, query }, ctx) => detectionContext(ctx, params.detection_id, query.at))
  mount(app, contract.explainDetection, ({ params, query }, ctx) => explainDetection(ctx, params.detection_id, query.row_id))
  mount(app, contract.draftException, ({ params, query }, ctx) => draftException(ctx, params.detection_id, query.row_id))
  mountList(app, contract.detectionHistory, ({ params, query }, ctx) => detectionHistory(ctx, params.detection_id, query))
  mount(app, contract.triageDetections, ({ body }, ctx) => triageDetections(ctx, body))
  mount(app, contract.undoAct, ({ params }, ctx) => undoAct(ctx, params.act_id))
  mount(app, contract.mergeDetections, ({ body }, ctx) => mergeDetections(ctx, body))
  mount(app, contract.splitDetection, ({ params, body }, ctx) => splitDetection(ctx, params.detection_id, body))
  mount(app, contract.commentDetection, ({ params, body }, ctx) => commentDetection(ctx, params.detection_id, body.body))
  mount(app, contract.editDetectionComment, ({ params, body }, ctx) => editComment(ctx, params.detection_comment_id, body.body))
  mount(app, contract.deleteDetectionComment, ({ params }, ctx) => deleteComment(ctx, params.detection_comment_id))
  mount(app, views.listDetectionViews, (_, ctx) => listViews(ctx))
  mount(app, views.saveDetectionView, ({ body }, ctx) => saveView(ctx, body))
  mount(app, views.changeDetectionView, ({ params, body }, ctx) => changeView(ctx, params.view_id, body))
  mount(app, views.deleteDetectionView, ({ params }, ctx) => deleteView(ctx, params.view_id))
  mount(app, views.setHostWeight, ({ params, body }, ctx) => setWeight(ctx, params.host_id, body))
  mount(app, views.hostRisk, ({ params }, ctx) => hostRisk(ctx, params.host_id))
}
