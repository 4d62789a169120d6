import type { Country } from './names.ts'

/** Where people of a country write from, in their language, and a phone number range that is kept for fiction. */
export type Place = {
  country: string
  continent: string
  language: string
  /** `Region/City`, most customers first. */
  cities: readonly string[]
  /** `#` is a digit; null where no range is reserved for fiction, so that no stranger's number is made up. */
  phone: string | null
  /** Share of the customers, in parts of a hundred. */
  share: number
}

/** Phone ranges: 555-01xx (NANPA), 07700 900xxx (Ofcom), 030 23125xxx (BNetzA), 01 99 00 xx xx (Arcep), 046 465 00 xx (PTS), 0491 570 xxx (ACMA). */
export const PLACES: Readonly<Record<Country, Place>> = {
  US: {
    country: 'United States',
    continent: 'NA',
    language: 'en',
    cities: ['Oregon/Portland', 'Illinois/Chicago', 'Texas/Austin', 'New York/Brooklyn', 'Colorado/Denver'],
    phone: '+120255501##',
    share: 24,
  },
  GB: {
    country: 'United Kingdom',
    continent: 'EU',
    language: 'en',
    cities: ['England/Leeds', 'England/London', 'Scotland/Glasgow', 'Wales/Cardiff', 'England/Bristol'],
    phone: '+447700900###',
    share: 19,
  },
  DE: {
    country: 'Germany',
    continent: 'EU',
    language: 'de',
    cities: ['Berlin/Berlin', 'Bavaria/München', 'Hamburg/Hamburg', 'North Rhine-Westphalia/Köln'],
    phone: '+493023125###',
    share: 11,
  },
  FR: {
    country: 'France',
    continent: 'EU',
    language: 'fr',
    cities: ['Auvergne-Rhône-Alpes/Lyon', 'Île-de-France/Paris', 'Occitanie/Toulouse', 'Bretagne/Rennes'],
    phone: '+3319900####',
    share: 9,
  },
  ES: {
    country: 'Spain',
    continent: 'EU',
    language: 'es',
    cities: ['Catalonia/Barcelona', 'Andalusia/Sevilla', 'Madrid/Madrid', 'Basque Country/Bilbao'],
    phone: null,
    share: 8,
  },
  PL: {
    country: 'Poland',
    continent: 'EU',
    language: 'pl',
    cities: ['Lesser Poland/Kraków', 'Masovia/Warszawa', 'Łódź/Łódź', 'Lower Silesia/Wrocław'],
    phone: null,
    share: 4,
  },
  SE: {
    country: 'Sweden',
    continent: 'EU',
    language: 'sv',
    cities: ['Skåne/Malmö', 'Stockholm/Stockholm', 'Västra Götaland/Göteborg'],
    phone: '+464646500##',
    share: 4,
  },
  BR: {
    country: 'Brazil',
    continent: 'SA',
    language: 'pt',
    cities: ['São Paulo/São Paulo', 'Paraná/Curitiba', 'Pernambuco/Recife'],
    phone: null,
    share: 5,
  },
  CN: {
    country: 'China',
    continent: 'AS',
    language: 'zh',
    cities: ['Zhejiang/Hangzhou', 'Shanghai/Shanghai', 'Sichuan/Chengdu', 'Guangdong/Shenzhen'],
    phone: null,
    share: 4,
  },
  AE: {
    country: 'United Arab Emirates',
    continent: 'AS',
    language: 'ar',
    cities: ['Dubai/Dubai', 'Abu Dhabi/Abu Dhabi', 'Sharjah/Sharjah'],
    phone: null,
    share: 4,
  },
  IN: {
    country: 'India',
    continent: 'AS',
    language: 'en',
    cities: ['Karnataka/Bengaluru', 'Maharashtra/Pune', 'Kerala/Kochi'],
    phone: null,
    share: 4,
  },
  AU: {
    country: 'Australia',
    continent: 'OC',
    language: 'en',
    cities: ['Victoria/Melbourne', 'Queensland/Brisbane', 'New South Wales/Newcastle'],
    phone: '+61491570###',
    share: 4,
  },
}
