import { invalid, mismatch } from '../http/api-error.ts'
import { Input, isObject } from '../http/input.ts'
import type { HelpCenterRow } from '../store/knowledge-tables.ts'

/** The locales of the description's translated contents. */
const locales = new Set(
  `ar bg bs ca cs da de el en es et fi fr he hr hu id it ja ko lt lv mn nb nl pl pt ro ru sl sr sv tr vi
   pt-BR zh-CN zh-TW`.split(/\s+/),
)

/** The contents in `translated_content` by locale, that of the default language apart; a null one says nothing. */
export function translationsIn(body: Input, { default_locale }: HelpCenterRow) {
  const others = new Map<string, Input>()
  let own: Input | undefined
  for (const [locale, content] of body.object('translated_content')?.values ?? []) {
    if (locale === 'type' || content === null) continue
    if (!locales.has(locale)) throw invalid(`Locale '${locale.slice(0, 200)}' isn't an option`)
    if (!isObject(content)) throw mismatch(`translated_content.${locale}`, 'an object')
    if (locale === default_locale) own = new Input(content)
    else others.set(locale, new Input(content))
  }
  return { own, others }
}
