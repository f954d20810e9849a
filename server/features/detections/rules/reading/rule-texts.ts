// One text for each document, so that each rule has a text, a history and a difference of its own.
import { readSigma } from '../../sigma/read-sigma.ts'
import type { ReadDocument } from '../../sigma/rule.ts'

const marker = /^---[ \t]*(?:#.*)?\r?$/m
const isInline = /^---[ \t]+[^#\s]/m
const hasAction = /^action:/m

/** Documents that lean on each other (`action: global`) stay together. */
export const documentTexts = (text: string): string[] => {
  if (!marker.test(text) || isInline.test(text) || hasAction.test(text)) return [text]
  const texts = text
    .split(marker)
    .map((part) => part.replace(/^\r?\n/, ''))
    .filter((part) => part.split('\n').some((line) => line.trim() !== '' && !line.trimStart().startsWith('#')))
  return texts.length === 0 ? [text] : texts
}

export interface OneDocument {
  text: string
  /** Which of the documents of its text. */
  index: number
  read: ReadDocument
}

export type ValuesOf = (placeholder: string) => readonly string[] | null

/** Every document of a file with its own text. */
export const documentsOf = (text: string, valuesOf: ValuesOf): OneDocument[] =>
  documentTexts(text).flatMap((one) => readSigma(one, { valuesOf }).map((read, index) => ({ text: one, index, read })))

/** The placeholders that a text asks for, whether there is a list for them or not. */
export const placeholdersOfText = (text: string): string[] => {
  const names = new Set<string>()
  readSigma(text, {
    valuesOf: (name) => {
      names.add(name)
      return ['']
    },
  })
  return [...names]
}
