/**
 * What every live conversation holds among its custom attributes, whether the workspace declares any or not
 * (docs/intercom-api.md 2.6). Nothing here changes it.
 */
export const systemAttributes: Readonly<Record<string, unknown>> = {
  'Auto-translated': false,
  'Fin AI Agent: Preview': false,
  'Copilot used': false,
}

/** Whether an attribute is Intercom's own, which nobody declares or writes; who writes back what was read sends it along. */
export function isSystemAttribute(model: 'contact' | 'company' | 'conversation', name: string): boolean {
  if (model === 'company') return name === 'creation_source' // docs/intercom-api.md 2.11
  return model === 'conversation' && Object.hasOwn(systemAttributes, name)
}
