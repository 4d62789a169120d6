/** A team with the ids of its members (https://developers.intercom.com/docs/references/2.12/rest-api/api.intercom.io/teams). */
export type Team = {
  type: 'team'
  /** Decimal digits. */
  id: string
  name: string
  admin_ids: number[]
}
