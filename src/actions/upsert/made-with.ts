import { saysThat } from '../../core/same-text.ts'
import type { Contact } from '../types/contact.ts'

type Given = {
  name?: string | undefined
  phone?: string | undefined
  unsubscribed_from_emails?: boolean | undefined
  custom_attributes?: Record<string, unknown> | undefined
}

const digits = (phone: string) => phone.replaceAll(/\D/g, '')

/**
 * Whether a contact that is read back may be what was created with these fields: one with another name is somebody
 * else's, though it has the same e-mail. What Intercom may show in another form, as dates, says nothing.
 */
export async function madeWith(given: Given): Promise<(contact: Contact) => boolean> {
  const { name, phone, unsubscribed_from_emails: unsubscribed, custom_attributes = {} } = given
  const isNamed = name === undefined ? () => true : await saysThat(name)
  return (contact) =>
    isNamed(contact.name) &&
    (phone === undefined || (typeof contact.phone === 'string' && digits(contact.phone) === digits(phone))) &&
    (unsubscribed === undefined || unsubscribed === contact.unsubscribed_from_emails) &&
    Object.entries(custom_attributes).every(
      ([key, value]) => !differs(contact.custom_attributes?.[key], value),
    )
}

function differs(shown: unknown, given: unknown): boolean {
  if (typeof given === 'string') return typeof shown === 'string' && shown.trim() !== given.trim()
  const isPlain = typeof given === 'number' || typeof given === 'boolean'
  return isPlain && typeof shown === typeof given && shown !== given
}
