// What every part of a timeline shares: the rows, which of their times count, and the lanes.
import type { Ctx } from '../../platform/ctx.ts'
import { AppError, invalid, isAppError } from '../../platform/errors.ts'
import type { Sql } from '../../platform/sql.ts'
import { type FilterBody, fieldNamed, prepare, type Question } from '../search/index.ts'
import { type Lanes, lanesOf } from './lanes.ts'
import { type Reach, type TimeSource, timesOf } from './times.ts'

export interface TimelineBody extends FilterBody {
  time_field?: string | undefined
  lanes: string
}

export interface TimelineQuestion {
  /** The rows, whatever their times. */
  where: Sql
  times: TimeSource
  lanes: Lanes
  reach: Reach
}

const ofStage = ({ stages, stage_fields }: Question): TimeSource => {
  const named = stages.find((stage) => stage.kind === 'timeline')?.field ?? null
  const times = timesOf(named === null ? null : (stage_fields.get(named.name) ?? null))
  if (times !== null) return times
  const { name = '', position, length } = named ?? {}
  throw new AppError('syntax', `${name} holds no time. Name a column with times, or timestamp for the main one.`, {
    details: { position, length, expected: ['a column with times'] },
  })
}

const ofParameter = async (ctx: Ctx, name: string): Promise<TimeSource> => {
  const times = timesOf(await fieldNamed(ctx, name, 'time_field'))
  if (times === null) throw invalid('time_field', `${name} holds no time. Name a column with times, or timestamp for the main one`)
  return times
}

/** @throws AppError `syntax` or `validation`, also for a field that holds no time. */
export const prepareTimeline = async (ctx: Ctx, body: TimelineBody, nowMs: number): Promise<TimelineQuestion> => {
  const [question, lanes] = await Promise.all([prepare(ctx, body, nowMs), lanesOf(ctx, body.lanes)])
  const times = body.time_field === undefined ? ofStage(question) : await ofParameter(ctx, body.time_field)
  const { where, from_micros, to_micros } = question
  return { where, times, lanes, reach: { from_micros, to_micros } }
}

/** A timeline that took too long says what would be faster. */
export const inTime = async <T>({ times }: TimelineQuestion, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!isAppError(error) || error.code !== 'timeout' || times.is_main) throw error
    const message =
      'Reading every time of these rows went over its time. Take the main times only, which is many times faster, or narrow the query.'
    throw new AppError('timeout', message, { cause: error })
  }
}
