import type { Operator } from './fields.ts'

/** What operators are called elsewhere. */
const otherNames: Readonly<Record<string, Operator | 'AND' | 'OR'>> = {
  ...each('== === eq equal equals is :', '='),
  ...each('<> !== ne neq not is_not not_equal not_equals !', '!='),
  ...each('contain contains like ilike includes =~ match matches', '~'),
  ...each('not_contain not_contains does_not_contain not_like', '!~'),
  ...each('starts_with start_with begins_with prefix', '^'),
  ...each('ends_with end_with suffix', '$'),
  ...each('gt after greater_than since', '>'),
  ...each('lt before less_than until', '<'),
  ...each('gte ge', '>='),
  ...each('lte le', '<='),
  ...each('nin not_in !in', 'NIN'),
  ...each('any_of one_of', 'IN'),
  ...each('&& &', 'AND'),
  ...each('|| |', 'OR'),
}

function each<Meant extends string>(names: string, meant: Meant): Record<string, Meant> {
  return Object.fromEntries(names.split(' ').map((name) => [name, meant]))
}

/** What may stand in for an operator that a field does not take. */
const instead: Readonly<Record<string, readonly Operator[]>> = {
  '>=': ['>', '='],
  '<=': ['<', '='],
  '>': ['='],
  '<': ['='],
  '~': ['='],
  '^': ['='],
  $: ['='],
  IN: ['='],
  '!~': ['!='],
  NIN: ['!='],
}

/** The operator to use in place of one that does not fit, for the error; `null` where none is near. */
export function operatorHint(given: string, takes: readonly string[]): string | null {
  const name = given
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  const upper = [...takes, 'AND', 'OR'].find((known) => known.toLowerCase() === name)
  const meant = upper ?? (Object.hasOwn(otherNames, name) ? otherNames[name] : undefined)
  if (meant !== undefined && (takes.includes(meant) || meant === 'AND' || meant === 'OR'))
    return `Did you mean "${meant}"?`
  const other = instead[meant ?? given.trim()]?.find((one) => takes.includes(one))
  return other === undefined ? null : `Use "${other}"`
}
