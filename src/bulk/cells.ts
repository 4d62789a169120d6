import { exactJson, roundedNumber } from '../core/exact-json.ts'
import { IntercomError, shortened } from '../errors.ts'
import { isExact } from '../exact-number.ts'

/** Reads a cell that is not blank; what it throws names the cell by its title. */
export type Read = (cell: string, title: string) => unknown

/**
 * What spreadsheets write where a formula has failed, also in the languages of Excel: not text that anybody
 * entered. https://support.microsoft.com/en-us/office/hide-error-values-and-error-indicators-d171b96e-8fb4-4863-a1ba-b64557474439
 */
const errorValues = new Set(
  (
    '#N/A #REF! #VALUE! #NAME? #DIV/0! #NUM! #NULL! #SPILL! #CALC! #FIELD! #BLOCKED! #CONNECT! #UNKNOWN! ' +
    '#BUSY! #EXTERNAL! #PYTHON! #TIMEOUT! #GETTING_DATA #ERROR! #NV #BEZUG! #WERT! #ZAHL! #ÜBERLAUF! #KALK! ' +
    '#VALEUR! #NOM? #NOMBRE! #NUL! #N/D #¡REF! #¡VALOR! #¿NOMBRE? #¡NUM! #¡DIV/0! #¡NULO! #VALOR! #NOME? #NÚM! ' +
    '#NULO! LOADING... #RIF! #VALORE! #NULLO! #N/B #VERW! #WAARDE! #NAAM? #GETAL! #LEEG!'
  ).split(' '),
)

/** Throws where a formula has failed, or a column was too narrow. */
export function refuseErrorValue(cell: string, title: string): void {
  if (cell.length > maxShown) return
  const text = cell.trim()
  if (errorValues.has(text.toUpperCase()) || /^Err:\d{3}$/.test(text))
    throw badCell(title, 'holds a spreadsheet’s error value; correct the formula or clear the cell', text)
  if (/^#{3,}$/.test(text))
    throw badCell(title, 'was in a column too narrow to show it; widen the column and export again', text)
}

/** The same for the texts of a row of JSON, whose keys are its columns. */
export function refuseErrorValues(row: object): void {
  for (const [name, value] of Object.entries(row)) {
    const texts = typeof value === 'string' ? [[name, value]] : Object.entries(value ?? {})
    for (const [part, text] of texts) {
      if (typeof text !== 'string') continue
      try {
        refuseErrorValue(text, part === name ? name : `${name}.${part}`)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        throw new IntercomError(message, { code: 'invalid_input', field: name, hint: 'Nothing was sent.' })
      }
    }
  }
}

/** Throws where a spreadsheet has made something else of a text. */
export function readText(cell: string, title: string): string {
  const text = cell.trim()
  if (/^[+-]?\d(?:[.,]\d+)?E[+-]\d+$/i.test(text)) {
    const what =
      'is in scientific notation: the spreadsheet took it for a number and its digits are lost; format the column as text, enter the value again, and export'
    throw badCell(title, what, text)
  }
  if (/^="[^"]*"$/.test(text))
    throw badCell(title, 'is a formula; export the values instead of the formulas', text)
  return cell
}

/** An id or a phone number: its digits are not a quantity. */
function readIdentifier(cell: string, title: string): string {
  const text = readText(cell, title)
  if (/^\s*\d{4,}[.,]0+\s*$/.test(text))
    throw badCell(title, 'was exported as a decimal number; export it as text', text)
  if (/^\s*'/.test(text))
    throw badCell(title, 'begins with a spreadsheet’s mark for text; remove the apostrophe', text)
  return text
}

function badCell(title: string, what: string, text: string): Error {
  return new Error(`${title} ${what}${givenValue(text)}`)
}

function readBoolean(cell: string, title: string): boolean {
  const word = cell.trim().toLowerCase()
  if (word === 'true' || word === 'yes') return true
  if (word === 'false' || word === 'no') return false
  throw new Error(`${title} must be true or false${givenValue(cell)}`)
}

function readNumber(cell: string, title: string): number {
  if (!/^-?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(cell)) {
    const isLocal = /^\s*[+-]?\d[\d\s.,'’]*$/.test(cell) && /[,'’]|\d\s+\d|\..*\./.test(cell)
    const how = isLocal ? ', with a decimal point and no other separators' : ''
    throw new Error(`${title} must be a number such as 12 or 12.5${how}${givenValue(cell)}`)
  }
  if (!isExact(cell)) throw new Error(`${title} is ${roundedNumber}`)
  return Number(cell)
}

/** The types that may stand behind the name of an attribute, and the one without. */
export const attributeReaders: Readonly<Record<string, Read>> = {
  text: readText,
  number: readNumber,
  boolean: readBoolean,
  json: exactJson,
}

/** A whole parameter is read as any host's (docs/input.md); invalid JSON is reported here, where the cell is known. */
export function readerOf(name: string, type: string): Read {
  if (type === 'object') return exactJson
  if (type === 'array') return (cell, title) => (cell.trim().startsWith('[') ? exactJson(cell, title) : cell)
  return name === 'phone' || name.endsWith('_id') ? readIdentifier : readText
}

/** A value at the end of a message; none where there is nothing to see. */
export function givenValue(value: unknown): string {
  if (value === null) return ' (given null)'
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isPlain ? ` (given ${shown(value)})` : ''
}

const maxShown = 40

/** A value as messages show it: short, and of what may be a secret hardly anything. */
export function shown(value: string | number | boolean): string {
  const text = String(value)
  const isSecret = /^\s*(bearer\s+\S+|[\w+/=.-]{40,})\s*$/i.test(text)
  const short = shortened(text, isSecret ? 4 : maxShown)
  return typeof value === 'string' ? JSON.stringify(short) : short
}
