export const codesLeft = (count: number): string => {
  if (count === 0) return 'No recovery code is left.'
  return count === 1 ? '1 recovery code is left.' : `${count} recovery codes are left.`
}

/** Of people who may be in any tenant. */
export const peopleWithout = (people: number, without: number): string => {
  if (without === 0) return people === 1 ? 'The one person whom it concerns has one.' : `All ${people} people whom it concerns have one.`
  return `${without} of ${people} people whom it concerns ${without === 1 ? 'has' : 'have'} none.`
}

/** Of a tenant's people. */
export const withoutWords = (people: number, without: number): string => {
  if (without === 0) return people === 1 ? 'The one active person here has one.' : `All ${people} active people have one.`
  return `${without} of ${people} active people ${without === 1 ? 'has' : 'have'} none.`
}
