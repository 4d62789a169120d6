import { z } from 'zod'
import { path } from '../../client/path.ts'
import { defineAction } from '../../core/action.ts'
import { listOf } from '../../core/envelope.ts'
import { itemsOf, withName } from '../../core/list.ts'
import { nameContains } from '../types/input.ts'
import type { LinkPages } from '../types/page.ts'
import type { Team } from '../types/team.ts'

/** GET /teams: Intercom has no pages here (docs/intercom-api.md 3.8). */
export const listTeams = defineAction({
  name: 'list_teams',
  title: 'List teams',
  description:
    'List the teams of the workspace with the ids of their members (names: list_admins). assign_conversation and update_ticket take a team’s id.',
  effect: 'read',
  input: z.strictObject({
    name_contains: nameContains(),
  }),
  output: listOf<Team, LinkPages, 'teams'>('teams'),
  run: async (intercom, { name_contains }) => {
    const answer = await intercom.get(path`/teams`)
    const teams = withName(itemsOf<Team>(answer, 'teams'), name_contains)
    return { teams, total_count: teams.length, pages: null }
  },
})
