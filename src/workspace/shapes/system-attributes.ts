/**
 * What every live conversation holds among its custom attributes, whether the workspace declares any or not
 * (docs/intercom-api.md 2.6). Nothing here changes it.
 */
export const systemAttributes: Readonly<Record<string, unknown>> = {
  'Auto-translated': false,
  'Fin AI Agent: Preview': false,
  'Copilot used': false,
}
