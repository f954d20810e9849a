import type { Tlp } from '../../../../shared/domain/indicators.ts'
import { aboutOf, type Given, type Json, objectsOf, refuse, textOf, tlpOf } from './given.ts'
import { readPattern } from './stix-pattern.ts'

/** The markings that the standard itself names. */
const known: Readonly<Record<string, Tlp>> = {
  'marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9': 'clear',
  'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487': 'clear',
  'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da': 'green',
  'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb': 'green',
  'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82': 'amber',
  'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421': 'amber',
  'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003': 'amber+strict',
  'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed': 'red',
  'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1': 'red',
}

const markingsIn = (objects: readonly Json[]): Map<string, Tlp> => {
  const found = new Map(Object.entries(known))
  for (const object of objects) {
    if (object.type !== 'marking-definition') continue
    const [definition] = objectsOf(object.definition)
    const tlp = tlpOf(definition?.tlp) ?? tlpOf(object.name)
    if (tlp !== undefined) found.set(textOf(object.id), tlp)
  }
  return found
}

const strictness: readonly Tlp[] = ['none', 'clear', 'green', 'amber', 'amber+strict', 'red']
const tlpIn = (object: Json, markings: ReadonlyMap<string, Tlp>): Tlp | undefined => {
  const refs = Array.isArray(object.object_marking_refs) ? object.object_marking_refs.map(textOf) : []
  const found = refs.map((ref) => markings.get(ref)).filter((tlp) => tlp !== undefined)
  return found.sort((a, b) => strictness.indexOf(b) - strictness.indexOf(a))[0]
}

function* ofIndicator(object: Json, markings: ReadonlyMap<string, Tlp>, names: ReadonlyMap<string, string>): Generator<Given> {
  const pattern = textOf(object.pattern)
  const type = textOf(object.pattern_type) || 'stix'
  if (type !== 'stix') return yield refuse(`A pattern in the language ${type.slice(0, 40)}`, pattern)
  if (object.revoked === true) return yield refuse('Revoked by its source', pattern)
  const about = aboutOf({
    source: names.get(textOf(object.created_by_ref)),
    tlp: tlpIn(object, markings),
    confidence: object.confidence,
    valid_until: object.valid_until,
    description: [object.name, object.description]
      .map(textOf)
      .filter((text) => text !== '')
      .join(': '),
  })
  yield* readPattern(pattern, about)
}

/** A bundle, or its objects alone. */
export function* readStix(document: unknown): Generator<Given> {
  const [bundle] = objectsOf(document)
  const objects = Array.isArray(document)
    ? objectsOf(document)
    : bundle?.type === 'bundle'
      ? objectsOf(bundle.objects)
      : objectsOf(document)
  const markings = markingsIn(objects)
  const names = new Map(objects.filter((object) => object.type === 'identity').map((object) => [textOf(object.id), textOf(object.name)]))
  for (const object of objects) {
    if (object.type === 'indicator') yield* ofIndicator(object, markings, names)
    else yield { note: `Objects of type ${textOf(object.type).slice(0, 60) || '(none)'}, which are no indicators` }
  }
}
