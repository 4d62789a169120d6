/** An admin id as the number that Intercom's description asks for in bodies; any other text stays as it is. */
export function adminNumber(id: string): number | string {
  const number = Number(id)
  return String(number) === id && Number.isSafeInteger(number) ? number : id
}
